"""What whoever keeps bytes needs of a store, be it a folder or a bucket."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

BATCH: Final = 500
"""So many are listed at once."""


class NotKept(Exception):
    """Under this name lies nothing, or less than was asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What lies under a name; `written_at` in seconds since 1970."""

    name: str
    size_bytes: int
    written_at: float


class Objects(Protocol):
    """A store. Names are paths without a slash at their ends. Everything raises `StoreAway` where the store
    does not answer, has no room, or does not let us in; then nothing is half there."""

    async def put(self, name: str, content: bytes) -> None:
        """Keep it under this name, in place of what was there. At the end it is durable and whole."""
        ...

    async def keep_as(self, name: str, kept: str) -> None:
        """Let what lies under `name` lie durably under `kept` too, or instead. Both are thought to hold the
        same bytes; at the end `kept` counts as written now."""
        ...

    async def read(self, name: str, start: int, length: int) -> bytes:
        """So many bytes (at least one) from there on; `NotKept` where they are not there."""
        ...

    def list_below(self, folder: str) -> AsyncIterator[Sequence[Found]]:
        """Everything below this folder, in batches, in the order of the names; the whole store for an empty
        one. What is written or dropped meanwhile may be among it or not."""
        ...

    async def drop(self, names: Sequence[str]) -> None:
        """Let these be gone; those that are gone already are no fault."""
        ...
