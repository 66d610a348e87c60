"""Every move of the formal check: the state, the tasks, the event and the word to the workflow, together."""

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
from language.ids import DossierId, EventId
from language.messages.intake import CheckState, FormalCheckMoved
from language.messages.notices import NoticeKind
from language.names import Signal, initiative_workflow_id
from services.intake.domain.dossier import DossierState
from services.intake.store import dossiers
from services.intake.store.dossiers import Dossier

FORMAL_CHECK = "FORMAL_CHECK"
SUPPLEMENT = "SUPPLEMENT"

_CHECK_STATES = {
    DossierState.FILED: CheckState.OPEN,
    DossierState.SUPPLEMENT_REQUESTED: CheckState.SUPPLEMENT_REQUESTED,
    DossierState.REQUEST_REJECTED: CheckState.REJECTED,
    DossierState.WITHDRAWN: CheckState.WITHDRAWN,
}
_AUTHORS_ARE_TOLD = {
    DossierState.SUPPLEMENT_REQUESTED: NoticeKind.SUPPLEMENT_REQUESTED,
    DossierState.ACCEPTED: NoticeKind.REQUEST_ACCEPTED,
    DossierState.REQUEST_REJECTED: NoticeKind.REQUEST_REJECTED,
}
UNDER_CHECK = frozenset({DossierState.FILED, DossierState.SUPPLEMENT_REQUESTED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Where the check goes, under which event, by whom and why."""

    state: DossierState
    kind: str
    actor: Actor = CLOCK_ACTED
    rule: str | None = None
    detail: dict[str, Any] = field(default_factory=dict)
    supplement_due_at: datetime | None = None


async def check_as_it_stands(tx: Tx, dossier: Dossier, event_id: UUID | None = None) -> FormalCheckMoved:
    """What the workflow is told; in the states after acceptance the check counts as accepted."""
    return FormalCheckMoved(
        event_id=EventId(event_id or new_id()),
        dossier_id=DossierId(dossier.id),
        state=_CHECK_STATES.get(dossier.state, CheckState.ACCEPTED),
        revision=dossier.check_revision,
        moved_at=dossier.moved_at or dossier.filed_at or tx.now,
        authors=await dossiers.author_shares(tx, dossier.id),
        supplement_due_at=dossier.supplement_due_at,
    )


def matter_of(dossier: Dossier, due_at: datetime | None) -> Matter:
    """What people are told a dossier is."""
    return Matter(subject_id=dossier.id, subject_code=dossier.code or "", due_at=due_at)


async def _tell_authors(tx: Tx, dossier: Dossier, move: Move, event_id: UUID) -> None:
    """Of what the charter has the unit notify them of (article 6.2)."""
    kind = _AUTHORS_ARE_TOLD.get(move.state)
    matter = matter_of(dossier, move.supplement_due_at)
    if kind:
        await tell(
            tx,
            [
                NewNotice(event_id=event_id, person_id=author, kind=kind, matter=matter)
                for author in dossier.author_ids
            ],
        )


async def move_check(tx: Tx, dossier: Dossier, move: Move) -> Dossier:
    """Write the move and tell the workflow."""
    event_id = new_id()
    await dossiers.move(tx, dossier.id, move.state, move.supplement_due_at)
    if move.state not in UNDER_CHECK:
        await close_clock(tx, dossier.id)
    event = Event(
        event_id=event_id,
        subject_id=dossier.id,
        kind=move.kind,
        actor=move.actor,
        rule_version=dossier.rule_version,
        rule=move.rule,
        detail=move.detail,
    )
    await record(tx, event)
    await _tell_authors(tx, dossier, move, event_id)
    moved = await dossiers.get_dossier(tx, dossier.id)
    word = await check_as_it_stands(tx, moved, event_id)
    await signal_workflow(
        tx, event_id, initiative_workflow_id(DossierId(dossier.id)), Signal.FORMAL_CHECK_MOVED, word
    )
    return moved
