"""One process at a time does a thing: it holds a lease, which it renews itself as long as its work goes
round.

A lease ends in three ways: its session with the database ends (the process died: others take over at their
next look), it is not renewed in time (the process hangs, is stopped, or is cut off), or somebody took it.
Every lease has a number of its own, the term. Whoever lost it may not know yet; so what must not be done
twice is done in a transaction that first asks `still_leads`.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol
from uuid import UUID, uuid4

import structlog

from kit.db import Database, Row, Tx
from kit.outages import OUTAGES, reason_of
from kit.telemetry import Repeated

log = structlog.get_logger()


LEASE = timedelta(seconds=10)
"""With the look of those who stand by, work goes on elsewhere within 13 seconds of the last sign of life."""
_RENEW_SECONDS = 3.0
_STAND_BY_SECONDS = 2.0
_AGAIN_SECONDS = 0.2
_OUTAGE_SECONDS = 0.5


class LeadershipLost(Exception):
    """Somebody else may lead by now: stop, and stand by."""


class LeaseConnection(Protocol):
    """What a lease is taken and renewed on. Many share it: no statement on it waits for a lock."""

    async def fetchrow(self, query: str, *arguments: object) -> Row | None:
        """One row."""


# Where the own work holds the row for a moment (`still_leads`), nothing is renewed at this call.
RENEW = """
with own as (
  select what from leaders where what = $1 and term = $2 and until > clock_timestamp()
  for no key update skip locked
), renewed as (
  update leaders l set until = clock_timestamp() + $3 from own where l.what = own.what returning true
)
select exists (select 1 from renewed) as renewed,
  exists (select 1 from leaders where what = $1 and term = $2 and until > clock_timestamp()) as leads
"""
GIVE_BACK = """
with own as (select what from leaders where what = $1 and term = $2 for no key update skip locked)
update leaders l set until = clock_timestamp() from own where l.what = own.what
"""


@dataclass(slots=True, kw_only=True)
class Lease:
    """Leadership in one thing for a term, by the session of the connection that it was taken on."""

    conn: LeaseConnection
    what: str
    term: int
    _renew_at: float = field(default=0.0, init=False)

    async def renew(self) -> None:
        """Called in every turn of the work; `LeadershipLost` when it came too late."""
        now = asyncio.get_running_loop().time()
        if now < self._renew_at:
            return
        row = await self.conn.fetchrow(RENEW, self.what, self.term, LEASE)
        if row is None or not row["leads"]:
            raise LeadershipLost
        self._renew_at = now + (_RENEW_SECONDS if row["renewed"] else _AGAIN_SECONDS)

    async def give_back(self) -> None:
        """Let others take it at their next look."""
        await self.conn.fetchrow(GIVE_BACK, self.what, self.term)

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


# Where the process was stopped or cut off in the middle of it, the transaction ends before the lease would.
STILL_LEADS = """
select set_config('idle_in_transaction_session_timeout', '8s', true)
from leaders where what = $1 and term = $2 for share
"""


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


# A leader at work holds its row (`still_leads`): nobody takes over in the middle of it, or waits for its end.
TAKE = """
with session as (
  select pid || '@' || extract(epoch from backend_start) as id from pg_stat_activity
  where pid = pg_backend_pid()
), free as (
  select l.what from leaders l
  where l.what = $1 and (l.until < clock_timestamp() or l.holder = $2 or l.session not in (
    select pid || '@' || extract(epoch from backend_start) from pg_stat_activity
    where backend_start is not null
  ))
  for update of l skip locked
), taken as (
  update leaders l set holder = $2, term = l.term + 1, since = clock_timestamp(),
    until = clock_timestamp() + $3, session = session.id
  from free, session where l.what = free.what returning l.term
), first as (
  insert into leaders (what, holder, term, until, session)
  select $1, $2, 1, clock_timestamp() + $3, session.id from session
  where not exists (select 1 from leaders where what = $1)
  on conflict (what) do nothing returning term
)
select term from taken union all select term from first
"""


async def take_lead(conn: LeaseConnection, what: str, holder: UUID) -> Lease | None:
    """The lease, if nobody alive has it."""
    row = await conn.fetchrow(TAKE, what, holder, LEASE)
    if row is None:
        return None
    (term,) = row
    return Lease(conn=conn, what=what, term=term)


async def lead(database: Database, what: str, work: Callable[[Lease], Awaitable[None]]) -> None:
    """Run until cancelled: do the work while this process leads, stand by while another does, begin again
    after any outage of the database. The work renews its lease in every turn, so that a leader who hangs is
    one no longer."""
    holder = uuid4()
    outage_told = Repeated()
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
            if outage_told.is_due():
                log.warning(f"{what}.interrupted", reason=reason_of(outage))
            pause = _OUTAGE_SECONDS
        await asyncio.sleep(pause)


async def _lead_until_lost(
    database: Database, what: str, holder: UUID, work: Callable[[Lease], Awaitable[None]]
) -> None:
    # One connection for all that the service leads in: its end is what those who stand by look for. The work
    # is done on the pool's, in transactions that ask `still_leads` (`leading`).
    async with database.leases.kept() as conn:
        lease = await take_lead(conn, what, holder)
        leads = database.meters.leads.labels(what)
        leads.set(lease is not None)
        while lease is None:
            await asyncio.sleep(_STAND_BY_SECONDS)
            lease = await take_lead(conn, what, holder)
        log.info(f"{what}.leads", term=lease.term)
        leads.set(1)
        try:
            await work(lease)
        finally:
            leads.set(0)
            with suppress(*OUTAGES):
                await lease.give_back()
