"""The feed over HTTP: for whom, of what, and how a reader goes on."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest

from casework.history.chain import chain_waiting
from casework.history.keys import history_keys
from casework.history.record import record
from language.events.history import PersonalValuesErased
from language.posts.kinds import PostKind
from services.review.app import SERVICE
from tests.conftest import HeldPost, ServiceOpener, TestService, held
from tests.history_cases import MatterMoved, PersonNamed

ROOT, COMMUNE = uuid4(), uuid4()
AUDITOR, ADMIN = held(PostKind.AUDITOR, ROOT), held(PostKind.ADMIN, ROOT)


@pytest.fixture
async def service(open_service: ServiceOpener) -> AsyncIterator[TestService]:
    async with open_service(SERVICE) as opened:
        yield opened


async def _happen(service: TestService) -> None:
    async with service.database.transaction() as tx:
        await record(tx, MatterMoved(step=1), about=uuid4())
        await record(tx, PersonalValuesErased(event_ids=(), grounds="x"), about=uuid4())
        await record(tx, PersonNamed(full_name="Nông Văn Mẫu", birth_year=1985, place="x"), about=uuid4())
    async with service.database.transaction() as tx:
        await chain_waiting(tx, history_keys())


async def _read(service: TestService, *posts: HeldPost, **query: Any) -> Any:
    response = await service.http.get("/v1/feed", params=query, headers=service.headers(uuid4(), *posts))
    assert response.status_code == 200, response.text
    return response.json()


async def test_a_reader_sees_the_classes_of_its_purposes_and_positions_go_on(service: TestService) -> None:
    await _happen(service)
    page = await _read(service, AUDITOR)
    assert [event["kind"] for event in page["items"]] == ["MatterMoved", "PersonNamed"]
    assert [event["position"] for event in page["items"]] == [1, 3]
    assert (page["next"], page["head"]) == (3, 3)
    page = await _read(service, ADMIN, after=1, limit=1)
    assert [event["kind"] for event in page["items"]] == ["PersonalValuesErased"]
    assert (page["next"], page["head"]) == (2, 3)


async def test_personal_values_are_left_out(service: TestService) -> None:
    await _happen(service)
    response = await service.http.get("/v1/feed", headers=service.headers(uuid4(), AUDITOR, ADMIN))
    assert "Nông" not in response.text
    assert "digest" in response.text


@pytest.mark.parametrize(
    "posts",
    [
        (),
        (held(PostKind.AUDITOR, ROOT, COMMUNE),),
        (held(PostKind.ADMIN, ROOT, COMMUNE),),
        (held(PostKind.UNIT_HEAD, ROOT),),
    ],
)
async def test_only_posts_in_the_highest_unit_open_it(
    service: TestService, posts: tuple[HeldPost, ...]
) -> None:
    response = await service.http.get("/v1/feed", headers=service.headers(uuid4(), *posts))
    assert (response.status_code, response.json()["code"]) == (403, "Forbidden")


async def test_a_reader_can_wait_for_what_comes(service: TestService) -> None:
    waiting = asyncio.create_task(_read(service, AUDITOR, wait=10))
    await asyncio.sleep(0.2)
    await _happen(service)
    async with asyncio.timeout(4):
        assert len((await waiting)["items"]) == 2
    assert (await _read(service, AUDITOR, after=3, wait=1))["items"] == []
