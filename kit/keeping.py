"""What is kept for a time only: the part of a service that removes it, in batches, once an hour."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import asyncpg
import structlog

from kit.db import CLASHES, Database, Tx
from kit.leading import Lease, lead, leading
from kit.outages import OUTAGES, reason_of

log = structlog.get_logger()

BATCH: Final = 1_000
_EVERY_SECONDS: Final = 3_600.0
_AGAIN_SECONDS: Final = 60.0
_FAILS_ALONE: Final = (asyncpg.QueryCanceledError, asyncpg.LockNotAvailableError)
"""Outages of one statement: the others may well go through."""

Remove = Callable[[Tx, timedelta, int], Awaitable[int]]
"""Removes, in this transaction, at most so many of what is older than that; how many it were. What somebody
has locked is left for the next time."""
Begin = Callable[[], AbstractAsyncContextManager[Tx]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """How long something is kept; `what` is its table."""

    what: str
    kept: timedelta
    remove: Remove


def by(statement: str) -> Remove:
    """By a statement whose $1 is how long it is kept and $2 how many at most, and which returns what it
    removed; of tables whose instants are those of the database's clock."""

    async def remove(tx: Tx, kept: timedelta, limit: int) -> int:
        return len(await tx.conn.fetch(statement, kept, limit))

    return remove


class Keeping:
    """Runs until cancelled. A term that cannot be carried out holds up no other: it is tried again with the
    next turn, and whoever watches sees how long ago it went through."""

    def __init__(self, database: Database, terms: Sequence[Term]) -> None:
        self._database = database
        self._terms = terms

    async def run(self) -> None:
        """Lead, then look once an hour."""
        self._begin_to_count()
        await lead(self._database, "keeping", self._work)

    async def run_unled(self) -> None:
        """Look once an hour, whoever else does: for a schema in which nobody leads. Two at once do each
        other no harm, since none waits for a row that the other has."""
        self._begin_to_count()
        while True:
            pause = _EVERY_SECONDS
            try:
                await self.turn(self._database.transaction)
            except OUTAGES as outage:
                log.info("keeping.waiting", reason=reason_of(outage))
                pause = _AGAIN_SECONDS
            await asyncio.sleep(pause)

    def _begin_to_count(self) -> None:
        for term in self._terms:
            self._database.meters.kept_in_time(term.what)

    async def _work(self, lease: Lease) -> None:
        while True:
            await self.turn(lambda: leading(self._database, lease))
            await lease.pause(_EVERY_SECONDS)

    async def turn(self, begin: Begin) -> None:
        """Carry out every term, one after the other."""
        for term in self._terms:
            try:
                removed = await self._carry_out(term, begin)
            except _FAILS_ALONE as failed:
                log.warning("keeping.failed", what=term.what, reason=reason_of(failed))
            except OUTAGES:
                raise
            except asyncpg.PostgresError as failed:
                log.warning("keeping.failed", what=term.what, reason=reason_of(failed))
            else:
                self._database.meters.kept_in_time(term.what)
                if removed:
                    log.info("keeping.removed", what=term.what, rows=removed)

    async def _carry_out(self, term: Term, begin: Begin) -> int:
        """Short transactions: nobody waits for a lock of ours for longer than a batch takes."""
        removed = 0
        while True:
            try:
                async with begin() as tx:
                    count = await term.remove(tx, term.kept, BATCH)
            except CLASHES:
                continue
            removed += count
            if count < BATCH:
                return removed
