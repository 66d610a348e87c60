"""Signing in with the OpenID Connect issuer: what it grants, and to whom it says no."""

import asyncio
import base64
import secrets
from collections.abc import AsyncIterator
from hashlib import sha256
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from kit.auth import ALGORITHM
from processes.bootstrap import ADMIN
from services.organisation.app import SERVICE
from tests.conftest import AUDIENCE, ISSUER, ServiceOpener, TestService
from tests.provinces import bare_province

CLI_SECRET = "only for the test"
PORTAL = "http://portal.test/signed-in"
CHOSEN = "Suối trong đầu nguồn"
NEW_PERSON = "insert into people (id, code, full_name, folded_name) values ($1, $2, 'Tô Vũ', 'to vu')"
NEW_ACCOUNT = """
insert into accounts (username, person_id, password_hash) select $1, $2, password_hash from accounts
  where username = $3
"""
EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"


class Flow:
    """One run of the code flow with PKCE."""

    def __init__(
        self,
        http: httpx.AsyncClient,
        client_id: str = "sangkien-cli",
        redirect_uri: str = "http://127.0.0.1:9/callback",
    ) -> None:
        self.http = http
        self.verifier = secrets.token_urlsafe(48)
        challenge = base64.urlsafe_b64encode(sha256(self.verifier.encode()).digest()).decode().rstrip("=")
        self.asked = {
            "client_id": client_id,
            "redirect_uri": redirect_uri,
            "code_challenge": challenge,
            "state": "s",
            "nonce": "n",
        }

    async def form(self, **changes: str) -> httpx.Response:
        """The sign-in form."""
        return await self.http.get("/oauth2/authorize", params={**self.asked, **changes})

    async def sign_in(
        self, username: str, password: str, new: str = "", again: str | None = None, **headers: str
    ) -> httpx.Response:
        """The form sent; where a new password is asked for, with one."""
        typed = {"username": username, "password": password}
        if new:
            typed |= {"new_password": new, "new_password_again": new if again is None else again}
        return await self.http.post("/oauth2/authorize", data={**self.asked, **typed}, headers=headers)

    async def redeem(self, code: str, **changes: str) -> httpx.Response:
        """The code taken to the token endpoint."""
        grant = {
            "grant_type": "authorization_code",
            "client_id": self.asked["client_id"],
            "redirect_uri": self.asked["redirect_uri"],
            "code": code,
            "code_verifier": self.verifier,
        }
        return await self.http.post("/oauth2/token", data={**grant, **changes})


def code_of(answer: httpx.Response) -> str:
    assert answer.status_code == 303, answer.text
    return parse_qs(urlsplit(answer.headers["location"]).query)["code"][0]


async def chosen(service: TestService) -> str:
    """The password that the administrator of a new province has chosen at the first sign-in."""
    first = str((await bare_province(service)).password)
    code_of(await Flow(service.http).sign_in(ADMIN, first, CHOSEN))
    return CHOSEN


@pytest.fixture(scope="module")
async def organisation(open_service: ServiceOpener) -> AsyncIterator[TestService]:
    async with open_service(SERVICE, cli_client_secret=CLI_SECRET, portal_redirect_uris=PORTAL) as service:
        yield service


@pytest.fixture(scope="module")
async def password(organisation: TestService) -> str:
    """The administrator's, chosen at the first sign-in."""
    return await chosen(organisation)


@pytest.fixture
async def account(organisation: TestService, password: str) -> str:
    """An account of its own with the administrator's password, so that wrong passwords lock nobody else
    out."""
    username, person_id = f"u{uuid4().hex}", uuid4()
    async with organisation.database.transaction() as tx:
        await tx.conn.execute(NEW_PERSON, person_id, username)
        await tx.conn.execute(NEW_ACCOUNT, username, person_id, ADMIN)
    assert password
    return username


async def test_discovery_names_endpoints_that_answer(organisation: TestService) -> None:
    told = (await organisation.http.get("/.well-known/openid-configuration")).json()
    assert told["issuer"] == ISSUER
    assert told["code_challenge_methods_supported"] == ["S256"]
    for endpoint in ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri"):
        answer = await organisation.http.get(told[endpoint].removeprefix(ISSUER))
        assert answer.status_code != 404


async def test_the_key_set_tells_no_private_part(organisation: TestService) -> None:
    (key,) = (await organisation.http.get("/.well-known/jwks.json")).json()["keys"]
    assert (key["kty"], key["alg"], key["use"]) == ("RSA", ALGORITHM, "sig")
    assert not {"d", "p", "q", "dp", "dq", "qi"} & key.keys()


async def test_a_token_says_who_somebody_is_and_nothing_else(
    organisation: TestService, password: str
) -> None:
    flow = Flow(organisation.http)
    tokens = (await flow.redeem(code_of(await flow.sign_in(ADMIN, password)))).json()
    keys = KeySet.import_key_set((await organisation.http.get("/.well-known/jwks.json")).json())
    claims = jwt.decode(tokens["access_token"], keys, algorithms=[ALGORITHM]).claims
    assert (claims["iss"], claims["aud"], claims["exp"] - claims["iat"], tokens["expires_in"]) == (
        ISSUER,
        AUDIENCE,
        3600,
        3600,
    )
    assert set(claims) == {"iss", "aud", "sub", "iat", "exp", "client_id"}
    assert len(tokens["access_token"]) < 1_000
    assert "Quản trị" not in str(claims)
    about = jwt.decode(tokens["id_token"], keys, algorithms=[ALGORITHM]).claims
    assert (about["aud"], about["nonce"], about["sub"]) == ("sangkien-cli", "n", claims["sub"])


async def test_the_portal_signs_in_at_its_own_address_only(organisation: TestService, password: str) -> None:
    flow = Flow(organisation.http, "sangkien-portal", PORTAL)
    back = await flow.sign_in(ADMIN, password)
    assert back.headers["location"].startswith(f"{PORTAL}?code=")
    assert (await flow.redeem(code_of(back))).status_code == 200


@pytest.mark.parametrize(
    ("client_id", "redirect_uri"),
    [
        ("sangkien-portal", f"{PORTAL}/other"),
        ("sangkien-portal", "http://127.0.0.1:9/callback"),
        ("sangkien-cli", PORTAL),
        ("sangkien-cli", "https://127.0.0.1:9/callback"),
        ("sangkien-cli", "http://127.0.0.1.evil.test:9/"),
        ("sangkien-cli", "http://[::1].evil.example/"),
        ("sangkien-cli", "http://[::1]@evil.example/"),
        ("sangkien-cli", "http://127.0.0.1:9@evil.example/"),
        ("sangkien-cli", "http://127.0.0.1:9\\@evil.example/"),
        ("stranger", "http://127.0.0.1:9/callback"),
    ],
)
async def test_a_stranger_or_a_strange_address_gets_neither_form_nor_redirect(
    organisation: TestService, client_id: str, redirect_uri: str
) -> None:
    flow = Flow(organisation.http, client_id, redirect_uri)
    for answer in (await flow.form(), await flow.sign_in(ADMIN, "whatever it is")):
        assert (answer.status_code, answer.json()["code"]) == (400, "GrantInvalid")


@pytest.mark.parametrize(
    "changes", [{"code_challenge_method": "plain"}, {"response_type": "token"}, {"code_challenge": "short"}]
)
async def test_nothing_goes_without_pkce_by_sha256(
    organisation: TestService, changes: dict[str, str]
) -> None:
    assert (await Flow(organisation.http).form(**changes)).json()["code"] == "GrantInvalid"


async def test_the_form_is_never_framed_scripted_or_kept_and_escapes_what_it_is_given(
    organisation: TestService,
) -> None:
    form = await Flow(organisation.http).form(state='"><script>alert(1)</script>')
    assert "<script" not in form.text
    assert "frame-ancestors 'none'" in form.headers["content-security-policy"]
    assert "script-src" not in form.headers["content-security-policy"]
    assert form.headers["cache-control"] == "no-store"
    for part in ("base-uri 'none'", "form-action 'self' http://127.0.0.1:9"):
        assert part in form.headers["content-security-policy"]


async def test_a_form_that_another_site_sends_signs_nobody_in(
    organisation: TestService, account: str, password: str
) -> None:
    flow = Flow(organisation.http)
    for origin in ("https://evil.example", "null"):
        refused = await flow.sign_in(account, password, Origin=origin)
        assert (refused.status_code, refused.json()["code"]) == (403, "FormFromElsewhere")
    for origin in (ISSUER, "http://service.test"):
        assert (await flow.sign_in(account, password, Origin=origin)).status_code == 303


@pytest.mark.parametrize(
    "changes",
    [
        {"code_verifier": "v" * 64},
        {"code_verifier": ""},
        {"client_id": "sangkien-portal"},
        {"redirect_uri": "http://127.0.0.1:10/callback"},
        {"code": "guessed"},
        {"grant_type": "password"},
    ],
    ids=["other verifier", "no verifier", "other client", "other address", "other code", "other grant"],
)
async def test_a_code_is_worth_nothing_to_anybody_else(
    organisation: TestService, password: str, changes: dict[str, str]
) -> None:
    flow = Flow(organisation.http)
    code = code_of(await flow.sign_in(ADMIN, password))
    refused = await flow.redeem(**{"code": code, **changes})
    assert (refused.status_code, refused.json()["code"]) == (400, "GrantInvalid")


async def test_a_code_is_used_once(organisation: TestService, password: str) -> None:
    flow = Flow(organisation.http)
    code = code_of(await flow.sign_in(ADMIN, password))
    answers = await asyncio.gather(*(flow.redeem(code) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [200, 400, 400, 400, 400]


async def test_a_code_is_kept_as_a_hash_only(organisation: TestService, password: str) -> None:
    code = code_of(await Flow(organisation.http).sign_in(ADMIN, password))
    async with organisation.database.reading() as tx:
        kept = await tx.conn.fetch("select code_hash from authorization_codes")
        assert code not in {row["code_hash"] for row in kept}
        assert str(await tx.conn.fetchval("select password_hash from accounts limit 1")).startswith(
            "$argon2id$"
        )


async def test_a_wrong_name_and_a_wrong_password_get_the_same_answer(
    organisation: TestService, account: str
) -> None:
    nobody, wrong = [
        await Flow(organisation.http).sign_in(name, "not the password") for name in ("nobody.at.all", account)
    ]
    told = [answer.text.split('role="alert">')[1].split("<")[0] for answer in (nobody, wrong)]
    assert (nobody.status_code, wrong.status_code, told[0]) == (401, 401, told[1])


async def test_every_try_to_sign_in_leaves_an_event(
    organisation: TestService, account: str, password: str
) -> None:
    for typed in ("not the password", password):
        await Flow(organisation.http).sign_in(account, typed)
    async with organisation.database.reading() as tx:
        kinds = await tx.conn.fetch(
            "select kind from events join accounts on person_id = subject_id where username = $1 "
            "order by seq",
            account,
        )
    assert [row["kind"] for row in kinds] == ["SignInFailed", "SignedIn"]


async def test_an_account_without_a_password_opens_to_the_command_line_of_an_embedded_instance_only(
    organisation: TestService, account: str
) -> None:
    async with organisation.database.transaction() as tx:
        await tx.conn.execute("update accounts set password_hash = null where username = $1", account)
    for typed in ("nobody", "None", ""):
        assert (await Flow(organisation.http).sign_in(account, typed)).status_code in {401, 422}
    answer = await _exchange(organisation, account)
    claims = jwt.decode(
        answer.json()["access_token"],
        await organisation.app.state.issuer_keys.keys(fresh=False),
        algorithms=[ALGORITHM],
    ).claims
    async with organisation.database.reading() as tx:
        assert UUID(claims["sub"]) == await tx.conn.fetchval(
            "select person_id from accounts where username = $1", account
        )
    assert "id_token" not in answer.json()


async def _exchange(service: TestService, subject: str, **changes: str) -> httpx.Response:
    grant = {
        "grant_type": EXCHANGE,
        "client_id": "sangkien-cli",
        "client_secret": CLI_SECRET,
        "requested_subject": subject,
    }
    return await service.http.post("/oauth2/token", data={**grant, **changes})


@pytest.mark.parametrize(
    "changes", [{"client_secret": "guess"}, {"requested_subject": "nobody"}, {"client_id": "sangkien-portal"}]
)
async def test_an_exchange_needs_client_secret_and_account(
    organisation: TestService, changes: dict[str, str]
) -> None:
    refused = await _exchange(organisation, ADMIN, **changes)
    assert (refused.status_code, refused.json()["code"]) == (400, "GrantInvalid")


async def test_without_a_secret_in_the_settings_there_is_no_exchange(open_service: ServiceOpener) -> None:
    async with open_service(SERVICE) as bare:
        await bare_province(bare)
        for secret in ("", CLI_SECRET):
            assert (await _exchange(bare, ADMIN, client_secret=secret)).status_code == 400


async def test_the_key_outlives_the_process(organisation: TestService, password: str) -> None:
    assert password
    first = (await organisation.http.get("/.well-known/jwks.json")).json()
    again = (await organisation.app.state.issuer_keys.keys(fresh=True)).as_dict(private=False)
    assert [key["kid"] for key in again["keys"]] == [key["kid"] for key in first["keys"]]


async def test_user_info_tells_whom_a_token_speaks_of_and_nothing_without_one(
    organisation: TestService, password: str
) -> None:
    assert password
    for headers in ({}, {"Authorization": "Bearer x"}):
        refused = await organisation.http.get("/oauth2/userinfo", headers=headers)
        assert (refused.status_code, refused.json()["code"]) == (401, "Unauthenticated")
    person = uuid4()
    told = await organisation.http.get("/oauth2/userinfo", headers=organisation.headers(person))
    assert (told.status_code, told.json()["sub"]) == (200, str(person))


async def test_the_form_speaks_the_language_that_the_client_wishes(organisation: TestService) -> None:
    flow = Flow(organisation.http)
    usual = await flow.form()
    assert '<html lang="vi">' in usual.text
    english = await flow.form(ui_locales="fr en-GB vi")
    assert '<html lang="en">' in english.text
    assert 'name="ui_locales" value="en"' in english.text
    assert "Đăng nhập" not in english.text
    flow.asked["ui_locales"] = "en"
    refused = await flow.sign_in("nobody", "wrong")
    assert "The user name or the password is wrong." in refused.text
    assert "<script" not in (await flow.form(ui_locales="<script>", state='"><script>')).text
