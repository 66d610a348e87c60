"""The line that every request leaves bears the dossier, where the address names one, in whatever form the
route has it."""

from typing import Any
from uuid import UUID

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from structlog.testing import capture_logs

from kit.http.watched import Watched
from kit.metrics import Meters

DOSSIER = UUID("01a21a31-c4e3-7145-a6c8-103a4213bf9c")


async def _answer(_: Request) -> PlainTextResponse:
    return PlainTextResponse("read")


async def _asked(route: str, path: str) -> tuple[httpx.Response, list[Any]]:
    app = Watched(Starlette(routes=[Route(route, _answer)]), Meters())
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://part") as http:
        with capture_logs() as lines:
            return await http.get(path), lines


@pytest.mark.parametrize("route", ["/dossiers/{dossier_id}", "/dossiers/{dossier_id:uuid}"])
async def test_a_dossier_in_the_address_is_in_the_line(route: str) -> None:
    answer, lines = await _asked(route, f"/dossiers/{DOSSIER}")
    assert answer.text == "read"
    assert [line["dossier_id"] for line in lines] == [str(DOSSIER)]


async def test_what_is_no_id_is_in_no_line() -> None:
    answer, lines = await _asked("/dossiers/{dossier_id}", "/dossiers/Nguyen-Thi-Bong")
    assert answer.status_code == 200
    assert "dossier_id" not in lines[0]
    assert "Bong" not in str(lines)
