"""One-time codes: what is typed, which stands for which, and what they are kept as."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final
from uuid import UUID

RECOVERY_CODES: Final = 10
RECOVERY_LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Without those that people take for one another."""
RECOVERY_LENGTH: Final = 16
_GROUP: Final = 4
_DIGITS: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class CodesOf:
    """What the codes of a person are made of, sealed. In use from `confirmed_at` on; no code of a step up to
    `last_step` is taken again."""

    person_id: UUID
    sealed_secret: str
    begun_at: datetime
    confirmed_at: datetime | None
    last_step: int


def plain(typed: str) -> str:
    """As it was printed, without the blanks and hyphens that are for the eye."""
    return "".join(typed.split()).replace("-", "").upper()


def is_recovery(typed: str) -> bool:
    """It has the form of a recovery code."""
    return len(plain(typed)) == RECOVERY_LENGTH and set(plain(typed)) <= set(RECOVERY_LETTERS)


def is_code(typed: str) -> bool:
    """It has the form of a one-time code."""
    return len(plain(typed)) == _DIGITS and set(plain(typed)) <= set("0123456789")


def recovery_code(letters: str) -> str:
    """A recovery code as people write it down."""
    return "-".join(letters[start : start + _GROUP] for start in range(0, RECOVERY_LENGTH, _GROUP))


def recovery_hash(person_id: UUID, typed: str) -> str:
    """As it is kept: of eighty bits nobody tries them all."""
    return sha256(person_id.bytes + plain(typed).encode()).hexdigest()


def in_groups(secret: str) -> str:
    """A secret as people type it into their application."""
    return " ".join(secret[start : start + _GROUP] for start in range(0, len(secret), _GROUP))
