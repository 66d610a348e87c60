"""Numbers for whoever watches the system, in every service."""

import asyncio
from typing import Final

from fastapi import APIRouter
from fastapi.responses import PlainTextResponse

from casework.figures import exposition, figures
from kit.clock import Clock
from kit.db import Database

_KEPT_SECONDS: Final = 5.0
"""Anybody who reaches the port may ask: the database is asked no more often than so."""


def metrics_router(database: Database, clock: Clock) -> APIRouter:
    """`/metrics`, in Prometheus's text format. Keep it inside, like the other addresses without `/v1`."""
    router = APIRouter(tags=["operations"])
    asking = asyncio.Lock()
    kept: list[tuple[float, str]] = []

    @router.get("/metrics", response_class=PlainTextResponse, include_in_schema=False)
    async def read_metrics() -> PlainTextResponse:
        """How the service stands; no personal data."""
        async with asking:
            now = clock.real_now().timestamp()
            if not kept or now - kept[0][0] > _KEPT_SECONDS:
                async with database.reading() as tx:
                    kept[:] = [(now, exposition(await figures(tx)))]
            return PlainTextResponse(kept[0][1])

    return router
