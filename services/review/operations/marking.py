"""Filling in and submitting a score sheet."""

from dataclasses import dataclass, replace
from uuid import UUID

from casework import tasks
from casework.history.journal import Event, record
from casework.tasks import NotYourTask
from kit.auth import Principal
from kit.db import Tx
from kit.http.refusals import EditConflict
from kit.ids import new_id
from language.events.actor import Actor
from language.plan.rule_kinds import VotingMethod
from services.review.domain.refusals import (
    AlreadyDecided,
    OwnDossier,
    SeatReplaced,
    SheetAlreadySubmitted,
    StageMovedAway,
)
from services.review.domain.scoring import check_complete, check_scores, without_vote
from services.review.domain.stage import (
    ScoreSheet,
    SeatState,
    SheetContent,
    SheetState,
    Stage,
    StageState,
    TaskKind,
    active_seats,
    in_draft,
    submitted,
)
from services.review.operations.reading import SheetView
from services.review.store import score_sheets, stages


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteSheet:
    """Put this content into the sheet that was read at `version`; `submit` makes it final."""

    sheet_id: UUID
    version: int
    content: SheetContent
    submit: bool


async def write_sheet(tx: Tx, principal: Principal, command: WriteSheet) -> SheetView:
    """Save the own sheet. The last sheet that was awaited opens the decision."""
    stage = await stages.lock_stage_of_sheet(tx, command.sheet_id)
    sheets = await score_sheets.list_sheets(tx, stage.id)
    sheet = next(sheet for sheet in sheets if sheet.id == command.sheet_id)
    _require_writable(stage, sheet, principal)
    if sheet.version != command.version:
        raise EditConflict(current=sheet.version)
    check_scores(stage.plan, command.content)
    written = replace(sheet, content=command.content, version=sheet.version + 1)
    if command.submit:
        total = check_complete(stage.plan, command.content)
        written = replace(written, state=SheetState.SUBMITTED, total=total, submitted_at=tx.now)
    if stage.plan.voting.method is VotingMethod.SECRET_BALLOT:
        written = await _cast_secretly(tx, stage, written)
    await score_sheets.save_sheet(tx, written)
    if command.submit:
        await _note_submission(
            tx, stage, written, [written if other.id == written.id else other for other in sheets]
        )
    return SheetView(sheet=written, plan=stage.plan)


async def _cast_secretly(tx: Tx, stage: Stage, sheet: ScoreSheet) -> ScoreSheet:
    """The vote is counted when the sheet is submitted; it is kept with no sheet, not even in a draft."""
    if sheet.state is SheetState.SUBMITTED and sheet.content.vote:
        await score_sheets.cast_ballot(tx, stage.id, sheet.content.vote)
    return without_vote(sheet)


def _require_writable(stage: Stage, sheet: ScoreSheet, principal: Principal) -> None:
    if principal.person_id in stage.author_ids:
        raise OwnDossier
    if sheet.person_id != principal.person_id:
        raise NotYourTask
    if sheet.seat.state is SeatState.REPLACED:
        raise SeatReplaced
    if stage.state is StageState.MOVED:
        raise StageMovedAway
    if not stage.is_open:
        raise AlreadyDecided(outcome=stage.outcome, decision_number=stage.decision_number or "–")
    if sheet.state is SheetState.SUBMITTED:
        raise SheetAlreadySubmitted


def _reaches_lowered_quorum(stage: Stage, sheets: list[ScoreSheet]) -> bool:
    """A rung gave up waiting for all: from the lowered quorum on, the decision can be made."""
    return stage.lowered_quorum is not None and len(submitted(sheets)) >= stage.quorum.of(
        len(active_seats(sheets))
    )


async def _note_submission(tx: Tx, stage: Stage, sheet: ScoreSheet, sheets: list[ScoreSheet]) -> None:
    """The history says who has marked, never how: marking is independent."""
    owed = len(in_draft(sheets))
    await tasks.finish_tasks(tx, stage.id, TaskKind.MARK, sheet.person_id)
    if owed == 0 or _reaches_lowered_quorum(stage, sheets):
        await tasks.activate_tasks(tx, stage.id, TaskKind.DECIDE)
    detail = {
        "stage_id": stage.id,
        "level": stage.level,
        "sheet_id": sheet.id,
        "members": len(active_seats(sheets)),
        "owed": owed,
    }
    actor = Actor(person_id=sheet.person_id, post_id=sheet.seat.post_id, on_behalf_of=sheet.seat.on_behalf_of)
    event = Event(
        event_id=new_id(),
        subject_id=stage.dossier_id,
        kind="ScoreSheetSubmitted",
        actor=actor,
        rule_version=stage.rule_version,
        detail=detail,
    )
    await record(tx, event)
