"""Files that no row names are removed: what a crash left between a file and its row, and what somebody began
to send and never finished."""

import asyncio
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import structlog

from kit.db import OUTAGES, Database
from services.intake.store import uploads
from services.intake.store.attachments import Blobs, known_hashes
from services.intake.store.uploads import Parked

log = structlog.get_logger()

_EVERY_SECONDS = 3_600.0
_LEFT_ALONE_SECONDS = 86_400.0
_BATCH = 500


class OrphanCollector:
    """Looks at all files every hour. Harmless from several processes at once: a file is removed only when it
    is a day old and no row names it, and a row that takes it again makes it young."""

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
            except (*OUTAGES, OSError) as outage:
                log.warning("orphans.waiting", reason=type(outage).__name__)
            await asyncio.sleep(_EVERY_SECONDS)

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
        before = self._database.clock.real_now().timestamp() - _LEFT_ALONE_SECONDS
        files = self._parked.old_files(before)
        while batch := await asyncio.to_thread(lambda: list(islice(files, _BATCH))):
            async with self._database.reading() as tx:
                wanted = await uploads.unfinished(tx, batch)
            await self._parked.drop([file for file in batch if file not in wanted])
        if dropped:
            log.info("uploads.dropped", uploads=dropped)
        return dropped

    async def collect(self) -> int:
        """How many orphans were removed."""
        before = self._database.clock.real_now().timestamp() - _LEFT_ALONE_SECONDS
        await asyncio.to_thread(self._blobs.drop_old_incoming, before)
        files = self._blobs.old_files(before)
        removed = 0
        while batch := await asyncio.to_thread(lambda: list(islice(files, _BATCH))):
            async with self._database.reading() as tx:
                known = await known_hashes(tx, [file.name for file in batch])
            orphans = [file for file in batch if file.name not in known]
            await asyncio.to_thread(_remove, orphans)
            removed += len(orphans)
        if removed:
            log.info("orphans.removed", files=removed)
        return removed


def _remove(files: Sequence[Path]) -> None:
    for file in files:
        file.unlink(missing_ok=True)
