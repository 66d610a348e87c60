"""The FastAPI app of a service: one shape, one way to refuse, one OpenAPI manner."""

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, FastAPI
from starlette.datastructures import MutableHeaders
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kit.auth import HttpKeySource, KeySource, TokenVerifier
from kit.context import Context
from kit.http.commands import FindCaller
from kit.http.docs import docs_router
from kit.http.probes import Readiness, health_router
from kit.http.problems import (
    PROBLEM_MEDIA,
    PROBLEM_RESPONSES,
    Problem,
    add_problem_handlers,
    problem_response,
)
from kit.http.refusals import BodyTooLarge, TextUnsafe

_PROBLEM = PROBLEM_MEDIA.encode()


class NoNullInAddress:
    """Refuses null bytes in path and query before anything reads them: PostgreSQL text cannot hold one."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, or refuse."""
        if scope["type"] == "http" and ("\x00" in scope["path"] or b"%00" in scope["query_string"]):
            await problem_response(TextUnsafe())(scope, receive, send)
            return
        await self._app(scope, receive, send)


class BodyLimit:
    """Refuses longer bodies; routes may set a limit of their own."""

    def __init__(self, app: ASGIApp, max_body_size: int) -> None:
        self._limited = RequestBodyLimitMiddleware(app, max_body_size)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, or refuse."""
        replaced = False

        async def send_problem(message: Message) -> None:
            # The limiter puts plain text in the place of any answer to a body that was declared too long.
            nonlocal replaced
            if (
                message["type"] == "http.response.start"
                and message["status"] == 413
                and (b"content-type", _PROBLEM) not in message["headers"]
            ):
                replaced = True
                await problem_response(BodyTooLarge())(scope, receive, send)
            elif not replaced:
                await send(message)

        await self._limited(scope, receive, send_problem)


_SAFE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
_ONE_YEAR = "max-age=31536000"


class SafeAnswers:
    """What every answer tells browsers: nothing is kept, guessed, framed or told to other sites; over TLS,
    to come back in no other way. An answer that says otherwise is left as it is."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, and add what is missing."""

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in {**_SAFE, "Cache-Control": "no-store"}.items():
                    headers.setdefault(name, value)
                if scope["scheme"] == "https":
                    headers.setdefault("Strict-Transport-Security", _ONE_YEAR)
            await send(message)

        await self._app(scope, receive, send_safely if scope["type"] == "http" else send)


def create_app(
    context: Context,
    *,
    title: str,
    routers: Sequence[APIRouter],
    find_caller: FindCaller,
    keys: KeySource | None = None,
) -> FastAPI:
    """The app. `find_caller` says who the person is of whom a token speaks. `keys` is where the keys of the
    own sign-in come from; by default over HTTP, as those of other providers."""
    settings, clock = context.settings, context.clock
    # A redirect for a slash too many would lead wherever the Host header says.
    app = FastAPI(
        title=title,
        version="1",
        responses=PROBLEM_RESPONSES,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json" if settings.api_docs else None,
        redirect_slashes=False,
    )
    app.state.database = context.database
    app.state.clock = clock
    app.state.find_caller = find_caller
    others = {issuer: HttpKeySource(issuer, clock) for issuer in settings.other_issuers}
    app.state.verifier = TokenVerifier(
        own=settings.oidc_issuer,
        audience=settings.oidc_audience,
        keys={**others, settings.oidc_issuer: keys or HttpKeySource(settings.oidc_issuer, clock)},
        clock=clock,
    )
    add_problem_handlers(app)
    app.add_middleware(BodyLimit, max_body_size=settings.max_json_bytes)
    app.add_middleware(NoNullInAddress)
    app.add_middleware(SafeAnswers)
    for router in routers:
        app.include_router(router)

    readiness = Readiness(database=context.database, needs_temporal=False)
    app.include_router(health_router(title, readiness))
    _describe(app)
    if settings.api_docs:
        app.include_router(docs_router(app.openapi))
    return app


def _describe(app: FastAPI) -> None:
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _with_problems(generate())
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _with_problems(schema: dict[str, Any]) -> dict[str, Any]:
    # FastAPI describes 422 by its own error shape; ours is Problem, which the 4XX entry already covers.
    components = schema.setdefault("components", {}).setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        components.pop(name, None)
    definition = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    components.update(definition.pop("$defs", {}))
    components["Problem"] = definition
    schema["components"]["securitySchemes"] = {
        "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
    }
    schema["security"] = [{"bearer": []}]
    for path in schema["paths"].values():
        for operation in path.values():
            operation["responses"].pop("422", None)
    return schema
