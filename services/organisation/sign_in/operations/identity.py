"""Authorization codes with PKCE, and tokens that say who somebody is."""

import asyncio
import base64
import hmac
import re
import secrets
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from casework.history.record import record
from kit.auth import ALGORITHM
from kit.clock import Clock
from kit.db import Database, Tx
from kit.ids import new_id
from language.events.organisation import TokenExchanged
from language.telling import Language
from services.organisation.settings import OrganisationSettings
from services.organisation.sign_in.domain.account import GrantedCode
from services.organisation.sign_in.domain.clients import CLI_CLIENT, CLIENTS, PORTAL_CLIENT
from services.organisation.sign_in.domain.refusals import (
    GrantInvalid,
    OneTimeCodeMissing,
    OneTimeCodesDemanded,
)
from services.organisation.sign_in.operations import renewing
from services.organisation.sign_in.operations.one_time_codes import CodeRules, are_demanded, require_code
from services.organisation.sign_in.store import accounts
from services.organisation.sign_in.store.one_time_codes import are_in_use

_CODE_LIFE = timedelta(minutes=1)
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
# The whole address, for parsers do not agree on what `http://[::1].evil.example/` is.
_LOOPBACK = re.compile(r"http://(?:127\.0\.0\.1|localhost|\[::1\])(?::[0-9]{1,5})?/[A-Za-z0-9/_-]*")
_KEY_BITS = 2048


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizationRequest:
    """What a client asks for at the authorization endpoint; checked before the person sees a form."""

    client_id: str
    redirect_uri: str
    code_challenge: str
    state: str
    nonce: str | None
    renewable: bool = False
    language: Language = Language.VI


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """The answer of the token endpoint."""

    access_token: str
    id_token: str | None
    expires_in: int
    refresh_token: str | None = None


class Signer:
    """The issuer's keys: the newest signs, all verify. Also the key source of the organisation's own
    token check."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._keys: KeySet | None = None

    async def keys(self, *, fresh: bool) -> KeySet:
        """All keys, read again when `fresh` is asked for; the first call ever makes the first key."""
        if self._keys is None or fresh:
            self._keys = await self._read()
        return self._keys

    async def newest(self) -> RSAKey:
        """The key that signs."""
        key = (await self.keys(fresh=False)).keys[0]
        if not isinstance(key, RSAKey):
            raise TypeError("signing keys are RSA keys")
        return key

    async def _read(self) -> KeySet:
        async with self._database.reading() as tx:
            known = await accounts.signing_keys(tx)
        if not known:
            known = await self._first()
        return KeySet([RSAKey.import_key(jwk) for jwk in known])

    async def _first(self) -> list[dict[str, Any]]:
        async with self._database.transaction() as tx:
            await accounts.lock_signing_keys(tx)
            known = await accounts.signing_keys(tx)
            if not known:
                key_id = str(new_id())
                key = await asyncio.to_thread(
                    RSAKey.generate_key, _KEY_BITS, {"kid": key_id, "use": "sig", "alg": ALGORITHM}
                )
                known = [dict(key.as_dict(private=True))]
                await accounts.insert_signing_key(tx, key_id, known[0])
            return known


class Issuer:
    """Makes tokens."""

    def __init__(
        self, settings: OrganisationSettings, clock: Clock, signer: Signer, database: Database
    ) -> None:
        self._settings = settings
        self._database = database
        self._clock = clock
        self._signer = signer

    async def tokens_for(self, person_id: UUID, client_id: str) -> Tokens:
        """An access token. It says who somebody is, never what the person may do."""
        claims = {"aud": self._settings.oidc_audience, "client_id": client_id}
        return Tokens(access_token=await self._sign(person_id, claims), id_token=None, expires_in=self._life)

    async def tokens_for_sign_in(
        self, person_id: UUID, client_id: str, *, nonce: str | None = None, renewable: bool = False
    ) -> Tokens:
        """An access token, an id token for the client (OpenID Connect Core 1.0, section 3.1.3.3), and what
        renews the sign-in, where the client may have that."""
        tokens = await self.tokens_for(person_id, client_id)
        claims = {"aud": client_id} | ({"nonce": nonce} if nonce else {})
        tokens = replace(tokens, id_token=await self._sign(person_id, claims))
        if not renewable or not CLIENTS[client_id].renews:
            return tokens
        async with self._database.transaction() as tx:
            life = timedelta(hours=self._settings.sign_in_hours)
            secret = await renewing.begin(tx, person_id, client_id, self._clock.real_now(), life)
        return replace(tokens, refresh_token=secret)

    async def tokens_for_renewal(self, token: str, client_id: str) -> Tokens:
        """An access token for a sign-in that goes on, and what renews it the next time."""
        async with self._database.transaction() as tx:
            renewed = await renewing.renew(tx, token, client_id, self._clock.real_now())
        if renewed is None:
            raise GrantInvalid(reason="refresh_token")
        person_id, secret = renewed
        return replace(await self.tokens_for(person_id, client_id), refresh_token=secret)

    @property
    def _life(self) -> int:
        return self._settings.token_minutes * 60

    async def _sign(self, person_id: UUID, claims: dict[str, Any]) -> str:
        # Parts of a second, too: whoever signs in right after everything was signed out is in.
        now = self._clock.real_now().timestamp()
        key = await self._signer.newest()
        base = {"iss": self._settings.oidc_issuer, "sub": str(person_id), "iat": now, "exp": now + self._life}
        return jwt.encode({"alg": ALGORITHM, "kid": key.kid}, {**base, **claims}, key)


def is_challenge(text: str) -> bool:
    """A SHA-256 in base64url without padding (RFC 7636, S256)."""
    return _CHALLENGE.fullmatch(text) is not None


def is_redirect_known(settings: OrganisationSettings, client_id: str, redirect_uri: str) -> bool:
    """The portal's addresses come from settings; the command line listens on loopback."""
    if client_id == PORTAL_CLIENT:
        return redirect_uri in settings.portal_redirect_uris.split()
    client = CLIENTS.get(client_id)
    return client is not None and client.on_loopback and _LOOPBACK.fullmatch(redirect_uri) is not None


def _hash_code(code: str) -> str:
    return sha256(code.encode()).hexdigest()


async def grant_code(tx: Tx, request: AuthorizationRequest, person_id: UUID, now: datetime) -> str:
    """A code for the client, good for a minute of real time; only its hash is kept."""
    code = secrets.token_urlsafe(32)
    await accounts.insert_code(
        tx,
        GrantedCode(
            code_hash=_hash_code(code),
            client_id=request.client_id,
            redirect_uri=request.redirect_uri,
            code_challenge=request.code_challenge,
            nonce=request.nonce,
            person_id=person_id,
            expires_at=now + _CODE_LIFE,
            renewable=request.renewable,
        ),
    )
    return code


async def redeem_code(
    database: Database, code: str, client_id: str, redirect_uri: str, verifier: str
) -> GrantedCode:
    """The grant behind a code, for the client that began the flow (RFC 7636). A refused try uses the code up
    as well."""
    async with database.transaction() as tx:
        grant = await accounts.take_code(tx, _hash_code(code))
    challenge = base64.urlsafe_b64encode(sha256(verifier.encode()).digest()).decode().rstrip("=")
    if grant is None or grant.expires_at < database.clock.real_now():
        raise GrantInvalid(reason="code")
    if (grant.client_id, grant.redirect_uri) != (client_id, redirect_uri) or not hmac.compare_digest(
        grant.code_challenge, challenge
    ):
        raise GrantInvalid(reason=["client_id", "redirect_uri", "code_verifier"])
    return grant


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """What the command line of an embedded instance shows to act as an account."""

    secret: str = field(repr=False)
    username: str
    one_time_code: str = field(default="", repr=False)


async def exchange_for(tx: Tx, settings: OrganisationSettings, asked: Exchange, now: datetime) -> UUID:
    """RFC 8693, for the command line of an embedded instance only: act as an account, and leave an event of
    it. One that has one-time codes asks for one here, too."""
    expected = settings.cli_client_secret.get_secret_value()
    if not expected or not hmac.compare_digest(expected.encode(), asked.secret.encode("utf-8", "replace")):
        raise GrantInvalid(reason="client_secret")
    account = await accounts.find_account(tx, asked.username)
    if account is None or account.disabled_at:
        raise GrantInvalid(reason="requested_subject")
    await accounts.lock_account_of(tx, account.person_id)
    rules = CodeRules.of(settings)
    if await are_in_use(tx, account.person_id):
        if not asked.one_time_code:
            raise OneTimeCodeMissing
        await require_code(tx, rules, account.person_id, asked.one_time_code, now)
    elif await are_demanded(tx, rules, account.person_id):
        raise OneTimeCodesDemanded
    await record(tx, TokenExchanged(client=CLI_CLIENT), about=account.person_id)
    return account.person_id
