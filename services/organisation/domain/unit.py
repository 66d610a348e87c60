"""Units: the nodes of the organisation tree."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID


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
