"""To whom judging and paying may be delegated, and by whom."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from language.posts.kinds import PostKind
from services.organisation.app import SERVICE
from tests.conftest import HeldPost, ServiceOpener, TestService, held
from tests.provinces import bare_province

DAY = "2026-03-02"


@pytest.fixture(scope="module")
async def service(open_service: ServiceOpener) -> AsyncIterator[TestService]:
    async with open_service(SERVICE) as opened:
        await bare_province(opened)
        yield opened


@pytest.fixture(scope="module")
async def root(service: TestService) -> UUID:
    found: UUID = await service.database.pool.fetchval("select id from units where parent_id is null")
    return found


async def _holder(service: TestService, *posts: HeldPost) -> UUID:
    """Somebody who has called once, and so is known to hold these posts."""
    person = uuid4()
    await service.http.get("/v1/me", headers=service.headers(person, *posts))
    return person


async def _delegate(
    service: TestService, grantor: tuple[UUID, HeldPost], delegate: UUID, *tasks: str, by: Any = None
) -> httpx.Response:
    person, post = grantor
    body = {
        "delegate_id": str(delegate),
        "unit_id": str(post.unit_id),
        "starts_on": DAY,
        "ends_on": DAY,
        "tasks": tasks,
        "reason": "x",
    }
    headers = by or service.headers(person, post)
    return await service.http.post(f"/v1/people/{person}/delegations", json=body, headers=headers)


CHAIR, MEMBER, CHIEF = PostKind.COUNCIL_CHAIR, PostKind.COUNCIL_MEMBER, PostKind.CHIEF_ACCOUNTANT


@pytest.mark.parametrize(
    ("grantor", "delegate", "tasks", "wrong"),
    [
        (CHAIR, PostKind.INTAKE_OFFICER, (), "DECIDE, MARK"),
        (CHAIR, MEMBER, (), "DECIDE"),
        (CHAIR, MEMBER, ("MARK",), None),
        (CHAIR, PostKind.COUNCIL_DEPUTY_CHAIR, (), None),
        (CHAIR, PostKind.UNIT_HEAD, (), None),
        (MEMBER, PostKind.COUNCIL_SUBSTITUTE, (), None),
        (MEMBER, PostKind.STAFF, (), "MARK"),
        (CHIEF, PostKind.ACCOUNTANT, (), "APPROVE_AWARD, SEND_LIST"),
        (CHIEF, CHIEF, (), None),
        (PostKind.INTAKE_OFFICER, PostKind.STAFF, (), None),
    ],
)
async def test_judging_and_paying_goes_to_posts_that_are_trusted_with_it(
    service: TestService,
    root: UUID,
    grantor: PostKind,
    delegate: PostKind,
    tasks: tuple[str, ...],
    wrong: str | None,
) -> None:
    school = uuid4()
    post = held(grantor, root, school)
    person = await _holder(service, post)
    for path, allowed in (((root, school), True), ((root,), True), ((root, uuid4()), False)):
        other = await _holder(service, held(delegate, *path))
        made = await _delegate(service, (person, post), other, *tasks)
        free = grantor is PostKind.INTAKE_OFFICER
        if free or (allowed and wrong is None):
            assert made.status_code == 201, made.text
        else:
            assert (made.status_code, made.json()["code"]) == (422, "DelegateNotTrusted")
            assert not wrong or made.json()["facts"] == {"tasks": wrong} or not allowed


async def test_an_administrator_passes_nobodys_work_to_themselves(service: TestService, root: UUID) -> None:
    post = held(PostKind.INTAKE_OFFICER, root, uuid4())
    person = await _holder(service, post)
    admin, other = uuid4(), await _holder(service, held(PostKind.STAFF, root))
    by = service.headers(admin, held(PostKind.ADMIN, root))
    await service.http.get("/v1/me", headers=by)
    refused = await _delegate(service, (person, post), admin, by=by)
    assert (refused.status_code, refused.json()["code"]) == (403, "OthersWorkToOneself")
    by = service.headers(admin, held(PostKind.ADMIN, root))
    assert (await _delegate(service, (person, post), other, by=by)).status_code == 201
