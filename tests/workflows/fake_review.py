"""Review as a fake behind its port."""

from uuid import uuid4

from temporalio import activity

from language.ids import EventId
from language.messages.clock import ClimbRung
from language.messages.journey import CheckState, StageOutcome
from language.messages.review import (
    OpenStage,
    ReviewActivities,
    StageDecided,
    StageMoved,
    StageOpened,
    StageRungClimbed,
    WithdrawStage,
)
from language.messages.transition import MoveStage
from tests.workflows.office import Desk, Office


class FakeReview(ReviewActivities):
    """The stages."""

    def __init__(self, office: Office) -> None:
        self._office = office

    @activity.defn(name="review.open_stage")
    async def open_stage(self, command: OpenStage) -> StageOpened:
        """Repeat-safe: a stage decided meanwhile says so. What nobody has sent here is not opened."""
        desk = self._office.at(command.dossier_id)
        await desk.hear(f"open {command.level}")
        if not _is_sent(desk, command):
            known = desk.decisions.get(command.after) if command.after else None
            return StageOpened(clock=None, decision=known)
        self._office.also_at(command.stage_id, desk)
        desk.openings.pop(command.level, None)
        desk.openings[command.level] = command
        plan = desk.plans[command.plan_hash]
        level = next(known for known in plan.levels if known.level == command.level)
        now = activity.info().scheduled_time
        clock = desk.start_clock(command.level, command.stage_id, now, (level.examination, level.ladder))
        await desk.hear(f"opened {command.level}")
        return StageOpened(
            clock=desk.kept[command.level].stands(now) if clock else clock,
            decision=desk.decisions.get(command.stage_id),
            is_last=level is plan.levels[-1],
        )

    @activity.defn(name="review.climb_rung")
    async def climb_rung(self, command: ClimbRung) -> StageRungClimbed:
        """Fires while nobody has decided."""
        desk = self._office.at(command.about_id)
        stage = next(known.stage_id for known in desk.openings.values() if known.stage_id == command.about_id)
        level = desk.level_of(stage)
        await desk.hear(f"climb {level} {command.rung_id}")
        decision = desk.decisions.get(stage)
        finding, clock = desk.climb(level, command.rung_id, settled=decision is not None)
        return StageRungClimbed(finding=finding, decision=decision, clock=clock)

    @activity.defn(name="review.withdraw_stage")
    async def withdraw_stage(self, command: WithdrawStage) -> StageDecided:
        """The decision that came first, else a withdrawal."""
        desk = self._office.at(command.stage_id)
        stage = desk.replaced.get(command.stage_id, command.stage_id)
        await desk.hear(f"withdraw {desk.level_of(stage)}")
        withdrawn = StageDecided(
            event_id=EventId(uuid4()),
            stage_id=stage,
            outcome=StageOutcome.WITHDRAWN,
            decision_number=None,
            proposed=False,
        )
        return desk.decisions.setdefault(stage, withdrawn)

    @activity.defn(name="review.move_stage")
    async def move_stage(self, command: MoveStage) -> StageMoved:
        """The decision that came first, marks that keep it, else moved."""
        desk = self._office.at(command.stage_id)
        await desk.hear(f"move {desk.level_of(command.stage_id)}")
        decision = desk.decisions.get(command.stage_id)
        if decision or (command.stage_id in desk.marked and not command.even_if_marked):
            return StageMoved(moved=False, decision=decision)
        desk.moved.append(command)
        return StageMoved(moved=True, decision=None)


def _is_sent(desk: Desk, command: OpenStage) -> bool:
    """The check has accepted it, or the stage before has proposed it."""
    if command.after is None:
        return desk.check.state is CheckState.ACCEPTED
    before = desk.decisions.get(command.after)
    return before is not None and before.outcome is StageOutcome.RECOGNISED and before.proposed
