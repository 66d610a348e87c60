"""Every step of an award: the state, the event, and the message to the journey when it waits for it."""

from collections import Counter
from uuid import UUID

from casework.authors_told import told_to_authors
from casework.clocks.kept import close_clock
from casework.history.record import record
from casework.notices import Matter, notify_of
from casework.roster import resolve
from kit.db import Tx
from kit.ids import new_id
from kit.outbox import signal_workflow
from language.events.actor import CLOCK_ACTED, Actor
from language.events.base import Fact
from language.events.payout import AwardRejected, AwardReversed, AwardTakenOff, AwardTakenUp
from language.ids import AwardId, EventId
from language.messages.case import CaseEnded
from language.messages.clock import Revision
from language.messages.payout import AwardMoved
from language.names import Signal
from services.payout.domain.award import Award, Step, require_way
from services.payout.operations.approval import AWARD_APPROVAL
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
    """Take the step if there is a way from here, write it down, tell whom it concerns, and the run if it
    waited until now: from its approval on an award belongs to its payment list."""
    require_way(award.state, step.state)
    moved = await awards.move_award(tx, award.id, step)
    if moved.state.is_approved:
        await close_clock(tx, award.id)
    event_id = await record_of(tx, moved, fact, actor)
    await tell_of(tx, moved, fact, event_id)
    if moved.state.is_approved and not award.state.is_approved:
        await _tell_run(tx, moved, event_id)
    return moved


async def tell_of(tx: Tx, award: Award, fact: Fact, event_id: UUID) -> None:
    """Payees learn what becomes of their money; the head of the unit, what does not go as it was told."""
    if not told_to_authors(fact):
        return
    owed: Counter[UUID] = Counter()
    for share in await awards.shares_of(tx, award.id):
        if share.told_id:
            owed[share.told_id] += share.amount_dong
    concerned: dict[UUID, int | None] = dict(owed)
    if isinstance(fact, AwardRejected | AwardReversed | AwardTakenUp | AwardTakenOff):
        posts = await resolve(tx, award.unit_id, (), tx.now, level=award.level)
        for head in posts.superiors[:1]:
            concerned.setdefault(head.person_id, None)
    matter = Matter(subject_id=award.dossier_id, subject_code=award.dossier_code, level=award.level)
    await notify_of(tx, event_id, fact, matter, concerned)


async def _tell_run(tx: Tx, award: Award, event_id: UUID) -> None:
    workflow_id = AWARD_APPROVAL.particulars(award).workflow_id
    if award.replaces:
        ended = CaseEnded(event_id=EventId(event_id), about_id=award.id)
        await signal_workflow(tx, event_id, workflow_id, Signal.CASE_ENDED, ended)
    else:
        moved = award_as_it_stands(award, event_id)
        await signal_workflow(tx, event_id, workflow_id, Signal.AWARD_MOVED, moved)
