"""A calendar that changed under running clocks: what the rulebook tells every owner of clocks, and what they
answer."""

from dataclasses import dataclass
from uuid import UUID

from temporalio import activity

from language.deadline.editions import CalendarEdition


@dataclass(frozen=True, slots=True, kw_only=True)
class ReprojectClocks:
    """Give the next running clocks, by id from behind `after`, the calendar of this edition unless they have
    a newer one."""

    edition: CalendarEdition
    after: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClocksReprojected:
    """How many clocks of the batch were moved by it, and the last id looked at; None when no clock is
    left."""

    moved: int
    last: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarCarriedOut:
    """The result of the workflow: how many clocks the edition moved."""

    version: int
    moved: int


class ClockActivities:
    """What a change of calendar asks of every owner of clocks; each has its own task queue."""

    @activity.defn(name="clocks.reproject")
    async def reproject_clocks(self, command: ReprojectClocks) -> ClocksReprojected:
        """One batch; repeat-safe by the version that each clock keeps."""
        raise NotImplementedError
