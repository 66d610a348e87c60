"""The journey of one dossier: formal check, then level by level until it is recognised, refused or
withdrawn."""

from contextlib import suppress
from datetime import timedelta

from temporalio import workflow
from temporalio.common import WorkflowIDReusePolicy
from temporalio.exceptions import ActivityError, WorkflowAlreadyStartedError

from language.deadline.clock import ClockMoved
from language.journey.route import brings_money, journey_outcome, level_named, next_level
from language.messages.intake import (
    CheckState,
    CloseDossier,
    FormalCheckMoved,
    IntakeActivities,
    WithdrawalRequested,
)
from language.messages.journey import (
    JourneyClosed,
    JourneyOutcome,
    LevelResult,
    StageOutcome,
    StartJourney,
)
from language.messages.payout import StartPayout
from language.messages.review import StageDecided
from language.messages.rulebook import FreezePlan, RulebookActivities
from language.messages.transition import DossierStep, Passage, RulesChanged, Standing, TransitionClass
from language.names import DOSSIER_STATE, INITIATIVE_WORKFLOW, STAGE_DUE_AT, payout_workflow_id
from language.plan.review_plan import LevelPlan
from workflows.calls import INTAKE, RULEBOOK
from workflows.changing import take_rules
from workflows.facts import JourneyFacts
from workflows.formal_check import FormalCheck
from workflows.payout import PayoutWorkflow
from workflows.stage import StageReview

_FIRST_PAUSE = timedelta(minutes=1)
_LONGEST_PAUSE = timedelta(days=1)


@workflow.defn(name=INITIATIVE_WORKFLOW)
class InitiativeWorkflow:
    """One run per dossier. The services say whether; this says when and what next."""

    @workflow.init
    def __init__(self, start: StartJourney) -> None:
        # Handlers may run before `run`: what they touch is made here.
        self._facts = JourneyFacts(start)

    @workflow.signal
    def formal_check_moved(self, moved: FormalCheckMoved) -> None:
        """Intake: where the formal check stands now."""
        self._facts.note_check(moved)

    @workflow.signal
    def stage_decided(self, decision: StageDecided) -> None:
        """Review: a stage has its decision."""
        self._facts.note_decision(decision)

    @workflow.signal
    def clock_moved(self, moved: ClockMoved) -> None:
        """Intake or review: the clock of the check or of a stage was suspended, resumed, extended or given
        another calendar."""
        self._facts.clocks.note(moved)

    @workflow.signal
    def withdrawal_requested(self, request: WithdrawalRequested) -> None:
        """Intake: the author withdraws an accepted dossier."""
        self._facts.note_withdrawal(request)

    @workflow.signal
    def rules_changed(self, changed: RulesChanged) -> None:
        """Rulebook: other rules hold for this dossier."""
        self._facts.note_rules(changed)

    @workflow.run
    async def run(self, start: StartJourney) -> JourneyClosed:
        """The story."""
        await self._freeze_plan(start)
        check = await FormalCheck(self._facts).run()
        if check is CheckState.ACCEPTED:
            return await self._close(*await self._climb_levels())
        outcome = (
            JourneyOutcome.WITHDRAWN if check is CheckState.WITHDRAWN else JourneyOutcome.REQUEST_REJECTED
        )
        return await self._close(outcome, ())

    async def _freeze_plan(self, start: StartJourney) -> None:
        """A refusal (no rules in force, unit unknown) is for an administrator to mend; until then the dossier
        waits, it does not fail."""
        facts = self._facts
        command = FreezePlan(
            dossier_id=start.dossier_id,
            unit_id=start.unit_id,
            season_id=start.season_id,
            filed_at=start.filed_at,
        )
        pause = _FIRST_PAUSE
        while not facts.has_plan:
            if facts.has_new_rules:
                await take_rules(facts, Standing(step=DossierStep.WAITS_FOR_RULES))
                continue
            try:
                facts.freeze(
                    await workflow.execute_activity_method(
                        RulebookActivities.freeze_plan, command, **RULEBOOK
                    )
                )
            except ActivityError as error:
                workflow.set_current_details(f"Waits for rules: {error.cause}")
                with suppress(TimeoutError):
                    await workflow.wait_condition(
                        lambda: facts.has_new_rules, timeout=pause, timeout_summary="rules are missing"
                    )
                pause = min(pause * 2, _LONGEST_PAUSE)

    async def _climb_levels(self) -> tuple[JourneyOutcome, tuple[LevelResult, ...]]:
        facts = self._facts
        decisions: list[StageDecided] = []
        level = await self._first_level()
        while level:
            ended = await StageReview(facts, level).run(decisions[-1].decision_number if decisions else None)
            if isinstance(ended, Passage):
                level = level_named(facts.plan, ended.to_level)
                continue
            decisions.append(ended)
            facts.spoken.append(level.level)
            if brings_money(level, ended):
                await self._start_payout(level, ended)
            level = await self._level_after(level, ended)
        results = tuple(
            LevelResult(level=level, outcome=decision.outcome, decision_number=decision.decision_number)
            for level, decision in zip(facts.spoken, decisions, strict=True)
        )
        return journey_outcome(tuple(decisions)), results

    async def _first_level(self) -> LevelPlan | None:
        facts = self._facts
        while facts.has_new_rules:
            await take_rules(facts, Standing(step=DossierStep.BETWEEN_LEVELS))
        return facts.plan.levels[0]

    async def _level_after(self, level: LevelPlan, decision: StageDecided) -> LevelPlan | None:
        """The next level, by the rules that hold when it is opened."""
        facts = self._facts
        goes_up = next_level(facts.plan, level, decision)
        while facts.has_new_rules:
            proposed = decision.outcome is StageOutcome.RECOGNISED and decision.proposed
            step = DossierStep.BETWEEN_LEVELS if proposed else DossierStep.ENDING
            taken = await take_rules(facts, Standing(step=step, decided=tuple(facts.spoken)))
            if taken and taken.kind is TransitionClass.MOVED:
                goes_up = level_named(facts.plan, taken.to_level)
        return goes_up

    async def _start_payout(self, level: LevelPlan, decision: StageDecided) -> None:
        """The money has its own owner and life: it goes on whatever becomes of the journey."""
        plan = self._facts.plan
        journey = self._facts.start
        payout = StartPayout(
            dossier_id=journey.dossier_id,
            dossier_code=journey.dossier_code,
            level=level.level,
            unit_id=level.unit_id,
            decision_number=decision.decision_number or "",
            award_dong=level.award_dong,
            award_basis=level.award_basis,
            authors=self._facts.authors,
            plan=plan.payout,
            rule_version=plan.rule_version,
            recognised_at=decision.decided_at,
            time_scale=journey.time_scale,
        )
        try:
            await workflow.start_child_workflow(
                PayoutWorkflow.run,
                payout,
                id=payout_workflow_id(journey.dossier_id, level.level),
                id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                parent_close_policy=workflow.ParentClosePolicy.ABANDON,
                static_summary=f"payout {level.level}",
            )
        except WorkflowAlreadyStartedError:
            workflow.logger.info("the payout of this level runs already")

    async def _close(self, outcome: JourneyOutcome, levels: tuple[LevelResult, ...]) -> JourneyClosed:
        dossier_id = self._facts.start.dossier_id
        was_withdrawn = bool(levels) and levels[-1].outcome is StageOutcome.WITHDRAWN
        too_late = self._facts.withdrawal is not None and not was_withdrawn
        command = CloseDossier(
            dossier_id=dossier_id, outcome=outcome, levels=levels, withdrawal_too_late=too_late
        )
        await workflow.execute_activity_method(IntakeActivities.close_dossier, command, **INTAKE)
        workflow.upsert_search_attributes([DOSSIER_STATE.value_set(outcome), STAGE_DUE_AT.value_unset()])
        return JourneyClosed(dossier_id=dossier_id, outcome=outcome, levels=levels)
