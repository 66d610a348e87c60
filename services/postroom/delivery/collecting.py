"""The part that brings notices in: it reads on what every service publishes, and accepts it in the
transaction that keeps the place."""

from typing import Final

import structlog

from kit.db import CLASHES, Database
from kit.leading import Lease, lead, still_leads
from kit.rows import RowDoesNotFit
from language.names import TaskQueue
from services.postroom.operations.telling import accept_notices
from services.postroom.store import published
from services.postroom.store.published import Seen

log = structlog.get_logger()

_POLL_SECONDS: Final = 1.0
_AT_ONCE: Final = 200


class Collecting:
    """Runs until cancelled; one process at a time."""

    def __init__(self, database: Database, *, mails_go_out: bool) -> None:
        self._database = database
        self._mails_go_out = mails_go_out
        self._waiting: Seen | None = None

    async def run(self) -> None:
        """Lead, then look once a second."""
        await lead(self._database, "collecting", self._work)

    async def _work(self, lease: Lease) -> None:
        while True:
            await lease.renew()
            await self.look(lease)
            await lease.pause(_POLL_SECONDS)

    async def look(self, lease: Lease) -> int:
        """Accept what is settled; how many notices."""
        async with self._database.reading() as tx:
            settled = self._settled(await published.look(tx))
            places = await published.places(tx)
        accepted = 0
        if settled is None:
            return accepted
        for service, place in places.items():
            accepted += await self._read_on(lease, service, place, settled.newest[service])
        return accepted

    def _settled(self, now: Seen) -> Seen | None:
        """What was seen now, or before, to which nothing can be added any more. While others write, what was
        seen has to wait for them: a position after theirs may have been committed first."""
        if now.is_settled(now):
            self._waiting = None
            return now
        before = self._waiting
        if before is None or before.is_settled(now):
            self._waiting = now
            return before
        return None

    async def _read_on(self, lease: Lease, service: TaskQueue, place: int, up_to: int) -> int:
        """One service that cannot be read (it is newer, and knows kinds that we do not) holds up no other;
        its notices stay where they are, and are looked at again."""
        accepted = 0
        try:
            while place < up_to:
                await lease.renew()
                async with self._database.transaction() as tx:
                    await still_leads(tx, lease)
                    page = await published.next_notices(tx, service, place, up_to, _AT_ONCE)
                    await accept_notices(tx, service, page.notices, mails_go_out=self._mails_go_out)
                    await published.keep_place(tx, service, page.last)
                place, accepted = page.last, accepted + len(page.notices)
        except RowDoesNotFit as fault:
            log.warning("collecting.unreadable", service=service.value, after=place, fault=str(fault))
        except CLASHES:
            log.info("collecting.clashed", service=service.value, after=place)
        return accepted
