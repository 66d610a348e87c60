"""`python -m tests.history_leader`: what a relay does for its history, as a process that can be killed."""

import asyncio
import sys

from casework.history.keeping import HistoryKeeper
from kit.clock import Clock
from kit.context import Context
from kit.db import Database
from kit.settings import ServiceSettings


async def _lead() -> None:
    settings, clock = ServiceSettings(), Clock()  # type: ignore[call-arg]
    database = await Database.open(settings.database_url.get_secret_value(), schema="review", clock=clock)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await HistoryKeeper(
        Context(settings=settings, clock=clock, database=database, activities=database, jobs=database)
    ).run()


if __name__ == "__main__":
    asyncio.run(_lead())
