"""How long one waits after wrong passwords: it grows with each, and what one person types closes the account
of nobody else."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

FORGOTTEN_AFTER: Final = timedelta(hours=1)
PROVEN_FOR: Final = timedelta(days=90)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """So many wrong passwords are free; after those one waits as long as `first`, twice that, four times, up
    to `most`."""

    free: int
    most: timedelta
    first: timedelta = timedelta(seconds=1)


OF_BOTH: Final = Limit(free=5, most=timedelta(minutes=15))
"""One name from one address."""
OF_ADDRESS: Final = Limit(free=50, most=timedelta(minutes=5))
"""All names from one address, behind which a whole school may sit."""
OF_NAME: Final = Limit(free=20, most=timedelta(seconds=10))
"""One name from all addresses but those from which its holder has signed in: whoever guesses from many places
at once is slowed down, and the holder is hardly."""

OF_CODES: Final = Limit(free=10, most=timedelta(minutes=15))
"""One-time codes typed after the right password of one name, from all addresses but those: there are only a
million of them."""
LINKS_OF_NAME: Final = Limit(free=2, first=timedelta(minutes=5), most=timedelta(hours=1))
"""Mails with a link that are asked for under one name, from all addresses: nobody floods a mailbox."""
LINKS_OF_ADDRESS: Final = Limit(free=50, most=timedelta(minutes=5))
"""Names for which a link is asked for, and links that are shown, from one address."""

DEVICES_OF_ADDRESS: Final = Limit(free=30, first=timedelta(seconds=5), most=timedelta(minutes=5))
"""Sign-ins that programs on machines of one address ask for, to be confirmed on another one."""
USER_CODES_OF_ADDRESS: Final = Limit(free=20, most=timedelta(minutes=5))
"""Codes of such sign-ins typed from one address: there are 25 billion of them, good for minutes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tries:
    """Wrong passwords so far, and when the right one last came."""

    tries: int
    last_at: datetime
    proven_at: datetime | None

    def counted_at(self, now: datetime) -> int:
        """Those that are not forgotten."""
        return self.tries if now - self.last_at < FORGOTTEN_AFTER else 0

    def is_proven_at(self, now: datetime) -> bool:
        """The right password came from here, not too long ago."""
        return self.proven_at is not None and now - self.proven_at < PROVEN_FOR


def wait(limit: Limit, tries: Tries, now: datetime) -> timedelta:
    """How long until the next try is taken; nothing, if it may be now."""
    over = tries.counted_at(now) - limit.free
    if over < 0:
        return timedelta()
    # Doubling past the longest wait would only make a number too large for a duration.
    delay = min(limit.first * (1 << min(over, 20)), limit.most)
    return max(tries.last_at + delay - now, timedelta())
