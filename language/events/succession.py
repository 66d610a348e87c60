"""What happens to units by acts: they end, pass to others, are split, move, get another name."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from language.events.base import Fact, Owner, Readers
from language.units.succession import StepKind


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitStep:
    """What an act says of one unit: where it goes, or who takes over; null where nobody does."""

    step: StepKind
    in_unit_id: UUID
    into_id: UUID | None
    name: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SuccessionDrafted(Fact):
    """An act about units was written down; it holds once another administrator has approved it."""

    OWNER: ClassVar[Owner] = Owner.ORGANISATION
    READERS: ClassVar[Readers] = Readers.ORGANISATION

    document: str
    from_day: date
    steps: tuple[UnitStep, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SuccessionApproved(Fact):
    """The act comes into force as its day begins."""

    OWNER: ClassVar[Owner] = Owner.ORGANISATION
    READERS: ClassVar[Readers] = Readers.ORGANISATION

    document: str
    from_day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SuccessionCancelled(Fact):
    """The act was taken back before its day; nothing has come of it."""

    OWNER: ClassVar[Owner] = Owner.ORGANISATION
    READERS: ClassVar[Readers] = Readers.ORGANISATION

    document: str
    from_day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SuccessionHeldUp(Fact):
    """The day of the act has come, but something in a unit that is to end has no place to go: it waits."""

    OWNER: ClassVar[Owner] = Owner.ORGANISATION
    READERS: ClassVar[Readers] = Readers.ORGANISATION

    document: str
    from_day: date
    unsettled: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SuccessionInForce(Fact):
    """The act was carried out."""

    OWNER: ClassVar[Owner] = Owner.ORGANISATION
    READERS: ClassVar[Readers] = Readers.ORGANISATION

    document: str
    from_day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitEnded(Fact):
    """The unit is there no more, by this act; `into_id` goes on with what it had."""

    OWNER: ClassVar[Owner] = Owner.ORGANISATION
    READERS: ClassVar[Readers] = Readers.ORGANISATION

    document: str
    last_day: date
    into_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PostPassedOn(Fact):
    """The post went over to another unit with whoever holds it; or it ended, and `work_to` has its work."""

    OWNER: ClassVar[Owner] = Owner.ORGANISATION
    READERS: ClassVar[Readers] = Readers.ORGANISATION

    document: str
    into_id: UUID
    work_to: UUID | None
