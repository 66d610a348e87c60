"""`?actions=true` of any resource: which commands its reader may give now, and why not the rest.

Each command is tried by a dry run, so that the answer is the command's own and is written down nowhere else.
A page or client offers what is allowed and no other."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import parse_qsl
from uuid import uuid4

import orjson
from fastapi import FastAPI
from fastapi.responses import Response
from starlette.routing import compile_path
from starlette.types import ASGIApp, Receive, Scope, Send

from kit.http.inside import Answer, ask
from kit.http.models import Out
from kit.http.problems import problem_response
from kit.http.refusals import RequestInvalid

NAME: Final = "actions"
_COMMANDS: Final = ("post", "put", "patch", "delete")
_EDITS: Final = frozenset({"put", "patch", "delete"})
_JSON: Final = "application/json"
_NOBODY: Final = "00000000-0000-0000-0000-000000000001"
_SAMPLES: Final[Mapping[str, object]] = {
    "uuid": _NOBODY,
    "date": "2026-01-31",
    "date-time": "2026-01-31T00:00:00Z",
}
_TEXT: Final = "x"
_AT_FAULT: Final = 422
_NOT_FOUND: Final = 404


class ActionOut(Out):
    """A command of the resource. `allowed` is null where that depends on what is sent, or nobody may know it
    yet."""

    command: str
    method: str
    address: str
    allowed: bool | None
    code: str | None
    detail: str | None
    detail_en: str | None
    facts: dict[str, str]


_UNSAID: Final = frozenset(
    {
        RequestInvalid.__name__,
        "SheetsOwed",
        "GroundNotInFile",
        "ShareChanged",
        "NotOutside",
        "AwardNotOnList",
        "AttachmentTypeRefused",
    }
)
"""The sample does not fit or names what is not there, or nobody may know yet, or another ground may do."""
Command = tuple[str, str, dict[str, Any]]
"""Method, path and description."""


def commands_of(schema: Mapping[str, Any], path: str) -> list[Command]:
    """The commands about the resource at this path: on itself, or one word further. A file is none."""
    here = schema["paths"][path]
    answer = here.get("get", {}).get("responses", {}).get("200", {})
    is_one = path.endswith("}") or not here.keys().isdisjoint(_EDITS)
    if not is_one or _JSON not in answer.get("content", {}):
        return []
    return [
        (method, other, operation)
        for other, operations in schema["paths"].items()
        if other == path or re.fullmatch(re.escape(path) + r"/[a-z-]+", other)
        for method, operation in operations.items()
        if method in _COMMANDS and _fits(operation)
    ]


def _fits(operation: Mapping[str, Any]) -> bool:
    """A command without a file and without a query that it needs."""
    content = operation.get("requestBody", {}).get("content", {_JSON: {}})
    wants = [one for one in operation.get("parameters", []) if one["in"] == "query" and one.get("required")]
    takes_dry_run = any(one["name"] == "dry_run" for one in operation.get("parameters", []))
    return _JSON in content and not wants and takes_dry_run


class Actions:
    """Adds what its reader may do to a resource that is asked for with `actions=true`."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._resources: list[tuple[re.Pattern[str], str]] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, or ask for the resource and try each of its commands."""
        if scope["type"] != "http" or scope["method"] != "GET" or NAME.encode() not in scope["query_string"]:
            await self._app(scope, receive, send)
            return
        asked = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        wishes = [value for name, value in asked if name == NAME]
        path = self._resource_at(scope["app"], scope["path"])
        if path is None or not wishes:
            await self._app(scope, receive, send)
            return
        if wishes not in (["true"], ["false"]):
            said = f"query.{NAME}: true | false"
            await problem_response(RequestInvalid(summary=said, summary_vi=said))(scope, receive, send)
            return
        others = [(name, value) for name, value in asked if name != NAME]
        resource = await ask(self._app, scope, query=others)
        if resource.status != 200 or wishes == ["false"]:
            await resource.replay(send)
            return
        found = [
            await self._tried(scope, path, command, resource)
            for command in commands_of(scope["app"].openapi(), path)
        ]
        content = {**resource.json, NAME: [action.model_dump() for action in found]}
        headers = {"ETag": resource.headers["etag"]} if "etag" in resource.headers else {}
        await Response(orjson.dumps(content), media_type=_JSON, headers=headers)(scope, receive, send)

    def _resource_at(self, app: FastAPI, path: str) -> str | None:
        if self._resources is None:
            schema = app.openapi()
            self._resources = [
                (compile_path(one)[0], one)
                for one, operations in schema["paths"].items()
                if "get" in operations and commands_of(schema, one)
            ]
        return next((one for at, one in self._resources if at.match(path)), None)

    async def _tried(self, scope: Scope, path: str, command: Command, resource: Answer) -> ActionOut:
        method, other, operation = command
        schema = scope["app"].openapi()
        body = operation.get("requestBody", {}).get("content", {}).get(_JSON, {}).get("schema")
        address = scope["path"] + other.removeprefix(path)
        kinds = schema["components"]["schemas"]
        refusals, open_ones = list[Mapping[str, Any]](), list[Mapping[str, Any]]()
        samples = samples_of(body, kinds) if body else [None]
        if other == path and method in _EDITS:
            samples = [*(as_it_stands(one, resource.json) for one in samples[:1]), *samples]
        for sample in samples:
            answer = await ask(
                self._app,
                scope,
                query=[("dry_run", "true")],
                to=(method.upper(), address),
                headers={
                    "idempotency-key": uuid4().hex,
                    "if-match": resource.headers.get("etag", ""),
                },
                body=sample,
            )
            if answer.status < 300:
                refusals, open_ones = [], []
                break
            (open_ones if _depends(answer.json, sample) else refusals).append(answer.json)
        said: Mapping[str, Any] = next(iter(open_ones + refusals), {})
        return ActionOut(
            command=other.removeprefix(path).strip("/") or method,
            method=method.upper(),
            address=address,
            allowed=None if open_ones else not said,
            code=said.get("code"),
            detail=said.get("detail"),
            detail_en=said.get("detail_en"),
            facts=said.get("facts", {}),
        )


def _depends(refusal: Mapping[str, Any], sample: object) -> bool:
    """Something else that is sent might be taken: what was sent was at fault, not the time or the reader. The
    resource is there, so what is not found is what the sample names."""
    at_fault = {_AT_FAULT} if sample is not None else set()
    if _NOBODY in str(sample):
        at_fault.add(_NOT_FOUND)
    return refusal.get("code") in _UNSAID or refusal.get("status") in at_fault


def as_it_stands(sample: object, resource: Mapping[str, Any]) -> object:
    """The edit that changes nothing: where the sample's own values are refused, others may be taken."""
    if not isinstance(sample, dict):
        return sample
    return {name: resource.get(name, value) for name, value in sample.items()}


def samples_of(schema: Mapping[str, Any], kinds: Mapping[str, Any]) -> list[object]:
    """The least that has this form, once for each value of a field that chooses between some: where one
    verdict is refused another may be taken."""
    whole = kinds[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    least = sample_of(whole, kinds)
    if not isinstance(least, dict):
        return [least]
    found: list[object] = [least]
    for name in whole.get("required", ()):
        values = _values_of(whole["properties"][name], kinds)
        found += [{**least, name: value} for value in values if value != least[name]]
    return found


def _values_of(schema: Mapping[str, Any], kinds: Mapping[str, Any]) -> Sequence[object]:
    if "$ref" in schema:
        return _values_of(kinds[schema["$ref"].rpartition("/")[2]], kinds)
    values: Sequence[object] = schema.get("enum", ())
    return values


def sample_of(schema: Mapping[str, Any], kinds: Mapping[str, Any]) -> object:
    """The least that has this form."""
    if "$ref" in schema:
        return sample_of(kinds[schema["$ref"].rpartition("/")[2]], kinds)
    if options := schema.get("anyOf") or schema.get("oneOf"):
        return sample_of(options[0], kinds)
    values = schema.get("enum") or [schema[key] for key in ("const",) if key in schema]
    return values[0] if values else _plain(schema, kinds)


def _plain(schema: Mapping[str, Any], kinds: Mapping[str, Any]) -> object:
    kind = schema.get("type")
    if kind == "object":
        return _object(schema, kinds)
    if kind == "array":
        return [sample_of(schema.get("items", {}), kinds)] * int(schema.get("minItems", 0))
    if kind == "boolean":
        return False
    if kind in {"integer", "number"}:
        return schema.get("minimum", 1)
    return _SAMPLES.get(schema.get("format", ""), _TEXT * max(1, int(schema.get("minLength", 1))))


def _object(schema: Mapping[str, Any], kinds: Mapping[str, Any]) -> dict[str, object]:
    needed: Sequence[str] = schema.get("required", ())
    return {name: sample_of(schema["properties"][name], kinds) for name in needed}
