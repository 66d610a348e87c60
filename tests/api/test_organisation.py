"""The organisation over HTTP: signing in, rights, imports, who acts."""

import base64
import secrets
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from hashlib import sha256
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

import pytest

from casework.roster import resolve as resolve_posts
from kit.auth import OWN_ISSUER, TokenVerifier
from kit.clock import Clock
from language.ids import PersonId, UnitId
from language.names import TaskQueue
from language.posts.kinds import PostKind
from processes.bootstrap import ADMIN, ROOT_CODE
from services.organisation.app import SERVICE
from tests.api.test_organisation_signing_in import chosen
from tests.conftest import AUDIENCE, ISSUER, ServiceOpener, TestService, held
from tests.provinces import bare_province

CLI_SECRET = "only for the test"
REDIRECT = "http://127.0.0.1:9/callback"


@pytest.fixture(scope="module")
async def organisation(open_service: ServiceOpener) -> AsyncIterator[TestService]:
    async with open_service(SERVICE, cli_client_secret=CLI_SECRET) as service:
        service.password = await chosen(service)  # type: ignore[attr-defined]
        yield service


async def _root(organisation: TestService) -> UUID:
    async with organisation.database.reading() as tx:
        return UUID(str(await tx.conn.fetchval("select id from units where code = $1", ROOT_CODE)))


async def _admin(organisation: TestService) -> dict[str, str]:
    return organisation.headers(uuid4(), held(PostKind.ADMIN, await _root(organisation)))


def _import_body(school: str) -> dict[str, object]:
    return {
        "valid_from": "2012-04-25",
        "units": [
            {"code": f"H-{school}", "parent_code": ROOT_CODE, "name": "Huyện Bình Gia", "level": "DISTRICT"},
            {
                "code": school,
                "parent_code": f"H-{school}",
                "name": "Trường THCS Quang Trung",
                "level": "SCHOOL",
            },
        ],
        "people": [
            {"code": f"{school}-{n}", "full_name": f"Đặng Thị Hoà {n}", "username": f"{school.lower()}.{n}"}
            for n in range(3)
        ],
        "posts": [
            {
                "unit_code": school,
                "kind": "UNIT_HEAD",
                "title": "Hiệu trưởng",
                "person_code": f"{school}-0",
                "held_from": "2020-01-01",
            },
            {
                "unit_code": school,
                "kind": "DEPUTY_HEAD",
                "title": "Phó Hiệu trưởng",
                "person_code": f"{school}-1",
                "held_from": "2020-01-01",
            },
            {
                "unit_code": f"H-{school}",
                "kind": "UNIT_HEAD",
                "title": "Chủ tịch",
                "person_code": f"{school}-2",
                "held_from": "2020-01-01",
            },
        ],
    }


async def test_code_flow_with_pkce_gives_a_token_that_verifies(organisation: TestService) -> None:
    verifier = secrets.token_urlsafe(48)
    challenge = base64.urlsafe_b64encode(sha256(verifier.encode()).digest()).decode().rstrip("=")
    asked = {
        "client_id": "sangkien-cli",
        "redirect_uri": REDIRECT,
        "code_challenge": challenge,
        "state": "xyz",
        "nonce": "n",
    }
    form = await organisation.http.get(
        "/oauth2/authorize", params={**asked, "response_type": "code", "code_challenge_method": "S256"}
    )
    assert form.status_code == 200
    assert "Đăng nhập" in form.text
    wrong = await organisation.http.post(
        "/oauth2/authorize", data={**asked, "username": ADMIN, "password": "wrong"}
    )
    assert wrong.status_code == 401
    password = organisation.password  # type: ignore[attr-defined]
    back = await organisation.http.post(
        "/oauth2/authorize", data={**asked, "username": ADMIN, "password": password}
    )
    assert back.status_code == 303
    query = parse_qs(urlsplit(back.headers["location"]).query)
    assert query["state"] == ["xyz"]
    grant = {
        "grant_type": "authorization_code",
        "client_id": "sangkien-cli",
        "redirect_uri": REDIRECT,
        "code": query["code"][0],
    }
    stolen = await organisation.http.post(
        "/oauth2/token", data={**grant, "code_verifier": secrets.token_urlsafe(48)}
    )
    assert stolen.status_code == 400
    again = await organisation.http.post(
        "/oauth2/authorize", data={**asked, "username": ADMIN, "password": password}
    )
    grant["code"] = parse_qs(urlsplit(again.headers["location"]).query)["code"][0]
    answer = (await organisation.http.post("/oauth2/token", data={**grant, "code_verifier": verifier})).json()
    keys = organisation.app.state.issuer_keys
    tested = organisation.app.state.verifier
    checked = TokenVerifier(own=ISSUER, audience=AUDIENCE, keys={ISSUER: keys}, clock=Clock())
    identity = await checked.verify(answer["access_token"])
    organisation.app.state.verifier = checked
    me = await organisation.http.get("/v1/me", headers={"Authorization": f"Bearer {answer['access_token']}"})
    organisation.app.state.verifier = tested
    assert (identity.issuer, identity.subject) == (OWN_ISSUER, me.json()["person_id"])
    assert [post["kind"] for post in me.json()["posts"]] == ["ADMIN"]
    assert (
        await organisation.http.post("/oauth2/token", data={**grant, "code_verifier": verifier})
    ).status_code == 400


async def test_an_unknown_redirect_address_gets_no_form(organisation: TestService) -> None:
    asked = {"client_id": "sangkien-cli", "redirect_uri": "https://evil.test/", "code_challenge": "x" * 43}
    assert (await organisation.http.get("/oauth2/authorize", params=asked)).json()["code"] == "GrantInvalid"


@pytest.mark.parametrize(("secret", "status"), [(CLI_SECRET, 200), ("guess", 400), ("", 400)])
async def test_token_exchange_needs_the_secret(organisation: TestService, secret: str, status: int) -> None:
    grant = {
        "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
        "client_id": "sangkien-cli",
        "client_secret": secret,
        "requested_subject": ADMIN,
    }
    assert (await organisation.http.post("/oauth2/token", data=grant)).status_code == status


async def test_an_import_is_all_or_nothing_repeat_safe_and_has_a_dry_run(organisation: TestService) -> None:
    body = _import_body("T1")
    dry = await organisation.http.post(
        "/v1/imports?dry_run=true", json=body, headers=await _admin(organisation)
    )
    assert dry.json()["created"]["people"] == 3
    first = await organisation.http.post("/v1/imports", json=body, headers=await _admin(organisation))
    assert first.json()["created"] == {
        "units": 2,
        "people": 3,
        "posts": 3,
        "holdings": 3,
        "accounts": 3,
    }
    second = await organisation.http.post("/v1/imports", json=body, headers=await _admin(organisation))
    assert set(second.json()["created"].values()) == {0}
    body["posts"] = [{"unit_code": "NOWHERE", "kind": "STAFF", "title": "x", "held_from": "2020-01-01"}]
    refused = await organisation.http.post("/v1/imports", json=body, headers=await _admin(organisation))
    assert (refused.status_code, refused.json()["code"]) == (422, "ImportRefused")


async def test_who_is_no_administrator_changes_nothing(organisation: TestService) -> None:
    headers = organisation.headers(uuid4(), held(PostKind.UNIT_HEAD, await _root(organisation)))
    assert (
        await organisation.http.post("/v1/imports", json=_import_body("T2"), headers=headers)
    ).status_code == 403
    assert (await organisation.http.get("/v1/people", headers=headers)).status_code == 403


async def test_a_deputy_acts_on_behalf_of_a_head_on_leave_and_authors_are_left_out(
    organisation: TestService,
) -> None:
    made = (
        await organisation.http.post(
            "/v1/imports", json=_import_body("T3"), headers=await _admin(organisation)
        )
    ).json()
    head, deputy, above = (PersonId(UUID(made["person_ids"][f"T3-{n}"])) for n in range(3))
    leave = {"starts_on": "2026-01-01", "ends_on": "2026-01-31"}
    await organisation.http.post(f"/v1/people/{head}/leaves", json=leave, headers=organisation.headers(head))
    unit = UnitId(UUID(made["unit_ids"]["T3"]))

    async def resolve(day: date, *excluded: PersonId) -> tuple[list[tuple[UUID, UUID | None]], list[UUID]]:
        intake = await organisation.shared.database(TaskQueue.INTAKE)
        at = datetime(day.year, day.month, day.day, 5, tzinfo=UTC)
        async with intake.transaction() as tx:
            found = await resolve_posts(tx, unit, (PostKind.UNIT_HEAD,), at, excluded=excluded)
        known = {head, deputy, above}
        return [(holder.person_id, holder.on_behalf_of) for holder in found.holders], [
            holder.person_id for holder in found.superiors if holder.person_id in known
        ]

    assert await resolve(date(2026, 1, 15)) == ([(deputy, head)], [deputy, above])
    assert await resolve(date(2026, 2, 15)) == ([(head, None)], [head, above])
    assert await resolve(date(2026, 2, 15), head) == ([], [above])


async def test_an_edit_needs_the_version_it_edits(organisation: TestService) -> None:
    root = await _root(organisation)
    seen = await organisation.http.get(f"/v1/units/{root}", headers=await _admin(organisation))
    body = {"name": "Tỉnh Lạng Sơn", "valid_to": None}
    assert (
        await organisation.http.patch(f"/v1/units/{root}", json=body, headers=await _admin(organisation))
    ).status_code == 428
    edit = {**await _admin(organisation), "If-Match": seen.headers["etag"]}
    assert (await organisation.http.patch(f"/v1/units/{root}", json=body, headers=edit)).status_code == 200
    stale = {**await _admin(organisation), "If-Match": seen.headers["etag"]}
    assert (await organisation.http.patch(f"/v1/units/{root}", json=body, headers=stale)).status_code == 412


async def test_a_second_bootstrap_changes_nothing_and_tells_no_password(organisation: TestService) -> None:
    assert (await bare_province(organisation)).password is None
