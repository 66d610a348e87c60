"""The skeleton of what reads on in what another service publishes, one after the other from where it was, and
carries each into the work of this one.

A look is repeat-safe and the place is kept after it, so a leader that dies leaves the next one to look again.
Before it carries anything out it waits for whoever began something by how things were."""

from abc import ABC, abstractmethod
from typing import ClassVar, Final, Generic, TypeVar

from kit.db import Database, Tx
from kit.leading import Lease, lead, leading

_POLL_SECONDS: Final = 1.0

FoundT = TypeVar("FoundT")


class Following(ABC, Generic[FoundT]):
    """What one service follows. `leads_in` is the name under which one of its processes leads."""

    leads_in: ClassVar[str]

    def __init__(self, database: Database) -> None:
        self._database = database

    async def run(self) -> None:
        """Until cancelled; one process of the service at a time."""
        await lead(self._database, self.leads_in, self._work)

    async def _work(self, lease: Lease) -> None:
        while True:
            await lease.renew()
            if not await self.look(lease):
                await lease.pause(_POLL_SECONDS)

    async def look(self, lease: Lease) -> bool:
        """Carry out the next; False when there was none."""
        async with self._database.reading() as tx:
            found = await self._next(tx)
        if found is None:
            return False
        async with leading(self._database, lease) as tx:
            await self._wait(tx)
        await self._carry_out(lease, found)
        async with leading(self._database, lease) as tx:
            await self._finish(tx, found)
        return True

    @abstractmethod
    async def _next(self, tx: Tx) -> FoundT | None:
        """The first that was not carried out."""

    @abstractmethod
    async def _wait(self, tx: Tx) -> None:
        """Until whatever was begun by how things were is committed."""

    @abstractmethod
    async def _carry_out(self, lease: Lease, found: FoundT) -> None:
        """In as many transactions as it takes, each begun by `leading`."""

    @abstractmethod
    async def _finish(self, tx: Tx, found: FoundT) -> None:
        """Keep the place, with what belongs to it."""
