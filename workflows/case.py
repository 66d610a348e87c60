"""A case that lies in no dossier: its ladder, for as long as nobody has acted."""

from dataclasses import replace

from temporalio import workflow

from language.deadline.jitter import delay_of
from language.messages.case import CaseActivities, CaseEnded, ClimbCase, StartCase
from language.messages.clock import ClockMoved
from language.names import CASE_WORKFLOW
from workflows.calls import calls_of
from workflows.ladder import ClockBook, Ladder


@workflow.defn(name=CASE_WORKFLOW)
class CaseWorkflow:
    """One run a case; one that grows too long goes on in another. The owner says whether; this says when."""

    @workflow.init
    def __init__(self, start: StartCase) -> None:
        self._start = start
        self._is_over = False
        self._clocks = ClockBook()

    @workflow.signal
    def case_ended(self, ended: CaseEnded) -> None:
        """The owner: nothing is left to act on."""
        self._is_over = True

    @workflow.signal
    def clock_moved(self, moved: ClockMoved) -> None:
        """The owner: the clock was suspended, resumed or extended, or got another calendar or a rung more."""
        self._clocks.note(moved.clock)

    @workflow.run
    async def run(self, start: StartCase) -> None:
        """Climb until it is over."""
        delay = delay_of(start.clock.about_id)
        ladder = Ladder(start.clock, self._clocks, start.time_scale, delay, start.climbed)
        while not self._is_over:
            if workflow.info().is_continue_as_new_suggested():
                workflow.continue_as_new(replace(start, clock=ladder.clock, climbed=ladder.climbed))
            await self._climb_next(ladder)

    async def _climb_next(self, ladder: Ladder) -> None:
        rung = await ladder.next_rung(until=lambda: self._is_over)
        if rung is None:
            return
        start = self._start
        climbed = await workflow.execute_activity_method(
            CaseActivities.climb,
            ClimbCase(case=start.case, about_id=ladder.about_id, rung_id=rung.id),
            **calls_of(start.owner),
        )
        ladder.answered(rung, climbed.finding, climbed.clock)
        # The answer says how things stand, so a lost signal costs a delay at most.
        self._is_over = self._is_over or climbed.is_over
