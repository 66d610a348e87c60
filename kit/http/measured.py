"""`/metrics`: what a part counts and measures, for whoever watches the system."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Final

from fastapi.responses import Response
from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily

from kit.http.routers import Router
from kit.metrics import MEDIA, Meters, exposition
from kit.outages import OUTAGES
from kit.telemetry import sdk_exposition
from language.refusals import Refusal

Look = Callable[[], Awaitable[Iterable[Metric]]]
"""Raises what keeps the part from its work; else what is found besides, in tables say."""
_READY: Final = "sangkien_ready"
_MEANING: Final = "1 where the part has what it needs for its work (database, Temporal), 0 where it waits."


async def measured(meters: Meters, look: Look) -> Response:
    """The answer. It never fails for want of a database: that is when it is wanted most."""
    try:
        found, ready = list(await look()), 1.0
    except (Refusal, *OUTAGES):
        found, ready = [], 0.0
    text = exposition(meters, [*found, GaugeMetricFamily(_READY, _MEANING, value=ready)])
    if meters.whole_process:
        text += await sdk_exposition()
    return Response(text, headers={"Content-Type": MEDIA})


def metrics_router(meters: Meters, look: Look) -> Router:
    """Keep it inside, like the other addresses without `/v1`."""
    router = Router(tags=["operations"])

    @router.get("/metrics", response_class=Response, include_in_schema=False)
    async def read_metrics() -> Response:
        """How the part stands; no personal data."""
        return await measured(meters, look)

    return router
