"""Which unit a matter belongs to on a day; pure.

A unit that has ended lies below the unit that succeeded it. So whoever has a post over the successor is over
what it inherited, and the successor is found by walking up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from language.ids import UnitId


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitOnPath:
    """A unit on the way from the root to another; both days are included. `successor_id`: by an act that one
    took over when it ended."""

    id: UnitId
    name: str
    level: str
    valid_from: date
    valid_to: date | None
    successor_id: UnitId | None = None

    def has_begun(self, day: date) -> bool:
        """On the day, or before it."""
        return self.valid_from <= day

    def has_ended(self, day: date) -> bool:
        """Before the day."""
        return self.valid_to is not None and self.valid_to < day

    def stands_on(self, day: date) -> bool:
        """The unit is there on the day."""
        return self.has_begun(day) and not self.has_ended(day)


def nearest_standing(path: Sequence[UnitOnPath], day: date, level: str | None = None) -> UnitOnPath | None:
    """The last unit on the path that stands on the day, of this level or of any."""
    return next(
        (unit for unit in reversed(path) if unit.stands_on(day) and level in (None, unit.level)), None
    )


def heir(path: Sequence[UnitOnPath], day: date) -> UnitOnPath | None:
    """Who acts for the unit to which the path leads: the unit itself until it has ended, then its successor.
    None for a unit that ended without one."""
    unit = path[-1]
    if not unit.has_ended(day):
        return unit
    return nearest_standing(path, day) if unit.successor_id else None


def unit_for_level(filed_in: Sequence[UnitOnPath], planned: Sequence[UnitOnPath], day: date) -> UnitOnPath:
    """The unit that examines a level which opens on the day, of a dossier that was filed in the unit at the
    end of the first path, where the plan names that at the end of the second.

    It is the planned one while it stands over the dossier's unit; else the unit of that level that does now,
    or whoever succeeded the planned one. What ended without a successor stays named, and is an alarm."""
    named = planned[-1]
    if named.stands_on(day) and any(unit.id == named.id for unit in filed_in):
        return named
    return nearest_standing(filed_in, day, named.level) or heir(planned, day) or named
