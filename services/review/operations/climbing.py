"""Climbing a rung of a stage's ladder: look under the lock first, act only while nobody has decided."""

from language.messages.rung import RungFinding

from casework import tasks
from casework.clocks.kept import find_clock
from casework.clocks.moves import too_early
from casework.history.journal import Event, record
from casework.ladder import has_fired, mark_fired
from casework.notices import tell_of_rung
from casework.posts_seen import keep_posts
from casework.tasks import TaskState
from kit.db import Tx
from kit.ids import new_id
from language.deadline.clock import Rung
from language.messages.review import ClimbStageRung, StageRungClimbed
from services.review.domain.council import new_seat
from services.review.domain.ladder import LOOKS_AT_POSTS, Deed, Standing, quorum_of_rung, what_rung_does
from services.review.domain.stage import TaskKind, active_seats, in_draft, submitted
from services.review.operations.assigning import assign_decision, matter_of, seat_members
from services.review.operations.clock_owner import OWNER
from services.review.operations.standing import standings
from services.review.store import score_sheets, stages


async def climb_rung(tx: Tx, command: ClimbStageRung) -> StageRungClimbed:
    """Fire the rung once. The finding is written down with an event, also when there was nothing to do."""
    stage = await stages.lock_stage(tx, command.stage_id)
    rung, posts = command.climb.rung, command.climb.posts
    if posts is None and rung.action in LOOKS_AT_POSTS:
        raise ValueError(f"{rung.action} looks at posts, and was given none")
    if await has_fired(tx, stage.id, rung):
        return StageRungClimbed(finding=RungFinding.ALREADY_FIRED, decision=stage.decision)
    if not stage.is_open:
        return StageRungClimbed(finding=RungFinding.TOO_LATE, decision=stage.decision)
    clock = await too_early(tx, OWNER, await find_clock(tx, stage.id), rung)
    if clock:
        return StageRungClimbed(finding=RungFinding.NOT_YET, decision=None, clock=clock)
    standing = (await standings(tx, [stage], {stage.id: posts} if posts else {}, {rung.action}))[stage.id]
    deed = what_rung_does(rung.action, standing, tx.now, quorum_of_rung(stage, rung.id))
    if deed:
        await _carry_out(tx, standing, deed)
    finding = RungFinding.FIRED if deed else RungFinding.NOTHING_TO_DO
    await mark_fired(tx, stage.id, rung, finding)
    if posts:
        await keep_posts(tx, stage.id, posts)
    await _note(tx, standing, rung, deed)
    return StageRungClimbed(finding=finding, decision=None)


async def _note(tx: Tx, standing: Standing, rung: Rung, deed: Deed | None) -> None:
    """What the rung found, and what it did."""
    stage, sheets = standing.stage, standing.sheets
    found = {
        "members": len(active_seats(sheets)),
        "sheets_in": len(submitted(sheets)),
        "sheets_owed": len(in_draft(sheets)),
    }
    detail = {
        "stage_id": stage.id,
        "level": stage.level,
        "rung": rung.id,
        "action": rung.action,
        "finding": RungFinding.FIRED if deed else RungFinding.NOTHING_TO_DO,
        "planned_at": rung.at,
        "found": found,
        **(deed.detail if deed else {}),
    }
    fired = Event(
        event_id=new_id(),
        subject_id=stage.dossier_id,
        kind="RungFired",
        rule_version=stage.rule_version,
        rule=rung.rule,
        detail=detail,
    )
    await record(tx, fired)
    await tell_of_rung(tx, fired.event_id, detail, matter_of(stage))


async def _carry_out(tx: Tx, standing: Standing, deed: Deed) -> None:
    stage = standing.stage
    if deed.replaced:
        await _replace(tx, standing, deed)
    if deed.decider:
        await assign_decision(tx, stage, deed.decider, TaskState.OPEN)
    if deed.opens_decision:
        await tasks.activate_tasks(tx, stage.id, TaskKind.DECIDE)
    if deed.quorum:
        await stages.lower_quorum(tx, stage.id, deed.quorum)
    if deed.lets_chair_alone:
        await stages.let_chair_alone(tx, stage.id)
    if deed.hands_up:
        await stages.hand_up(tx, stage.id)


async def _replace(tx: Tx, standing: Standing, deed: Deed) -> None:
    stage = standing.stage
    for sheet, substitute in deed.replaced:
        await score_sheets.replace_seat(tx, sheet, substitute.person_id)
        await tasks.cancel_tasks(tx, stage.id, TaskKind.MARK, sheet.person_id)
    next_seat = max(sheet.seat.seat_no for sheet in standing.sheets) + 1
    seats = [
        new_seat(seat_no, sheet.seat.role, substitute)
        for seat_no, (sheet, substitute) in enumerate(deed.replaced, next_seat)
    ]
    await seat_members(tx, stage, seats)
