"""What every request leaves behind: a measurement, one line in the log, and the id under which all that
follows from it is found."""

import re
import time
from contextlib import suppress
from typing import Any, Final
from uuid import UUID, uuid4

import structlog
from fastapi.telemetry import TelemetryConfig
from opentelemetry.trace import SpanKind
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kit.metrics import Meters
from kit.tracing import TRACEPARENT, span

log = structlog.get_logger()

REQUEST_ID: Final = "X-Request-Id"
PROBES: Final = frozenset({"/livez", "/readyz", "/health", "/metrics"})
"""Asked every few seconds by whoever watches: measured and logged, they would bury the rest."""
_WELL_FORMED: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_OTHER: Final = "other"
WATCHED_BY_US: Final[TelemetryConfig] = {
    "tracing": False,
    "metrics": False,
    "logs": False,
    "auto_configure": False,
}
"""FastAPI would trace by itself as soon as anybody takes traces, with queries and messages of exceptions."""
ANSWERED_BY: Final = "sangkien.route"
"""Where a request that was asked anew inside leaves the template of the route that answered it."""


def request_id_of(scope: Scope) -> str:
    """The one the caller gave, where it has the form of one, else a new one."""
    given = Headers(scope=scope).get(REQUEST_ID, "")
    return given if _WELL_FORMED.fullmatch(given) else uuid4().hex


def route_of(scope: Scope) -> str:
    """The template of the route that answered: never the address, in which there are ids."""
    return str(getattr(scope.get("route"), "path", None) or _OTHER)


class Watched:
    """The outermost of all: also what is refused before any route is asked is seen."""

    def __init__(self, app: ASGIApp, meters: Meters) -> None:
        self._app = app
        self._meters = meters

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, and say afterwards what it was."""
        if scope["type"] != "http" or scope["path"] in PROBES:
            await self._app(scope, receive, send)
            return
        # Bound for good: each request is a task of its own, and what the server says after us bears it too.
        request_id = request_id_of(scope)
        structlog.contextvars.bind_contextvars(request_id=request_id)
        began, status = time.perf_counter(), 500

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[REQUEST_ID] = request_id
            await send(message)

        method = scope["method"] if scope["method"] in _METHODS else _OTHER
        with span(method, SpanKind.SERVER, Headers(scope=scope).get(TRACEPARENT)) as current:
            try:
                await self._app(scope, receive, send_with_id)
            finally:
                route = scope.get(ANSWERED_BY) or route_of(scope)
                current.update_name(f"{method} {route}")
                current.set_attributes({"http.request.method": method, "http.route": route})
                current.set_attributes({"http.response.status_code": status, "request_id": request_id})
                self._tell(scope, (method, route, status), time.perf_counter() - began)

    def _tell(self, scope: Scope, answered: tuple[str, str, int], seconds: float) -> None:
        method, route, status = answered
        self._meters.requests.labels(method, route, str(status)).observe(seconds)
        level = "warning" if status >= 500 else "info"
        told = {"method": method, "route": route, "status": status, "ms": round(seconds * 1_000, 1)}
        getattr(log, level)("request", **told, **_dossier_in(scope))


def _dossier_in(scope: Scope) -> dict[str, Any]:
    with suppress(KeyError, ValueError):
        # Pages have it as a UUID already, APIs as it was typed.
        return {"dossier_id": str(UUID(str(scope["path_params"]["dossier_id"])))}
    return {}
