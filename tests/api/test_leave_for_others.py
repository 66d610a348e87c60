"""Whoever writes down somebody else's leave does not get that person's work by it."""

from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import httpx
import pytest

from language.posts.kinds import PostKind
from services.organisation.app import SERVICE
from tests.conftest import ServiceOpener
from tests.payout_cases import refusal
from tests.provinces import Organised, bare_province

LEAVE = {"starts_on": "2026-03-02", "ends_on": "2026-03-06"}


@pytest.fixture(scope="module")
async def province(open_service: ServiceOpener) -> AsyncIterator[Organised]:
    async with open_service(SERVICE) as service:
        yield Organised(service, (await bare_province(service)).root)


async def _administers(province: Organised, unit: UUID, person: UUID) -> None:
    post = {"unit_id": str(unit), "kind": "ADMIN", "title": uuid4().hex}
    made = (await province.send("POST", "/posts", post)).json()
    shall = {"person_id": str(person), "held_from": "2020-01-01"}
    given = await province.send("POST", f"/posts/{made['id']}/holdings", shall)
    assert given.status_code == 201, given.text


async def _leave(province: Organised, by: UUID, person: UUID) -> httpx.Response:
    headers = province.service.headers(by)
    return await province.service.http.post(f"/v1/people/{person}/leaves", json=LEAVE, headers=headers)


@pytest.mark.parametrize(
    ("kind", "own"),
    [
        (PostKind.UNIT_HEAD, PostKind.DEPUTY_HEAD),
        (PostKind.COUNCIL_CHAIR, PostKind.COUNCIL_DEPUTY_CHAIR),
        (PostKind.INTAKE_OFFICER, PostKind.INTAKE_OFFICER),
    ],
)
async def test_no_deputy_and_no_colleague_sends_anybody_on_leave(
    province: Organised, kind: PostKind, own: PostKind
) -> None:
    school = await province.unit(uuid4().hex[:12])
    away, deputy, other = [await province.appoint(school, each) for each in (kind, own, PostKind.AUDITOR)]
    for person in (deputy, other):
        await _administers(province, school, person)
    assert refusal(await _leave(province, deputy, away)) == (403, "OthersWorkToOneself")
    assert (await _leave(province, other, away)).status_code == 201
    assert (await _leave(province, deputy, deputy)).status_code == 201
