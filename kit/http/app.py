"""The FastAPI app of a service: one shape, one way to refuse, one OpenAPI manner."""

from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI

from kit.auth import HttpKeySource, KeySource, TokenVerifier
from kit.context import Context
from kit.http.actions import NAME, Actions, commands_of
from kit.http.commands import FindCaller
from kit.http.docs import docs_router
from kit.http.exports import TABLES, Exports, item_of
from kit.http.gates import BodyInTime, BodyLimit, NoNullInAddress, SafeAnswers, TokenFirst
from kit.http.probes import Readiness, health_router
from kit.http.problems import Problem, add_problem_handlers
from kit.http.routers import Router
from kit.http.watched import WATCHED_BY_US, Watched

_ACTIONS = {
    "name": NAME,
    "in": "query",
    "required": False,
    "description": "Say in `actions` which commands the reader may give now, and why not the rest",
    "schema": {"type": "boolean", "default": False},
}


def create_app(
    context: Context,
    *,
    title: str,
    routers: Sequence[Router],
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
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json" if settings.api_docs else None,
        redirect_slashes=False,
        telemetry=WATCHED_BY_US,
    )
    app.state.database = context.database
    app.state.clock = clock
    app.state.find_caller = find_caller
    others = {issuer: HttpKeySource(issuer, clock) for issuer in settings.other_issuers}
    own = keys or HttpKeySource(settings.oidc_issuer, clock, settings.oidc_issuer_inside)
    app.state.verifier = TokenVerifier(
        own=settings.oidc_issuer,
        audience=settings.oidc_audience,
        keys={**others, settings.oidc_issuer: own},
        clock=clock,
    )
    add_problem_handlers(app)
    # The last one added is asked first.
    app.add_middleware(Exports)
    app.add_middleware(Actions)
    app.add_middleware(BodyInTime, idle=settings.body_idle_seconds, whole=settings.body_seconds)
    app.add_middleware(BodyLimit, max_body_size=settings.max_json_bytes)
    app.add_middleware(TokenFirst)
    app.add_middleware(NoNullInAddress)
    app.add_middleware(SafeAnswers)
    app.add_middleware(Watched, meters=context.database.meters)
    readiness = Readiness(database=context.database, needs_temporal=False)
    for router in (*routers, health_router(title, readiness)):
        app.routes.extend(router.routes)
    _describe(app)
    if settings.api_docs:
        app.routes.extend(docs_router(app.openapi).routes)
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
    for at, path in schema["paths"].items():
        if "get" in path and commands_of(schema, at):
            path["get"].setdefault("parameters", []).append(_ACTIONS)
        for operation in path.values():
            operation["responses"].pop("422", None)
            _with_trial(operation)
            _with_needed_headers(operation)
            if item_of(schema, operation) is not None:
                content = operation["responses"]["200"]["content"]
                content.update({media: {"schema": {"type": "string"}} for media in TABLES})
    return schema


def _with_needed_headers(operation: dict[str, Any]) -> None:
    # FastAPI would answer for them itself, and in its own words, if they were declared as needed.
    for parameter in operation.get("parameters", []):
        if parameter["name"] in {"idempotency-key", "if-match"}:
            parameter["required"] = True


def _with_trial(operation: dict[str, Any]) -> None:
    """A dry run makes nothing, so its answer is 200 where the command itself says 201."""
    responses = operation["responses"]
    if any(parameter["name"] == "dry_run" for parameter in operation.get("parameters", [])):
        done = next(answer for status, answer in responses.items() if status.startswith("2"))
        responses.setdefault("200", {**done, "description": "Tried out; nothing was written"})
