"""Kept connections of the portal to a service: used again, made anew, given up in the middle."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from services.portal.asking.lines import LineBroken, Lines, Unsendable

WHOLE = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
IN_PIECES = (
    b"HTTP/1.1 201 Created\r\nETag: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1\r\n}\r\n0\r\n\r\n"
)


class Service:
    """Answers what it is told to, and counts who has called."""

    def __init__(self) -> None:
        self.answer = WHOLE
        self.asked: list[bytes] = []
        self.calls = 0
        self.hangs_up = False
        self.slowly = asyncio.Event()
        self.slowly.set()

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        self.calls += 1
        try:
            while True:
                self.asked.append(await reader.readuntil(b"\r\n\r\n"))
                await self.slowly.wait()
                writer.write(self.answer)
                await writer.drain()
                if self.hangs_up:
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


@pytest.fixture
async def service() -> AsyncIterator[tuple[Service, Lines]]:
    service = Service()
    server = await asyncio.start_server(service, "127.0.0.1", 0)
    lines = Lines(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", 5)
    yield service, lines
    lines.close()
    server.close()


async def test_a_line_is_used_again(service: tuple[Service, Lines]) -> None:
    there, lines = service
    for answer, status in ((WHOLE, 200), (IN_PIECES, 201), (WHOLE, 200)):
        there.answer = answer
        reply = await lines.ask("GET", "/v1/x", "a=b", {"Accept": "*/*"}, None)
        assert (reply.status, reply.content) == (status, b"{}")
    assert there.calls == 1


async def test_who_has_hung_up_meanwhile_is_called_again(service: tuple[Service, Lines]) -> None:
    there, lines = service
    there.hangs_up = True
    for _ in range(3):
        assert (await lines.ask("GET", "/", "", {}, None)).status == 200
    assert there.calls == 3


async def test_half_an_answer_is_none(service: tuple[Service, Lines]) -> None:
    there, lines = service
    there.answer, there.hangs_up = WHOLE[:-1], True
    with pytest.raises(LineBroken):
        await lines.ask("GET", "/", "", {}, None)
    there.answer, there.hangs_up = WHOLE, False
    assert (await lines.ask("GET", "/", "", {}, None)).content == b"{}"


async def test_whoever_leaves_takes_nothing_along(service: tuple[Service, Lines]) -> None:
    """Far more than there are lines are cancelled in the middle; the next answer is that of the next."""
    there, lines = service
    there.slowly.clear()
    asked = [asyncio.create_task(lines.ask("GET", "/left", "", {}, None)) for _ in range(100)]
    await asyncio.sleep(0.1)
    for one in asked:
        one.cancel()
    await asyncio.gather(*asked, return_exceptions=True)
    there.slowly.set()
    there.answer = IN_PIECES
    assert (await lines.ask("GET", "/", "", {}, None)).status == 201


@pytest.mark.parametrize("value", ["x\r\nEvil: 1", "x\x00", "é"])
async def test_nothing_is_smuggled_into_the_head(service: tuple[Service, Lines], value: str) -> None:
    there, lines = service
    with pytest.raises(Unsendable):
        await lines.ask("POST", "/", "", {"If-Match": value}, b"")
    assert there.asked == []


async def test_an_address_stays_one(service: tuple[Service, Lines]) -> None:
    there, lines = service
    await lines.ask("GET", "/v1/x y?z#é", "q=1", {}, None)
    assert there.asked[0].startswith(b"GET /v1/x%20y%3Fz%23%C3%A9?q=1 HTTP/1.1\r\n")
