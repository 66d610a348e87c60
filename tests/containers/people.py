"""People of a made-up province who sign in at the public address and act there, as any program of theirs
would."""

import base64
import secrets
from collections.abc import Mapping
from hashlib import sha256
from urllib.parse import parse_qs, urlsplit

import httpx

from cli.people_api import PeopleApi
from cli.province import ADMIN

_CLIENT, _BACK = "sangkien-cli", "http://127.0.0.1:9/callback"
_SERVICES = ("organisation", "rulebook", "intake", "review", "payout", "postroom")


class SignedIn(PeopleApi):
    """Tokens by the code flow with PKCE and the passwords of the accounts; everything through the proxy."""

    def __init__(self, public: str, passwords: Mapping[str, str]) -> None:
        super().__init__({name: f"{public}/api/{name}" for name in _SERVICES}, "")
        self._public = public
        self._passwords = passwords

    async def _token(self, account: str) -> str:
        if account not in self._tokens:
            self._tokens[account] = await sign_in(self._public, account, self._passwords[account])
        return self._tokens[account]


async def sign_in(public: str, account: str, password: str, new: str = "") -> str:
    """A token; where a new password is demanded, with `new`."""
    verifier = secrets.token_urlsafe(48)
    challenge = base64.urlsafe_b64encode(sha256(verifier.encode()).digest()).decode().rstrip("=")
    asked = {
        "client_id": _CLIENT,
        "redirect_uri": _BACK,
        "code_challenge": challenge,
        "state": "s",
        "nonce": "n",
    }
    typed = {"username": account, "password": password}
    if new:
        typed |= {"new_password": new, "new_password_again": new}
    async with httpx.AsyncClient(base_url=public, timeout=30) as http:
        answer = await http.post("/oauth2/authorize", data={**asked, **typed})
        assert answer.status_code == 303, answer.text[:2000]
        code = parse_qs(urlsplit(answer.headers["location"]).query)["code"][0]
        grant = {"grant_type": "authorization_code", "client_id": _CLIENT, "redirect_uri": _BACK}
        told = await http.post("/oauth2/token", data={**grant, "code": code, "code_verifier": verifier})
    assert told.status_code == 200, told.text
    return str(told.json()["access_token"])


async def first_sign_in(public: str, first: str) -> str:
    """The administrator's own password, chosen at the first sign-in with the one of the environment file."""
    own = f"{secrets.token_urlsafe(9)} của riêng mình"
    await sign_in(public, ADMIN, first, own)
    return own
