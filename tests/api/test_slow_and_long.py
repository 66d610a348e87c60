"""Nobody holds a connection for ever: heads and bodies have an end and a time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from uuid import uuid4

import httpx
import pytest

from kit.http.server import Doors
from kit.service import serve_http
from services.organisation.app import SERVICE
from tests.conftest import ServiceOpener, free_port

DOORS = Doors(head_bytes=8_192, head_seconds=0.5, idle_seconds=1)


@asynccontextmanager
async def _served(open_service: ServiceOpener) -> AsyncIterator[tuple[int, dict[str, str]]]:
    async with open_service(SERVICE, body_idle_seconds=0.5, body_seconds=1.5) as service:
        port = free_port()
        serving = asyncio.create_task(serve_http(service.app, "127.0.0.1", port, "", DOORS))
        async with httpx.AsyncClient(transport=httpx.AsyncHTTPTransport(retries=5)) as http:
            assert (await http.get(f"http://127.0.0.1:{port}/livez")).status_code == 200
        try:
            headers = service.headers(uuid4())
            await service.shared.let_hold(httpx.Request("GET", "http://service.test", headers=headers))
            yield port, headers
        finally:
            serving.cancel()
            with suppress(asyncio.CancelledError):
                await serving


async def _say(port: int, *pieces: bytes, pause: float = 0.0) -> bytes:
    """Everything that comes back, until the other side closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for piece in pieces:
            writer.write(piece)
            with suppress(ConnectionError):
                await writer.drain()
            await asyncio.sleep(pause)
        async with asyncio.timeout(10):
            with suppress(ConnectionError):
                return await reader.read()
        return b""
    finally:
        writer.close()


def _is_left(told: bytes) -> bool:
    """The connection was closed; whoever goes on sending may not hear why."""
    return told == b"" or told.startswith(b"HTTP/1.1 408 ")


def _head(method: str, path: str, headers: dict[str, str], **more: object) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: x", *(f"{name}: {value}" for name, value in headers.items())]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in more.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


async def test_half_a_head_is_not_waited_for(open_service: ServiceOpener) -> None:
    async with _served(open_service) as (port, _):
        assert (await _say(port, b"GET /livez HTTP/1.1\r\nHost: x\r\n")).startswith(b"HTTP/1.1 408 ")
        # One byte now and then is no progress.
        slowly = [b"GET /livez HTTP/1.1\r\n", b"A: b\r\n", b"C: d\r\n", b"E: f\r\n"]
        assert _is_left(await _say(port, *slowly, pause=0.3))


async def test_a_connection_that_says_nothing_is_left_without_a_word(open_service: ServiceOpener) -> None:
    """A word would be taken for the answer to the first request: browsers and pools open connections before
    they need them."""
    async with _served(open_service) as (port, _):
        assert await _say(port) == b""


@pytest.mark.parametrize(
    "head",
    [
        b"GET /livez HTTP/1.1\r\nHost: x\r\n" + b"A: " + b"b" * 9_000 + b"\r\n\r\n",
        b"GET /livez HTTP/1.1\r\nHost: x\r\n" + b"A: b\r\n" * 3_000 + b"\r\n",
        b"GET /livez?" + b"a" * 9_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /livez HTTP/1.1\r\nHost: x\r\nA: " + b"b" * 2_000_000,
    ],
    ids=["one long header", "many headers", "a long address", "one without end"],
)
async def test_a_head_without_measure_is_refused(open_service: ServiceOpener, head: bytes) -> None:
    async with _served(open_service) as (port, _):
        told = await _say(port, head)
        assert told == b"" or told.startswith(b"HTTP/1.1 431 "), told[:80]


async def test_half_a_body_is_not_waited_for(open_service: ServiceOpener) -> None:
    async with _served(open_service) as (port, headers):
        head = _head("POST", "/v1/people", headers, Content_Type="application/json", Content_Length=500)
        idle = await _say(port, head, b'{"code":')
        assert idle.startswith(b"HTTP/1.1 408 ")
        assert b"BodyTooSlow" in idle
        pieces = [b"x"] * 8
        assert _is_left(await _say(port, head, *pieces, pause=0.3))


async def test_a_stranger_with_a_body_on_its_way_is_left(open_service: ServiceOpener) -> None:
    async with _served(open_service) as (port, _):
        head = _head("POST", "/v1/people", {}, Content_Type="application/json", Content_Length=500)
        told = await _say(port, head, b'{"code":')
        assert told.startswith(b"HTTP/1.1 401 ")


async def test_a_connection_is_kept_for_the_next_request(open_service: ServiceOpener) -> None:
    async with _served(open_service) as (port, _):
        ask = b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n"
        assert (await _say(port, ask, ask, ask, pause=0.7)).count(b"HTTP/1.1 200 ") == 3
