"""A calendar that changed under running clocks: every owner projects its clocks anew, batch by batch, and
writes the reason into each history."""

from datetime import timedelta

from temporalio import workflow

from language.deadline.editions import CalendarEdition
from language.messages.calendar import CalendarCarriedOut, ClockActivities, ReprojectClocks
from language.names import CALENDAR_CHANGE_WORKFLOW
from workflows.calls import INTAKE, PAYOUT, REVIEW

_ONE_ROUND = (timedelta(),)
_THREE_ROUNDS = (timedelta(), timedelta(hours=1), timedelta(days=1))
"""The pause before each round, of runs that were started when owners did not keep editions and late openings
had to be looked for."""


@workflow.defn(name=CALENDAR_CHANGE_WORKFLOW)
class CalendarChangeWorkflow:
    """One run for each version. Owners skip clocks that have this calendar or a newer one, so nothing is
    moved twice, and give it themselves to clocks that are opened late, so nobody has to come back."""

    @workflow.run
    async def run(self, edition: CalendarEdition) -> CalendarCarriedOut:
        """The story."""
        moved = 0
        pauses = _ONE_ROUND if workflow.patched("calendar-change-in-one-round") else _THREE_ROUNDS
        for pause in pauses:
            if pause:
                await workflow.sleep(pause, summary="next round")
            for owner in (INTAKE, REVIEW, PAYOUT):
                moved += await self._reproject(edition, owner)
        return CalendarCarriedOut(version=edition.version, moved=moved)

    async def _reproject(self, edition: CalendarEdition, owner: workflow.ActivityConfig) -> int:
        command, moved = ReprojectClocks(edition=edition), 0
        while True:
            batch = await workflow.execute_activity_method(ClockActivities.reproject_clocks, command, **owner)
            moved += batch.moved
            if batch.last is None:
                return moved
            command = ReprojectClocks(edition=edition, after=batch.last)
