"""Units: the nodes of the organisation tree."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class FormerName:
    """A name that a unit had until that day."""

    name: str
    last_day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitPast:
    """What a unit was called before, and the units that it succeeded, also by way of others."""

    names: Sequence[FormerName]
    inherited: Sequence["Unit"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A node of the organisation tree; `path` runs from the root to the unit itself."""

    id: UUID
    parent_id: UUID | None
    path: Sequence[UUID]
    code: str
    name: str
    level: str
    valid_from: date
    valid_to: date | None
    version: int

    def has_ended(self, day: date) -> bool:
        """Its last day is over."""
        return self.valid_to is not None and self.valid_to < day
