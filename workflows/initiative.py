"""The journey of one dossier: formal check, then level by level until it is recognised, refused or withdrawn."""

from datetime import timedelta

from temporalio import workflow
from temporalio.common import WorkflowIDReusePolicy
from temporalio.exceptions import ActivityError, WorkflowAlreadyStartedError

with workflow.unsafe.imports_passed_through():
    from workflows.contracts.clock import ClockMoved
    from workflows.contracts.directory import DirectoryActivities, FreezePlan
    from workflows.contracts.intake import CheckState, CloseDossier, FormalCheckMoved, IntakeActivities, WithdrawalRequested
    from workflows.contracts.journey import JourneyClosed, JourneyOutcome, LevelResult, StageOutcome, StartJourney
    from workflows.contracts.names import DOSSIER_STATE, INITIATIVE_WORKFLOW, STAGE_DUE_AT, payout_workflow_id
    from workflows.contracts.payout import StartPayout
    from workflows.contracts.plan import LevelPlan, ReviewPlan
    from workflows.contracts.review import StageDecided
    from workflows.rules.route import brings_money, journey_outcome, next_level

from workflows.calls import DIRECTORY, INTAKE
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
        """Intake or review: the clock of the check or of a stage was suspended, resumed, extended or given another calendar."""
        self._facts.clocks.note(moved)

    @workflow.signal
    def withdrawal_requested(self, request: WithdrawalRequested) -> None:
        """Intake: the author withdraws an accepted dossier."""
        self._facts.note_withdrawal(request)

    @workflow.run
    async def run(self, start: StartJourney) -> JourneyClosed:
        """The story."""
        plan = await self._freeze_plan(start)
        check = await FormalCheck(self._facts, plan).run()
        if check is CheckState.ACCEPTED:
            decisions = await self._climb_levels(plan)
            return await self._close(journey_outcome(decisions), plan, decisions)
        outcome = JourneyOutcome.WITHDRAWN if check is CheckState.WITHDRAWN else JourneyOutcome.REQUEST_REJECTED
        return await self._close(outcome, plan, ())

    async def _freeze_plan(self, start: StartJourney) -> ReviewPlan:
        """A refusal (no rules in force, unit unknown) is for an administrator to mend; until then the dossier waits, it does not fail."""
        command = FreezePlan(dossier_id=start.dossier_id, unit_id=start.unit_id, season_id=start.season_id, filed_at=start.filed_at)
        pause = _FIRST_PAUSE
        while True:
            try:
                return await workflow.execute_activity_method(DirectoryActivities.freeze_plan, command, **DIRECTORY)
            except ActivityError as error:
                workflow.set_current_details(f"Waits for rules: {error.cause}")
                await workflow.sleep(pause, summary="rules are missing")
                pause = min(pause * 2, _LONGEST_PAUSE)

    async def _climb_levels(self, plan: ReviewPlan) -> tuple[StageDecided, ...]:
        decisions: list[StageDecided] = []
        level: LevelPlan | None = plan.levels[0]
        while level:
            decision = await StageReview(self._facts, plan, level).run(decisions[-1].decision_number if decisions else None)
            decisions.append(decision)
            if brings_money(level, decision):
                await self._start_payout(plan, level, decision)
            level = next_level(plan, level, decision)
        return tuple(decisions)

    async def _start_payout(self, plan: ReviewPlan, level: LevelPlan, decision: StageDecided) -> None:
        """The money has its own owner and life: it goes on whatever becomes of the journey."""
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

    async def _close(self, outcome: JourneyOutcome, plan: ReviewPlan, decisions: tuple[StageDecided, ...]) -> JourneyClosed:
        levels = tuple(
            LevelResult(level=level.level, outcome=decision.outcome, decision_number=decision.decision_number)
            for level, decision in zip(plan.levels, decisions, strict=False)
        )
        dossier_id = self._facts.start.dossier_id
        was_withdrawn = bool(levels) and levels[-1].outcome is StageOutcome.WITHDRAWN
        too_late = self._facts.withdrawal is not None and not was_withdrawn
        command = CloseDossier(dossier_id=dossier_id, outcome=outcome, levels=levels, withdrawal_too_late=too_late)
        await workflow.execute_activity_method(IntakeActivities.close_dossier, command, **INTAKE)
        workflow.upsert_search_attributes([DOSSIER_STATE.value_set(outcome), STAGE_DUE_AT.value_unset()])
        return JourneyClosed(dossier_id=dossier_id, outcome=outcome, levels=levels)
