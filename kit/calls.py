"""Calls of workflows that fail again and again: written down where they fail, gone when they go through."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import structlog

from kit.db import Database, Tx
from kit.outages import OUTAGES, reason_of
from kit.rows import read_all

log = structlog.get_logger()

STUBBORN: Final = 5
"""From so many attempts on a call is one that does not go through by itself. A refusal is asked again every
minute."""
FORGOTTEN_AFTER: Final = timedelta(minutes=15)
"""Nobody calls any more: its run has ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedCall:
    """An activity of this run that fails again and again. `error` is a code: of a refusal, or the class of an
    exception."""

    workflow_id: str
    activity: str
    error: str


REFUSED = """
insert into refused_calls (workflow_id, activity, error, attempts) values ($1, $2, $3, $4)
on conflict (workflow_id, activity) do update
set error = excluded.error, attempts = excluded.attempts, last_at = now()
"""
WENT_THROUGH = "delete from refused_calls where workflow_id = $1 and activity = $2"


class CallBook:
    """Keeps what fails. It is itself never the reason why a call fails."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def failed(self, workflow_id: str, activity: str, error: str, attempt: int) -> None:
        """The call has failed once more."""
        if attempt >= STUBBORN:
            await self._write(REFUSED, workflow_id, activity, error, attempt)

    async def went_through(self, workflow_id: str, activity: str, attempt: int) -> None:
        """The call has an answer."""
        if attempt > STUBBORN:
            await self._write(WENT_THROUGH, workflow_id, activity)

    async def _write(self, statement: str, *values: object) -> None:
        try:
            async with self._database.transaction() as tx:
                await tx.conn.execute(statement, *values)
        except OUTAGES as outage:
            log.warning("calls.not_written", reason=reason_of(outage))


FORGET_CALLS = """
delete from refused_calls where ctid = any(array(
  select ctid from refused_calls where last_at < now() - $1::interval limit $2 for update skip locked
)) returning true
"""
LIST = """
select workflow_id, activity, error from refused_calls where last_at >= now() - $2::interval
order by workflow_id, since limit $1
"""


async def refused_calls(tx: Tx, limit: int) -> list[RefusedCall]:
    """What fails now."""
    return read_all(RefusedCall, await tx.conn.fetch(LIST, limit, FORGOTTEN_AFTER))
