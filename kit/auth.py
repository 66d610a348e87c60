"""Who calls: an OpenID Connect bearer token, checked against the keys of the provider that issued it. It says
who somebody is, and nothing else."""

import asyncio
import json
from base64 import urlsafe_b64decode
from collections import OrderedDict, deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, Final, Protocol
from uuid import UUID

import httpx
from joserfc import jwt
from joserfc.errors import ExpiredTokenError, JoseError
from joserfc.jwk import KeySet

from kit.clock import Clock
from language.refusals import Refusal
from language.words.base import Coded

ALGORITHM = "RS256"
_KEYS_KEPT_FOR = timedelta(minutes=10)
_FRESH_LOOKS, _FRESH_WITHIN = 5, timedelta(seconds=10)
"""Whoever invents names of keys makes nobody ask the issuer more often."""
_TOKENS_KEPT = 4_096
_LEEWAY_SECONDS = 10
"""Two machines' clocks are never the same."""


class Unauthenticated(Refusal):
    """No token, or one that does not hold."""

    status = 401
    vi = "Phiên đăng nhập thiếu, sai hoặc đã hết hạn ({reason}). Hãy đăng nhập lại."
    en = "The token is missing, forged or expired ({reason}). Sign in again."


TOKEN_MISSING: Final = Coded("no bearer token", "không có phiên", "no bearer token")
TOKEN_EXPIRED: Final = Coded("expired", "phiên đã hết hạn", "it has expired")
TOKEN_FORGED: Final = Coded("forged", "phiên không đúng", "it does not hold")
NO_TOKEN_OF_OURS: Final = Coded("token", "không phải một phiên đăng nhập", "that is no token")
ISSUER_UNKNOWN: Final = Coded("issuer", "không nhận phiên của nơi cấp này", "its issuer is not known")


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
    restarts; `inside` is where the issuer is reached from here, if not at its own address."""

    def __init__(self, issuer: str, clock: Clock, inside: str = "") -> None:
        self._issuer = issuer
        self._inside = inside or issuer
        self._clock = clock
        self._keys: KeySet | None = None
        self._read_at: datetime | None = None
        self._looked: deque[datetime] = deque(maxlen=_FRESH_LOOKS)
        self._lock = asyncio.Lock()

    async def keys(self, *, fresh: bool) -> KeySet:
        async with self._lock:
            now = self._clock.real_now()
            if self._keys and self._read_at and not self._may_look(now, fresh=fresh):
                return self._keys
            try:
                self._keys = await self._fetch()
            except (httpx.HTTPError, ValueError, KeyError) as error:
                if self._keys is None:
                    raise SignInUnavailable from error
            self._read_at = now
            return self._keys

    def _may_look(self, now: datetime, *, fresh: bool) -> bool:
        if self._read_at and now - self._read_at >= _KEYS_KEPT_FOR:
            return True
        if not fresh or (len(self._looked) == _FRESH_LOOKS and now - self._looked[0] < _FRESH_WITHIN):
            return False
        self._looked.append(now)
        return True

    async def _fetch(self) -> KeySet:
        async with httpx.AsyncClient(timeout=5) as http:
            configuration = (
                (await http.get(f"{self._inside}/.well-known/openid-configuration")).raise_for_status().json()
            )
            if configuration["issuer"] != self._issuer:
                raise ValueError("the provider at this address calls itself by another")
            address = str(configuration["jwks_uri"])
            if address.startswith(self._issuer):
                address = self._inside + address.removeprefix(self._issuer)
            return KeySet.import_key_set((await http.get(address)).raise_for_status().json())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Checked:
    """A token that held, with the keys of that moment."""

    identity: Identity
    expires_at: float
    issuer: str
    keys: KeySet


class TokenVerifier:
    """Checks issuer, audience, expiry and signature; remembers tokens it has checked until they expire, or
    the issuer's keys are read again: a key may be withdrawn.

    `own` is the address of the installation's own sign-in; `keys` has the keys of every provider that is
    trusted, by its address."""

    def __init__(self, *, own: str, audience: str, keys: Mapping[str, KeySource], clock: Clock) -> None:
        self._own = own
        self._keys = keys
        self._clock = clock
        self._claims = {
            issuer: jwt.JWTClaimsRegistry(
                now=lambda: int(clock.real_now().timestamp()),
                leeway=_LEEWAY_SECONDS,
                iss={"essential": True, "value": issuer},
                aud={"essential": True, "value": audience},
                exp={"essential": True},
                iat={"essential": True},
                sub={"essential": True},
            )
            for issuer in keys
        }
        self._checked: OrderedDict[bytes, _Checked] = OrderedDict()

    async def verify(self, token: str) -> Identity:
        """Whom the token speaks of; `Unauthenticated` when anything about it does not hold."""
        fingerprint = sha256(token.encode("utf-8", "surrogatepass")).digest()
        known = self._checked.get(fingerprint)
        if known and await self._still_holds(known):
            return known.identity
        checked = await self._check(token)
        self._checked[fingerprint] = checked
        if len(self._checked) > _TOKENS_KEPT:
            self._checked.popitem(last=False)
        return checked.identity

    async def _still_holds(self, known: _Checked) -> bool:
        if known.expires_at + _LEEWAY_SECONDS <= self._clock.real_now().timestamp():
            return False
        return await self._keys[known.issuer].keys(fresh=False) is known.keys

    async def _check(self, token: str) -> _Checked:
        issuer = str(_part(token, 1).get("iss"))
        if issuer not in self._keys:
            raise Unauthenticated(reason=ISSUER_UNKNOWN)
        keys = await self._keys_for(token, issuer)
        try:
            claims = jwt.decode(token, keys, algorithms=[ALGORITHM]).claims
            self._claims[issuer].validate(claims)
            identity = Identity(
                issuer=OWN_ISSUER if issuer == self._own else issuer,
                subject=str(claims["sub"]),
                issued_at=datetime.fromtimestamp(float(claims["iat"]), UTC),
            )
            expires_at = float(claims["exp"])
        except (JoseError, ValueError, TypeError, KeyError, OverflowError) as error:
            raise Unauthenticated(reason=_why(error)) from error
        return _Checked(identity=identity, expires_at=expires_at, issuer=issuer, keys=keys)

    async def _keys_for(self, token: str, issuer: str) -> KeySet:
        """The issuer's keys, read again when the token names one that is not among them: it may be new."""
        key_id = _part(token, 0).get("kid")
        keys = await self._keys[issuer].keys(fresh=False)
        if any(key.kid == key_id for key in keys.keys):
            return keys
        return await self._keys[issuer].keys(fresh=True)


def _why(error: Exception) -> Coded:
    return TOKEN_EXPIRED if isinstance(error, ExpiredTokenError) else TOKEN_FORGED


def _part(token: str, number: int) -> dict[str, Any]:
    """Head or claims of a token; not believed before they are checked with the issuer's keys."""
    try:
        payload = token.split(".")[number]
        part = json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (ValueError, IndexError, RecursionError) as error:
        raise Unauthenticated(reason=NO_TOKEN_OF_OURS) from error
    if not isinstance(part, dict):
        raise Unauthenticated(reason=NO_TOKEN_OF_OURS)
    return part
