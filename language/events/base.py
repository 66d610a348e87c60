"""The form of every event: one frozen dataclass for each fact, in the past tense.

Its class name is its kind, for ever. It holds values as they were, old and new where something changed, ids
in place of people's names; what is personal all the same is marked `Personal`, so that it can be erased.
A changed form is a new `VERSION` and an upcast from the old one: events are read for ever.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Annotated, ClassVar, Final, Generic, TypeVar, get_args, get_origin, get_type_hints

T = TypeVar("T")


class Owner(StrEnum):
    """Who records the fact. CASEWORK: whichever service the case is of."""

    ORGANISATION = "organisation"
    RULEBOOK = "rulebook"
    INTAKE = "intake"
    REVIEW = "review"
    PAYOUT = "payout"
    POSTROOM = "postroom"
    CASEWORK = "casework"


class Readers(StrEnum):
    """For which purposes a fact may be read in a feed. A reader of the feed has some of these."""

    CASES = "CASES"
    """What becomes of dossiers."""
    MONEY = "MONEY"
    """Awards, lists and payments."""
    ORGANISATION = "ORGANISATION"
    """Units, posts and who holds them."""
    RULES = "RULES"
    """Packs, calendars, seasons and changes of rules."""
    SECURITY = "SECURITY"
    """Accounts, sign-in and settings of people."""


class _PersonalMark:
    """Marks a value that says something about a person beyond an id."""


PERSONAL_MARK: Final = _PersonalMark()


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """In the place of a personal value that is gone: its salted digest, which the event goes on to bear."""

    digest: str


Personal = Annotated[T | Erased, PERSONAL_MARK]
"""`full_name: Personal[str]`: kept apart from the event, which bears only a salted digest of it. Read back it
is the value, or `Erased`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Base of every event."""

    OWNER: ClassVar[Owner]
    READERS: ClassVar[Readers] = Readers.CASES
    VERSION: ClassVar[int] = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Change(Generic[T]):
    """A value before and after."""

    old: T
    new: T


def changed(old: T, new: T) -> Change[T] | None:
    """The change of a value; None where it stays."""
    return None if old == new else Change(old=old, new=new)


@cache
def personal_fields(kind: type[Fact]) -> frozenset[str]:
    """The names of the fields of this class that are marked `Personal`."""
    hints = get_type_hints(kind, include_extras=True)
    return frozenset(
        name
        for name, hint in hints.items()
        if get_origin(hint) is Annotated and PERSONAL_MARK in get_args(hint)
    )
