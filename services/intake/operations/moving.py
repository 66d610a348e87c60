"""Every move of the formal check: the state, the tasks, the event and the signal of the workflow."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from casework import tasks
from casework.clocks.kept import close_clock
from casework.history.record import record
from casework.notices import Matter, notify_of
from kit.db import Tx
from kit.ids import new_id
from kit.outbox import signal_workflow
from language.events.actor import CLOCK_ACTED, Actor
from language.events.base import Fact
from language.ids import DossierId, EventId
from language.messages.clock import Revision
from language.messages.journey import CheckState, FormalCheckMoved
from language.names import Signal, initiative_workflow_id
from services.intake.domain.dossier import UNDER_CHECK, Dossier, DossierState
from services.intake.store import dossiers

_CHECK_STATES = {
    DossierState.FILED: CheckState.OPEN,
    DossierState.SUPPLEMENT_REQUESTED: CheckState.SUPPLEMENT_REQUESTED,
    DossierState.REQUEST_REJECTED: CheckState.REJECTED,
    DossierState.WITHDRAWN: CheckState.WITHDRAWN,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Where the check goes, by which fact, by whom and under which rule."""

    state: DossierState
    fact: Fact
    actor: Actor = CLOCK_ACTED
    rule: str | None = None
    supplement_due_at: datetime | None = None


def check_as_it_stands(dossier: Dossier, event_id: UUID | None = None) -> FormalCheckMoved:
    """What the workflow is told; in the states after acceptance the check counts as accepted."""
    return FormalCheckMoved(
        event_id=EventId(event_id or new_id()),
        dossier_id=DossierId(dossier.id),
        state=_CHECK_STATES.get(dossier.state, CheckState.ACCEPTED),
        revision=Revision(epoch=dossier.epoch, number=dossier.check_revision),
        supplement_due_at=dossier.supplement_due_at,
    )


def matter_of(dossier: Dossier, due_at: datetime | None) -> Matter:
    """What people are told a dossier is."""
    return Matter(subject_id=dossier.id, subject_code=dossier.code or "", due_at=due_at)


async def record_of(
    tx: Tx, dossier: Dossier, fact: Fact, actor: Actor = CLOCK_ACTED, rule: str | None = None
) -> UUID:
    """Write down what happened to the dossier; the event's id."""
    return await record(tx, fact, about=dossier.id, actor=actor, rule_version=dossier.rule_version, rule=rule)


async def leave_no_task(tx: Tx, dossier: Dossier) -> None:
    """Neither the office nor the author has anything to do about it any more."""
    for about_id in {dossier.id, dossier.check_id}:
        await tasks.cancel_all_tasks(tx, about_id)


async def move_check(tx: Tx, dossier: Dossier, move: Move) -> Dossier:
    """Write the move, tell the authors what the charter has the unit notify them of (article 6.2), and tell
    the workflow."""
    await dossiers.move(tx, dossier.id, move.state, move.supplement_due_at)
    if move.state not in UNDER_CHECK:
        await close_clock(tx, dossier.check_id)
    event_id = await record_of(tx, dossier, move.fact, move.actor, move.rule)
    matter = matter_of(dossier, move.supplement_due_at)
    await notify_of(tx, event_id, move.fact, matter, dossier.told_ids)
    moved = await dossiers.get_dossier(tx, dossier.id)
    message = check_as_it_stands(moved, event_id)
    await signal_workflow(
        tx, event_id, initiative_workflow_id(DossierId(dossier.id)), Signal.FORMAL_CHECK_MOVED, message
    )
    return moved
