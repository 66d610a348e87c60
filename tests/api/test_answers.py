"""What every answer tells browsers, and the page about the API."""

import asyncio
import contextlib
import re

import httpx
import pytest

from kit.service import serve_http
from services.organisation.app import SERVICE
from tests.conftest import ServiceOpener, free_port


async def test_every_answer_is_kept_guessed_and_framed_by_nobody(open_service: ServiceOpener) -> None:
    async with open_service(SERVICE) as service:
        for path in ("/livez", "/v1/me", "/nowhere", "/docs", "/.well-known/openid-configuration"):
            headers = (await service.http.get(path)).headers
            assert headers["x-content-type-options"] == "nosniff", path
            assert headers["cache-control"] == "no-store", path
            assert headers["referrer-policy"] == "same-origin", path
            assert "strict-transport-security" not in headers
        transport = httpx.ASGITransport(app=service.app)
        async with httpx.AsyncClient(transport=transport, base_url="https://service.test") as over_tls:
            assert (await over_tls.get("/livez")).headers["strict-transport-security"].startswith("max-age=")


@pytest.mark.parametrize(("path", "status"), [("/v1/units/", 401), ("/docs/", 404), ("/livez/", 404)])
async def test_no_redirect_leads_where_the_host_header_says(
    open_service: ServiceOpener, path: str, status: int
) -> None:
    async with open_service(SERVICE) as service:
        answer = await service.http.get(path, headers={"Host": "evil.example"})
        assert (answer.status_code, "evil.example" in str(answer.headers)) == (status, False)


async def test_the_page_about_the_api_needs_nothing_from_elsewhere(open_service: ServiceOpener) -> None:
    async with open_service(SERVICE) as service:
        page = await service.http.get("/docs")
        assert page.status_code == 200
        assert "<script" not in page.text
        assert re.findall(r"""(?:src|href)=["']([^"']+)""", page.text) == ["openapi.json"]
        for path in service.app.openapi()["paths"]:
            assert f"<code>{path}</code>" in page.text
        assert "script-src" not in page.headers["content-security-policy"]


async def test_the_page_about_the_api_can_be_switched_off(open_service: ServiceOpener) -> None:
    async with open_service(SERVICE, api_docs=False) as service:
        for path in ("/docs", "/openapi.json"):
            assert (await service.http.get(path)).status_code == 404


@pytest.mark.parametrize(("trusted", "believed"), [("127.0.0.1", True), ("192.0.2.1", False), ("", False)])
async def test_only_proxies_that_are_trusted_say_who_asks(
    open_service: ServiceOpener, trusted: str, believed: bool
) -> None:
    async with open_service(SERVICE) as service:
        port = free_port()
        serving = asyncio.create_task(serve_http(service.app, "127.0.0.1", port, trusted))
        try:
            async with httpx.AsyncClient() as http:
                headers = await _answered(http, f"http://127.0.0.1:{port}/livez")
        finally:
            serving.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await serving
        assert ("strict-transport-security" in headers) is believed


async def _answered(http: httpx.AsyncClient, url: str) -> httpx.Headers:
    for _ in range(100):
        try:
            return (await http.get(url, headers={"X-Forwarded-Proto": "https"})).headers
        except httpx.ConnectError:
            await asyncio.sleep(0.05)
    raise TimeoutError(url)
