"""Signing in with the OpenID Connect issuer: what it grants, and to whom it says no."""

import asyncio
import base64
import secrets
from collections.abc import AsyncIterator
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from services.directory.app import SERVICE
from services.directory.bootstrap import ADMIN, bootstrap
from services.kit.auth import ALGORITHM
from tests.conftest import AUDIENCE, ISSUER, ServiceOpener, TestService

CLI_SECRET = "only for the test"
PORTAL = "http://portal.test/signed-in"
EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"


class Flow:
    """One run of the code flow with PKCE."""

    def __init__(self, http: httpx.AsyncClient, client_id: str = "sangkien-cli", redirect_uri: str = "http://127.0.0.1:9/callback") -> None:
        self.http = http
        self.verifier = secrets.token_urlsafe(48)
        challenge = base64.urlsafe_b64encode(sha256(self.verifier.encode()).digest()).decode().rstrip("=")
        self.asked = {"client_id": client_id, "redirect_uri": redirect_uri, "code_challenge": challenge, "state": "s", "nonce": "n"}

    async def form(self, **changes: str) -> httpx.Response:
        """The sign-in form."""
        return await self.http.get("/oauth2/authorize", params={**self.asked, **changes})

    async def sign_in(self, username: str, password: str) -> httpx.Response:
        """The form sent."""
        return await self.http.post("/oauth2/authorize", data={**self.asked, "username": username, "password": password})

    async def redeem(self, code: str, **changes: str) -> httpx.Response:
        """The code taken to the token endpoint."""
        grant = {
            "grant_type": "authorization_code", "client_id": self.asked["client_id"], "redirect_uri": self.asked["redirect_uri"],
            "code": code, "code_verifier": self.verifier,
        }  # fmt: skip
        return await self.http.post("/oauth2/token", data={**grant, **changes})


def code_of(answer: httpx.Response) -> str:
    assert answer.status_code == 303, answer.text
    return parse_qs(urlsplit(answer.headers["location"]).query)["code"][0]


@pytest.fixture(scope="module")
async def directory(open_service: ServiceOpener) -> AsyncIterator[TestService]:
    async with open_service(SERVICE, cli_client_secret=CLI_SECRET, portal_redirect_uris=PORTAL) as service:
        yield service


@pytest.fixture(scope="module")
async def password(directory: TestService) -> str:
    return str((await bootstrap(directory.database))["password"])


async def _new_account(directory: TestService, password: str) -> str:
    """An account of its own, so that wrong passwords lock nobody else out."""
    answer = await Flow(directory.http).redeem(code_of(await _signed_in(directory, password)))
    username = f"u{uuid4().hex}"
    keys = KeySet.import_key_set((await directory.http.get("/.well-known/jwks.json")).json())
    claims = jwt.decode(answer.json()["access_token"], keys, algorithms=[ALGORITHM]).claims if answer.status_code == 200 else {}
    del claims
    async with directory.database.transaction() as tx:
        person = uuid4()
        await tx.conn.execute("insert into people (id, code, full_name, folded_name) values ($1, $2, 'Tô Vũ', 'to vu')", person, username)
        await tx.conn.execute(
            "insert into accounts (username, person_id, password_hash) select $1, $2, password_hash from accounts where username = $3",
            username, person, ADMIN,
        )  # fmt: skip
    return username


async def _signed_in(directory: TestService, password: str) -> httpx.Response:
    return await Flow(directory.http).sign_in(ADMIN, password)
