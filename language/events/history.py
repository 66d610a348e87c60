"""What happens to the history itself."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from language.events.base import Fact, Owner, Readers


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalValuesErased(Fact):
    """The personal values of these events are gone, on these grounds; the events stand, and their digests."""

    OWNER: ClassVar[Owner] = Owner.CASEWORK
    READERS: ClassVar[Readers] = Readers.SECURITY

    event_ids: tuple[UUID, ...]
    grounds: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalDataRead(Fact):
    """An administrator read everything that a service holds of the person, at the request that the reason
    names."""

    OWNER: ClassVar[Owner] = Owner.CASEWORK
    READERS: ClassVar[Readers] = Readers.SECURITY

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalRowsErased(Fact):
    """The person was made nameless in the rows of these tables, as far as recognitions and money let it:
    `keeps_name` while they hold the name."""

    OWNER: ClassVar[Owner] = Owner.CASEWORK
    READERS: ClassVar[Readers] = Readers.SECURITY

    tables: tuple[str, ...]
    keeps_name: bool
    grounds: str
