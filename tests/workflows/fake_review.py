"""Review as a fake behind its port."""

from uuid import uuid4

from temporalio import activity

from language.ids import EventId, StageId
from language.messages.journey import StageOutcome
from language.messages.organisation import ClockRules
from language.messages.review import (
    ClimbStageRung,
    OpenStage,
    ReviewActivities,
    StageDecided,
    StageMoved,
    StageOpened,
    StageRungClimbed,
    WithdrawStage,
)
from language.messages.transition import MoveStage, ReadStandings, Standings
from services.review.domain.ladder import LOOKS_AT_POSTS
from tests.workflows.office import Desk, Office


class FakeReview(ReviewActivities):
    """The stages."""

    def __init__(self, office: Office) -> None:
        self._office = office

    @activity.defn(name="review.open_stage")
    async def open_stage(self, command: OpenStage) -> StageOpened:
        """Repeat-safe: a stage decided meanwhile says so."""
        desk = self._office.at(command.dossier_id)
        self._office.also_at(command.stage_id, desk)
        level = command.level.level
        desk.openings[level] = command
        rules = ClockRules(budget=command.level.examination, ladder=command.level.ladder)
        desk.start_clock(level, command.stage_id, command.posts, rules)
        await desk.hear(f"open {level}")
        return StageOpened(
            stage_id=command.stage_id,
            decision=desk.decisions.get(command.stage_id),
            looks_at_posts=LOOKS_AT_POSTS,
        )

    @activity.defn(name="review.climb_rung")
    async def climb_rung(self, command: ClimbStageRung) -> StageRungClimbed:
        """Fires while nobody has decided."""
        desk = self._office.at(command.stage_id)
        level = _level(desk, command.stage_id)
        await desk.hear(f"climb {level} {command.climb.rung.id}")
        decision = desk.decisions.get(command.stage_id)
        finding, clock = desk.climb(level, command.climb.rung, settled=decision is not None)
        return StageRungClimbed(finding=finding, decision=decision, clock=clock)

    @activity.defn(name="review.withdraw_stage")
    async def withdraw_stage(self, command: WithdrawStage) -> StageDecided:
        """The decision that came first, else a withdrawal."""
        desk = self._office.at(command.stage_id)
        await desk.hear(f"withdraw {_level(desk, command.stage_id)}")
        withdrawn = StageDecided(
            event_id=EventId(uuid4()),
            dossier_id=desk.start.dossier_id,
            stage_id=command.stage_id,
            outcome=StageOutcome.WITHDRAWN,
            decision_number=None,
            proposed=False,
            decided_at=command.requested_at,
        )
        return desk.decisions.setdefault(command.stage_id, withdrawn)

    @activity.defn(name="review.move_stage")
    async def move_stage(self, command: MoveStage) -> StageMoved:
        """The decision that came first, marks that keep it, else moved."""
        desk = self._office.at(command.stage_id)
        await desk.hear(f"move {_level(desk, command.stage_id)}")
        decision = desk.decisions.get(command.stage_id)
        if decision or (command.stage_id in desk.marked and not command.even_if_marked):
            return StageMoved(moved=False, decision=decision)
        desk.moved.append(command)
        return StageMoved(moved=True, decision=None)

    @activity.defn(name="review.read_standings")
    async def read_standings(self, command: ReadStandings) -> Standings:
        """Nothing is at a council."""
        return Standings(stages=())


def _level(desk: Desk, stage: StageId) -> str:
    return next(level for level, opening in desk.openings.items() if opening.stage_id == stage)
