"""One level's examination inside a journey: climb the ladder while nobody decides, end with review's word."""

from dataclasses import replace

from temporalio import workflow

from language.ids import StageId
from language.messages.clock import ClimbRung
from language.messages.journey import DecidedLevel, OpenStageAt
from language.messages.review import ReviewActivities, StageDecided, WithdrawStage
from language.messages.transition import DossierPosition, DossierStep, Passage, StageFate, TransitionClass
from workflows.calls import REVIEW
from workflows.changing import take_rules
from workflows.facts import JourneyFacts


class StageReview:
    """Ends with the stage's decision. Review's row lock is the arbiter: a lost signal costs a delay, never a
    decision."""

    def __init__(self, facts: JourneyFacts, opened: OpenStageAt) -> None:
        self._facts = facts
        self._opened = opened
        self._ladder = facts.ladder(opened.clock, opened.climbed)

    async def run(self) -> DecidedLevel | Passage | OpenStageAt:
        """Wait for a decision, a withdrawal, other rules, another unit or the next rung, whichever comes
        first. A passage: the stage is closed as moved, and the dossier goes on where it says. The open stage,
        which another unit may have opened anew: a new run is due."""
        facts, stage = self._facts, self._stage
        while True:
            decision = facts.decision_of(stage)
            if decision:
                return self._decided(decision)
            if facts.is_opened_anew(stage):
                return self._anew()
            if facts.withdrawal:
                await self._withdraw()
            elif facts.has_new_rules:
                taken = await take_rules(facts, self._position(), stage)
                if taken and taken.kind is TransitionClass.MOVED and taken.stage is StageFate.MOVED:
                    return taken
            elif facts.is_long:
                return replace(self._opened, clock=self._ladder.clock, climbed=self._ladder.climbed)
            else:
                await self._climb_next()

    def _anew(self) -> OpenStageAt:
        """The stage that another unit has opened in place of this one."""
        anew = self._facts.take_opened_anew(self._stage)
        level = replace(self._opened.level, unit_id=anew.unit_id)
        return replace(self._opened, level=level, clock=anew.clock, climbed=())

    async def _withdraw(self) -> None:
        facts, stage = self._facts, self._stage
        command = WithdrawStage(stage_id=stage)
        decision = await workflow.execute_activity_method(ReviewActivities.withdraw_stage, command, **REVIEW)
        facts.note_decision(decision)
        if decision.stage_id != stage:
            # It was opened anew meanwhile; the word of that is on its way.
            await workflow.wait_condition(lambda: facts.is_opened_anew(stage))

    @property
    def _stage(self) -> StageId:
        return StageId(self._ladder.about_id)

    def _decided(self, decision: StageDecided) -> DecidedLevel:
        return DecidedLevel(
            level=self._opened.level.level,
            stage_id=decision.stage_id,
            outcome=decision.outcome,
            proposed=decision.proposed,
            decision_number=decision.decision_number,
            pays=self._opened.level.pays,
        )

    def _position(self) -> DossierPosition:
        """How far the stage is marked, only review knows."""
        return DossierPosition(
            step=DossierStep.EXAMINATION,
            decided=self._facts.decided_levels,
            level=self._opened.level.level,
            unit_id=self._opened.level.unit_id,
            last_level=self._opened.is_last,
        )

    async def _climb_next(self) -> None:
        facts, stage = self._facts, self._stage
        rung = await self._ladder.next_rung(
            until=lambda: (
                facts.decision_of(stage) is not None
                or facts.withdrawal
                or facts.has_new_rules
                or facts.is_opened_anew(stage)
            )
        )
        if rung is None:
            return
        command = ClimbRung(about_id=stage, rung_id=rung.id)
        climbed = await workflow.execute_activity_method(ReviewActivities.climb_rung, command, **REVIEW)
        if climbed.decision:
            facts.note_decision(climbed.decision)
        self._ladder.answered(rung, climbed.finding, climbed.clock)
