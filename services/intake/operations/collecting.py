"""What no row names is removed: what a crash left between content and its row, and what somebody began to
send and never finished."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Final

import structlog

from kit.db import OUTAGES, Database
from kit.http.refusals import StoreAway
from services.intake.settings import LeftAlone
from services.intake.store import attachments, orphans, uploads
from services.intake.store.attachments import Blobs
from services.intake.store.uploads import Parked

log = structlog.get_logger()

_EVERY_SECONDS = 3_600.0
_ON_ITS_WAY: Final = timedelta(days=1)
"""What is younger may still get its row."""
_ORPHANS: Final = "orphans"
_UPLOADS: Final = "uploads"


class OrphanCollector:
    """Looks at the whole store every hour. Harmless from several processes at once: content is removed only
    when no row has named it for as long as it is to be left alone, and a row that takes it again makes it
    young.

    Since when, a table says that is restored with the rows. Of a restored database it counts only if it was
    seen without a gap of half that time; and what was kept anew after the backup is young in the store. So
    whatever is restored, nothing that was named meanwhile goes in the other half."""

    def __init__(
        self, database: Database, blobs: Blobs, parked: Parked, left_alone: LeftAlone | None = None
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._parked = parked
        self._left_alone = left_alone or LeftAlone()

    async def run(self) -> None:
        """Until cancelled."""
        meters = self._database.meters
        meters.kept_in_time(_UPLOADS)
        meters.kept_in_time(_ORPHANS)
        while True:
            try:
                await self.drop_unfinished()
                meters.kept_in_time(_UPLOADS)
                await self.collect()
                meters.kept_in_time(_ORPHANS)
            except (*OUTAGES, StoreAway) as outage:
                log.warning("orphans.waiting", reason=type(outage).__name__)
            await asyncio.sleep(_EVERY_SECONDS)

    def _before(self, span: timedelta) -> float:
        return (self._database.clock.real_now() - span).timestamp()

    async def drop_unfinished(self) -> int:
        """How many uploads went: of those that nobody touched for long the row, then the bytes; and bytes
        that nobody counts."""
        dropped = 0
        while True:
            async with self._database.transaction() as tx:
                old = await uploads.delete_old(tx, self._left_alone.uploads)
            await self._parked.drop(old)
            dropped += len(old)
            if not old:
                break
        before = self._before(self._left_alone.uploads)
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
        before = self._before(_ON_ITS_WAY)
        await self._blobs.drop_old_incoming(before)
        async with self._database.transaction() as tx:
            await orphans.forget_unseen(tx, self._left_alone.orphans / 2)
        removed = 0
        async for batch in self._blobs.old(before):
            async with self._database.reading() as tx:
                known = await attachments.known_hashes(tx, list(batch))
            if waited := await self._waited({one: batch[one] for one in batch if one not in known}):
                removed += await self._remove(waited)
        if removed:
            log.info("orphans.removed", files=removed)
        return removed

    async def _waited(self, unnamed: Mapping[str, float]) -> list[str]:
        """Those that have waited long enough, by the table and by the store."""
        if not unnamed:
            return []
        kept = self._left_alone.orphans
        async with self._database.transaction() as tx:
            waited = await orphans.see_orphans(tx, list(unnamed), kept)
        return [one for one in unnamed if one in waited and unnamed[one] < self._before(kept)]

    async def _remove(self, waited: list[str]) -> int:
        """Those of them that nobody has taken again meanwhile."""
        async with self._database.transaction() as tx:
            await attachments.lock_for_collecting(tx)
            known = await attachments.known_hashes(tx, waited)
            left = [one for one in waited if one not in known]
            await self._blobs.drop(left)
            await orphans.forget_removed(tx, waited)
        return len(left)
