"""Every endpoint with every kind of post: what a post gives it gives in its unit and below, and nothing is
given without a token."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from language.posts.kinds import PostKind
from processes.bootstrap import ROOT_CODE, shipped_packs
from tests.conftest import HeldPost, ServiceOpener, held
from tests.intake_cases import PDF
from tests.service_cases import SERVICES, Opened, opened

PUBLIC = {
    "/health",
    "/livez",
    "/readyz",
    "/oauth2/authorize",
    "/oauth2/token",
    "/.well-known/openid-configuration",
    "/.well-known/jwks.json",
}
FOR_ANYBODY = {
    "/v1/me",
    "/v1/names",
    "/v1/units",
    "/v1/units/{unit_id}",
    "/v1/units/{unit_id}/posts",
    "/v1/calendar",
    "/v1/seasons",
    "/v1/seasons/{season_id}/rounds",
    "/v1/policy-packs",
    "/v1/policy-packs/{name}/{version}",
    "/v1/policy-packs/{name}/{version}/explanation",
    "/v1/policy-packs/{name}/{version}/difference",
    "/oauth2/userinfo",
}
"""What everybody who is signed in may read of organisation and rulebook."""
FOR_ANY_ADMIN = {
    ("get", "/v1/people"),
    ("get", "/v1/people/{person_id}"),
    ("post", "/v1/people"),
    ("patch", "/v1/people/{person_id}"),
}
"""People belong to no unit."""
FOR_EVERYBODY = {("post", "/v1/notices/read")}
"""Everybody may say that the own notices were read."""
ACCOUNTANTS = frozenset({PostKind.ACCOUNTANT, PostKind.CHIEF_ACCOUNTANT})
FOR_POSTS = {
    ("post", "/v1/dossiers"): frozenset(PostKind),
    ("post", "/v1/payment-lists"): ACCOUNTANTS,
    ("post", "/v1/payment-lists/{list_id}/sending"): frozenset({PostKind.CHIEF_ACCOUNTANT}),
    ("post", "/v1/payment-lists/{list_id}/confirmation"): ACCOUNTANTS,
    ("post", "/v1/awards/{award_id}/reversal"): frozenset({PostKind.CHIEF_ACCOUNTANT}),
    ("post", "/v1/tasks/{task_id}/taking"): frozenset({PostKind.INTAKE_OFFICER, PostKind.ACCOUNTANT}),
}
"""What a post in the unit allows in intake, review and payout; all else belongs to authors and to whom a task
was given."""
PACK = shipped_packs()[0]
DAY = "2026-01-31"
SPAN = {"code": "x", "opens_on": DAY, "closes_on": DAY}
BODIES: dict[tuple[str, str], dict[str, Any]] = {
    ("post", "/v1/units"): {
        "parent_id": "{unit_id}",
        "code": "x",
        "name": "x",
        "level": "SCHOOL",
        "valid_from": DAY,
    },
    ("patch", "/v1/units/{unit_id}"): {"name": "x", "valid_to": None},
    ("post", "/v1/units/{unit_id}/move"): {"parent_id": "{unit_id}"},
    ("post", "/v1/transitions"): {"pack": "two-tier-since-2025-07-01", "version": 1},
    ("post", "/v1/transitions/{transition_id}/choices"): {
        "choice": "END_HERE",
        "dossier_ids": ["00000000-0000-0000-0000-000000000001"],
    },
    ("post", "/v1/people"): {"code": "x", "full_name": "x"},
    ("patch", "/v1/people/{person_id}"): {
        "full_name": "x",
        "date_of_birth": None,
        "mail_address": None,
    },
    ("put", "/v1/people/{person_id}/account"): {"username": "x1"},
    ("post", "/v1/people/{person_id}/account/closing"): {"reason": "x"},
    ("post", "/v1/people/{person_id}/account/reopening"): {"reason": "x"},
    ("post", "/v1/people/{person_id}/identities"): {"issuer": "https://x.vn", "subject": "x"},
    ("post", "/v1/posts/{post_id}/proposals"): {"person_id": "{person_id}", "held_from": DAY},
    ("post", "/v1/me/password"): {"old": "x", "new": "x" * 12},
    ("post", "/v1/people/{person_id}/leaves"): {"starts_on": DAY, "ends_on": DAY},
    ("post", "/v1/people/{person_id}/delegations"): {
        "delegate_id": "{delegate_id}",
        "unit_id": "{unit_id}",
        "starts_on": DAY,
        "ends_on": DAY,
        "reason": "x",
    },
    ("post", "/v1/posts"): {"unit_id": "{unit_id}", "kind": "STAFF", "title": "x"},
    ("post", "/v1/posts/{post_id}/holdings"): {"person_id": "{person_id}", "held_from": DAY},
    ("post", "/v1/holdings/{holding_id}/end"): {"held_to": DAY},
    ("put", "/v1/calendar"): {"holidays": [], "make_up_days": [], "reason": "x"},
    ("post", "/v1/calendar/breaks"): {
        "unit_id": "{unit_id}",
        "first_day": DAY,
        "last_day": DAY,
        "name": "x",
        "reason": "x",
    },
    ("post", "/v1/calendar/breaks/{break_id}/end"): {"reason": "x"},
    ("post", "/v1/seasons"): {**SPAN, "name": "x"},
    ("post", "/v1/seasons/{season_id}/rounds"): SPAN,
    ("post", "/v1/policy-packs"): {**PACK.model_dump(mode="json"), "version": 99},
    ("put", "/v1/policy-packs/drafts/{draft_id}"): {**PACK.model_dump(mode="json"), "version": 98},
    ("post", "/v1/imports"): {
        "valid_from": DAY,
        "posts": [{"unit_code": ROOT_CODE, "kind": "STAFF", "title": "x", "held_from": DAY}],
    },
    ("post", "/v1/notices/read"): {"ids": []},
    ("put", "/v1/people/{person_id}/notice-settings"): {"mail_address": None},
    ("post", "/v1/webhooks"): {"url": "https://hooks.example.vn/", "kinds": ["REMINDED"]},
    ("post", "/v1/webhooks/{webhook_id}/replay"): {"delivery_id": "{delivery_id}"},
    ("post", "/v1/dossiers"): {"unit_id": "{unit_id}", "season_id": "{unit_id}"},
    ("put", "/v1/dossiers/{dossier_id}/content"): {},
    ("post", "/v1/dossiers/{dossier_id}/withdrawal"): {"reason": "x"},
    ("post", "/v1/dossiers/{dossier_id}/rejection"): {"ground": "INCOMPLETE", "reason": "x"},
    ("post", "/v1/dossiers/{dossier_id}/supplement-notice"): {"defects": ["x"]},
    ("post", "/v1/forecast/backtest"): {"level": "UNIT", "days": 30, "ladder": []},
    ("post", "/v1/stages/{stage_id}/decision"): {"outcome": "RECOGNISED"},
    ("put", "/v1/score-sheets/{sheet_id}"): {"scores": {}},
    ("post", "/v1/awards/{award_id}/rejection"): {"reason": "x"},
    ("post", "/v1/awards/{award_id}/reversal"): {"reason": "x"},
    ("post", "/v1/clocks/{about_id}/extension"): {"amount": 1, "reason": "x"},
    ("post", "/v1/clocks/{about_id}/suspension"): {"kind": "COMPLAINT", "reason": "x"},
    ("post", "/v1/clocks/{about_id}/resumption"): {"reason": "x"},
    ("post", "/v1/payment-lists"): {"unit_id": "{unit_id}"},
    ("post", "/v1/payment-lists/{list_id}/confirmation"): {"statement_reference": "x"},
}
QUERIES = {
    "ids": "{person_id}",
    "unit_id": "{unit_id}",
    "dossier_id": "{dossier_id}",
    "year": "2026",
    "filename": "a.pdf",
    "other": "two-tier-since-2025-07-01@1",
}


def _filled(value: Any, found: Opened) -> Any:
    return value.format(**found.ids) if isinstance(value, str) else value


def _operations(found: Opened) -> list[tuple[str, str, dict[str, Any]]]:
    paths = found.service.app.openapi()["paths"]
    return [
        (method, path, operation)
        for path, operations in paths.items()
        if path not in PUBLIC
        for method, operation in operations.items()
    ]


async def _call(
    found: Opened, method: str, path: str, operation: dict[str, Any], headers: dict[str, str]
) -> httpx.Response:
    """A request that nothing is wrong with, so that only a right can be missing."""
    wanted = [
        parameter["name"]
        for parameter in operation.get("parameters", [])
        if parameter["in"] == "query" and parameter["required"]
    ]
    options: dict[str, Any] = {"params": {name: _filled(QUERIES[name], found) for name in wanted}}
    body = operation.get("requestBody", {}).get("content", {})
    if "application/json" in body:
        options["json"] = {name: _filled(value, found) for name, value in BODIES[method, path].items()}
    elif body:
        options["content"] = PDF
    address = path.format(**{"name": PACK.name, "version": PACK.version, **found.ids})
    return await found.service.http.request(
        method, address, headers={"If-Match": '"v1"', **headers}, **options
    )


async def _count_events(found: Opened) -> int:
    return int(await found.service.database.pool.fetchval("select count(*) from events"))


@pytest.fixture(scope="module", params=sorted(SERVICES))
async def found(
    request: pytest.FixtureRequest, open_service: ServiceOpener, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Opened]:
    async with opened(open_service, request.param, tmp_path_factory.mktemp("blobs")) as service:
        yield service


async def test_without_a_token_everything_but_signing_in_is_closed(found: Opened) -> None:
    for method, path, operation in _operations(found):
        for headers in ({}, {"Authorization": "Bearer x", "Idempotency-Key": uuid4().hex}):
            response = await _call(found, method, path, operation, headers)
            assert (response.status_code, response.json()["code"]) == (401, "Unauthenticated"), (
                method,
                path,
                response.text,
            )


@pytest.mark.parametrize("kind", PostKind)
async def test_a_post_elsewhere_changes_nothing_here(found: Opened, kind: PostKind) -> None:
    before = await _count_events(found)
    elsewhere = held(kind, uuid4(), uuid4())
    for method, path, operation in _operations(found):
        if (
            method != "get"
            and (method, path) not in FOR_EVERYBODY
            and not (kind is PostKind.ADMIN and (method, path) in FOR_ANY_ADMIN)
        ):
            response = await _call(found, method, path, operation, found.service.headers(uuid4(), elsewhere))
            assert response.status_code in {403, 404}, (method, path, response.text)
    assert await _count_events(found) == before


@pytest.mark.parametrize("kind", PostKind)
async def test_a_post_elsewhere_shows_nothing_of_here(found: Opened, kind: PostKind) -> None:
    elsewhere = held(kind, uuid4(), uuid4())
    for method, path, operation in _operations(found):
        if (
            method == "get"
            and path not in FOR_ANYBODY
            and not (kind is PostKind.ADMIN and (method, path) in FOR_ANY_ADMIN)
        ):
            response = await _call(found, method, path, operation, found.service.headers(uuid4(), elsewhere))
            shown = response.json()
            assert response.status_code in {403, 404} or shown in ([], {"items": [], "next": None}), (
                path,
                response.text,
            )


@pytest.mark.parametrize("kind", PostKind)
async def test_a_post_here_does_only_what_its_kind_allows(found: Opened, kind: PostKind) -> None:
    before = await _count_events(found)
    for method, path, operation in _operations(found):
        allowed = (
            frozenset({PostKind.ADMIN})
            if found.name in {"organisation", "rulebook", "postroom"}
            else FOR_POSTS.get((method, path), frozenset())
        )
        if method != "get" and kind not in allowed and (method, path) not in FOR_EVERYBODY:
            response = await _call(
                found, method, path, operation, found.service.headers(uuid4(), held(kind, *found.path))
            )
            assert response.status_code in {403, 404, 409}, (method, path, response.text)
    assert await _count_events(found) == before


@pytest.mark.parametrize(
    ("held_from", "held_to"), [(date(2000, 1, 1), date(2000, 12, 31)), (date(9999, 1, 1), None)]
)
async def test_a_post_that_is_over_or_has_not_begun_gives_nothing(
    found: Opened, held_from: date, held_to: date | None
) -> None:
    before = await _count_events(found)
    posts = [replace(held(kind, *found.path), held_from=held_from, held_to=held_to) for kind in PostKind]
    for method, path, operation in _operations(found):
        if method != "get" and (method, path) not in FOR_EVERYBODY:
            response = await _call(found, method, path, operation, found.service.headers(uuid4(), *posts))
            assert response.status_code in {403, 404}, (method, path, response.text)
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
