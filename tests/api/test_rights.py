"""Every endpoint with every kind of post: what a post gives it gives in its unit and below, and nothing is
given without a token."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from casework.reminding import OF_COUNCILS
from language.posts.kinds import PostKind
from processes.bootstrap import ROOT_CODE
from services.intake.operations.reading import PREPARERS
from tests.conftest import HeldPost, ServiceOpener, held
from tests.endpoints import DAY, call, operations_of, statuses
from tests.service_cases import SERVICES, Opened, opened

FOR_ANYBODY = {
    "/v1/me",
    "/v1/me/one-time-codes",
    "/v1/names",
    "/v1/units",
    "/v1/units/{unit_id}",
    "/v1/units/{unit_id}/past",
    "/v1/calendar",
    "/v1/seasons",
    "/v1/seasons/{season_id}",
    "/v1/seasons/{season_id}/rounds",
    "/v1/seasons/{season_id}/rounds/{round_id}",
    "/v1/calendar/breaks",
    "/v1/calendar/breaks/{break_id}",
    "/v1/policy-packs",
    "/v1/policy-packs/{name}/{version}",
    "/v1/policy-packs/{name}/{version}/explanation",
    "/v1/policy-packs/{name}/{version}/difference",
    "/oauth2/userinfo",
}
"""What everybody who is signed in may read of organisation and rulebook."""
FOR_ANY_ADMIN = {
    ("get", "/v1/people"),
    ("post", "/v1/people"),
    ("patch", "/v1/people/{person_id}"),
}
"""People belong to no unit."""
FOR_EVERYBODY = {("post", "/v1/notices/read")}
"""Everybody may say that the own notices were read."""
ACCOUNTANTS = frozenset({PostKind.ACCOUNTANT, PostKind.CHIEF_ACCOUNTANT})
ALARMED = frozenset({PostKind.ADMIN, PostKind.UNIT_HEAD, PostKind.DEPUTY_HEAD})
FOR_POSTS = {
    ("post", "/v1/dossiers"): frozenset(PostKind),
    ("post", "/v1/imports/filings"): PREPARERS,
    ("post", "/v1/payment-lists"): ACCOUNTANTS,
    ("post", "/v1/payment-lists/{list_id}/sending"): frozenset({PostKind.CHIEF_ACCOUNTANT}),
    ("post", "/v1/payment-lists/{list_id}/confirmation"): ACCOUNTANTS,
    ("post", "/v1/awards/{award_id}/reversal"): frozenset({PostKind.CHIEF_ACCOUNTANT}),
    ("post", "/v1/awards/{award_id}/taking-up"): frozenset(
        {PostKind.CHIEF_ACCOUNTANT, PostKind.UNIT_HEAD, PostKind.DEPUTY_HEAD}
    ),
    ("post", "/v1/awards/{award_id}/payees"): ACCOUNTANTS,
    ("post", "/v1/payment-lists/{list_id}/removal"): ACCOUNTANTS,
    ("post", "/v1/payment-lists/{list_id}/cancellation"): ACCOUNTANTS,
    ("post", "/v1/run-alarms/{alarm_id}/retry"): frozenset({PostKind.ADMIN}),
    ("post", "/v1/run-alarms/{alarm_id}/dismissal"): frozenset({PostKind.ADMIN}),
    ("post", "/v1/seasons/{season_id}/late-filings"): frozenset({PostKind.ADMIN, PostKind.UNIT_HEAD}),
    ("post", "/v1/questioned-acts/{question_id}/decision"): ALARMED,
    ("post", "/v1/batch/questioned-acts/decision"): ALARMED,
    ("post", "/v1/tasks/{task_id}/reminder"): ALARMED | OF_COUNCILS,
    ("post", "/v1/batch/tasks/reminder"): ALARMED | OF_COUNCILS,
    ("post", "/v1/batch/tasks/taking"): frozenset({PostKind.INTAKE_OFFICER, PostKind.ACCOUNTANT}),
    ("post", "/v1/tasks/{task_id}/taking"): frozenset({PostKind.INTAKE_OFFICER, PostKind.ACCOUNTANT}),
}
"""What a post in the unit allows in intake, review and payout, and beside administrators in the rulebook; all
else belongs to authors and to whom a task was given."""


async def _count_events(found: Opened) -> int:
    return int(await found.service.database.pool.fetchval("select count(*) from events"))


@pytest.fixture(scope="module", params=sorted(SERVICES))
async def found(
    request: pytest.FixtureRequest, open_service: ServiceOpener, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Opened]:
    async with opened(open_service, request.param, tmp_path_factory.mktemp("blobs")) as service:
        yield service


async def test_without_a_token_everything_but_signing_in_is_closed(found: Opened) -> None:
    for method, path, operation in operations_of(found):
        for headers in ({}, {"Authorization": "Bearer x", "Idempotency-Key": uuid4().hex}):
            response = await call(found, method, path, operation, headers)
            assert (response.status_code, response.json()["code"]) == (401, "Unauthenticated"), (
                method,
                path,
                response.text,
            )


TOGETHER = ({PostKind.ADMIN}, set(PostKind) - {PostKind.ADMIN})
"""Held together: where all of them give nothing, none of them does."""


@pytest.mark.parametrize("kinds", TOGETHER, ids=["administrator", "all others"])
async def test_a_post_elsewhere_changes_nothing_here(found: Opened, kinds: set[PostKind]) -> None:
    before = await _count_events(found)
    person, unit = uuid4(), (uuid4(), uuid4())
    elsewhere = [held(kind, *unit) for kind in kinds]
    for method, path, operation in operations_of(found):
        if (
            method != "get"
            and (method, path) not in FOR_EVERYBODY
            and not (PostKind.ADMIN in kinds and (method, path) in FOR_ANY_ADMIN)
        ):
            response = await call(found, method, path, operation, found.service.headers(person, *elsewhere))
            assert statuses(path, response) <= {403, 404}, (method, path, response.text)
    assert await _count_events(found) == before


@pytest.mark.parametrize("kinds", TOGETHER, ids=["administrator", "all others"])
async def test_a_post_elsewhere_shows_nothing_of_here(found: Opened, kinds: set[PostKind]) -> None:
    person, unit = uuid4(), (uuid4(), uuid4())
    elsewhere = [held(kind, *unit) for kind in kinds]
    for method, path, operation in operations_of(found):
        if (
            method == "get"
            and path not in FOR_ANYBODY
            and not (PostKind.ADMIN in kinds and (method, path) in FOR_ANY_ADMIN)
        ):
            response = await call(found, method, path, operation, found.service.headers(person, *elsewhere))
            shown = response.json()
            assert response.status_code in {403, 404} or shown.get("items") == [], (
                path,
                response.text,
            )


@pytest.mark.parametrize("kinds", TOGETHER, ids=["administrator", "all others"])
async def test_a_post_here_does_only_what_its_kind_allows(found: Opened, kinds: set[PostKind]) -> None:
    before = await _count_events(found)
    people: dict[frozenset[PostKind], UUID] = {}
    for method, path, operation in operations_of(found):
        allowed = FOR_POSTS.get((method, path), frozenset())
        if found.name in {"organisation", "rulebook", "postroom"}:
            allowed |= {PostKind.ADMIN}
        if method != "get" and kinds - allowed and (method, path) not in FOR_EVERYBODY:
            others = frozenset(kinds - allowed)
            posts = [held(kind, *found.path) for kind in others]
            headers = found.service.headers(people.setdefault(others, uuid4()), *posts)
            response = await call(found, method, path, operation, headers)
            assert statuses(path, response) <= {403, 404, 409}, (method, path, response.text)
    assert await _count_events(found) == before


@pytest.mark.parametrize(
    ("held_from", "held_to"), [(date(2000, 1, 1), date(2000, 12, 31)), (date(9999, 1, 1), None)]
)
async def test_a_post_that_is_over_or_has_not_begun_gives_nothing(
    found: Opened, held_from: date, held_to: date | None
) -> None:
    before = await _count_events(found)
    person = uuid4()
    posts = [replace(held(kind, *found.path), held_from=held_from, held_to=held_to) for kind in PostKind]
    for method, path, operation in operations_of(found):
        if method != "get" and (method, path) not in FOR_EVERYBODY:
            response = await call(found, method, path, operation, found.service.headers(person, *posts))
            assert statuses(path, response) <= {403, 404}, (method, path, response.text)
    assert await _count_events(found) == before


async def _import(found: Opened, post: HeldPost, **rows: Any) -> httpx.Response:
    headers = found.service.headers(found.person if post.unit_path == found.path else uuid4(), post)
    return await found.service.http.post("/v1/imports", json={"valid_from": DAY, **rows}, headers=headers)


@pytest.fixture
async def school(found: Opened) -> tuple[str, HeldPost]:
    """A school under the root, its administrator's post, and a head of the province who has no account
    yet."""
    code = f"S{uuid4().hex[:8]}"
    unit = {"code": code, "parent_code": ROOT_CODE, "name": "Trường Mẫu", "level": "SCHOOL"}
    head = {
        "unit_code": ROOT_CODE,
        "kind": "UNIT_HEAD",
        "title": code,
        "person_code": f"{code}-head",
        "held_from": DAY,
    }
    person = {"code": f"{code}-head", "full_name": "Lý Thị Mẫu"}
    made = await _import(
        found, held(PostKind.ADMIN, *found.path), units=[unit], people=[person], posts=[head]
    )
    return code, held(PostKind.ADMIN, *found.path, UUID(made.json()["unit_ids"][code]))


@pytest.mark.parametrize("found", ["organisation"], indirect=True)
@pytest.mark.parametrize(
    "rows",
    [
        {
            "people": [
                {
                    "code": "{code}-head",
                    "full_name": "x",
                    "username": "the.taker",
                    "password": "a password of mine",
                }
            ]
        },
        {"units": [{"code": "X", "parent_code": ROOT_CODE, "name": "x", "level": "SCHOOL"}]},
        {
            "posts": [
                {
                    "unit_code": ROOT_CODE,
                    "kind": "ADMIN",
                    "title": "x",
                    "person_code": "{code}-head",
                    "held_from": DAY,
                }
            ]
        },
    ],
    ids=["account-of-a-head-above", "unit-above", "post-above"],
)
async def test_a_schools_administrator_imports_nothing_above_the_school(
    found: Opened, school: tuple[str, HeldPost], rows: dict[str, Any]
) -> None:
    code, post = school
    filled = {
        name: [{key: str(value).format(code=code) for key, value in row.items()} for row in listed]
        for name, listed in rows.items()
    }
    response = await _import(found, post, **filled)
    assert (response.status_code, response.json().get("code")) == (403, "Forbidden"), response.text


@pytest.mark.parametrize("found", ["organisation"], indirect=True)
async def test_a_schools_administrator_imports_into_the_school(
    found: Opened, school: tuple[str, HeldPost]
) -> None:
    code, post = school
    person = {
        "code": f"{code}-1",
        "full_name": "Nông Thị Mẫu",
        "username": f"{code.lower()}.1",
        "password": "a password of hers",
    }
    place = {
        "unit_code": code,
        "kind": "STAFF",
        "title": "Giáo viên",
        "person_code": f"{code}-1",
        "held_from": DAY,
    }
    response = await _import(found, post, people=[person], posts=[place])
    assert response.status_code == 200, response.text
    assert response.json()["created"] == {
        "units": 0,
        "people": 1,
        "posts": 1,
        "holdings": 1,
        "accounts": 1,
    }
