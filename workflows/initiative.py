"""The journey of one dossier: formal check, then level by level until it is recognised, refused or withdrawn;
its money beside it."""

import contextlib
from dataclasses import replace

from temporalio import workflow
from temporalio.common import SearchAttributePair, TypedSearchAttributes

from language.ids import StageId
from language.journey.route import level_named, next_level
from language.messages.clock import ClockMoved
from language.messages.intake import CloseDossier, IntakeActivities, WithdrawalRequested
from language.messages.journey import (
    AnewAt,
    CheckState,
    DecidedLevel,
    FormalCheckMoved,
    Journey,
    JourneyClosed,
    LevelStop,
    OpenCheckAt,
    OpenStageAt,
)
from language.messages.payout import AwardMoved
from language.messages.review import OpenStage, ReviewActivities, StageDecided, StageOpenedAnew
from language.messages.transition import DossierPosition, DossierStep, Passage, RulesChanged, TransitionClass
from language.names import (
    DOSSIER_STATE,
    INITIATIVE_WORKFLOW,
    RECOGNISING_UNIT,
    REVIEW_LEVEL,
    SEASON,
    STAGE_DUE_AT,
)
from workflows.awards import Awards
from workflows.calls import ASKED_AGAIN_AFTER, INTAKE, REVIEW
from workflows.changing import take_rules
from workflows.facts import JourneyFacts
from workflows.formal_check import STILL_OPEN, FormalCheck
from workflows.stage import StageReview


@workflow.defn(name=INITIATIVE_WORKFLOW)
class InitiativeWorkflow:
    """One run per dossier and level. The services say whether; this says when and what next."""

    @workflow.init
    def __init__(self, journey: Journey) -> None:
        # Handlers may run before `run`: what they touch is made here.
        self._facts = JourneyFacts(journey)
        self._awards = Awards(self._facts)
        self._owed: list[str] = []

    @workflow.signal
    def formal_check_moved(self, moved: FormalCheckMoved) -> None:
        """Intake: where the formal check stands now."""
        self._facts.note_check(moved)

    @workflow.signal
    def stage_decided(self, decision: StageDecided) -> None:
        """Review: a stage has its decision."""
        self._facts.note_decision(decision)

    @workflow.signal
    def stage_opened_anew(self, anew: StageOpenedAnew) -> None:
        """Review: the unit of the stage has ended, and another has opened its level anew."""
        self._facts.note_opened_anew(anew)

    @workflow.signal
    def award_moved(self, moved: AwardMoved) -> None:
        """Payout: an award was approved, rejected or reversed."""
        self._awards.note(moved)

    @workflow.signal
    def clock_moved(self, moved: ClockMoved) -> None:
        """An owner: the clock of a case was suspended, resumed, extended or given another calendar."""
        self._facts.clocks.note(moved.clock)

    @workflow.signal
    def withdrawal_requested(self, request: WithdrawalRequested) -> None:
        """Intake: the author withdraws an accepted dossier."""
        self._facts.note_withdrawal(request)

    @workflow.signal
    def rules_changed(self, changed: RulesChanged) -> None:
        """Rulebook: other rules hold for this dossier."""
        self._facts.note_rules(changed)

    @workflow.signal
    def reopened(self, anew: Journey) -> None:
        """Intake: the dossier is examined again after its end, where this says."""
        self._facts.note_reopened(anew)

    @workflow.run
    async def run(self, journey: Journey) -> JourneyClosed:
        """The story."""
        self._awards.go_on()
        at = journey.closed or journey.stage or await self._begin()
        while isinstance(at, OpenStageAt):
            at = await self._pass_level(StageReview(self._facts, at))
            if isinstance(at, OpenStageAt):
                self._begin_new_run(stage=at)
        self._ask_for_money()
        while not await self._awards.settled():
            if self._facts.reopened:
                await self._go_on_anew(self._facts.reopened)
            self._begin_new_run(closed=at)
        if self._facts.reopened:
            await self._go_on_anew(self._facts.reopened)
        return at

    async def _go_on_anew(self, anew: Journey) -> None:
        """A new run, where intake says that the dossier goes on; awards that wait go on beside it."""
        await workflow.wait_condition(lambda: not self._awards.is_calling)
        workflow.continue_as_new(replace(anew, owed=(), awards=self._awards.open))

    async def _begin(self) -> OpenStageAt | JourneyClosed:
        journey = self._facts.journey
        if journey.check:
            return await self._pass_check(journey.check)
        return await self._pass_anew(journey.anew or AnewAt())

    async def _pass_anew(self, at: AnewAt) -> OpenStageAt | JourneyClosed:
        """Where a run that was lost goes on. Its owner has read all this from the facts, so it is only a
        matter of time that they are so."""
        while True:
            after = self._facts.last_decided
            passed = await (self._open(at.level, after, at.stage_id) if at.level else self._close())
            if passed:
                return passed
            await workflow.sleep(ASKED_AGAIN_AFTER, summary="where the dossier stands is asked again")

    async def _pass_check(self, opened: OpenCheckAt) -> OpenStageAt | JourneyClosed:
        """The first level, opened, or the end of the request."""
        facts = self._facts
        check = FormalCheck(facts, opened)
        while True:
            state = await check.run()
            if state in STILL_OPEN:
                self._begin_new_run(check=check.stands)
                continue
            level = await self._first_level() if state is CheckState.ACCEPTED else None
            passed = await (self._open(level, None) if level else self._close())
            if passed:
                return passed
            facts.forget_check()

    async def _pass_level(self, stage: StageReview) -> OpenStageAt | JourneyClosed:
        """The level above, opened, or the end of the journey."""
        facts = self._facts
        while True:
            ended = await stage.run()
            if isinstance(ended, OpenStageAt):
                return ended
            if isinstance(ended, Passage):
                return await self._pass_on(ended)
            facts.decided.append(ended)
            level = await self._level_after(ended)
            passed = await (self._open(level, ended) if level else self._close())
            if passed:
                self._pay(ended)
                return passed
            # Review had not decided so: the word was forged, or came out of a past that a restore has undone.
            facts.decided.pop()
            if level is None:
                facts.correct_decision(ended.stage_id, None)

    async def _pass_on(self, passage: Passage) -> OpenStageAt | JourneyClosed:
        """Where the rules take a dossier whose stage is closed as moved. What review or intake do not know
        yet they are asked again; rules that come meanwhile are taken first."""
        facts = self._facts
        while True:
            level = level_named(facts.route, passage.to_level)
            passed = await (self._open(level, facts.last_decided) if level else self._close())
            if passed:
                return passed
            await self._wait_for_rules()
            if facts.has_new_rules:
                standing = DossierPosition(step=DossierStep.BETWEEN_LEVELS, decided=facts.decided_levels)
                taken = await take_rules(facts, standing)
                passage = taken if taken and taken.kind is TransitionClass.MOVED else passage

    async def _wait_for_rules(self) -> None:
        with contextlib.suppress(TimeoutError):
            await workflow.wait_condition(
                lambda: self._facts.has_new_rules,
                timeout=ASKED_AGAIN_AFTER,
                timeout_summary="where the rules lead is asked again",
            )

    async def _open(
        self, level: LevelStop, after: DecidedLevel | None, stage: StageId | None = None
    ) -> OpenStageAt | None:
        """None: review says that nothing has sent the dossier there."""
        facts = self._facts
        command = OpenStage(
            stage_id=stage or facts.stage_at(level.level),
            dossier_id=facts.journey.dossier_id,
            level=level.level,
            plan_hash=facts.route.plan_hash,
            after=after.stage_id if after else None,
        )
        opened = await workflow.execute_activity_method(ReviewActivities.open_stage, command, **REVIEW)
        if opened.clock is None:
            if after:
                facts.correct_decision(after.stage_id, opened.decision)
            return None
        if opened.decision:
            facts.note_decision(opened.decision)
        return OpenStageAt(level=level, clock=opened.clock, is_last=opened.is_last)

    async def _close(self) -> JourneyClosed | None:
        """Intake writes the end. None: neither its own check nor review has said so."""
        dossier_id = self._facts.journey.dossier_id
        command = CloseDossier(dossier_id=dossier_id)
        closed = await workflow.execute_activity_method(IntakeActivities.close_dossier, command, **INTAKE)
        if closed.outcome is None:
            return None
        return JourneyClosed(dossier_id=dossier_id, outcome=closed.outcome, levels=closed.levels)

    def _pay(self, decided: DecidedLevel) -> None:
        """Ask for the money once the next run has begun, or at once if none begins."""
        if decided.brings_money:
            self._owed.append(decided.level)

    async def _first_level(self) -> LevelStop | None:
        facts = self._facts
        while facts.has_new_rules:
            await take_rules(facts, DossierPosition(step=DossierStep.BETWEEN_LEVELS))
        return facts.route.levels[0] if facts.route.levels else None

    async def _level_after(self, decided: DecidedLevel) -> LevelStop | None:
        """The next level, by the rules that hold when it is opened."""
        facts = self._facts
        level = next_level(facts.route, decided)
        while facts.has_new_rules:
            step = DossierStep.BETWEEN_LEVELS if decided.goes_up else DossierStep.ENDING
            taken = await take_rules(facts, DossierPosition(step=step, decided=facts.decided_levels))
            if taken and taken.kind is TransitionClass.MOVED:
                level = level_named(facts.route, taken.to_level)
        return level

    def _begin_new_run(
        self,
        *,
        check: OpenCheckAt | None = None,
        stage: OpenStageAt | None = None,
        closed: JourneyClosed | None = None,
    ) -> None:
        """A new run, unless payout is being asked something or a word waits. What is signalled meanwhile the
        server keeps: it refuses to end a run that has not heard everything."""
        facts, journey = self._facts, self._facts.journey
        is_elsewhere = stage is not None and facts.is_opened_anew(StageId(stage.clock.about_id))
        if self._awards.is_calling or facts.has_waiting_words or is_elsewhere:
            self._ask_for_money()
            return
        carried = Journey(
            dossier_id=journey.dossier_id,
            dossier_code=journey.dossier_code,
            season_id=journey.season_id,
            route=facts.route,
            check=check,
            stage=replace(stage, clock=facts.clocks.newest(stage.clock)) if stage else None,
            closed=closed,
            decided=tuple(facts.decided),
            owed=tuple(self._owed),
            awards=self._awards.open,
            rules=facts.rules,
            withdrawal_requested=facts.withdrawal,
            time_scale=journey.time_scale,
        )
        workflow.continue_as_new(carried, search_attributes=_shown(journey, stage) if stage else None)

    def _ask_for_money(self) -> None:
        while self._owed:
            self._awards.owe(self._owed.pop(0))


def _shown(journey: Journey, stage: OpenStageAt) -> TypedSearchAttributes:
    """For operators: where the dossier is and until when, in lists and in the Web UI."""
    return TypedSearchAttributes(
        [
            SearchAttributePair(DOSSIER_STATE, "IN_EXAMINATION"),
            SearchAttributePair(REVIEW_LEVEL, stage.level.level),
            SearchAttributePair(RECOGNISING_UNIT, str(stage.level.unit_id)),
            SearchAttributePair(SEASON, str(journey.season_id)),
            SearchAttributePair(STAGE_DUE_AT, stage.clock.due_at),
        ]
    )
