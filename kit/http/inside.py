"""Asking the app itself on behalf of a request: with the same caller, whose token was checked already."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

import orjson
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kit.http.watched import ANSWERED_BY, route_of

_NOT_PASSED_ON = frozenset({b"accept", b"content-length", b"content-type", b"transfer-encoding"})


class Answer:
    """What the app answered."""

    def __init__(self) -> None:
        self._messages: list[Message] = []

    async def take(self, message: Message) -> None:
        """A part of it."""
        self._messages.append(message)

    async def replay(self, send: Send) -> None:
        """The same, to whoever asked."""
        for message in self._messages:
            await send(message)

    @property
    def status(self) -> int:
        """Its status."""
        return int(self._messages[0]["status"])

    @property
    def headers(self) -> Headers:
        """Its headers."""
        return Headers(raw=self._messages[0]["headers"])

    @property
    def json(self) -> dict[str, Any]:
        """What it says."""
        found: dict[str, Any] = orjson.loads(b"".join(part.get("body", b"") for part in self._messages[1:]))
        return found


async def ask(
    app: ASGIApp,
    scope: Scope,
    *,
    query: Sequence[tuple[str, str]],
    to: tuple[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    body: object = None,
) -> Answer:
    """The answer to the request in this scope with another query, and if so said to another method and path,
    with further headers and a body."""
    answer = Answer()
    method, path = to or (scope["method"], scope["path"])
    more = {"content-type": "application/json", **(headers or {})} if body is not None else headers or {}
    said_anew = _NOT_PASSED_ON | {name.encode() for name in more}
    asked = {
        **scope,
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "headers": [pair for pair in scope["headers"] if pair[0] not in said_anew]
        + [(name.encode(), value.encode()) for name, value in more.items()],
        "query_string": urlencode(query).encode(),
        "state": dict(scope.get("state", {})),
    }
    await app(asked, _sending(b"" if body is None else orjson.dumps(body)), answer.take)
    scope.setdefault(ANSWERED_BY, route_of(asked))
    return answer


def _sending(body: bytes) -> Receive:
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        return messages.pop() if messages else {"type": "http.disconnect"}

    return receive
