"""The services' APIs over HTTP: facts come back as they are, refusals as `Refused`."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias
from urllib.parse import quote, urlencode

import httpx
import orjson
from aiohttp import ClientError, ClientSession, ClientTimeout, DummyCookieJar, TCPConnector
from yarl import URL

from kit.correlating import current_request_id
from kit.http.problems import PROBLEM_MEDIA
from kit.http.watched import REQUEST_ID
from kit.tracing import TRACEPARENT, current_traceparent
from services.portal.settings import PortalSettings

Facts: TypeAlias = dict[str, Any]
"""A resource as its service describes it."""
Query: TypeAlias = Mapping[str, object | None]
_NOTHING_SAID: Final[Mapping[str, str]] = {
    "detail": "Yêu cầu này không thực hiện được.",
    "detail_en": "This cannot be done.",
}
_TRIES: Final = 3
_PAUSE: Final = 0.25
_AT_ONCE: Final = 64
_OF_A_SERVICE: Final = 32
_PLAIN: Final = "/%:@!$&'()*+,;=~-._"
"""What a path may hold beside letters and digits; a question mark would begin something else."""
_PASSED_SECONDS: Final = 120.0
_UNREADABLE: Final = frozenset({"RequestInvalid", "FieldUnknown"})


class Away(Exception):
    """A service does not answer now."""


class SignInNeeded(Exception):
    """The session has ended, or the service takes its token no more."""


class SentBefore(Exception):
    """The form of this key was taken before, and what is sent with it now is something else."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A field and what is wrong with it, as the service says."""

    path: str
    message: str
    message_en: str
    code: str = ""

    def said(self, language: str) -> str:
        """In this language."""
        return self.message if language == "vi" else self.message_en


class Refused(Exception):
    """A service says no: `code` is stable, the sentences are for people."""

    def __init__(self, problem: Facts) -> None:
        self.status = int(problem.get("status", 400))
        self.code = str(problem.get("code", ""))
        self.vi = str(problem.get("detail", ""))
        self.en = str(problem.get("detail_en", "")) or self.vi
        self.facts: Mapping[str, str] = problem.get("facts", {})
        self.faults = [
            Fault(one["path"], one["message"], one["message_en"], one.get("type", ""))
            for one in problem.get("errors", [])
        ]
        super().__init__(self.code)

    @property
    def is_unreadable(self) -> bool:
        """It speaks of how something was written, in words for programs."""
        return self.code in _UNREADABLE

    def said(self, language: str) -> str:
        """The sentence in this language."""
        return self.vi if language == "vi" else self.en


@dataclass(frozen=True, slots=True)
class Answer:
    """What a service answered."""

    facts: Facts
    version: str | None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Call:
    """What is asked of a service. `content` is a body that is no JSON, with its media type."""

    method: str
    service: str
    path: str
    body: object = None
    query: Query | None = None
    content: tuple[str, bytes] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def sent(self) -> tuple[str, bytes | None]:
        """Media type and body."""
        if self.content is not None:
            return self.content
        return ("", None) if self.body is None else ("application/json", orjson.dumps(self.body))


def pairs_of(asked: Query | None) -> list[tuple[str, str | int | float | bool | None]]:
    """Without what was left empty; several values of one name stand one after the other."""
    pairs: list[tuple[str, str | int | float | bool | None]] = []
    for name, value in (asked or {}).items():
        values = value if isinstance(value, list | tuple) else [value]
        pairs += [(name, _written(one)) for one in values if one is not None and one != ""]
    return pairs


def _written(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _client(timeout: httpx.Timeout) -> httpx.AsyncClient:
    limits = httpx.Limits(max_connections=_AT_ONCE, max_keepalive_connections=_AT_ONCE)
    return httpx.AsyncClient(timeout=timeout, limits=limits, trust_env=False, follow_redirects=False)


class Services:
    """All services, over connections that are kept."""

    def __init__(self, settings: PortalSettings) -> None:
        self._addresses = settings.addresses
        self.http = _client(httpx.Timeout(settings.services_seconds, connect=2.0))
        """For files, and for the issuer."""
        # Others' requests have connections of their own: however slow they are, pages are drawn.
        self.passing = _client(httpx.Timeout(_PASSED_SECONDS, connect=2.0, pool=2.0))
        # A page asks five to twenty things at once, and at each httpx looks through all connections of its
        # pool: 2 ms of processor with eight, 6 ms with sixty-four, where this one takes 0.2 ms.
        self._asking = ClientSession(
            connector=TCPConnector(limit=0, limit_per_host=_OF_A_SERVICE),
            timeout=ClientTimeout(total=settings.services_seconds, sock_connect=2.0),
            cookie_jar=DummyCookieJar(),
        )

    async def close(self) -> None:
        """Hang up."""
        await asyncio.gather(self.http.aclose(), self.passing.aclose(), self._asking.close())

    def address(self, service: str) -> str:
        """Where this service answers."""
        return self._addresses[service]

    async def ask(self, token: str, call: Call) -> Answer:
        """One request. What only reads, or bears an Idempotency-Key, is asked again when a service was away
        for a moment."""
        headers = {"Authorization": f"Bearer {token}", **_for_request(), **call.headers}
        media, data = call.sent()
        if media:
            headers["Content-Type"] = media
        path, query = quote(call.path, safe=_PLAIN), urlencode(pairs_of(call.query))
        address = URL(f"{self._addresses[call.service]}{path}{'?' if query else ''}{query}", encoded=True)
        for left in reversed(range(_TRIES)):
            try:
                async with self._asking.request(
                    call.method, address, data=data, headers=headers, allow_redirects=False
                ) as answer:
                    reply = Reply(answer.status, _lowered(answer.headers), await answer.read())
            except (ClientError, OSError) as error:
                if not left:
                    raise Away(call.service) from error
            else:
                if reply.status != httpx.codes.SERVICE_UNAVAILABLE or not left:
                    return _read(call.service, reply)
            await asyncio.sleep(_PAUSE)
        raise Away(call.service)

    @asynccontextmanager
    async def stream(
        self, token: str, service: str, path: str, *, query: Query | None = None, accept: str = "*/*"
    ) -> AsyncIterator[httpx.Response]:
        """A file, as it comes."""
        headers = {"Authorization": f"Bearer {token}", "Accept": accept, **_for_request()}
        address = f"{self._addresses[service]}{path}"
        try:
            async with self.http.stream("GET", address, params=pairs_of(query), headers=headers) as answer:
                if answer.status_code != httpx.codes.OK:
                    content = await answer.aread()
                    _read(service, Reply(answer.status_code, dict(answer.headers), content))
                yield answer
        except httpx.HTTPError as error:
            raise Away(service) from error


@dataclass(frozen=True, slots=True)
class Reply:
    """What a service answered, as it came; names of headers in small letters."""

    status: int
    headers: Mapping[str, str]
    content: bytes


def _for_request() -> Mapping[str, str]:
    """What a service is asked for a page is found under the page's own id."""
    request_id = current_request_id()
    said = {REQUEST_ID: request_id, TRACEPARENT: current_traceparent()}
    return {name: value for name, value in said.items() if value}


def _lowered(headers: Mapping[str, str]) -> Mapping[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _read(service: str, reply: Reply) -> Answer:
    if reply.status == httpx.codes.UNAUTHORIZED:
        raise SignInNeeded
    if reply.headers.get("content-type", "").startswith(PROBLEM_MEDIA):
        problem: Facts = orjson.loads(reply.content)
        if reply.status == httpx.codes.SERVICE_UNAVAILABLE:
            raise Away(service)
        raise Refused(problem)
    if reply.status >= httpx.codes.INTERNAL_SERVER_ERROR:
        raise Away(service)
    if reply.status >= httpx.codes.BAD_REQUEST:
        raise Refused({"status": reply.status, **_NOTHING_SAID})
    facts: Facts = orjson.loads(reply.content) if reply.content else {}
    return Answer(facts, reply.headers.get("etag"), reply.status, reply.headers)
