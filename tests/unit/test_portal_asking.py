"""What the portal asks of a service: over kept connections, asked again after a moment, left midway."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr

from kit.clock import Clock
from services.portal.asking.services import Away, Call, Services
from services.portal.settings import PortalSettings

WHOLE = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
IN_PIECES = (
    b"HTTP/1.1 201 Created\r\nETag: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1\r\n}\r\n0\r\n\r\n"
)
LOOK = Call("GET", "intake", "/v1/x", query={"a": "b"})


class Service:
    """Answers what it is told to, and counts who has called."""

    def __init__(self) -> None:
        self.answer = WHOLE
        self.asked: list[bytes] = []
        self.calls = 0
        self.hangs_up = False
        self.goes_on = asyncio.Event()
        self.goes_on.set()

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        self.calls += 1
        try:
            while True:
                self.asked.append(await reader.readuntil(b"\r\n\r\n"))
                await self.goes_on.wait()
                writer.write(self.answer)
                await writer.drain()
                if self.hangs_up:
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


@pytest.fixture
async def there() -> AsyncIterator[tuple[Service, Services]]:
    service = Service()
    server = await asyncio.start_server(service, "127.0.0.1", 0)
    address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    names = ("organisation", "rulebook", "intake", "review", "payout", "postroom")
    settings = PortalSettings(
        database_url=SecretStr("x"),
        http_port=1,
        public_address="http://localhost:1",
        services=" ".join(f"{name}={address}" for name in names),
        oidc_issuer=address,
        session_keys=SecretStr("a:AAAAAAAAAAAAAAAAAAAAAA=="),
    )
    services = Services(settings)
    yield service, services
    await services.close()
    server.close()


async def test_a_connection_is_used_again(there: tuple[Service, Services]) -> None:
    service, services = there
    for answer, status in ((WHOLE, 200), (IN_PIECES, 201), (WHOLE, 200)):
        service.answer = answer
        assert (await services.ask("t", LOOK)).status == status
    assert service.calls == 1
    assert service.asked[0].startswith(b"GET /v1/x?a=b HTTP/1.1\r\n")


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_who_has_hung_up_meanwhile_is_called_again(
    there: tuple[Service, Services], method: str
) -> None:
    service, services = there
    service.hangs_up = True
    for _ in range(3):
        assert (await services.ask("t", Call(method, "intake", "/v1/x"))).status == 200
    assert service.calls == 3


async def test_half_an_answer_is_none(there: tuple[Service, Services]) -> None:
    service, services = there
    service.answer, service.hangs_up = WHOLE[:-1], True
    with pytest.raises(Away):
        await services.ask("t", LOOK)
    service.answer, service.hangs_up = WHOLE, False
    assert (await services.ask("t", LOOK)).facts == {}


async def test_whoever_leaves_takes_nothing_along(there: tuple[Service, Services]) -> None:
    """Far more than there are connections are cancelled in the middle; the next answer is that of the
    next."""
    service, services = there
    service.goes_on.clear()
    asked = [asyncio.create_task(services.ask("t", LOOK)) for _ in range(100)]
    await asyncio.sleep(0.1)
    for one in asked:
        one.cancel()
    await asyncio.gather(*asked, return_exceptions=True)
    service.goes_on.set()
    service.answer = IN_PIECES
    assert (await services.ask("t", LOOK)).status == 201


async def test_an_address_stays_one(there: tuple[Service, Services]) -> None:
    service, services = there
    await services.ask("t", Call("GET", "intake", "/v1/x y?z#é", query={"q": "1&2"}))
    assert service.asked[0].startswith(b"GET /v1/x%20y%3Fz%23%C3%A9?q=1%262 HTTP/1.1\r\n")


async def test_pages_of_a_province_whose_time_is_scaled_tell_its_time() -> None:
    settings = PortalSettings.model_validate(
        {
            "database_url": "x",
            "http_port": 1,
            "public_address": "http://localhost:1",
            "services": " ".join(
                f"{name}=http://x"
                for name in ("organisation", "rulebook", "intake", "review", "payout", "postroom")
            ),
            "oidc_issuer": "http://x",
            "session_keys": "a:AAAAAAAAAAAAAAAAAAAAAA==",
            "clock_day_seconds": 10,
            "clock_real_origin": "2026-01-01T00:00:00Z",
            "clock_domain_origin": "2030-01-01T00:00:00Z",
        }
    )
    assert Clock(settings.time_scale).now().year >= 2030
