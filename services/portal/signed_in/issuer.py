"""The code flow with PKCE against the province's issuer (OpenID Connect Core 1.0, RFC 7636)."""

import asyncio
import base64
import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final
from urllib.parse import urlencode

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from pydantic import BaseModel, ValidationError

from kit.auth import ALGORITHM, HttpKeySource, SignInUnavailable
from kit.clock import Clock
from language.telling import Language
from services.portal.settings import PortalSettings

CALLBACK: Final = "/signed-in"
_LEEWAY: Final = 10
_EARLY: Final = timedelta(seconds=30)
"""So long before its end a token is renewed: it must still hold when the service looks at it."""


class SignInFailed(Exception):
    """The issuer did not say who this is; the reason is for the log."""


class SignInAway(Exception):
    """The issuer does not answer now."""


class Began(BaseModel):
    """What the browser keeps, sealed, while its person is at the issuer."""

    state: str
    nonce: str
    verifier: str
    back: str


class Tokens(BaseModel):
    """What a session can ask the services with, and until when."""

    access: str
    until: datetime
    refresh: str | None = None

    def is_fresh(self, now: datetime) -> bool:
        """Holds for a while yet."""
        return now + _EARLY < self.until


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """Who came back from the issuer."""

    subject: str
    tokens: Tokens


class IssuerClient:
    """Leads people to the issuer, and takes the code that they bring back."""

    def __init__(self, settings: PortalSettings, http: httpx.AsyncClient, clock: Clock) -> None:
        self._settings = settings
        self._http = http
        self._clock = clock
        self._found: dict[str, Any] | None = None
        self._keys = HttpKeySource(settings.oidc_issuer, clock, settings.oidc_issuer_inside)
        self._lock = asyncio.Lock()

    @property
    def redirect_uri(self) -> str:
        """Where the issuer sends people back to."""
        return f"{self._settings.base}{CALLBACK}"

    async def begin(self, back: str, language: Language) -> tuple[str, Began]:
        """Where to send the browser, and what to keep meanwhile."""
        began = Began(
            state=secrets.token_urlsafe(24),
            nonce=secrets.token_urlsafe(24),
            verifier=secrets.token_urlsafe(48),
            back=back,
        )
        digest = sha256(began.verifier.encode()).digest()
        asked = {
            "response_type": "code",
            "client_id": self._settings.oidc_client_id,
            "redirect_uri": self.redirect_uri,
            "scope": "openid offline_access",
            "ui_locales": language.value,
            "state": began.state,
            "nonce": began.nonce,
            "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
            "code_challenge_method": "S256",
        }
        known = await self._discovered()
        return f"{known['authorization_endpoint']}?{urlencode(asked)}", began

    async def complete(self, began: Began, code: str) -> SignedIn:
        """Tokens for the code; the id token must be the issuer's, for us, and of this very sign-in."""
        answer = await self._token(
            grant_type="authorization_code",
            code=code,
            redirect_uri=self.redirect_uri,
            code_verifier=began.verifier,
        )
        claims = await self._claims(str(answer.get("id_token")), began.nonce)
        return SignedIn(subject=str(claims["sub"]), tokens=self._tokens(answer, None))

    async def renew(self, tokens: Tokens) -> Tokens | None:
        """Tokens for some more time; None when the person has to sign in again."""
        if tokens.refresh is None:
            return None
        try:
            answer = await self._token(grant_type="refresh_token", refresh_token=tokens.refresh)
        except SignInFailed:
            return None
        return self._tokens(answer, tokens.refresh)

    async def forget(self, tokens: Tokens) -> None:
        """Tell the issuer that nobody renews these tokens any more (RFC 7009), as far as it listens."""
        if tokens.refresh is None:
            return
        with suppress(SignInAway):
            known = await self._discovered()
            if "revocation_endpoint" in known:
                await self._post(str(known["revocation_endpoint"]), {"token": tokens.refresh})

    async def _token(self, **asked: str) -> dict[str, Any]:
        known = await self._discovered()
        answer = await self._post(str(known["token_endpoint"]), asked)
        if answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
            raise SignInAway
        if answer.status_code != httpx.codes.OK:
            raise SignInFailed(f"token endpoint: {answer.status_code}")
        found: dict[str, Any] = answer.json()
        return found

    async def _post(self, address: str, asked: dict[str, str]) -> httpx.Response:
        body = asked | {"client_id": self._settings.oidc_client_id}
        if secret := self._settings.oidc_client_secret.get_secret_value():
            body["client_secret"] = secret
        try:
            return await self._http.post(self._inside(address), data=body)
        except httpx.HTTPError as error:
            raise SignInAway from error

    def _tokens(self, answer: dict[str, Any], refresh: str | None) -> Tokens:
        life = timedelta(seconds=float(answer.get("expires_in", 300)))
        try:
            return Tokens(
                access=answer["access_token"],
                until=self._clock.real_now() + life,
                refresh=answer.get("refresh_token") or refresh,
            )
        except (KeyError, ValidationError) as error:
            raise SignInFailed("no access token") from error

    async def _claims(self, id_token: str, nonce: str) -> dict[str, Any]:
        registry = jwt.JWTClaimsRegistry(
            now=lambda: int(self._clock.real_now().timestamp()),
            leeway=_LEEWAY,
            iss={"essential": True, "value": self._settings.oidc_issuer},
            aud={"essential": True, "value": self._settings.oidc_client_id},
            exp={"essential": True},
            sub={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        for fresh in (False, True):
            try:
                keys = await self._keys.keys(fresh=fresh)
                claims = jwt.decode(id_token, keys, algorithms=[ALGORITHM]).claims
                registry.validate(claims)
            except SignInUnavailable as error:
                raise SignInAway from error
            except (JoseError, ValueError) as error:
                if fresh:
                    raise SignInFailed(f"id token: {type(error).__name__}") from error
            else:
                return dict(claims)
        raise SignInFailed("id token")

    async def _discovered(self) -> dict[str, Any]:
        async with self._lock:
            if self._found is None:
                found = await self._read(f"{self._settings.oidc_issuer}/.well-known/openid-configuration")
                if found.get("issuer") != self._settings.oidc_issuer:
                    raise SignInFailed("the provider at this address calls itself by another")
                self._found = found
            return self._found

    async def _read(self, address: str) -> dict[str, Any]:
        try:
            answer = (await self._http.get(self._inside(address))).raise_for_status()
            found: dict[str, Any] = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            raise SignInAway from error
        return found

    def _inside(self, address: str) -> str:
        """Where an address of the issuer is reached from here."""
        issuer, inside = self._settings.oidc_issuer, self._settings.oidc_issuer_inside
        return inside + address.removeprefix(issuer) if inside and address.startswith(issuer) else address
