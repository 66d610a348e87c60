"""A member takes a submitted sheet back, or stays out of one dossier; both until the decision, and with what
was before kept."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from casework import tasks
from casework.hand_over import acting_on
from casework.history.record import record
from casework.notices import notify_of
from casework.tasks import NotYourTask
from kit.auth import Principal
from kit.db import Tx
from language.events.actor import Actor
from language.events.review import MemberRecused, ScoreSheetTakenBack
from language.ids import PersonId, StageId
from language.plan.rule_kinds import SeatRole, VotingMethod
from language.posts.kinds import PostTask
from language.refusals import NotFound
from services.review.domain.refusals import BallotStands, OwnDossier, SeatRecused, SheetNotSubmitted
from services.review.domain.stage import (
    AnyStage,
    OpenStage,
    ScoreSheet,
    SeatState,
    SheetState,
    active_seats,
    in_draft,
    may_be_decided,
)
from services.review.operations.deciding import require_open
from services.review.operations.examination import EXAMINATION
from services.review.operations.marking import require_own
from services.review.operations.reading import SheetView, may_see
from services.review.store import score_sheets, second_thoughts, stages


async def take_back_sheet(tx: Tx, principal: Principal, sheet_id: UUID, reason: str) -> SheetView:
    """The submitted sheet is a draft again, and its member owes it; what it said is kept."""
    found = await stages.lock_stage_of_sheet(tx, sheet_id)
    sheets = await score_sheets.list_sheets(tx, found.id)
    sheet = next(sheet for sheet in sheets if sheet.id == sheet_id)
    stage = require_own(found, sheet, principal)
    if sheet.state is not SheetState.SUBMITTED:
        raise SheetNotSubmitted
    _require_open_vote(stage)
    actor = await _acting(tx, principal, stage, (PostTask.MARK,))
    draft = replace(sheet, state=SheetState.DRAFT, total=None, submitted_at=None, version=sheet.version + 1)
    left = [draft if other.id == draft.id else other for other in sheets]
    fact = ScoreSheetTakenBack(
        stage_id=stage.id,
        level=stage.level,
        sheet_id=sheet.id,
        reason=reason,
        all_were_in=not in_draft(sheets),
        members=len(active_seats(left)),
        owed=len(in_draft(left)),
    )
    event_id = await record(tx, fact, about=stage.dossier_id, actor=actor, rule_version=stage.rule_version)
    await second_thoughts.keep_taken_back(tx, sheet, event_id, reason)
    await score_sheets.save_sheet(tx, draft)
    given = EXAMINATION.particulars(stage).task(PostTask.MARK, sheet.seat)
    await tasks.open_task(tx, replace(given, is_told=False))
    if not may_be_decided(stage, left):
        await tasks.suspend_tasks(tx, stage.id, PostTask.DECIDE)
    await notify_of(tx, event_id, fact, EXAMINATION.particulars(stage).matter, _told(stage, left, actor))
    return SheetView(sheet=draft, plan=stage.plan)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recusal:
    """Who stays out of which stage, and what that makes of its council."""

    stage_id: StageId
    person_id: PersonId
    reason: str
    recused_at: datetime
    members: int
    needed: int
    decider_id: PersonId | None


async def recuse(tx: Tx, principal: Principal, stage_id: UUID, reason: str) -> Recusal:
    """A member, or whoever has the decision, stays out of this dossier at this level: seat and decision go to
    who is there for them, and the quorum is that of the council that is left."""
    found = await stages.lock_stage(tx, stage_id)
    sheets = await score_sheets.list_sheets(tx, found.id)
    own = seated(sheets, principal.person_id)
    await _require_concerned(tx, principal, found, own)
    stage = require_open(found)
    if own and own.state is SheetState.SUBMITTED:
        _require_open_vote(stage)
    actor = await _acting(tx, principal, stage, (PostTask.MARK, PostTask.DECIDE))
    return await stay_out(tx, stage, sheets, PersonId(principal.person_id), Why(reason=reason, actor=actor))


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """Why somebody stays out, and who says so; the clock, where the person was found to be an author."""

    reason: str
    actor: Actor


async def stay_out(
    tx: Tx, stage: OpenStage, sheets: Sequence[ScoreSheet], person: PersonId, why: Why
) -> Recusal:
    """The person is out of this stage: seat and decision are given to who is there for them."""
    own, decides, reason, actor = seated(sheets, person), stage.decider_id == person, why.reason, why.actor
    left = len(active_seats([sheet for sheet in sheets if sheet is not own]))
    fact = MemberRecused(
        stage_id=stage.id,
        level=stage.level,
        role=own.seat.role if own else None,
        person_id=person,
        reason=reason,
        decides=decides,
        members=left,
        needed=stage.quorum.needed(left),
    )
    event_id = await record(tx, fact, about=stage.dossier_id, actor=actor, rule_version=stage.rule_version)
    await second_thoughts.insert_recusal(tx, stage.id, person, event_id, reason)
    if own:
        await score_sheets.recuse_seat(tx, own)
        await tasks.cancel_tasks(tx, stage.id, PostTask.MARK, person)
    if decides:
        await tasks.cancel_tasks(tx, stage.id, PostTask.DECIDE)
        await stages.leave_without_decider(tx, stage.id)
    await EXAMINATION.fill_up(tx, stage.id)
    after, council = await stages.get_stage(tx, stage.id), await score_sheets.list_sheets(tx, stage.id)
    await notify_of(tx, event_id, fact, EXAMINATION.particulars(stage).matter, _told(after, council, actor))
    members = len(active_seats(council))
    return Recusal(
        stage_id=stage.id,
        person_id=person,
        reason=reason,
        recused_at=tx.now,
        members=members,
        needed=after.quorum.needed(members),
        decider_id=after.decider_id,
    )


def seated(sheets: Sequence[ScoreSheet], person_id: UUID) -> ScoreSheet | None:
    """The sheet of whoever sits in the council now."""
    return next(
        (sheet for sheet in sheets if sheet.person_id == person_id and sheet.seat.state is SeatState.ACTIVE),
        None,
    )


async def _require_concerned(tx: Tx, principal: Principal, stage: AnyStage, own: ScoreSheet | None) -> None:
    if principal.person_id in stage.author_ids:
        raise OwnDossier
    if principal.person_id in stage.recused_ids:
        raise SeatRecused
    if own is None and stage.decider_id != principal.person_id:
        sheets = await score_sheets.list_sheets(tx, stage.id)
        raise NotYourTask if await may_see(tx, stage, sheets, principal) else NotFound


def _require_open_vote(stage: OpenStage) -> None:
    if stage.plan.voting.method is VotingMethod.SECRET_BALLOT:
        raise BallotStands


async def _acting(tx: Tx, principal: Principal, stage: OpenStage, kinds: Sequence[PostTask]) -> Actor:
    """The caller through the post by which the seat or the decision was given, also when the work is done."""
    task = await tasks.last_given(tx, stage.id, kinds, principal.person_id)
    if task is None:
        raise NotYourTask
    return await acting_on(tx, EXAMINATION, task)


def _told(stage: AnyStage, sheets: Sequence[ScoreSheet], actor: Actor) -> list[UUID]:
    """Who decides, and the secretary, learn that the council's work has changed."""
    secretaries = [seat.person_id for seat in active_seats(sheets) if seat.role is SeatRole.SECRETARY]
    people = dict.fromkeys([*([stage.decider_id] if stage.decider_id else []), *secretaries])
    return [person for person in people if person != actor.person_id]
