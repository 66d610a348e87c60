"""Acts about units: drafted, approved by another, in force as their day begins."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from language.ids import UnitId
from language.units.succession import KnownPost, KnownUnit, Step, Verdict


class SuccessionState(StrEnum):
    """The life of an act."""

    DRAFT = "DRAFT"
    APPROVED = "APPROVED"
    IN_FORCE = "IN_FORCE"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Succession:
    """An act about units with its document. `unit_ids` are all that it names; `held_up_at`: its day has come,
    but something has no place to go."""

    id: UUID
    document: str
    from_day: date
    steps: tuple[Step, ...]
    unit_ids: tuple[UUID, ...]
    state: SuccessionState
    drafted_by: UUID
    drafted_at: datetime
    approved_by: UUID | None
    approved_at: datetime | None
    in_force_at: datetime | None
    held_up_at: datetime | None
    version: int

    @property
    def may_change(self) -> bool:
        """It has not come into force, nor been taken back."""
        return self.state in (SuccessionState.DRAFT, SuccessionState.APPROVED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What an act would make of everything as it stands now, and what it was judged by."""

    units: Mapping[UnitId, KnownUnit]
    posts: tuple[KnownPost, ...]
    verdicts: tuple[Verdict, ...]

    @property
    def unsettled(self) -> int:
        """How many things have no place to go yet, or need a choice."""
        return sum(not verdict.fate.is_settled for verdict in self.verdicts)


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedSuccession:
    """An act with what it makes of everything; nothing, once it is over. `names` are those of the units."""

    succession: Succession
    verdicts: tuple[Verdict, ...]
    names: Mapping[UUID, str]

    @property
    def version(self) -> int:
        """Of the act."""
        return self.succession.version
