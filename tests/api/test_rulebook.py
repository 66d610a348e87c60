"""The rulebook over HTTP: who sets rules, seasons, and the calendar's versions."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from language.posts.kinds import PostKind
from processes.bootstrap import shipped_packs
from services.rulebook.app import SERVICE
from tests.conftest import HeldPost, ServiceOpener, TestService, held
from tests.provinces import Organised, organised

TIME = {"opens_at": "2026-01-01T08:00:00+07:00", "closes_at": "2026-06-30T17:00:00+07:00"}
SPAN = {"opens_on": "2026-01-01", "closes_on": "2026-06-30"}


@dataclass
class Province:
    """The rulebook with the organisation beside it, a district and a school."""

    service: TestService
    organised: Organised
    school: UUID

    @property
    def roles(self) -> dict[str, tuple[HeldPost, ...]]:
        """Every sort of caller."""
        root = self.organised.root
        return {
            "nobody": (),
            "head": (held(PostKind.UNIT_HEAD, root),),
            "auditor": (held(PostKind.AUDITOR, root),),
            "admin of a school": (held(PostKind.ADMIN, root, self.school),),
            "admin of province": (held(PostKind.ADMIN, root),),
        }

    async def send(
        self, method: str, path: str, body: Any = None, *, role: str = "admin of province", etag: str = ""
    ) -> httpx.Response:
        headers = self.service.headers(uuid4(), *self.roles[role]) | ({"If-Match": etag} if etag else {})
        return await self.service.http.request(method, path, json=body, headers=headers)


@pytest.fixture(scope="module")
async def province(open_service: ServiceOpener) -> AsyncIterator[Province]:
    async with open_service(SERVICE) as service:
        beside = await organised(service)
        district = await beside.unit("H1", "DISTRICT")
        yield Province(service, beside, await beside.unit("T1", parent=district))


@pytest.mark.parametrize("role", ["nobody", "head", "auditor", "admin of a school", "admin of province"])
async def test_rules_are_set_by_administrators_of_the_province(province: Province, role: str) -> None:
    pack = {**shipped_packs()[-1].model_dump(mode="json"), "version": 1_000 + uuid4().int % 900_000}
    calendar = await province.send("GET", "/v1/calendar")
    days = {"holidays": ["2026-01-01"], "make_up_days": [], "reason": "thử"}
    answers = [
        await province.send("POST", "/v1/seasons", {"code": uuid4().hex, "name": "x", **SPAN}, role=role),
        await province.send("POST", "/v1/policy-packs", pack, role=role),
        await province.send("PUT", "/v1/calendar", days, role=role, etag=calendar.headers["etag"]),
    ]
    may = role == "admin of province"
    assert [answer.status_code for answer in answers] == ([201, 201, 200] if may else [403] * 3)


async def test_a_calendar_gets_a_new_version_and_a_stale_edit_is_refused(province: Province) -> None:
    seen = await province.send("GET", "/v1/calendar")
    calendar = seen.json()
    body = {
        "holidays": [*calendar["holidays"], "2026-06-15"],
        "make_up_days": calendar["make_up_days"],
        "reason": "Nghỉ bù theo công văn.",
    }
    changed = await province.send("PUT", "/v1/calendar", body, etag=seen.headers["etag"])
    assert (changed.status_code, changed.json()["version"]) == (200, calendar["version"] + 1)
    assert "2026-06-15" in changed.json()["holidays"]
    stale = await province.send("PUT", "/v1/calendar", body, etag=seen.headers["etag"])
    assert (stale.status_code, stale.json()["code"]) == (412, "EditConflict")


async def test_of_two_calendar_edits_at_once_one_is_refused(province: Province) -> None:
    etag = (await province.send("GET", "/v1/calendar")).headers["etag"]
    body = {"holidays": ["2026-01-01"], "make_up_days": [], "reason": "thử"}
    answers = await asyncio.gather(*(province.send("PUT", "/v1/calendar", body, etag=etag) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412, 412]


async def test_a_season_lists_its_rounds(province: Province) -> None:
    season = (
        await province.send("POST", "/v1/seasons", {"code": uuid4().hex, "name": "Năm 2026", **SPAN})
    ).json()
    path = f"/v1/seasons/{season['id']}/rounds"
    made = await province.send("POST", path, {"code": "GD-1", "application_field": "Giáo dục", **TIME})
    assert made.status_code == 201
    assert [round_["code"] for round_ in (await province.send("GET", path)).json()["items"]] == ["GD-1"]
    seasons = (await province.send("GET", "/v1/seasons")).json()["items"]
    assert season["id"] in [known["id"] for known in seasons]


async def test_a_code_of_a_season_is_given_once(province: Province) -> None:
    body = {"code": uuid4().hex, "name": "x", **SPAN}
    assert (await province.send("POST", "/v1/seasons", body)).status_code == 201
    taken = await province.send("POST", "/v1/seasons", body)
    assert (taken.status_code, taken.json()["code"]) == (409, "CodeTaken")
    assert body["code"] in taken.json()["detail"]


@pytest.mark.parametrize("path", ["/v1/seasons", "/v1/seasons/{id}/rounds"])
async def test_a_span_that_ends_before_it_begins_is_refused(province: Province, path: str) -> None:
    days = {"opens_on": "2026-12-31", "closes_on": "2026-01-01", "name": "x"}
    instants = {"opens_at": TIME["closes_at"], "closes_at": TIME["opens_at"]}
    named = {"code": "X", **(instants if "{id}" in path else days)}
    refused = await province.send("POST", path.format(id=uuid4()), named)
    assert (refused.status_code, refused.json()["code"]) == (422, "RequestInvalid")
    assert "ngày cuối trước ngày đầu" in refused.json()["errors"][0]["message"]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/v1/policy-packs/none/1", None),
        ("POST", "/v1/seasons/{id}/rounds", {"code": "D1", **TIME}),
        ("GET", "/v1/transitions/{id}", None),
    ],
)
async def test_an_unknown_id_is_not_found(province: Province, method: str, path: str, body: Any) -> None:
    answer = await province.send(method, path.format(id=uuid4()), body)
    assert (answer.status_code, answer.json()["code"]) == (404, "NotFound")


@pytest.mark.parametrize("path", ["/v1/calendar", "/v1/seasons", "/v1/policy-packs"])
async def test_without_a_token_nothing_is_told(province: Province, path: str) -> None:
    for headers in (
        {},
        {"Authorization": "Bearer x.y.z"},
        {"Authorization": f"Bearer {province.service.issuer.token(uuid4(), forged=True)}"},
    ):
        answer = await province.service.http.get(path, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (401, "Unauthenticated")


@pytest.mark.parametrize(
    ("where", "value"),
    [
        ("step", "0.0000000000000000000000000000000001"),
        ("max_score", "1e400"),
        ("floor", "1e-400"),
        ("title_vi", "nul\x00byte"),
        ("title_en", "x" * 10_000),
    ],
)
async def test_a_pack_with_numbers_or_text_without_bounds_is_refused(
    province: Province, where: str, value: str
) -> None:
    pack = {**shipped_packs()[-1].model_dump(mode="json"), "version": 7}
    pack["levels"][0]["criteria"][0][where] = value
    refused = await province.send("POST", "/v1/policy-packs", pack)
    assert (refused.status_code, refused.json()["code"]) == (422, "RequestInvalid")


async def test_a_published_pack_never_changes(province: Province) -> None:
    pack = shipped_packs()[0].model_dump(mode="json")
    assert (await province.send("POST", "/v1/policy-packs", pack)).json()["code"] == "PackRefused"
    pack["version"] = 2
    headers = province.service.headers(uuid4(), *province.roles["admin of province"])
    drafted = await province.service.http.post("/v1/policy-packs", json=pack, headers=headers)
    assert drafted.json()["state"] == "DRAFT"
    repeated = await province.service.http.post("/v1/policy-packs", json=pack, headers=headers)
    assert (repeated.status_code, repeated.headers["idempotency-replayed"]) == (201, "true")
    pack["levels"][0]["pass_threshold"] = "101"
    assert (await province.send("POST", "/v1/policy-packs", pack)).status_code == 422
