"""What another service publishes and this one has to do something about: looked at once a second by one
process, each row in the transaction of what follows from it. There are few, so what is still to do is asked
for, and no place kept."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from kit.db import Database, Tx
from kit.leading import Lease, lead, leading

F = TypeVar("F")
BATCH: Final = 50
_POLL_SECONDS: Final = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched(Generic[F]):
    """What is looked at under this name: `waiting` gives the next rows after one, at most `BATCH`, `follow`
    does what follows from one."""

    name: str
    waiting: Callable[[Tx, F | None], Awaitable[Sequence[F]]]
    follow: Callable[[Tx, F], Awaitable[None]]


class FactWatch(Generic[F]):
    """One process of the service at a time looks."""

    def __init__(self, database: Database, watched: Watched[F]) -> None:
        self._database = database
        self._watched = watched

    async def run(self) -> None:
        """Until cancelled."""
        await lead(self._database, self._watched.name, self._work)

    async def _work(self, lease: Lease) -> None:
        while True:
            await self.look(lease)
            await lease.pause(_POLL_SECONDS)

    async def look(self, lease: Lease) -> None:
        """Everything that waits, once."""
        last: F | None = None
        while True:
            await lease.renew()
            async with self._database.reading() as tx:
                found = await self._watched.waiting(tx, last)
            for one in found:
                async with leading(self._database, lease) as tx:
                    await self._watched.follow(tx, one)
            if len(found) < BATCH:
                return
            last = found[-1]
