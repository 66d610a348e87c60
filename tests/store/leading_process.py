"""`python -m tests.store.leading_process DSN NAME`: a process that leads in a trial thing, for tests that
stop it or cut it off."""

import asyncio
import sys

from kit.clock import Clock
from kit.db import Database
from kit.leading import Lease, lead, leading

BEAT = "insert into beats (name, term) values ($1, $2)"


async def main(dsn: str, name: str) -> None:
    """Lead, and say so ten times a second."""
    database = await Database.open(dsn, schema="intake", clock=Clock())

    async def work(lease: Lease) -> None:
        while True:
            async with leading(database, lease) as tx:
                await tx.conn.execute(BEAT, name, lease.term)
            await asyncio.sleep(0.1)

    await lead(database, "trial", work)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
