"""What the journey asks of review, and what review tells the journey."""

from dataclasses import dataclass

from temporalio import activity

from language.ids import DossierId, EventId, StageId, UnitId
from language.messages.clock import CaseClock, ClimbRung, RungFinding
from language.messages.journey import StageOutcome
from language.messages.transition import MoveStage


@dataclass(frozen=True, slots=True, kw_only=True)
class StageDecided:
    """The decision of a stage, as a signal and inside answers. `proposed` says that the dossier goes up to
    the next level."""

    event_id: EventId
    stage_id: StageId
    outcome: StageOutcome
    proposed: bool
    decision_number: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenStage:
    """The dossier comes to this level, under the plan of this hash: form its council and give everybody their
    tasks. `after` is the stage that sent it up; None after the formal check."""

    stage_id: StageId
    dossier_id: DossierId
    level: str
    plan_hash: str
    after: StageId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StageOpened:
    """Review's answer. `clock` None: the stage was not opened, for the level before (in `decision`, if it has
    decided) or the formal check has not sent the dossier here. Else `decision` is that of the stage itself,
    when this is a repeat and it was decided meanwhile."""

    clock: CaseClock | None
    decision: StageDecided | None = None
    is_last: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StageOpenedAnew:
    """The signal that the unit of the open stage has ended, and its level was opened anew in the unit that
    took over: `clock` is that of the new stage."""

    event_id: EventId
    stage_id: StageId
    unit_id: UnitId
    clock: CaseClock


@dataclass(frozen=True, slots=True, kw_only=True)
class StageRungClimbed:
    """What the rung found under the lock; a decision it found is the decision, also when its signal was
    lost."""

    finding: RungFinding
    decision: StageDecided | None
    clock: CaseClock | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawStage:
    """Close the open stage because the author withdraws."""

    stage_id: StageId


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
    async def climb_rung(self, command: ClimbRung) -> StageRungClimbed:
        """Fire the rung once, unless the stage is decided or the clock says that it is not yet time."""
        raise NotImplementedError

    @activity.defn(name="review.withdraw_stage")
    async def withdraw_stage(self, command: WithdrawStage) -> StageDecided:
        """The row lock decides: the decision that came first, or a decision with outcome WITHDRAWN; of a
        stage that was opened anew meanwhile it is that of the new one."""
        raise NotImplementedError

    @activity.defn(name="review.move_stage")
    async def move_stage(self, command: MoveStage) -> StageMoved:
        """Close the open stage as moved; a decision that came first stands. Repeat-safe."""
        raise NotImplementedError
