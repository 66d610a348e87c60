"""Climbing a rung of a stage's ladder: look under the lock first, act only while nobody has decided."""

from typing import Any, assert_never

from services.kit import tasks
from services.kit.clock_moves import too_early
from services.kit.clocks import find_clock
from services.kit.db import Tx
from services.kit.ids import new_id
from services.kit.journal import Event, record
from services.kit.notices import tell_of_rung
from services.kit.rungs import has_fired, mark_fired
from services.kit.tasks import TaskState
from services.review.domain.council import choose_substitutes, choose_superior, new_seat, replaceable
from services.review.domain.stage import ScoreSheet, Stage, TaskKind, in_draft
from services.review.operations.assigning import assign_decision, matter_of, seat_members
from services.review.operations.clock_owner import OWNER
from services.review.store import score_sheets, stages
from workflows.contracts.directory import PostsResolved
from workflows.contracts.hand_over import PostTask
from workflows.contracts.plan import RungAction
from workflows.contracts.review import ClimbStageRung, StageRungClimbed
from workflows.contracts.rung import RungFinding


async def climb_rung(tx: Tx, command: ClimbStageRung) -> StageRungClimbed:
    """Fire the rung once. The finding is written down with an event, also when there was nothing to do."""
    stage = await stages.lock_stage(tx, command.stage_id)
    rung = command.climb.rung
    if await has_fired(tx, stage.id, rung):
        return StageRungClimbed(finding=RungFinding.ALREADY_FIRED, decision=stage.decision)
    if not stage.is_open:
        return StageRungClimbed(finding=RungFinding.TOO_LATE, decision=stage.decision)
    clock = await too_early(tx, OWNER, await find_clock(tx, stage.id), rung)
    if clock:
        return StageRungClimbed(finding=RungFinding.NOT_YET, decision=None, clock=clock)
    done = await _act(tx, stage, rung.action, command.climb.posts)
    finding = RungFinding.NOTHING_TO_DO if done is None else RungFinding.FIRED
    await mark_fired(tx, stage.id, rung, finding)
    detail = {"stage_id": stage.id, "level": stage.level, "rung": rung.id, "action": rung.action, "finding": finding, **(done or {})}
    fired = Event(event_id=new_id(), subject_id=stage.dossier_id, kind="RungFired", rule_version=stage.rule_version, rule=rung.rule, detail=detail)
    await record(tx, fired)
    await tell_of_rung(tx, fired.event_id, detail, matter_of(stage))
    return StageRungClimbed(finding=finding, decision=None)


async def _act(tx: Tx, stage: Stage, action: RungAction, posts: PostsResolved) -> dict[str, Any] | None:
    """What was done, for the history; None when there was nothing to do."""
    sheets = await score_sheets.list_sheets(tx, stage.id)
    match action:
        case RungAction.REMIND:
            return _remind(stage, sheets)
        case RungAction.TELL_SUPERIOR:
            return _tell_superior(stage, sheets, posts)
        case RungAction.REPLACE_SILENT:
            return await _replace_silent(tx, stage, sheets, posts)
        case RungAction.HAND_UP:
            return await _hand_up(tx, stage, posts)
        case _:
            assert_never(action)


def _remind(stage: Stage, sheets: list[ScoreSheet]) -> dict[str, Any] | None:
    silent = [sheet.person_id for sheet in in_draft(sheets)]
    awaited = silent or ([stage.decider_id] if stage.decider_id else [])
    return {"reminded": awaited} if awaited else None


def _tell_superior(stage: Stage, sheets: list[ScoreSheet], posts: PostsResolved) -> dict[str, Any] | None:
    superior = choose_superior(posts.for_task(PostTask.DECIDE).superiors, stage.decider_id, stage.author_ids)
    if superior is None:
        return None
    return {"superior_id": superior.person_id, "silent": [sheet.person_id for sheet in in_draft(sheets)], "decider_id": stage.decider_id}


async def _replace_silent(tx: Tx, stage: Stage, sheets: list[ScoreSheet], posts: PostsResolved) -> dict[str, Any] | None:
    silent = replaceable(sheets, stage.decider_id)
    if not silent:
        return None
    ever_seated = [person for sheet in sheets for person in (sheet.person_id, sheet.seat.on_behalf_of) if person]
    substitutes = choose_substitutes(stage.plan, posts.for_task(PostTask.MARK).holders, ever_seated, stage.author_ids)
    replaced = list(zip(silent, substitutes, strict=False))
    for sheet, substitute in replaced:
        await score_sheets.replace_seat(tx, sheet, substitute.person_id)
        await tasks.cancel_tasks(tx, stage.id, TaskKind.MARK, sheet.person_id)
    next_seat = max(sheet.seat.seat_no for sheet in sheets) + 1
    await seat_members(tx, stage, [new_seat(seat_no, sheet.seat.role, substitute) for seat_no, (sheet, substitute) in enumerate(replaced, next_seat)])
    return {
        "replaced": [{"person_id": sheet.person_id, "by": substitute.person_id} for sheet, substitute in replaced],
        "kept_for_want_of_substitutes": [sheet.person_id for sheet in silent[len(replaced) :]],
    }


async def _hand_up(tx: Tx, stage: Stage, posts: PostsResolved) -> dict[str, Any] | None:
    """Without another superior the decider keeps the decision, but need not wait for the silent any longer."""
    superior = choose_superior(posts.for_task(PostTask.DECIDE).superiors, stage.decider_id, stage.author_ids)
    if superior:
        await assign_decision(tx, stage, superior, TaskState.OPEN)
    elif stage.decider_id is None or stage.handed_up:
        return None
    else:
        await tasks.activate_tasks(tx, stage.id, TaskKind.DECIDE)
    await stages.hand_up(tx, stage.id)
    return {"from": stage.decider_id, "to": superior.person_id if superior else stage.decider_id, "quorum": "waived"}
