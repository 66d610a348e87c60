"""What no row names is removed: what a crash left between content and its row, and what somebody began to
send and never finished."""

import asyncio

import structlog

from kit.db import OUTAGES, Database
from kit.http.refusals import StoreAway
from services.intake.store import attachments, uploads
from services.intake.store.attachments import Blobs
from services.intake.store.uploads import Parked

log = structlog.get_logger()

_EVERY_SECONDS = 3_600.0
_LEFT_ALONE_SECONDS = 86_400.0


class OrphanCollector:
    """Looks at the whole store every hour. Harmless from several processes at once: content is removed only
    when it is a day old and no row names it, and a row that takes it again makes it young."""

    def __init__(self, database: Database, blobs: Blobs, parked: Parked) -> None:
        self._database = database
        self._blobs = blobs
        self._parked = parked

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                await self.drop_unfinished()
                await self.collect()
            except (*OUTAGES, StoreAway) as outage:
                log.warning("orphans.waiting", reason=type(outage).__name__)
            await asyncio.sleep(_EVERY_SECONDS)

    def _before(self) -> float:
        return self._database.clock.real_now().timestamp() - _LEFT_ALONE_SECONDS

    async def drop_unfinished(self) -> int:
        """How many uploads went: of those that nobody touched for a day the row, then the bytes; and bytes
        that nobody counts."""
        dropped = 0
        while True:
            async with self._database.transaction() as tx:
                old = await uploads.delete_old(tx)
            await self._parked.drop(old)
            dropped += len(old)
            if not old:
                break
        before = self._before()
        async for batch in self._parked.old(before):
            async with self._database.reading() as tx:
                wanted = await uploads.unfinished(tx, batch)
            await self._parked.drop([one for one in batch if one not in wanted])
        await self._parked.drop_from_before(before)
        if dropped:
            log.info("uploads.dropped", uploads=dropped)
        return dropped

    async def collect(self) -> int:
        """How many orphans were removed."""
        before = self._before()
        await self._blobs.drop_old_incoming(before)
        removed = 0
        async for batch in self._blobs.old(before):
            async with self._database.reading() as tx:
                known = await attachments.known_hashes(tx, batch)
            if orphans := [one for one in batch if one not in known]:
                removed += await self._remove(orphans)
        if removed:
            log.info("orphans.removed", files=removed)
        return removed

    async def _remove(self, orphans: list[str]) -> int:
        """Those of them that nobody has taken again meanwhile."""
        async with self._database.transaction() as tx:
            await attachments.lock_for_collecting(tx)
            known = await attachments.known_hashes(tx, orphans)
            left = [one for one in orphans if one not in known]
            await self._blobs.drop(left)
        return len(left)
