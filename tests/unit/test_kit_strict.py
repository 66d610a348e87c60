"""Nothing that comes in is ignored: parameters and fields that are unknown or given twice."""

from typing import Annotated, Any

import httpx
import pytest
from fastapi import FastAPI, Query
from pydantic import Field

from kit.http.models import In, InDigits, PageSize
from kit.http.problems import add_problem_handlers
from kit.http.routers import Router


class Part(In):
    """A part of a body."""

    name: str = ""


class Body(In):
    """A body with parts and a table by free names."""

    name: str = ""
    parts: tuple[Part, ...] = ()
    marks: dict[str, int] = Field(default_factory=dict)


def app() -> FastAPI:
    router = Router(tags=["things"])

    @router.post("/v1/things")
    async def make(body: Body, dry_run: bool = False) -> dict[str, Any]:
        return {"name": body.name, "marks": body.marks, "dry_run": dry_run}

    @router.get("/v1/things")
    async def look(
        limit: PageSize = 50, year: Annotated[int | None, Query(ge=2000), InDigits] = None
    ) -> list[int | None]:
        return [limit, year]

    made = FastAPI()
    made.routes.extend(router.routes)
    add_problem_handlers(made)
    return made


async def look_at(query: str) -> httpx.Response:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app()), base_url="http://x") as http:
        return await http.get(f"/v1/things?{query}")


async def answer(content: bytes, query: str = "") -> httpx.Response:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app()), base_url="http://x") as http:
        return await http.post(
            f"/v1/things{query}", content=content, headers={"Content-Type": "application/json"}
        )


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b'{"name": "a", "name": "b"}', "name"),
        (b'{"name": "a", "n\\u0061me": "b"}', "name"),
        (b'{"parts": [{"name": "a"}, {"name": "b", "name": "b"}]}', "name"),
        (b'{"marks": {"TC1": 1, "TC1": 10}}', "TC1"),
    ],
)
async def test_a_field_that_is_given_twice_is_refused_by_its_name(content: bytes, name: str) -> None:
    refused = await answer(content)
    assert (refused.status_code, refused.json()["code"]) == (400, "FieldRepeated")
    assert refused.json()["facts"] == {"names": name}


async def test_the_same_name_in_different_parts_is_no_repetition() -> None:
    taken = await answer(b'{"name": "a", "parts": [{"name": "a"}, {"name": "a"}], "marks": {"name": 1}}')
    assert taken.status_code == 200, taken.text


async def test_what_is_unknown_is_told_before_what_is_repeated() -> None:
    refused = await answer(b'{"name": "a", "name": "b"}', "?dry_rum=true")
    assert refused.json()["code"] == "ParameterUnknown"


async def test_a_repeated_name_that_cannot_be_printed_is_refused_too() -> None:
    refused = await answer(b'{"marks": {"\\ud800": 1, "\\ud800": 2}}')
    assert refused.status_code == 400, refused.text


@pytest.mark.parametrize("text", ["1_0", "%2B5", "%205%20", "5.0", "%EF%BC%95", "1e1", ""])
@pytest.mark.parametrize("name", ["limit", "year"])
async def test_a_number_in_an_address_is_written_with_digits(name: str, text: str) -> None:
    refused = await look_at(f"{name}={text}")
    assert (refused.status_code, refused.json()["code"]) == (422, "RequestInvalid")


async def test_plain_digits_in_an_address_are_taken() -> None:
    taken = await look_at("limit=7&year=2026")
    assert (taken.status_code, taken.json()) == (200, [7, 2026])
