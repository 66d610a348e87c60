"""Two records of one person are joined: proposed by one administrator, approved by another, in force as its
day begins. Events keep the id of their day; from then on the joined record stands for the kept one."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from language.events.base import Change, Fact, Owner, Readers
from language.joined import SignInAfter


@dataclass(frozen=True, slots=True, kw_only=True)
class JoiningProposed(Fact):
    """Somebody says that two records are of one person; it holds once another administrator has approved."""

    OWNER: ClassVar[Owner] = Owner.ORGANISATION
    READERS: ClassVar[Readers] = Readers.ORGANISATION

    kept_id: UUID
    joined_id: UUID
    document: str
    reason: str
    from_day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class JoiningApproved(Fact):
    """The records are joined as the day begins; until then it can be taken back."""

    OWNER: ClassVar[Owner] = Owner.ORGANISATION
    READERS: ClassVar[Readers] = Readers.ORGANISATION

    kept_id: UUID
    joined_id: UUID
    document: str
    from_day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class JoiningCancelled(Fact):
    """It was taken back before its day; nothing has come of it."""

    OWNER: ClassVar[Owner] = Owner.ORGANISATION
    READERS: ClassVar[Readers] = Readers.ORGANISATION

    kept_id: UUID
    joined_id: UUID
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldingJoined:
    """A holding of the joined record is the kept one's; with `part_of_id` it is a part of that one, for
    both held the post on some days, and that one has these days from then on."""

    joined_holding_id: UUID
    in_post_id: UUID
    part_of_id: UUID | None
    held_from: Change[date] | None
    held_to: Change[date | None] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordsJoined(Fact):
    """Both records are of one person from now on; it is in the history of either."""

    OWNER: ClassVar[Owner] = Owner.ORGANISATION
    READERS: ClassVar[Readers] = Readers.ORGANISATION

    kept_id: UUID
    joined_id: UUID
    document: str
    joined_holdings: tuple[HoldingJoined, ...]
    delegations_ended: int
    sign_in: SignInAfter
