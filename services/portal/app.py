"""The pages put together."""

from collections.abc import Sequence
from typing import Final

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kit.clock import Clock
from kit.db import Database
from kit.http.gates import BodyInTime, BodyLimit, NoNullInAddress, SafeAnswers
from kit.http.measured import measured
from kit.http.watched import Watched
from kit.outages import OUTAGES
from services.portal import proxy
from services.portal.asking.services import Services
from services.portal.desk import Portal
from services.portal.opening import OTHERS, failed, gone, not_found, refuse
from services.portal.pages import ROUTES
from services.portal.settings import PortalSettings
from services.portal.showing.assets import Assets
from services.portal.showing.renderer import Renderer
from services.portal.signed_in.issuer import IssuerClient
from services.portal.signed_in.sessions import SessionBook

_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; media-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "manifest-src 'self'"
)
_BODY_IDLE, _BODY_WHOLE = 30.0, 900.0
"""A large file over a slow line."""


class OwnPolicy:
    """Pages load nothing from elsewhere and run no script but their own file."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, and add the policy."""

        async def send_with_policy(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [
                    *message["headers"],
                    (b"content-security-policy", _POLICY.encode()),
                    (b"cross-origin-opener-policy", b"same-origin"),
                ]
            await send(message)

        is_ours = scope["type"] == "http" and not scope["path"].startswith(OTHERS)
        await self._app(scope, receive, send_with_policy if is_ours else send)


class PackedPages:
    """Packs pages, and leaves others' answers as they come."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._packing = GZipMiddleware(app, minimum_size=700, compresslevel=6)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on."""
        is_ours = scope["type"] == "http" and not scope["path"].startswith((*OTHERS, "/static/"))
        await (self._packing if is_ours else self._app)(scope, receive, send)


def create_portal(settings: PortalSettings, database: Database, clock: Clock) -> Starlette:
    """The app."""
    assets = Assets()
    services = Services(settings)
    issuer = IssuerClient(settings, services.http, clock)
    app = Starlette(
        exception_handlers={404: not_found, 405: not_found, ClientDisconnect: gone, Exception: failed},
        routes=[*_health(database), assets.route(), *proxy.routes(), *_pages()],
        middleware=[
            Middleware(Watched, meters=database.meters),
            Middleware(SafeAnswers),
            Middleware(NoNullInAddress, refuse=refuse),
            Middleware(OwnPolicy),
            Middleware(PackedPages),
            Middleware(BodyLimit, max_body_size=settings.max_file_bytes, refuse=refuse),
            Middleware(BodyInTime, idle=_BODY_IDLE, whole=_BODY_WHOLE),
        ],
    )
    app.state.portal = Portal(
        settings=settings,
        clock=clock,
        services=services,
        issuer=issuer,
        sessions=SessionBook(settings, database, issuer),
        renderer=Renderer(assets),
    )
    return app


def _pages() -> Sequence[Route]:
    return [route for routes in ROUTES for route in routes()]


def _health(database: Database) -> Sequence[Route]:
    async def live(_: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def ready(_: Request) -> Response:
        try:
            await database.answers()
        except OUTAGES:
            return JSONResponse({"status": "no database"}, status_code=503)
        return JSONResponse({"status": "ok"})

    async def look() -> tuple[()]:
        await database.answers()
        return ()

    async def metrics(_: Request) -> Response:
        return await measured(database.meters, look)

    return [
        Route("/livez", live),
        Route("/readyz", ready),
        Route("/health", ready),
        Route("/metrics", metrics),
    ]
