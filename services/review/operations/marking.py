"""Filling in and submitting a score sheet."""

from dataclasses import dataclass, replace
from uuid import UUID

from casework import tasks
from casework.hand_over import require_acting
from casework.history.record import record
from casework.tasks import NotYourTask
from kit.auth import Principal
from kit.db import Tx
from kit.http.refusals import EditConflict
from language.events.actor import Actor
from language.events.review import ScoreSheetSubmitted
from language.plan.rule_kinds import VotingMethod
from language.posts.kinds import PostTask
from services.review.domain.refusals import OwnDossier, SeatRecused, SeatReplaced, SheetAlreadySubmitted
from services.review.domain.scoring import check_complete, check_scores, without_vote
from services.review.domain.stage import (
    AnyStage,
    OpenStage,
    ScoreSheet,
    SeatState,
    SheetContent,
    SheetState,
    Stage,
    active_seats,
    in_draft,
    may_be_decided,
)
from services.review.operations.deciding import require_open
from services.review.operations.examination import EXAMINATION
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
    """Save their own sheet. The last sheet that was awaited opens the decision."""
    found = await stages.lock_stage_of_sheet(tx, command.sheet_id)
    sheets = await score_sheets.list_sheets(tx, found.id)
    sheet = next(sheet for sheet in sheets if sheet.id == command.sheet_id)
    stage = _require_writable(found, sheet, principal)
    actor = await require_acting(tx, EXAMINATION, principal, stage.id, PostTask.MARK)
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
            tx, stage, written, [written if other.id == written.id else other for other in sheets], actor
        )
    return SheetView(sheet=written, plan=stage.plan)


async def _cast_secretly(tx: Tx, stage: Stage, sheet: ScoreSheet) -> ScoreSheet:
    """The vote is counted when the sheet is submitted; it is kept with no sheet, not even in a draft."""
    if sheet.state is SheetState.SUBMITTED and sheet.content.vote:
        await score_sheets.cast_ballot(tx, stage.id, sheet.content.vote)
    return without_vote(sheet)


def _require_writable(stage: AnyStage, sheet: ScoreSheet, principal: Principal) -> OpenStage:
    is_open = require_own(stage, sheet, principal)
    if sheet.state is SheetState.SUBMITTED:
        raise SheetAlreadySubmitted
    return is_open


def require_own(stage: AnyStage, sheet: ScoreSheet, principal: Principal) -> OpenStage:
    """The stage while it is open, for the member whose sheet it is."""
    if principal.person_id in stage.author_ids:
        raise OwnDossier
    if sheet.person_id != principal.person_id:
        raise NotYourTask
    if sheet.seat.state is SeatState.REPLACED:
        raise SeatReplaced
    if sheet.seat.state is SeatState.RECUSED or principal.person_id in stage.recused_ids:
        raise SeatRecused
    return require_open(stage)


async def _note_submission(
    tx: Tx, stage: Stage, sheet: ScoreSheet, sheets: list[ScoreSheet], actor: Actor
) -> None:
    """The history says who has marked, never how: marking is independent."""
    owed = len(in_draft(sheets))
    await tasks.finish_tasks(tx, stage.id, PostTask.MARK, sheet.person_id)
    if may_be_decided(stage, sheets):
        await tasks.activate_tasks(tx, stage.id, PostTask.DECIDE)
    fact = ScoreSheetSubmitted(
        stage_id=stage.id,
        level=stage.level,
        sheet_id=sheet.id,
        members=len(active_seats(sheets)),
        owed=owed,
    )
    await record(tx, fact, about=stage.dossier_id, actor=actor, rule_version=stage.rule_version)
