"""Signing in on a machine without a browser: codes, the page that confirms them, and what is said no to."""

import html
import re
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from services.organisation.app import SERVICE
from services.organisation.sign_in.domain import limits
from tests.api.test_organisation_signing_in import ADMIN, chosen
from tests.conftest import ISSUER, ServiceOpener, TestService
from tests.sign_in_cases import OWN, WRONG, Desk, opened_desk

CLIENT = "sangkien-cli"
KEYS = "k1:" + "A" * 43 + "="
GRANT = "urn:ietf:params:oauth:grant-type:device_code"


class Device:
    """A program on another machine, and the page on which somebody answers it."""

    def __init__(self, http: httpx.AsyncClient, asked: httpx.Response) -> None:
        self.http = http
        self.told: dict[str, Any] = asked.json()

    async def ask(self, **changes: str) -> httpx.Response:
        """The program asks for its tokens."""
        grant = {"grant_type": GRANT, "client_id": CLIENT, "device_code": self.told["device_code"]}
        return await self.http.post("/oauth2/token", data={**grant, **changes})

    async def error(self) -> str:
        """What it is told instead, by OAuth's name."""
        answer = await self.ask()
        assert answer.status_code == 400
        return str(answer.json()["error"])

    async def page(self, user_code: str | None = None) -> httpx.Response:
        """The page that the person opens."""
        code = self.told["user_code"] if user_code is None else user_code
        return await self.http.get("/oauth2/device", params={"user_code": code})

    async def answer(self, **typed: str) -> httpx.Response:
        """The form of the page sent."""
        return await self.http.post("/oauth2/device", data={"user_code": self.told["user_code"], **typed})


async def begun(http: httpx.AsyncClient, scope: str = "openid offline_access") -> Device:
    answer = await http.post("/oauth2/device_authorization", data={"client_id": CLIENT, "scope": scope})
    assert answer.status_code == 200, answer.text
    return Device(http, answer)


@pytest.fixture(scope="module")
async def organisation(open_service: ServiceOpener) -> AsyncIterator[TestService]:
    async with open_service(SERVICE) as service:
        yield service


@pytest.fixture(scope="module")
async def password(organisation: TestService) -> str:
    return await chosen(organisation)


@pytest.fixture
async def desk(open_service: ServiceOpener) -> AsyncIterator[Desk]:
    async with opened_desk(open_service, one_time_code_keys=KEYS) as made:
        yield made


async def renewed(http: httpx.AsyncClient, token: str) -> httpx.Response:
    form = {"grant_type": "refresh_token", "client_id": CLIENT, "refresh_token": token}
    return await http.post("/oauth2/token", data=form)


async def test_who_confirms_the_code_is_signed_in_on_the_other_machine(
    organisation: TestService, password: str
) -> None:
    told = (await organisation.http.get("/.well-known/openid-configuration")).json()
    assert told["device_authorization_endpoint"] == f"{ISSUER}/oauth2/device_authorization"
    assert GRANT in told["grant_types_supported"]
    device = await begun(organisation.http)
    assert "verification_uri_complete" not in device.told, "a link that is sent brings no code"
    assert await device.error() == "authorization_pending"

    page = await device.page(device.told["user_code"].lower().replace("-", " "))
    assert page.status_code == 200
    assert device.told["user_code"] in page.text
    assert "dòng lệnh Sáng Kiến" in page.text
    assert "127.0.0.1" in page.text, "the person is told from where it was asked for"
    done = await device.answer(username=ADMIN, password=password)
    assert (done.status_code, "Đã đồng ý" in done.text) == (200, True)

    tokens = (await device.ask()).json()
    assert {"access_token", "id_token", "refresh_token"} <= tokens.keys()
    assert (await device.ask()).json()["error"] == "invalid_grant", "one use"
    assert (await renewed(organisation.http, tokens["refresh_token"])).status_code == 200
    [person] = await organisation.database.pool.fetch(
        "select subject_id from events where kind = 'DeviceSignedIn'"
    )
    details = await organisation.database.pool.fetch(
        "select person_id, detail from notices where kind = 'ACCOUNT_CHANGED'"
    )
    assert [tuple(row) for row in details] == [(person["subject_id"], "DEVICE_SIGNED_IN")], "whoever sent it"


async def test_only_who_asked_gets_the_tokens_and_without_the_scope_nothing_renews_them(
    organisation: TestService, password: str
) -> None:
    device = await begun(organisation.http, "openid")
    await device.answer(username=ADMIN, password=password)
    assert (await device.ask(client_id="sangkien-portal")).json()["error"] == "invalid_grant"
    assert (await device.ask(device_code="guessed")).json()["error"] == "invalid_grant"
    assert "refresh_token" not in (await device.ask()).json()


async def test_a_program_that_is_not_registered_for_it_gets_no_code(organisation: TestService) -> None:
    for client in ("sangkien-portal", "somebody"):
        asked = await organisation.http.post("/oauth2/device_authorization", data={"client_id": client})
        assert (asked.status_code, asked.json()["error"]) == (400, "unauthorized_client")


async def test_who_refuses_needs_no_password_and_ends_it(organisation: TestService, password: str) -> None:
    device = await begun(organisation.http)
    refused = await device.answer(decision="refuse")
    assert (refused.status_code, "Đã từ chối" in refused.text) == (200, True)
    assert (await device.answer(username=ADMIN, password=password)).status_code == 404
    assert await device.error() == "access_denied"
    assert await device.error() == "invalid_grant"


async def test_a_wrong_password_confirms_nothing(organisation: TestService, password: str) -> None:
    device = await begun(organisation.http)
    wrong = await device.answer(username=ADMIN, password=f"{password} not")
    assert wrong.status_code == 401
    assert "không đúng" in html.unescape(wrong.text)
    assert device.told["user_code"] in wrong.text, "the form can be sent again"
    assert await device.error() == "authorization_pending"
    foreign = await organisation.http.post(
        "/oauth2/device",
        data={"user_code": device.told["user_code"], "username": ADMIN, "password": password},
        headers={"Origin": "https://evil.test"},
    )
    assert foreign.json()["code"] == "FormFromElsewhere"
    assert (await device.page("BBBB-BBBB")).status_code == 404


async def test_only_digests_of_the_codes_are_kept(organisation: TestService) -> None:
    device = await begun(organisation.http)
    kept = str(await organisation.database.pool.fetch("select * from device_grants"))
    plain = device.told["user_code"].replace("-", "")
    assert device.told["device_code"] not in kept
    assert plain not in kept


async def test_whoever_asks_too_often_waits_and_a_code_is_not_good_for_ever(desk: Desk) -> None:
    http = desk.service.http
    device = await begun(http)
    assert await device.error() == "authorization_pending"
    assert await device.error() == "slow_down"
    desk.wait()
    assert await device.error() == "authorization_pending"
    for _ in range(20):
        desk.wait()
    assert await device.error() == "expired_token"
    assert (await device.page()).status_code == 404


async def test_codes_cannot_be_guessed_nor_asked_for_without_end(desk: Desk) -> None:
    http = desk.service.http
    device = await begun(http)
    for _ in range(limits.USER_CODES_OF_ADDRESS.free):
        assert (await device.page()).status_code == 200, "the right code is no guess"
    guesses = [(await device.page("BBBB-BBBB")).status_code for _ in range(30)]
    assert set(guesses) == {404, 429}
    assert (await device.page()).status_code == 429
    asked = [
        (await http.post("/oauth2/device_authorization", data={"client_id": CLIENT})).status_code
        for _ in range(limits.DEVICES_OF_ADDRESS.free + 5)
    ]
    assert (asked[0], asked[-1]) == (200, 429)


async def test_one_time_codes_are_asked_for_and_a_confirmation_ends_with_signing_out(desk: Desk) -> None:
    holder = await desk.holder()
    token = await holder.set_up()
    device = await begun(desk.service.http)
    own = {"username": holder.username, "password": OWN}
    asked = await device.answer(**own)
    assert (asked.status_code, 'name="one_time_code"' in asked.text) == (401, True)
    assert (await device.answer(**own, one_time_code=WRONG)).status_code == 403
    assert (await device.answer(**own, one_time_code=holder.code())).status_code == 200
    # Signed out everywhere before the program comes for its tokens: there are none for it.
    ended = await holder.ask(token, "POST", f"/people/{holder.id}/account/sign-out")
    assert ended.status_code == 200, ended.text
    assert (await device.ask()).json()["error"] == "invalid_grant"


async def test_there_are_no_such_codes_where_they_are_turned_off(open_service: ServiceOpener) -> None:
    async with open_service(SERVICE, device_minutes=0) as service:
        told = (await service.http.get("/.well-known/openid-configuration")).json()
        assert "device_authorization_endpoint" not in told
        assert not re.search("device_code", str(told))
        asked = await service.http.post("/oauth2/device_authorization", data={"client_id": CLIENT})
        assert asked.status_code == 404


@pytest.mark.parametrize("came_from", ["cross-site", "same-site", "none"])
async def test_a_code_in_a_link_that_somebody_sent_has_to_be_typed(
    organisation: TestService, came_from: str
) -> None:
    device = await begun(organisation.http)
    asked = {"user_code": device.told["user_code"]}
    sent = {"Sec-Fetch-Site": came_from}
    page = await organisation.http.get("/oauth2/device", params=asked, headers=sent)
    assert page.status_code == 200
    assert device.told["user_code"] not in page.text
    assert "password" not in page.text
