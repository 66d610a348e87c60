"""Everything that must have a run compared with what Temporal knows, and every run with what it is about: for
after a restore, when either may know what the other does not.

An administrator asks over HTTP; the service's API has no way to Temporal, so whoever leads in it looks, page
by page, and can be interrupted between two."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import structlog
from temporalio.client import Client
from temporalio.service import RPCError

from casework import rights
from casework.runs.alarms import about_of
from casework.runs.own import OwnRuns
from casework.runs.visible import running, since_when
from kit.auth import Principal
from kit.db import Database, Tx
from kit.ids import new_id
from kit.inserts import Insert
from kit.leading import Lease, lead, leading
from kit.outbox import on_their_way
from kit.rows import read, read_all
from language.cases import RunFinding
from language.posts.kinds import ADMINS
from language.refusals import NotFound

log = structlog.get_logger()

_EVERY_SECONDS: Final = 2.0
_AT_ONCE: Final = 200
_ASKED_AT_ONCE: Final = 20
_BETWEEN_RENEWALS: Final = 50
"""So many questions are at Temporal at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """How far it is: so many runs of so many were looked at, `total` None before it began. What began before
    `restored_at` is not trusted."""

    id: UUID
    asked_at: datetime
    restored_at: datetime | None
    reached: str
    total: int | None
    examined: int
    finished_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A run that does not fit, and what it is about."""

    workflow_id: str
    about_id: UUID
    kind: RunFinding


_COLUMNS = "id, asked_at, restored_at, reached, total, examined, finished_at"
ASK = Insert("run_comparisons", "id, asked_at, restored_at", f"returning {_COLUMNS}")


async def ask_comparison(tx: Tx, caller: Principal, restored_at: datetime | None) -> Comparison:
    """Have everything compared; for administrators of the province."""
    await rights.require_root(tx, caller, ADMINS)
    row = await tx.conn.fetchrow(
        ASK.statement, *ASK.row(id=new_id(), asked_at=await _real_now(tx), restored_at=restored_at)
    )
    if row is None:
        raise AssertionError("an insert that returns gives a row")
    return read(Comparison, row)


async def _real_now(tx: Tx) -> datetime:
    """Of the wall, as Temporal's instants are: the clock of the domain may be another."""
    now: datetime = await tx.conn.fetchval("select now()")
    return now


GET = f"select {_COLUMNS} from run_comparisons where id = $1"


async def read_comparison(tx: Tx, caller: Principal, comparison_id: UUID) -> Comparison:
    """How far it is; `NotFound` for anybody but an administrator of the province."""
    if await rights.root_of(tx, caller, ADMINS) is None:
        raise NotFound
    row = await tx.conn.fetchrow(GET, comparison_id)
    if row is None:
        raise NotFound
    return read(Comparison, row)


FINDINGS = """
select workflow_id, about_id, kind from run_findings
where comparison_id = $1 and workflow_id > $2 order by workflow_id limit $3
"""


async def list_findings(
    tx: Tx, caller: Principal, comparison_id: UUID, after: str, limit: int
) -> list[Found]:
    """What does not fit, in the order of the runs' ids."""
    await read_comparison(tx, caller, comparison_id)
    return read_all(Found, await tx.conn.fetch(FINDINGS, comparison_id, after, limit))


WAITING = f"select {_COLUMNS} from run_comparisons where finished_at is null order by asked_at limit 1"
REQUIRED: Final = "select workflow_id from clocks where closed_at is null"
COUNT: Final = "select count(*) from ({required}) r"
PAGE: Final = "select workflow_id from ({required}) r where workflow_id > $1 group by 1 order by 1 limit $2"
BEGIN = "update run_comparisons set total = $2 where id = $1"
ADVANCE = "update run_comparisons set reached = $2, examined = examined + $3 where id = $1"
FINISH = "update run_comparisons set finished_at = now() where id = $1"
NOTE = """
insert into run_findings (comparison_id, workflow_id, about_id, kind)
select $1, * from unnest($2::text[], $3::uuid[], $4::text[]) on conflict do nothing
"""


class RunComparer:
    """Runs until cancelled."""

    def __init__(self, database: Database, own: OwnRuns) -> None:
        self._database = database
        self._own = own
        self._required = f"{REQUIRED} union {own.open_runs}" if own.open_runs else f"{REQUIRED} group by 1"

    async def run(self, client: Client) -> None:
        """Lead, and carry out what is asked for; begin again after any outage of the database."""

        async def work(lease: Lease) -> None:
            while True:
                await self.compare_next(lease, client)
                await lease.pause(_EVERY_SECONDS)

        await lead(self._database, "comparing", work)

    async def compare_next(self, lease: Lease, client: Client) -> None:
        """Carry out the oldest comparison that is asked for. While Temporal is away it waits."""
        async with self._database.reading() as tx:
            row = await tx.conn.fetchrow(WAITING)
        if row is None:
            return
        comparison = read(Comparison, row)
        try:
            await self._look_at_required(lease, client, comparison)
            await self._look_at_running(lease, client, comparison)
        except RPCError as error:
            log.warning("comparing.temporal_away", reason=error.status.name)
            return
        async with leading(self._database, lease) as tx:
            await tx.conn.execute(FINISH, comparison.id)

    async def _look_at_required(self, lease: Lease, client: Client, comparison: Comparison) -> None:
        if comparison.total is None:
            async with leading(self._database, lease) as tx:
                total = await tx.conn.fetchval(COUNT.format(required=self._required))
                await tx.conn.execute(BEGIN, comparison.id, total)
        reached = comparison.reached
        while True:
            async with self._database.reading() as tx:
                rows = await tx.conn.fetch(PAGE.format(required=self._required), reached, _AT_ONCE)
                ids = [row["workflow_id"] for row in rows]
                waiting = await on_their_way(tx, ids)
            if not ids:
                return
            settled = [one for one in ids if one not in waiting]
            found = await self._judge(lease, client, comparison, settled)
            reached = ids[-1]
            async with leading(self._database, lease) as tx:
                await _note(tx, comparison, found)
                await tx.conn.execute(ADVANCE, comparison.id, reached, len(ids))

    async def _judge(
        self, lease: Lease, client: Client, comparison: Comparison, workflow_ids: Sequence[str]
    ) -> list[Found]:
        """What is wrong with the runs of these, which must go on. After a restore Temporal answers slowly: a
        page may take longer than a lease lasts."""
        limit = asyncio.Semaphore(_ASKED_AT_ONCE)

        async def judge(workflow_id: str) -> Found | None:
            async with limit:
                run = await since_when(client, workflow_id)
            kind = None
            if run is None:
                kind = RunFinding.RUN_MISSING
            elif run.began_at is None:
                kind = RunFinding.RUN_ENDED
            elif comparison.restored_at and run.began_at < comparison.restored_at:
                kind = RunFinding.RUN_FROM_BEFORE
            return Found(workflow_id=workflow_id, about_id=about_of(workflow_id), kind=kind) if kind else None

        judged: list[Found | None] = []
        for start in range(0, len(workflow_ids), _BETWEEN_RENEWALS):
            part = workflow_ids[start : start + _BETWEEN_RENEWALS]
            judged += await asyncio.gather(*(judge(one) for one in part))
            await lease.renew()
        return [one for one in judged if one]

    async def _look_at_running(self, lease: Lease, client: Client, comparison: Comparison) -> None:
        """Runs that go on though nothing asks for them: of what the service does not know, or knows as
        over."""
        async for page in running(client, self._own.workflow):
            ids = [one for one in page if one.startswith(self._own.prefixes)]
            async with self._database.reading() as tx:
                waiting = await on_their_way(tx, ids)
                startable = await self._own.startable(tx, [about_of(one) for one in ids])
            strays = [one for one in ids if about_of(one) not in startable and one not in waiting]
            others = [one for one in ids if about_of(one) in startable and one not in waiting]
            found = [
                Found(workflow_id=one, about_id=about_of(one), kind=RunFinding.RUN_OF_NOTHING)
                for one in strays
            ]
            if comparison.restored_at:
                judged = await self._judge(lease, client, comparison, others)
                found += [one for one in judged if one.kind is RunFinding.RUN_FROM_BEFORE]
            async with leading(self._database, lease) as tx:
                await _note(tx, comparison, found)


async def _note(tx: Tx, comparison: Comparison, found: Sequence[Found]) -> None:
    if found:
        await tx.conn.execute(
            NOTE,
            comparison.id,
            [one.workflow_id for one in found],
            [one.about_id for one in found],
            [one.kind.value for one in found],
        )
