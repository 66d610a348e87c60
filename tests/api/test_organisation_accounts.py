"""Accounts: what an administrator does with somebody else's, what its holder does, and that the holder is
told."""

import unicodedata
from collections.abc import AsyncIterator
from dataclasses import dataclass
from time import monotonic
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from joserfc.jwk import KeySet

from kit.auth import TokenVerifier
from language.events import organisation as facts
from language.posts.kinds import PostKind
from services.organisation.app import SERVICE
from tests.api.test_organisation_signing_in import Flow, code_of
from tests.conftest import AUDIENCE, ISSUER, ServiceOpener, TestService
from tests.payout_cases import refusal
from tests.provinces import Organised, bare_province

GIVEN, OWN, ANOTHER = "Cầu Kỳ Cùng 1954", "Chợ Đông Kinh sáng", "Núi Tô Thị xa xa"
PROVIDER = "https://accounts.example.vn"


@dataclass
class Holder:
    """Somebody with an account, and the tokens that the holder signs in for."""

    office: "Office"
    id: UUID
    username: str

    async def sign_in(self, password: str, new: str = "") -> httpx.Response:
        """The form sent."""
        return await Flow(self.office.service.http).sign_in(self.username, password, new)

    async def token(self, password: str, new: str = "") -> str:
        """A token of the real issuer."""
        flow = Flow(self.office.service.http)
        code = code_of(await flow.sign_in(self.username, password, new))
        return str((await flow.redeem(code)).json()["access_token"])

    async def ask(
        self, token: str, method: str = "GET", path: str = "/me", body: Any = None
    ) -> httpx.Response:
        """As the holder, with this token."""
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": uuid4().hex}
        return await self.office.service.http.request(method, f"/v1{path}", json=body, headers=headers)

    async def told(self) -> list[str]:
        """What the holder was told of the account."""
        told = (
            "select detail from notices where person_id = $1 and kind = 'ACCOUNT_CHANGED' order by position"
        )
        return [row["detail"] for row in await self.office.service.database.pool.fetch(told, self.id)]


@dataclass
class Office:
    """A province with a school that has an administrator of its own."""

    service: TestService
    province: Organised
    school: UUID
    admin: UUID

    async def as_school(self, method: str, path: str, body: Any = None) -> httpx.Response:
        """As the school's administrator."""
        headers = self.service.headers(self.admin)
        return await self.service.http.request(method, f"/v1{path}", json=body, headers=headers)

    async def holder(self, password: str | None = GIVEN) -> Holder:
        """Somebody of the school, whose account the school's administrator has made."""
        person = await self.province.appoint(self.school, PostKind.STAFF)
        account = {"username": f"u{uuid4().hex[:12]}", "password": password}
        made = await self.as_school("PUT", f"/people/{person}/account", account)
        assert made.status_code == 200, made.text
        return Holder(self, person, str(account["username"]))


class BothKeys:
    """The keys of the test's issuer and of the service's own."""

    def __init__(self, *keys: KeySet) -> None:
        self._keys = KeySet([key for known in keys for key in known.keys])

    async def keys(self, *, fresh: bool) -> KeySet:
        """All of them."""
        return self._keys


@pytest.fixture(scope="module")
async def office(open_service: ServiceOpener) -> AsyncIterator[Office]:
    async with open_service(SERVICE, oidc_other_issuers=PROVIDER) as service:
        own = await service.app.state.issuer_keys.keys(fresh=False)
        both = BothKeys(await service.issuer.keys(fresh=False), own)
        service.app.state.verifier = TokenVerifier(
            own=ISSUER, audience=AUDIENCE, keys={ISSUER: both}, clock=service.database.clock
        )
        province = Organised(service, (await bare_province(service)).root)
        school = await province.unit("A")
        yield Office(service, province, school, await province.appoint(school, PostKind.ADMIN))


async def test_a_password_that_an_administrator_has_set_is_changed_at_the_first_sign_in(
    office: Office,
) -> None:
    holder = await office.holder()
    asked = await holder.sign_in(GIVEN)
    assert (asked.status_code, 'name="new_password"' in asked.text) == (403, True)
    for new in (GIVEN, "123456789012", "MatKhau123456", holder.username):
        assert (await holder.sign_in(GIVEN, new)).status_code == 422, new
    assert (await holder.sign_in(GIVEN, OWN)).status_code == 303
    assert (await holder.sign_in(OWN)).status_code == 303
    assert (await holder.sign_in(GIVEN)).status_code == 401
    assert (await office.as_school("GET", f"/people/{holder.id}/account")).json() == {
        "username": holder.username,
        "has_password": True,
        "must_change": False,
        "one_time_codes": False,
        "closed_at": None,
    }
    assert await holder.told() == ["PASSWORD_SET"]


async def test_a_reset_is_told_and_must_be_changed_again(office: Office) -> None:
    holder = await office.holder()
    await holder.token(GIVEN, OWN)
    account = {"username": holder.username, "password": ANOTHER}
    reset = await office.as_school("PUT", f"/people/{holder.id}/account", account)
    assert reset.json()["must_change"]
    assert (await holder.sign_in(ANOTHER)).status_code == 403
    assert await holder.told() == ["PASSWORD_SET", "PASSWORD_SET"]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
async def test_a_password_is_the_same_however_the_keyboard_makes_its_letters(
    office: Office, form: str
) -> None:
    holder = await office.holder()
    assert (await holder.sign_in(unicodedata.normalize("NFD", GIVEN), OWN)).status_code == 303
    assert (await holder.sign_in(unicodedata.normalize(form, OWN))).status_code == 303


async def test_the_own_password_is_changed_with_the_old_one_and_ends_every_session(office: Office) -> None:
    holder = await office.holder()
    token = await holder.token(GIVEN, OWN)
    wrong = await holder.ask(token, "POST", "/me/password", {"old": GIVEN, "new": ANOTHER})
    assert refusal(wrong) == (403, "PasswordWrong")
    easy = await holder.ask(token, "POST", "/me/password", {"old": OWN, "new": "mật khẩu 123456"})
    assert refusal(easy) == (422, "PasswordTooEasy")
    tried = await holder.ask(token, "POST", "/me/password?dry_run=true", {"old": OWN, "new": ANOTHER})
    assert tried.status_code == 200
    assert (await holder.sign_in(OWN)).status_code == 303
    changed = await holder.ask(token, "POST", "/me/password", {"old": OWN, "new": ANOTHER})
    assert changed.status_code == 200, changed.text
    assert refusal(await holder.ask(token)) == (401, "Unauthenticated")
    assert (await holder.sign_in(OWN)).status_code == 401
    assert (await holder.ask(await holder.token(ANOTHER))).status_code == 200
    assert await holder.told() == ["PASSWORD_SET"]


async def test_guessing_the_old_password_gets_slow(office: Office) -> None:
    holder = await office.holder()
    token = await holder.token(GIVEN, OWN)
    guesses = [
        refusal(await holder.ask(token, "POST", "/me/password", {"old": "guessed", "new": ANOTHER}))
        for _ in range(6)
    ]
    assert guesses == [*[(403, "PasswordWrong")] * 5, (429, "TooManyAttempts")]


async def test_signing_out_everywhere_ends_every_session_and_codes_on_their_way(office: Office) -> None:
    holder = await office.holder()
    token, flow = await holder.token(GIVEN, OWN), Flow(office.service.http)
    code = code_of(await flow.sign_in(holder.username, OWN))
    path = f"/people/{holder.id}/account/sign-out"
    assert (await holder.ask(token, "POST", f"{path}?dry_run=true")).status_code == 200
    assert (await holder.ask(token, "POST", path)).status_code == 200
    assert refusal(await holder.ask(token)) == (401, "Unauthenticated")
    assert refusal(await flow.redeem(code)) == (400, "GrantInvalid")
    again = await holder.token(OWN)
    assert (await holder.ask(again)).status_code == 200
    assert (await office.as_school("POST", path)).status_code == 200
    assert (await holder.ask(again)).status_code == 401
    assert await holder.told() == ["PASSWORD_SET", "SIGNED_OUT"]


async def test_a_closed_account_is_nobodys_until_it_is_opened_again(office: Office) -> None:
    holder = await office.holder()
    token, path = await holder.token(GIVEN, OWN), f"/people/{holder.id}/account"
    for _ in range(2):
        closed = await office.as_school("POST", f"{path}/closing", {"reason": "Thôi việc"})
        assert closed.json()["closed_at"], closed.text
    assert refusal(await holder.ask(token)) == (401, "Unauthenticated")
    refused = await holder.sign_in(OWN)
    assert (refused.status_code, "đã bị đóng" in refused.text) == (403, True)
    assert (await holder.sign_in("not the password")).status_code == 401
    for _ in range(2):
        opened = await office.as_school("POST", f"{path}/reopening", {"reason": "Nhầm người"})
        assert opened.json()["closed_at"] is None
    assert (await holder.ask(token)).status_code == 401
    assert (await holder.ask(await holder.token(OWN))).status_code == 200
    assert await holder.told() == ["PASSWORD_SET", "CLOSED", "REOPENED"]


async def test_another_providers_account_is_linked_and_unlinked(office: Office) -> None:
    holder = await office.holder(None)
    other, path = await office.holder(None), f"/people/{holder.id}/identities"
    elsewhere = {"issuer": PROVIDER, "subject": f"gv.{uuid4().hex}"}
    tried = await office.as_school("POST", f"{path}?dry_run=true", elsewhere)
    assert tried.status_code == 200
    first = await office.as_school("POST", path, elsewhere)
    again = await office.as_school("POST", path, elsewhere)
    assert (first.status_code, again.json()["id"]) == (201, first.json()["id"])
    taken = await office.as_school("POST", f"/people/{other.id}/identities", elsewhere)
    assert refusal(taken) == (409, "IdentityTaken")
    strange = await office.as_school("POST", path, {**elsewhere, "issuer": "https://evil.example"})
    assert refusal(strange) == (422, "ProviderUnknown")
    listed = (await office.as_school("GET", path)).json()["items"]
    assert [one["subject"] for one in listed] == [elsewhere["subject"]]
    gone = await office.as_school("DELETE", f"{path}/{first.json()['id']}")
    assert gone.status_code == 200
    assert refusal(await office.as_school("DELETE", f"{path}/{first.json()['id']}")) == (404, "NotFound")
    assert await holder.told() == ["MADE", "LINKED", "UNLINKED"]
    nobody = await office.province.appoint(office.school, PostKind.STAFF)
    none = await office.as_school("POST", f"/people/{nobody}/identities", elsewhere)
    assert refusal(none) == (409, "NoAccount")


async def test_nobody_does_to_the_own_account_what_takes_another_pair_of_eyes(office: Office) -> None:
    me = office.admin
    acts = (
        ("PUT", f"/people/{me}/account", {"username": "me.myself", "password": OWN}),
        ("POST", f"/people/{me}/account/closing", {"reason": "x"}),
        ("POST", f"/people/{me}/account/reopening", {"reason": "x"}),
        ("POST", f"/people/{me}/identities", {"issuer": PROVIDER, "subject": "x"}),
        ("DELETE", f"/people/{me}/identities/{uuid4()}", None),
    )
    for method, path, body in acts:
        assert refusal(await office.as_school(method, path, body)) == (403, "OwnAccount"), path


async def test_accounts_of_other_units_are_not_a_schools(office: Office) -> None:
    elsewhere = await office.province.unit(uuid4().hex[:8])
    person = await office.province.appoint(elsewhere, PostKind.STAFF)
    account = {"username": f"u{uuid4().hex[:12]}", "password": GIVEN}
    assert (await office.province.send("PUT", f"/people/{person}/account", account)).status_code == 200
    acts = (
        ("GET", f"/people/{person}/account", None),
        ("PUT", f"/people/{person}/account", account),
        ("POST", f"/people/{person}/account/sign-out", None),
        ("POST", f"/people/{person}/account/closing", {"reason": "x"}),
        ("POST", f"/people/{person}/account/reopening", {"reason": "x"}),
        ("GET", f"/people/{person}/identities", None),
        ("POST", f"/people/{person}/identities", {"issuer": PROVIDER, "subject": "x"}),
        ("DELETE", f"/people/{person}/identities/{uuid4()}", None),
    )
    for method, path, body in acts:
        assert refusal(await office.as_school(method, path, body)) == (403, "Forbidden"), path


async def test_each_act_is_in_the_history_without_what_it_was_about(office: Office) -> None:
    holder = await office.holder()
    token = await holder.token(GIVEN, OWN)
    subject = f"gv.{uuid4().hex}"
    await office.as_school(
        "POST", f"/people/{holder.id}/identities", {"issuer": PROVIDER, "subject": subject}
    )
    await office.as_school("POST", f"/people/{holder.id}/account/closing", {"reason": "x"})
    await office.as_school("POST", f"/people/{holder.id}/account/reopening", {"reason": "x"})
    await office.as_school("POST", f"/people/{holder.id}/account/sign-out")
    assert token
    query = "select kind, events::text as row from events where subject_id = $1 order by seq"
    rows = await office.service.database.pool.fetch(query, holder.id)
    wanted = (
        facts.AccountMade,
        facts.SignedIn,
        facts.OwnPasswordChanged,
        facts.IdentityLinked,
        facts.AccountClosed,
        facts.AccountReopened,
        facts.SignedOutEverywhere,
    )
    assert [row["kind"] for row in rows][2:] == [kind.__name__ for kind in wanted]
    assert not any(secret in str(rows) for secret in (GIVEN, OWN, subject, holder.username, "argon2"))


async def test_the_token_of_somebody_with_hundreds_of_posts_is_short_and_ends_with_the_account(
    office: Office,
) -> None:
    holder = await office.holder()
    code = await office.service.database.pool.fetchval("select code from people where id = $1", holder.id)
    post = {"unit_code": "A", "kind": "STAFF", "person_code": code, "held_from": "2026-01-01"}
    posts = [{**post, "title": f"{code}-{number}"} for number in range(450)]
    made = await office.province.send("POST", "/imports", {"valid_from": "2026-01-01", "posts": posts})
    assert made.json()["created"]["holdings"] == 450, made.text
    token = await holder.token(GIVEN, OWN)
    assert len(token) < 1_000
    assert len((await holder.ask(token)).json()["posts"]) == 451


async def test_an_import_hashes_nothing_before_it_may_and_takes_no_easy_password(office: Office) -> None:
    people = [
        {"code": uuid4().hex, "full_name": "Hà Thị Ngần", "username": f"u{number}x", "password": GIVEN}
        for number in range(200)
    ]
    began = monotonic()
    row = {"unit_code": "A", "kind": "UNIT_HEAD", "title": "x", "held_from": "2026-01-01"}
    body = {"valid_from": "2026-01-01", "people": people, "posts": [row]}
    refused = await office.as_school("POST", "/imports", body)
    assert (refusal(refused), monotonic() - began < 3) == ((403, "Forbidden"), True)
    easy = [{**people[0], "password": "matkhau123456"}]
    answer = await office.province.send("POST", "/imports", {"valid_from": "2026-01-01", "people": easy})
    assert refusal(answer) == (422, "ImportRefused")
    assert people[0]["code"] in answer.json()["detail"]
