"""Who calls: an OpenID Connect bearer token, checked against the keys of the provider that issued it. It says
who somebody is, and nothing else."""

import asyncio
import json
from base64 import urlsafe_b64decode
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, Protocol
from uuid import UUID

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from kit.clock import Clock
from language.refusals import Refusal

ALGORITHM = "RS256"
_KEYS_KEPT_FOR = timedelta(minutes=10)
_REFRESH_AT_MOST_EVERY = timedelta(seconds=10)
_TOKENS_KEPT = 4_096


class Unauthenticated(Refusal):
    """No token, or one that does not hold."""

    status = 401
    vi = "Phiên đăng nhập thiếu, sai hoặc đã hết hạn ({reason}). Hãy đăng nhập lại."
    en = "The token is missing, forged or expired ({reason}). Sign in again."


class SignInUnavailable(Refusal):
    """The issuer's keys cannot be had now."""

    status = 503
    vi = (
        "Chưa kiểm tra được phiên đăng nhập vì dịch vụ tổ chức (organisation) đang tạm dừng. Hãy thử lại "
        "sau ít phút."
    )
    en = "Tokens cannot be checked because the issuer is away. Try again in a few minutes."


OWN_ISSUER = ""
"""The installation's own sign-in, wherever it is reached; its subjects are the ids of people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Whom a token speaks of, in the words of the provider that issued it; `issuer` is `OWN_ISSUER` for the
    installation's own."""

    issuer: str
    subject: str
    issued_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """The person who calls. What the person may do is not known here: it is looked up where it is done, at
    the moment it is done."""

    person_id: UUID


class KeySource(Protocol):
    """Where the issuer's public keys come from."""

    async def keys(self, *, fresh: bool) -> KeySet:
        """The key set; `fresh` asks to look again because a token names an unknown key."""
        ...


class HttpKeySource:
    """The key set at the issuer's `jwks_uri`, kept for minutes so that services go on while the issuer
    restarts."""

    def __init__(self, issuer: str, clock: Clock) -> None:
        self._issuer = issuer
        self._clock = clock
        self._keys: KeySet | None = None
        self._read_at: datetime | None = None
        self._lock = asyncio.Lock()

    async def keys(self, *, fresh: bool) -> KeySet:
        async with self._lock:
            age = self._clock.real_now() - self._read_at if self._read_at else None
            if self._keys and age is not None and age < (_REFRESH_AT_MOST_EVERY if fresh else _KEYS_KEPT_FOR):
                return self._keys
            try:
                self._keys = await self._fetch()
            except (httpx.HTTPError, ValueError, KeyError) as error:
                if self._keys is None:
                    raise SignInUnavailable from error
            self._read_at = self._clock.real_now()
            return self._keys

    async def _fetch(self) -> KeySet:
        async with httpx.AsyncClient(timeout=5) as http:
            configuration = (
                (await http.get(f"{self._issuer}/.well-known/openid-configuration")).raise_for_status().json()
            )
            return KeySet.import_key_set(
                (await http.get(configuration["jwks_uri"])).raise_for_status().json()
            )


class TokenVerifier:
    """Checks issuer, audience, expiry and signature; remembers tokens it has checked until they expire.

    `own` is the address of the installation's own sign-in; `keys` has the keys of every provider that is
    trusted, by its address."""

    def __init__(self, *, own: str, audience: str, keys: Mapping[str, KeySource], clock: Clock) -> None:
        self._own = own
        self._keys = keys
        self._clock = clock
        self._claims = {
            issuer: jwt.JWTClaimsRegistry(
                now=lambda: int(clock.real_now().timestamp()),
                iss={"essential": True, "value": issuer},
                aud={"essential": True, "value": audience},
                exp={"essential": True},
                iat={"essential": True},
                sub={"essential": True},
            )
            for issuer in keys
        }
        self._checked: OrderedDict[bytes, tuple[float, Identity]] = OrderedDict()

    async def verify(self, token: str) -> Identity:
        """Whom the token speaks of; `Unauthenticated` when anything about it does not hold."""
        fingerprint = sha256(token.encode("utf-8", "surrogatepass")).digest()
        known = self._checked.get(fingerprint)
        if known and known[0] > self._clock.real_now().timestamp():
            return known[1]
        issuer = _issuer_claimed(token)
        if issuer not in self._keys:
            raise Unauthenticated(reason="issuer")
        claims = await self._claims_of(token, issuer)
        try:
            identity = Identity(
                issuer=OWN_ISSUER if issuer == self._own else issuer,
                subject=str(claims["sub"]),
                issued_at=datetime.fromtimestamp(float(claims["iat"]), UTC),
            )
        except (ValueError, TypeError, OverflowError) as error:
            raise Unauthenticated(reason="claims") from error
        self._checked[fingerprint] = (float(claims["exp"]), identity)
        if len(self._checked) > _TOKENS_KEPT:
            self._checked.popitem(last=False)
        return identity

    async def _claims_of(self, token: str, issuer: str) -> dict[str, Any]:
        for fresh in (False, True):
            try:
                keys = await self._keys[issuer].keys(fresh=fresh)
                decoded = jwt.decode(token, keys, algorithms=[ALGORITHM])
                self._claims[issuer].validate(decoded.claims)
            except (JoseError, ValueError, TypeError, KeyError) as error:
                # A key rotated since the last look reads as a bad token: look once more before refusing.
                if fresh:
                    raise Unauthenticated(reason=type(error).__name__) from error
            else:
                return decoded.claims
        raise Unauthenticated(reason="keys")


def _issuer_claimed(token: str) -> str:
    """Whose keys to check it with; not believed before it is checked with them."""
    try:
        payload = token.split(".")[1]
        claims = json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        return str(claims["iss"])
    except (ValueError, TypeError, KeyError, IndexError) as error:
        raise Unauthenticated(reason="token") from error
