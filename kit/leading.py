"""One process at a time does a thing: it holds a lease, which it renews itself as long as its work goes
round.

A lease ends in three ways: its session with the database ends (the process died: others take over at their
next look), it is not renewed in time (the process hangs, is stopped, or is cut off), or somebody took it.
Every lease has a number of its own, the term. Whoever lost it may not know yet; so what must not be done
twice is done in a transaction that first asks `still_leads`.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID, uuid4

import structlog

from kit.db import OUTAGES, Connection, Database, Tx

log = structlog.get_logger()


LEASE = timedelta(seconds=10)
"""With the look of those who stand by, work goes on elsewhere within 13 seconds of the last sign of life."""
_RENEW_SECONDS = 3.0
_ANSWER_SECONDS = 4.0
_STAND_BY_SECONDS = 2.0
_OUTAGE_SECONDS = 0.5


class LeadershipLost(Exception):
    """Somebody else may lead by now: stop, and stand by."""


RENEW = """
update leaders set until = clock_timestamp() + $3 where what = $1 and term = $2 and until > clock_timestamp()
returning true
"""


@dataclass(slots=True, kw_only=True)
class Lease:
    """Leadership in one thing for a term, on the connection that it was taken on."""

    conn: Connection
    what: str
    term: int
    _renew_at: float = field(default=0.0, init=False)

    async def renew(self) -> None:
        """Called in every turn of the work; `LeadershipLost` when it came too late."""
        now = asyncio.get_running_loop().time()
        if now < self._renew_at:
            return
        if not await self.conn.fetchval(RENEW, self.what, self.term, LEASE, timeout=_ANSWER_SECONDS):
            raise LeadershipLost
        self._renew_at = now + _RENEW_SECONDS

    async def pause(self, seconds: float) -> None:
        """Do nothing for so long, and go on leading."""
        end = asyncio.get_running_loop().time() + seconds
        while (left := end - asyncio.get_running_loop().time()) > 0:
            await asyncio.sleep(min(left, _RENEW_SECONDS))
            await self.renew()

    async def during(self, work: Awaitable[object], at_most: float) -> None:
        """Go on leading while this is done. What takes longer than `at_most` seconds hangs, and is not waited
        for."""
        task = asyncio.ensure_future(work)
        end = asyncio.get_running_loop().time() + at_most
        try:
            while not task.done():
                await asyncio.wait({task}, timeout=_RENEW_SECONDS)
                if asyncio.get_running_loop().time() > end:
                    raise LeadershipLost
                await self.renew()
        finally:
            if not task.done():
                task.cancel()
                await asyncio.wait({task})
        task.result()


STILL_LEADS = "select true from leaders where what = $1 and term = $2 for share"


async def still_leads(tx: Tx, lease: Lease) -> None:
    """`LeadershipLost` if somebody has taken over; else nobody does before this transaction has ended."""
    if not await tx.conn.fetchval(STILL_LEADS, lease.what, lease.term):
        raise LeadershipLost


@asynccontextmanager
async def leading(database: Database, lease: Lease) -> AsyncIterator[Tx]:
    """A transaction in which this process leads: nobody takes over before it has ended."""
    await lease.renew()
    async with database.transaction() as tx:
        await still_leads(tx, lease)
        yield tx


TAKE = """
insert into leaders as l (what, holder, term, until, session)
select $1, $2, 1, clock_timestamp() + $3, pid || '@' || extract(epoch from backend_start)
from pg_stat_activity where pid = pg_backend_pid()
on conflict (what) do update
set holder = excluded.holder, term = l.term + 1, since = clock_timestamp(), until = excluded.until,
  session = excluded.session
where l.until < clock_timestamp() or l.holder = excluded.holder or l.session not in (
  select pid || '@' || extract(epoch from backend_start) from pg_stat_activity where backend_start is not null
)
returning term
"""


async def take_lead(conn: Connection, what: str, holder: UUID) -> Lease | None:
    """The lease, if nobody alive has it."""
    term = await conn.fetchval(TAKE, what, holder, LEASE, timeout=_ANSWER_SECONDS)
    return None if term is None else Lease(conn=conn, what=what, term=term)


async def lead(database: Database, what: str, work: Callable[[Lease], Awaitable[None]]) -> None:
    """Run until cancelled: do the work while this process leads, stand by while another does, begin again
    after any outage of the database. The work renews its lease in every turn, so that a leader who hangs is
    one no longer."""
    holder = uuid4()
    while True:
        pause = _STAND_BY_SECONDS
        try:
            await _lead_until_lost(database, what, holder, work)
        except LeadershipLost:
            log.warning(f"{what}.leadership_lost")
        except OUTAGES as outage:
            # Giving a broken connection back raises in place of the cancellation that ended the work.
            if (task := asyncio.current_task()) and task.cancelling():
                raise asyncio.CancelledError from outage
            log.warning(f"{what}.interrupted", reason=type(outage).__name__)
            pause = _OUTAGE_SECONDS
        await asyncio.sleep(pause)


async def _lead_until_lost(
    database: Database, what: str, holder: UUID, work: Callable[[Lease], Awaitable[None]]
) -> None:
    # Not one of the pool's: a service leads in many things, and each of them works on the pool's. Its end is
    # what those who stand by look for.
    async with database.apart() as conn:
        lease = await take_lead(conn, what, holder)
        while lease is None:
            await asyncio.sleep(_STAND_BY_SECONDS)
            lease = await take_lead(conn, what, holder)
        log.info(f"{what}.leads", term=lease.term)
        await work(lease)
