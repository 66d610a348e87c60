"""Opening a stage: its council from the posts, score sheets and tasks."""

from collections.abc import Sequence

from casework.clocks.editions import catch_up
from casework.clocks.kept import open_clock
from casework.history.record import record
from casework.ladder import watch_opening
from casework.posts_seen import keep_posts
from casework.tasks import TaskState
from kit.db import Tx
from language.events.review import SeatTaken
from language.events.review import StageOpened as Opened
from language.messages.review import OpenStage, StageOpened
from language.plan.review_plan import RungAction, SeatRole
from language.posts.kinds import PostTask
from services.review.domain.council import choose_decider, fill_seats, vacant_roles
from services.review.domain.ladder import LOOKS_AT_POSTS, NOTHING, RungContext
from services.review.domain.stage import AnyStage, decision_of
from services.review.operations.examination import EXAMINATION
from services.review.store import score_sheets, stages


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
        sheets = await score_sheets.list_sheets(tx, known.id)
        vacant = vacant_roles(known.plan, [sheet.seat for sheet in sheets])
        return _opened(known, vacant)
    stage = await stages.get_stage(tx, opening.stage_id)
    particulars = EXAMINATION.particulars(stage)
    await open_clock(tx, particulars.clock(EXAMINATION.type, EXAMINATION.clock_rules(stage), clock))
    await keep_posts(tx, stage.id, opening.posts)
    seats = fill_seats(stage.plan, opening.posts.for_task(PostTask.MARK).holders, stage.author_ids)
    await EXAMINATION.seat_members(tx, stage, seats)
    decider = choose_decider(seats, opening.posts.for_task(PostTask.DECIDE), stage.author_ids)
    if decider:
        state = TaskState.WAITING if seats else TaskState.OPEN
        await EXAMINATION.assign_decision(tx, stage, decider, state)
    vacant = vacant_roles(stage.plan, seats)
    fact = Opened(
        stage_id=stage.id,
        level=stage.level,
        unit_id=stage.unit_id,
        due_at=stage.due_at,
        calendar_version=clock.calendar.version,
        members=tuple(
            SeatTaken(role=seat.role, person_id=seat.person_id, on_behalf_of=seat.on_behalf_of)
            for seat in seats
        ),
        chains=tuple(sorted({holder.chain for holder in opening.posts.holders if len(holder.chain) > 2})),
        vacant=tuple(vacant),
        decider_id=decider.person_id if decider else None,
        previous_decision_number=stage.previous_decision_number,
    )
    rule = stage.plan.examination_basis.rule
    await record(tx, fact, about=stage.dossier_id, rule_version=stage.rule_version, rule=rule)
    await _watch(tx, stage, opening)
    await catch_up(tx, EXAMINATION, stage.id)
    return _opened(stage, vacant)


async def _watch(tx: Tx, stage: AnyStage, opening: OpenStage) -> None:
    """A council that cannot reach its quorum is an alarm from the start."""
    sheets = await score_sheets.list_sheets(tx, stage.id)
    context = RungContext(stage=stage, sheets=sheets, holders=(), superiors=())
    await watch_opening(tx, EXAMINATION, stage, EXAMINATION.lack(context, NOTHING), opening.posts)


def _opened(stage: AnyStage, vacant: Sequence[SeatRole]) -> StageOpened:
    """While seats are empty every rung looks whether somebody is there for them."""
    looks = tuple(RungAction) if vacant else LOOKS_AT_POSTS
    return StageOpened(stage_id=stage.id, decision=decision_of(stage), looks_at_posts=looks)
