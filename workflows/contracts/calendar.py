"""A calendar that changed under running clocks: what the directory tells every owner of clocks, and what they answer."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from temporalio import activity

from workflows.contracts.ids import PersonId, PostId, UnitId


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """A time in which a unit and all under it do not work, as a school does in summer; both days included."""

    unit_id: UnitId
    first_day: date
    last_day: date
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarEdition:
    """A version of the calendar with the breaks that hold in it, and why it was made by whom.

    `unit_id` names the unit under which anything changed, None for everywhere; the breaks are those of this unit, above and under it.
    """

    version: int
    holidays: frozenset[date]
    make_up_days: frozenset[date]
    breaks: tuple[Break, ...]
    reason: str
    unit_id: UnitId | None = None
    made_by: PersonId | None = None
    post_id: PostId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReprojectClocks:
    """Give the next running clocks, by id from behind `after`, the calendar of this edition unless they have a newer one."""

    edition: CalendarEdition
    after: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClocksReprojected:
    """How many clocks of the batch were moved by it, and the last id looked at; None when no clock is left."""

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
