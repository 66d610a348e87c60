"""Nothing that comes in is ignored: parameters and fields that are unknown or given twice."""

from typing import Any

import httpx
import pytest
from fastapi import Depends, FastAPI
from pydantic import Field

from kit.http.models import In
from kit.http.problems import add_problem_handlers
from kit.http.strict import Strictness


class Part(In):
    """A part of a body."""

    name: str = ""


class Whole(In):
    """A body with parts and a table by free names."""

    name: str = ""
    parts: tuple[Part, ...] = ()
    marks: dict[str, int] = Field(default_factory=dict)


def app() -> FastAPI:
    made = FastAPI(dependencies=[Depends(Strictness().refuse_unknown)])
    add_problem_handlers(made)

    @made.post("/v1/things")
    async def make(body: Whole, dry_run: bool = False) -> dict[str, Any]:
        return {"name": body.name, "marks": body.marks, "dry_run": dry_run}

    return made


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
