"""Every step of an award: the state, the event, and the message to the journey when it waits for it."""

from uuid import UUID

from casework.authors_told import told_to_authors
from casework.clocks.kept import close_clock
from casework.history.record import record
from casework.notices import Matter, notify_of
from kit.db import Tx
from kit.ids import new_id
from kit.outbox import signal_workflow
from language.events.actor import CLOCK_ACTED, Actor
from language.events.base import Fact
from language.ids import AwardId, DossierId, EventId
from language.messages.clock import Revision
from language.messages.payout import AwardMoved
from language.names import Signal, initiative_workflow_id
from services.payout.domain.award import Award, Step
from services.payout.store import awards


def award_as_it_stands(award: Award, event_id: UUID | None = None) -> AwardMoved:
    """What the journey is told."""
    return AwardMoved(
        event_id=EventId(event_id or new_id()),
        award_id=AwardId(award.id),
        state=award.state,
        revision=Revision(epoch=award.epoch, number=award.revision),
    )


async def record_of(
    tx: Tx, award: Award, fact: Fact, actor: Actor = CLOCK_ACTED, rule: str | None = None
) -> UUID:
    """Write down what happened to the award, in the history of its dossier; the event's id."""
    return await record(
        tx, fact, about=award.dossier_id, actor=actor, rule_version=award.rule_version, rule=rule
    )


async def move_award(tx: Tx, award: Award, step: Step, fact: Fact, actor: Actor) -> Award:
    """Take the step, write it down, tell payees, and the journey if it waited until now: from its approval on
    an award belongs to its payment list."""
    moved = await awards.move_award(tx, award.id, step)
    if moved.state.is_approved:
        await close_clock(tx, award.id)
    event_id = await record_of(tx, moved, fact, actor)
    shares = await awards.shares_of(tx, award.id) if told_to_authors(fact) else []
    payees = {share.person_id: share.amount_dong for share in shares}
    matter = Matter(subject_id=moved.dossier_id, subject_code=moved.dossier_code, level=moved.level)
    await notify_of(tx, event_id, fact, matter, payees)
    if moved.state.is_approved and not award.state.is_approved:
        workflow_id = initiative_workflow_id(DossierId(award.dossier_id))
        message = award_as_it_stands(moved, event_id)
        await signal_workflow(tx, event_id, workflow_id, Signal.AWARD_MOVED, message)
    return moved
