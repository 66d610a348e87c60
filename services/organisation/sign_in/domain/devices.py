"""Sign-ins of programs without a browser: what is asked for, and the code that a person types for it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

LETTERS: Final = "BCDFGHJKLMNPQRSTVWXZ"
"""No vowels, so that no word comes about, and nothing that is taken for something else (RFC 8628, 6.1)."""
LENGTH: Final = 8
_GROUP: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceGrant:
    """A sign-in that a program has asked for. `person_id` is who has confirmed it, `refused_at` when somebody
    said no."""

    device_code_hash: str
    user_code_hash: str
    client_id: str
    renewable: bool
    address: str
    asked_at: datetime
    good_until: datetime
    interval_seconds: int
    polled_at: datetime | None = None
    person_id: UUID | None = None
    refused_at: datetime | None = None

    def is_open(self, now: datetime) -> bool:
        """Somebody may still say yes or no."""
        return self.person_id is None and self.refused_at is None and now < self.good_until

    def is_asked_too_soon(self, now: datetime) -> bool:
        """The program has not waited as long as it was told to."""
        waits = timedelta(seconds=self.interval_seconds)
        return self.polled_at is not None and now - self.polled_at < waits


def as_typed(user_code: str) -> str:
    """What was meant, however it was typed: in small letters, with spaces or lines between."""
    return "".join(letter for letter in user_code.upper() if letter in LETTERS)


def as_shown(user_code: str) -> str:
    """In groups, as people read and type it."""
    return "-".join(user_code[at : at + _GROUP] for at in range(0, len(user_code), _GROUP))
