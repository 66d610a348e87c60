"""Opening a stage: its council from the posts, score sheets and tasks."""

from casework.clocks.editions import catch_up
from casework.clocks.kept import NewClock, open_clock
from casework.history.journal import Event, record
from casework.posts_seen import keep_posts
from casework.tasks import TaskState
from kit.db import Tx
from kit.ids import new_id
from language.deadline.clock import StageClock
from language.messages.review import OpenStage, StageOpened
from language.names import initiative_workflow_id
from language.posts.kinds import PostTask
from services.review.domain.council import choose_decider, fill_seats, vacant_roles
from services.review.domain.ladder import LOOKS_AT_POSTS
from services.review.domain.stage import Stage
from services.review.operations.assigning import assign_decision, seat_members
from services.review.operations.clock_owner import OWNER
from services.review.store import stages


async def open_stage(tx: Tx, opening: OpenStage) -> StageOpened:
    """Form the council and give everybody their work. A repeat changes nothing and tells a decision made
    meanwhile.

    Where nobody could be seated the decision is open at once: the superior has to end the stage.
    """
    clock = opening.posts.clock
    if clock is None:
        raise ValueError("a stage opens with its clock")
    if not await stages.insert_stage(tx, opening, clock):
        known = await stages.get_stage(tx, opening.stage_id)
        return StageOpened(stage_id=known.id, decision=known.decision, looks_at_posts=LOOKS_AT_POSTS)
    stage = await stages.get_stage(tx, opening.stage_id)
    await open_clock(tx, _clock_of(stage, clock))
    await keep_posts(tx, stage.id, opening.posts)
    seats = fill_seats(stage.plan, opening.posts.for_task(PostTask.MARK).holders, stage.author_ids)
    await seat_members(tx, stage, seats)
    decider = choose_decider(seats, opening.posts.for_task(PostTask.DECIDE), stage.author_ids)
    if decider:
        await assign_decision(tx, stage, decider, TaskState.WAITING if seats else TaskState.OPEN)
    detail = {
        "stage_id": stage.id,
        "level": stage.level,
        "due_at": stage.due_at,
        "calendar_version": clock.calendar.version,
        "members": [
            {"role": seat.role, "person_id": seat.person_id, "on_behalf_of": seat.on_behalf_of}
            for seat in seats
        ],
        "chains": sorted({holder.chain for holder in opening.posts.holders if len(holder.chain) > 2}),
        "vacant": vacant_roles(stage.plan, seats),
        "decider_id": decider.person_id if decider else None,
        "previous_decision_number": stage.previous_decision_number,
    }
    rule = stage.plan.examination_basis.rule
    opened = Event(
        event_id=new_id(),
        subject_id=stage.dossier_id,
        kind="StageOpened",
        rule_version=stage.rule_version,
        rule=rule,
        detail=detail,
    )
    await record(tx, opened)
    await catch_up(tx, OWNER, stage.id)
    return StageOpened(stage_id=stage.id, decision=None, looks_at_posts=LOOKS_AT_POSTS)


def _clock_of(stage: Stage, started: StageClock) -> NewClock:
    plan = stage.plan
    return NewClock(
        about_id=stage.id,
        subject_id=stage.dossier_id,
        subject_code=stage.dossier_code,
        kind="EXAMINATION",
        level=stage.level,
        unit_id=stage.unit_id,
        unit_path=stage.unit_path,
        workflow_id=initiative_workflow_id(stage.dossier_id),
        rule_version=stage.rule_version,
        rule=plan.examination_basis.rule,
        budget=plan.examination,
        ladder=plan.ladder,
        extension=plan.extension,
        started=started,
    )
