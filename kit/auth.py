"""Who calls: an OpenID Connect bearer token checked against the issuer's keys, and the posts it says the
person holds."""

import asyncio
from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any, Protocol
from uuid import UUID

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from kit.clock import Clock
from language.deadline.arithmetic import local_day
from language.events.actor import Actor
from language.posts.kinds import PostKind
from language.refusals import Forbidden, Refusal

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


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldPost:
    """A post the person holds: what it is for, in which unit (`unit_path` from the root to it), from when to
    when."""

    post_id: UUID
    kind: PostKind
    unit_id: UUID
    unit_path: tuple[UUID, ...]
    held_from: date
    held_to: date | None

    def is_held_on(self, day: date) -> bool:
        """Held on this local day."""
        return self.held_from <= day and (self.held_to is None or day <= self.held_to)


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """The person who calls and the posts that give the person rights. Deny by default: nothing is allowed but
    through `require`."""

    person_id: UUID
    posts: tuple[HeldPost, ...]

    def posts_of(self, kinds: Collection[PostKind], at: datetime) -> tuple[HeldPost, ...]:
        """The posts of these kinds held at this domain instant."""
        day = local_day(at)
        return tuple(post for post in self.posts if post.kind in kinds and post.is_held_on(day))

    def post_in(self, kinds: Collection[PostKind], unit_id: UUID, at: datetime) -> HeldPost | None:
        """A post of these kinds in exactly this unit."""
        return next((post for post in self.posts_of(kinds, at) if post.unit_id == unit_id), None)

    def post_over(
        self, kinds: Collection[PostKind], unit_path: Collection[UUID], at: datetime
    ) -> HeldPost | None:
        """A post of these kinds in the unit this path leads to, or in any unit above it."""
        return next((post for post in self.posts_of(kinds, at) if post.unit_id in unit_path), None)

    def require(self, kinds: Collection[PostKind], unit_path: Collection[UUID], at: datetime) -> Actor:
        """The actor with such a post in or over the unit; `Forbidden` without one."""
        post = self.post_over(kinds, unit_path, at)
        if post is None:
            raise Forbidden
        return Actor(person_id=self.person_id, post_id=post.post_id)

    def require_root(self, kinds: Collection[PostKind], at: datetime) -> Actor:
        """The actor with such a post in the root unit, for what holds for the whole province; `Forbidden`
        without one."""
        for post in self.posts_of(kinds, at):
            if len(post.unit_path) == 1:
                return Actor(person_id=self.person_id, post_id=post.post_id)
        raise Forbidden

    def require_over_all(
        self, kinds: Collection[PostKind], unit_paths: Collection[Collection[UUID]], at: datetime
    ) -> Actor:
        """The actor with such posts in or over every one of these units, and with at least one such post
        where there is no unit; `Forbidden` otherwise."""
        posts = self.posts_of(kinds, at)
        if not posts or not all(self.post_over(kinds, path, at) for path in unit_paths):
            raise Forbidden
        return Actor(person_id=self.person_id, post_id=posts[0].post_id)

    def units_of(self, kinds: Collection[PostKind], at: datetime) -> tuple[UUID, ...]:
        """The units in which the person holds such posts."""
        return tuple({post.unit_id for post in self.posts_of(kinds, at)})

    def root_of(self, kinds: Collection[PostKind], at: datetime) -> UUID | None:
        """The root unit, if the person holds such a post there."""
        return next((post.unit_id for post in self.posts_of(kinds, at) if len(post.unit_path) == 1), None)


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


def _held_post(claim: dict[str, Any]) -> HeldPost:
    return HeldPost(
        post_id=UUID(claim["post"]),
        kind=PostKind(claim["kind"]),
        unit_id=UUID(claim["path"][-1]),
        unit_path=tuple(UUID(unit) for unit in claim["path"]),
        held_from=date.fromisoformat(claim["from"]),
        held_to=date.fromisoformat(claim["to"]) if claim.get("to") else None,
    )


def post_claim(post: HeldPost) -> dict[str, Any]:
    """How a held post is written into a token; `_held_post` reads it back."""
    held_to = post.held_to.isoformat() if post.held_to else None
    path = [str(unit) for unit in post.unit_path]
    return {
        "post": str(post.post_id),
        "kind": post.kind.value,
        "path": path,
        "from": post.held_from.isoformat(),
        "to": held_to,
    }


class TokenVerifier:
    """Checks issuer, audience, expiry and signature; remembers tokens it has checked until they expire."""

    def __init__(self, *, issuer: str, audience: str, keys: KeySource, clock: Clock) -> None:
        self._keys = keys
        self._clock = clock
        self._claims = jwt.JWTClaimsRegistry(
            now=lambda: int(clock.real_now().timestamp()),
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": audience},
            exp={"essential": True},
            sub={"essential": True},
        )
        self._checked: OrderedDict[bytes, tuple[float, Principal]] = OrderedDict()

    async def verify(self, token: str) -> Principal:
        """The person behind the token; `Unauthenticated` when anything about it does not hold."""
        fingerprint = sha256(token.encode("utf-8", "surrogatepass")).digest()
        known = self._checked.get(fingerprint)
        if known and known[0] > self._clock.real_now().timestamp():
            return known[1]
        claims = await self._claims_of(token)
        try:
            principal = Principal(
                person_id=UUID(claims["sub"]),
                posts=tuple(_held_post(claim) for claim in claims.get("posts", [])),
            )
        except (ValueError, KeyError, TypeError, IndexError) as error:
            raise Unauthenticated(reason="claims") from error
        self._checked[fingerprint] = (float(claims["exp"]), principal)
        if len(self._checked) > _TOKENS_KEPT:
            self._checked.popitem(last=False)
        return principal

    async def _claims_of(self, token: str) -> dict[str, Any]:
        for fresh in (False, True):
            try:
                decoded = jwt.decode(token, await self._keys.keys(fresh=fresh), algorithms=[ALGORITHM])
                self._claims.validate(decoded.claims)
            except (JoseError, ValueError, TypeError, KeyError) as error:
                # A key rotated since the last look reads as a bad token: look once more before refusing.
                if fresh:
                    raise Unauthenticated(reason=type(error).__name__) from error
            else:
                return decoded.claims
        raise Unauthenticated(reason="keys")
