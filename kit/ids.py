"""New identifiers: UUID version 7, so that rows made together lie together in an index."""

import secrets
import time
from uuid import UUID

_RANDOM_BITS = 74
_RANDOM_LOW_BITS = 62


def new_id() -> UUID:
    """A fresh UUIDv7 (RFC 9562): 48 bits of Unix milliseconds, then 74 random bits around version and
    variant."""
    milliseconds = time.time_ns() // 1_000_000
    random = secrets.randbits(_RANDOM_BITS)
    high, low = random >> _RANDOM_LOW_BITS, random & ((1 << _RANDOM_LOW_BITS) - 1)
    return UUID(int=(milliseconds << 80) | (7 << 76) | (high << 64) | (0b10 << 62) | low)
