"""Opening a stage: its council from the posts, score sheets and tasks."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from casework.calendars import start_clock
from casework.clocks.kept import kept_clock, open_clock
from casework.clocks.moves import as_it_stands
from casework.history.record import record
from casework.ladder import watch_opening
from casework.notices import notify_of
from casework.plans import plan_named
from casework.posts_seen import keep_posts
from casework.roster import resolve
from casework.tasks import TaskState
from casework.units import unit_for_level
from kit.db import Tx
from language.deadline.clock import StageClock
from language.events.review import SeatTaken
from language.events.review import StageOpened as Opened
from language.ids import DossierId, PersonId, SeasonId, StageId, UnitId
from language.messages import review as messages
from language.messages.clock import CaseClock
from language.messages.journey import CheckState
from language.messages.review import StageOpened
from language.plan.review_plan import LevelPlan, ReviewPlan
from language.posts.holders import PostsResolved
from language.posts.kinds import PostTask
from language.refusals import NotFound
from services.review.domain.council import choose_decider, fill_seats, posts_wanted, vacant_roles
from services.review.domain.ladder import NOTHING, RungContext
from services.review.domain.stage import AnyStage, DecidedStage, Eased, OpenStage, decision_of
from services.review.operations.examination import EXAMINATION
from services.review.store import filed_dossiers, score_sheets, second_thoughts, stages
from services.review.store.filed_dossiers import authors_told


async def open_stage(tx: Tx, command: messages.OpenStage) -> StageOpened:
    """Form the council and give everybody their work, if the dossier was sent here. A repeat changes nothing
    and tells a decision made meanwhile."""
    known = await stages.find_stage(tx, command.stage_id)
    if known:
        return await _opened(tx, known)
    dossier = await filed_dossiers.get_dossier(tx, command.dossier_id)
    before = await _stage_before(tx, command)
    if not (_is_proposed(before) if command.after else dossier.check_state is CheckState.ACCEPTED):
        return StageOpened(clock=None, decision=decision_of(before) if before else None)
    plan = await plan_named(tx, command.plan_hash)
    planned = _level_of(plan, command.level)
    # Units end and move between filing and opening: the level opens where the path leads today.
    unit_id = await unit_for_level(tx, dossier.unit_id, planned.unit_id)
    new = NewStage(
        id=command.stage_id,
        dossier_id=command.dossier_id,
        dossier_code=dossier.code,
        season_id=dossier.season_id,
        author_ids=dossier.author_ids,
        recused_ids=await second_thoughts.recused_before(tx, command.dossier_id, planned.level),
        plan=replace(planned, unit_id=UnitId(unit_id)),
        plan_hash=command.plan_hash,
        rule_version=plan.rule_version,
        previous_decision_number=before.ruling.decision_number if isinstance(before, DecidedStage) else None,
        last_level=planned is plan.levels[-1],
    )
    clock = await form_council(tx, new)
    if clock is None:
        return await _opened(tx, await stages.get_stage(tx, command.stage_id))
    if new.recused_ids:
        await second_thoughts.carry_recusals_of_level(tx, new.id)
    return StageOpened(clock=clock, is_last=new.last_level)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewStage:
    """A stage to be opened, in the unit that its plan names; `recused_ids` stayed out of those before."""

    id: StageId
    dossier_id: DossierId
    dossier_code: str
    season_id: SeasonId
    author_ids: Sequence[PersonId]
    recused_ids: Sequence[PersonId] = ()
    plan: LevelPlan
    plan_hash: str
    rule_version: str
    previous_decision_number: str | None
    last_level: bool


async def form_council(tx: Tx, new: NewStage) -> CaseClock | None:
    """The stage with its council, its clock and everybody's work; None if it is there already. Roster and
    calendar are held from here to the commit, so that no hand-over and no new calendar misses it."""
    level, left_out = new.plan, (*new.author_ids, *new.recused_ids)
    posts = await resolve(
        tx, level.unit_id, posts_wanted(level), tx.now, excluded=left_out, level=level.level
    )
    clock = await start_clock(tx, posts.unit_path, level.examination, level.ladder, tx.now)
    stage = OpenStage(
        id=new.id,
        dossier_id=new.dossier_id,
        dossier_code=new.dossier_code,
        season_id=new.season_id,
        level=level.level,
        unit_id=posts.unit_id,
        unit_path=posts.unit_path,
        author_ids=new.author_ids,
        recused_ids=new.recused_ids,
        plan=level,
        plan_hash=new.plan_hash,
        rule_version=new.rule_version,
        previous_decision_number=new.previous_decision_number,
        last_level=new.last_level,
        opened_at=clock.opened_at,
        due_at=clock.due_at,
        decider=None,
        eased=Eased(),
        version=1,
    )
    if not await stages.insert_stage(tx, stage):
        return None
    return await _give_work(tx, stage, posts, clock)


async def _stage_before(tx: Tx, command: messages.OpenStage) -> AnyStage | None:
    """The dossier's own stage that is said to have sent it up."""
    before = await stages.find_stage(tx, command.after) if command.after else None
    return before if before and before.dossier_id == command.dossier_id else None


def _is_proposed(before: AnyStage | None) -> bool:
    return isinstance(before, DecidedStage) and before.goes_up


def _level_of(plan: ReviewPlan, name: str) -> LevelPlan:
    level = next((level for level in plan.levels if level.level == name), None)
    if level is None:
        raise NotFound
    return level


async def _opened(tx: Tx, stage: AnyStage) -> StageOpened:
    """The answer to a repeat."""
    clock = as_it_stands(await kept_clock(tx, stage.id))
    return StageOpened(clock=clock, decision=decision_of(stage), is_last=stage.last_level)


async def _give_work(tx: Tx, stage: OpenStage, posts: PostsResolved, clock: StageClock) -> CaseClock:
    """Seats, sheets, tasks and the decision; the clock as the journey begins with it.

    Where nobody could be seated the decision is open at once: the superior has to end the stage."""
    particulars = EXAMINATION.particulars(stage)
    await open_clock(tx, particulars.clock(EXAMINATION.type, EXAMINATION.clock_rules(stage), clock))
    await keep_posts(tx, stage.id, posts)
    seats = fill_seats(stage.plan, posts.for_task(PostTask.MARK).holders, stage.left_out)
    await EXAMINATION.seat_members(tx, stage, seats)
    decider = choose_decider(seats, posts.for_task(PostTask.DECIDE), stage.left_out)
    if decider:
        state = TaskState.WAITING if seats else TaskState.OPEN
        await EXAMINATION.assign_decision(tx, stage, decider, state)
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
        chains=tuple(sorted({holder.chain for holder in posts.holders if len(holder.chain) > 2})),
        vacant=tuple(vacant_roles(stage.plan, seats)),
        decider_id=decider.person_id if decider else None,
        previous_decision_number=stage.previous_decision_number,
    )
    rule = stage.plan.examination_basis.rule
    event_id = await record(tx, fact, about=stage.dossier_id, rule_version=stage.rule_version, rule=rule)
    await notify_of(tx, event_id, fact, particulars.matter, await authors_told(tx, stage))
    return await _watch(tx, stage, posts)


async def _watch(tx: Tx, stage: OpenStage, posts: PostsResolved) -> CaseClock:
    """A council that cannot reach its quorum is an alarm from the start."""
    sheets = await score_sheets.list_sheets(tx, stage.id)
    context = RungContext(stage=stage, sheets=sheets, holders=(), superiors=())
    return await watch_opening(tx, EXAMINATION, stage, EXAMINATION.lack(context, NOTHING), posts)
