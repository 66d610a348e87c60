"""Liveness and readiness of a process that runs parts of a service without its API."""

from collections.abc import Iterable
from dataclasses import dataclass

from fastapi import FastAPI
from prometheus_client import Metric
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from temporalio.client import Client

from kit.db import Database
from kit.http.measured import Look, metrics_router
from kit.http.models import Out
from kit.http.problems import add_problem_handlers, problem_response
from kit.http.refusals import ServiceBusy
from kit.http.routers import Router
from kit.http.watched import WATCHED_BY_US
from kit.metrics import Meters
from kit.temporal import is_healthy
from language.refusals import Refusal


class TemporalAway(Refusal):
    """The process has not reached its Temporal server, or has lost it."""

    status = 503
    vi = "Tiến trình chưa kết nối được Temporal."
    en = "The process cannot reach Temporal."


class Health(Out):
    """The service answers; where it was asked for more than being alive, its database answers too."""

    service: str
    status: str


@dataclass(slots=True, kw_only=True)
class Readiness:
    """What the parts of a process need: most a database, and some Temporal, whose client comes when there is
    one."""

    database: Database | None
    needs_temporal: bool
    client: Client | None = None

    async def require(self) -> None:
        """Raises what keeps the process from its work."""
        if self.database:
            await self.database.answers()
        if self.needs_temporal and not (self.client and await is_healthy(self.client)):
            raise TemporalAway


def health_router(title: str, readiness: Readiness) -> Router:
    """The three addresses that whoever watches processes asks."""
    router = Router(tags=["operations"])

    @router.get("/livez")
    async def alive() -> Health:
        """The process turns round. Whoever restarts what does not answer asks here: a restart mends no
        database."""
        return Health(service=title, status="ok")

    @router.get("/health")
    @router.get("/readyz")
    async def health() -> Health:
        """Alive, with a database that answers: on a connection of its own, also while every other is busy."""
        await readiness.require()
        return Health(service=title, status="ok")

    return router


class Front:
    """What a process serves from its first moment on: it is alive, and busy, until it has what it waits for
    and `app` is set. Whoever watches must not kill what waits for a database."""

    def __init__(self) -> None:
        self.app: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, or say for the app that it is not there yet."""
        if self.app:
            await self.app(scope, receive, send)
        elif scope["path"] == "/livez":
            await JSONResponse({"status": "ok"})(scope, receive, send)
        else:
            await problem_response(ServiceBusy())(scope, receive, send)


async def nothing_besides() -> tuple[()]:
    """Found by a part that has no more to tell than what it measures."""
    return ()


def probe_app(
    title: str, readiness: Readiness, meters: Meters, look_besides: Look = nothing_besides
) -> FastAPI:
    """Nothing but these, and what the part measures; with what is found besides once it is ready."""
    app = FastAPI(title=title, openapi_url=None, telemetry=WATCHED_BY_US)
    add_problem_handlers(app)
    app.routes.extend(health_router(title, readiness).routes)

    async def look() -> Iterable[Metric]:
        await readiness.require()
        return await look_besides()

    app.routes.extend(metrics_router(meters, look).routes)
    return app
