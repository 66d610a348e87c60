"""What the journey asks of review, and what review tells the journey."""

from dataclasses import dataclass
from datetime import datetime

from temporalio import activity

from language.deadline.clock import ClockMoved
from language.ids import DossierId, EventId, PersonId, SeasonId, StageId
from language.messages.journey import StageOutcome
from language.messages.organisation import PostsResolved
from language.messages.rung import RungClimb, RungFinding
from language.messages.transition import MoveStage, ReadStandings, Standings
from language.plan.review_plan import LevelPlan, RungAction


@dataclass(frozen=True, slots=True, kw_only=True)
class StageDecided:
    """The decision of a stage, as a signal and inside answers. `proposed` says that the dossier goes up to
    the next level."""

    event_id: EventId
    dossier_id: DossierId
    stage_id: StageId
    outcome: StageOutcome
    decision_number: str | None
    proposed: bool
    decided_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenStage:
    """Form the council of this level for the dossier and give everybody their tasks; `posts.clock` says when
    it is due."""

    stage_id: StageId
    dossier_id: DossierId
    dossier_code: str
    level: LevelPlan
    posts: PostsResolved
    author_ids: tuple[PersonId, ...]
    season_id: SeasonId
    rule_version: str
    previous_decision_number: str | None = None
    last_level: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StageOpened:
    """The stage is open; `decision` is set when this is a repeat and it was decided meanwhile.
    `looks_at_posts` are the actions of rungs that must be told who is in the posts; None: all must, as a
    stage opened by older code says."""

    stage_id: StageId
    decision: StageDecided | None
    looks_at_posts: tuple[RungAction, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClimbStageRung:
    """A rung of the stage's ladder."""

    stage_id: StageId
    climb: RungClimb


@dataclass(frozen=True, slots=True, kw_only=True)
class StageRungClimbed:
    """What the rung found under the lock; a decision it found is the decision, also when its signal was lost.
    `clock` comes with NOT_YET, and
    where a further rung follows."""

    finding: RungFinding
    decision: StageDecided | None
    clock: ClockMoved | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawStage:
    """Close the open stage because the author withdraws."""

    stage_id: StageId
    requested_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StageMoved:
    """What review found under its lock: the stage is closed as moved, or the decision that came first, or
    marks that keep it open."""

    moved: bool
    decision: StageDecided | None


class ReviewActivities:
    """What the journey asks of review."""

    @activity.defn(name="review.open_stage")
    async def open_stage(self, command: OpenStage) -> StageOpened:
        """Create stage, council, score sheets and tasks; repeat-safe by stage id."""
        raise NotImplementedError

    @activity.defn(name="review.climb_rung")
    async def climb_rung(self, command: ClimbStageRung) -> StageRungClimbed:
        """Fire the rung once, unless the stage is decided or the clock says that it is not yet time."""
        raise NotImplementedError

    @activity.defn(name="review.withdraw_stage")
    async def withdraw_stage(self, command: WithdrawStage) -> StageDecided:
        """The row lock decides: the decision that came first, or a decision with outcome WITHDRAWN."""
        raise NotImplementedError

    @activity.defn(name="review.move_stage")
    async def move_stage(self, command: MoveStage) -> StageMoved:
        """Close the open stage as moved; a decision that came first stands. Repeat-safe."""
        raise NotImplementedError

    @activity.defn(name="review.read_standings")
    async def read_standings(self, command: ReadStandings) -> Standings:
        """Where these dossiers stand."""
        raise NotImplementedError
