"""What a service tells of its tables to whoever watches the system."""

import asyncio
from typing import Final

from prometheus_client import Metric

from casework.figures import families, figures
from kit.clock import Clock
from kit.db import Database
from kit.http import measured
from kit.http.routers import Router

_KEPT_SECONDS: Final = 5.0
"""Anybody who reaches the port may ask: the database is asked no more often than so."""


def metrics_router(database: Database, clock: Clock) -> Router:
    """`/metrics` of a service: what its tables say, with what this process measures."""
    asking = asyncio.Lock()
    kept: list[tuple[float, list[Metric]]] = []

    async def look() -> list[Metric]:
        async with asking:
            now = clock.real_now().timestamp()
            if not kept or now - kept[0][0] > _KEPT_SECONDS:
                async with database.reading() as tx:
                    kept[:] = [(now, list(families(await figures(tx))))]
            return kept[0][1]

    return measured.metrics_router(database.meters, look)
