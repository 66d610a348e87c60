"""The part that removes what was kept long enough: mails first, then notices with their deliveries, in
batches, once an hour."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import structlog

from kit.db import CLASHES, Database, Tx
from kit.leading import Lease, lead, leading
from services.postroom.store.forgetting import forget_digests, forget_mails, forget_notices

log = structlog.get_logger()

_BATCH = 500
_EVERY_SECONDS = 3600.0


class Forgetting:
    """Runs until cancelled; one process at a time."""

    def __init__(self, database: Database, kept_for: timedelta) -> None:
        self._database = database
        self._kept_for = kept_for

    async def run(self) -> None:
        """Lead, then look once an hour."""
        await lead(self._database, "forgetting", self.work)

    async def work(self, lease: Lease) -> None:
        """Mails first, then the notices that they were of."""
        while True:
            before = self._database.clock.now() - self._kept_for
            mails = await self._in_batches(lease, forget_mails, before)
            notices = await self._in_batches(lease, forget_notices, before)
            await self._in_batches(lease, forget_digests, before)
            if mails or notices:
                log.info("forgetting.removed", mails=mails, notices=notices)
            await lease.pause(_EVERY_SECONDS)

    async def _in_batches(
        self, lease: Lease, forget: Callable[[Tx, datetime, int], Awaitable[int]], before: datetime
    ) -> int:
        """Short transactions: nobody waits for a lock of ours for longer than a batch takes."""
        removed = 0
        while True:
            try:
                async with leading(self._database, lease) as tx:
                    count = await forget(tx, before, _BATCH)
            except CLASHES:
                continue
            removed += count
            if count < _BATCH:
                return removed
