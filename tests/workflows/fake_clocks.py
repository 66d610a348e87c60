"""An owner of clocks as a fake behind its port."""

from uuid import UUID

from temporalio import activity

from language.messages.calendar import ClockActivities, ClocksReprojected, ReprojectClocks
from tests.workflows.office import Office


class FakeClocks(ClockActivities):
    """An owner of clocks that change their calendar: so many a batch, until none is left of those it has."""

    def __init__(self, office: Office, queue: str) -> None:
        self._asked = office.reprojections.setdefault(queue, [])
        self._clocks = [UUID(int=number) for number in range(1, 6)]

    @activity.defn(name="clocks.reproject")
    async def reproject_clocks(self, command: ReprojectClocks) -> ClocksReprojected:
        """Two clocks a batch."""
        self._asked.append(command)
        batch = [clock for clock in self._clocks if command.after is None or clock > command.after][:2]
        return ClocksReprojected(moved=len(batch), last=batch[-1] if len(batch) == 2 else None)
