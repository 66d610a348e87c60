"""Every step of an award: the state, the event, and the word to the workflow when it waits for it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from casework.clocks.kept import close_clock
from casework.history.journal import Event, record
from casework.notices import Matter, NewNotice, tell
from kit.db import Tx
from kit.ids import new_id
from kit.outbox import signal_workflow
from language.events.actor import CLOCK_ACTED, Actor
from language.ids import AwardId, DossierId, EventId
from language.messages.notices import NoticeKind
from language.messages.payout import AwardMoved, AwardState
from language.names import Signal, payout_workflow_id
from services.payout.store import awards
from services.payout.store.awards import Award, Step

_WAITED_FOR = frozenset({AwardState.APPROVED, AwardState.REJECTED, AwardState.PAID, AwardState.REVERSED})
"""The states that the workflow waits for; it is not told of the others."""
_PAYEES_ARE_TOLD = {AwardState.APPROVED: NoticeKind.AWARD_APPROVED, AwardState.PAID: NoticeKind.AWARD_PAID}


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """Why an award moves: the event's kind, who acted, and what to remember."""

    kind: str
    actor: Actor = CLOCK_ACTED
    rule: str | None = None
    detail: dict[str, Any] = field(default_factory=dict)


def award_as_it_stands(award: Award, event_id: UUID | None = None) -> AwardMoved:
    """What the workflow is told."""
    return AwardMoved(
        event_id=EventId(event_id or new_id()),
        award_id=AwardId(award.id),
        dossier_id=DossierId(award.dossier_id),
        level=award.level,
        state=award.state,
        revision=award.revision,
        moved_at=award.moved_at,
    )


async def note(tx: Tx, award: Award, occasion: Occasion) -> UUID:
    """Write an event about the award; its id."""
    event_id = new_id()
    detail = {"award_id": award.id, "level": award.level, **occasion.detail}
    event = Event(
        event_id=event_id,
        subject_id=award.dossier_id,
        kind=occasion.kind,
        actor=occasion.actor,
        rule_version=award.rule_version,
        rule=occasion.rule,
        detail=detail,
    )
    await record(tx, event)
    return event_id


def matter_of(award: Award, due_at: datetime | None = None) -> Matter:
    """What people are told an award is."""
    return Matter(
        subject_id=award.dossier_id, subject_code=award.dossier_code, level=award.level, due_at=due_at
    )


async def _tell_payees(tx: Tx, award: Award, event_id: UUID) -> None:
    kind = _PAYEES_ARE_TOLD.get(award.state)
    if kind:
        payees = [share.person_id for share in await awards.shares_of(tx, award.id)]
        matter, number = matter_of(award), award.decision_number
        await tell(
            tx,
            [
                NewNotice(event_id=event_id, person_id=payee, kind=kind, matter=matter, reference=number)
                for payee in payees
            ],
        )


async def move_award(tx: Tx, award: Award, step: Step, occasion: Occasion) -> Award:
    """Take the step, write it down, tell the workflow."""
    moved = await awards.move_award(tx, award.id, step)
    if moved.state.is_approved:
        await close_clock(tx, award.id)
    event_id = await note(tx, moved, occasion)
    await _tell_payees(tx, moved, event_id)
    if moved.state in _WAITED_FOR:
        workflow_id = payout_workflow_id(DossierId(award.dossier_id), award.level)
        await signal_workflow(
            tx, event_id, workflow_id, Signal.AWARD_MOVED, award_as_it_stands(moved, event_id)
        )
    return moved
