"""The part that removes notices which the postroom has had for long: there they are kept for their readers,
here they were only on their way."""

from datetime import datetime, timedelta
from typing import Final

import structlog

from casework.history.sealed import service_of
from kit.context import Context
from kit.db import CLASHES, Connection
from kit.leading import Lease, lead, leading
from language.views import View

log = structlog.get_logger()

_BATCH: Final = 1_000
_EVERY_SECONDS: Final = 3600.0
# The oldest come first by their position, so a look at the first of them is enough.
FORGET: Final = f"""
with first as (
  select position, happened_at from notices
  where position <= (select max(position) from {View.COLLECTED} where service = $2)
  order by position limit $3
)
delete from notices n using first
where n.position = first.position and first.happened_at < $1 returning n.position
"""


async def forget_collected(conn: Connection, service: str, before: datetime) -> int:
    """Remove a batch of what happened before this instant and the postroom has read; how many. What it has
    not read stays, however old."""
    return len(await conn.fetch(FORGET, before, service, _BATCH))


class NoticesKept:
    """Runs until cancelled, led by one process a service."""

    def __init__(self, context: Context) -> None:
        self._database = context.jobs
        self._clock = context.clock
        self._kept_for = timedelta(days=context.settings.collected_notices_days)

    async def run(self) -> None:
        """Lead, then look once an hour."""
        await lead(self._database, "notices", self._work)

    async def _work(self, lease: Lease) -> None:
        async with self._database.reading() as tx:
            service = await service_of(tx.conn)
        while True:
            removed = await self._forget_all(lease, service)
            if removed:
                log.info("notices.forgotten", notices=removed)
            await lease.pause(_EVERY_SECONDS)

    async def _forget_all(self, lease: Lease, service: str) -> int:
        """Batch by batch: nobody waits for a lock of ours for longer than one takes."""
        removed = 0
        while True:
            try:
                async with leading(self._database, lease) as tx:
                    count = await forget_collected(tx.conn, service, self._clock.now() - self._kept_for)
            except CLASHES:
                continue
            removed += count
            if count < _BATCH:
                return removed
