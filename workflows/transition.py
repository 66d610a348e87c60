"""A change of rules over all open dossiers: plan it page by page, wait for a second person, carry it out in
batches."""

from dataclasses import replace
from datetime import timedelta

from temporalio import workflow

from language.ids import DossierId
from language.messages.transition import (
    CollectAnswers,
    FinishTransition,
    SortDossiers,
    StartTransition,
    TellDossiers,
    TransitionActivities,
    TransitionSettled,
)
from language.names import TRANSITION_WORKFLOW
from workflows.calls import RULEBOOK

_PAGE = 500
_TOLD_AT_ONCE = 100
_STEPS_A_RUN = 200
_FIRST_PAUSE = timedelta(seconds=1)
_LONGEST_PAUSE = timedelta(hours=1)


@workflow.defn(name=TRANSITION_WORKFLOW)
class TransitionWorkflow:
    """What is done lies in the rulebook's rows, so every step may be repeated; a long walk goes on in a new
    run."""

    @workflow.init
    def __init__(self, start: StartTransition) -> None:
        self._start = start
        self._settled: TransitionSettled | None = None
        self._steps = 0

    @workflow.signal
    def transition_settled(self, settled: TransitionSettled) -> None:
        """Rulebook: approved, or cancelled."""
        self._settled = self._settled or settled

    @workflow.run
    async def run(self, start: StartTransition) -> None:
        """The story."""
        if not start.planned:
            await self._plan()
        if not start.approved:
            await workflow.wait_condition(lambda: self._settled is not None)
            if not (self._settled and self._settled.approved):
                return
        await self._tell()
        await self._await_answers()
        finish = FinishTransition(transition_id=start.transition_id)
        await workflow.execute_activity_method(TransitionActivities.finish_transition, finish, **RULEBOOK)

    async def _plan(self) -> None:
        after = self._start.after
        while not self._settled:
            command = SortDossiers(transition_id=self._start.transition_id, after=after, limit=_PAGE)
            page = await workflow.execute_activity_method(
                TransitionActivities.sort_dossiers, command, **RULEBOOK
            )
            if page.last is None:
                break
            after = page.last
            self._count_a_step(after=after)

    async def _tell(self) -> None:
        command = TellDossiers(transition_id=self._start.transition_id, limit=_TOLD_AT_ONCE)
        while (
            await workflow.execute_activity_method(TransitionActivities.tell_dossiers, command, **RULEBOOK)
        ).told:
            self._count_a_step(planned=True, approved=True)

    async def _await_answers(self) -> None:
        """Until every dossier has answered. One that hangs (its services are away) holds up nothing but the
        end."""
        pause = _FIRST_PAUSE
        while await self._missing():
            await workflow.sleep(pause, summary="answers are missing")
            pause = min(pause * 2, _LONGEST_PAUSE)

    async def _missing(self) -> int:
        """Look once at everybody who was told: how many are still missing."""
        missing, after = 0, None
        while True:
            command = CollectAnswers(transition_id=self._start.transition_id, after=after, limit=_PAGE)
            page = await workflow.execute_activity_method(
                TransitionActivities.collect_answers, command, **RULEBOOK
            )
            missing += page.missing
            self._count_a_step(planned=True, approved=True)
            if page.last is None:
                return missing
            after = page.last

    def _count_a_step(
        self, *, after: DossierId | None = None, planned: bool = False, approved: bool = False
    ) -> None:
        """A walk of any length fits: after so many steps it goes on in a new run."""
        self._steps += 1
        # An answer that has come while the plan was made is not carried on: the loop ends with it.
        if self._steps >= _STEPS_A_RUN and (approved or self._settled is None):
            workflow.continue_as_new(replace(self._start, after=after, planned=planned, approved=approved))
