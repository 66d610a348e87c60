"""Tokens for a while longer: each secret renews a sign-in once and brings the next (RFC 6749, section 6;
RFC 9700, section 4.14.2)."""

import hmac
import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final
from uuid import UUID

from kit.db import Tx
from kit.ids import new_id
from services.organisation.sign_in.domain.refusals import GrantInvalid
from services.organisation.sign_in.store import accounts, renewals
from services.organisation.sign_in.store.renewals import Renewal

SCOPE: Final = "offline_access"
_GRACE: Final = timedelta(seconds=30)
"""So long the secret from before is taken too: the answer with the next one may have been lost."""


def _hash(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


async def begin(tx: Tx, person_id: UUID, client_id: str, now: datetime, life: timedelta) -> str:
    """The first secret of a new sign-in."""
    secret, renewal_id = secrets.token_urlsafe(32), new_id()
    renewal = Renewal(
        id=renewal_id,
        person_id=person_id,
        client_id=client_id,
        secret_hash=_hash(secret),
        previous_hash=None,
        renewed_at=now,
        signed_in_at=now,
        ends_at=now + life,
    )
    await renewals.insert_renewal(tx, renewal)
    return f"{renewal_id}.{secret}"


async def renew(tx: Tx, token: str, client_id: str, now: datetime) -> tuple[UUID, str] | None:
    """Whose sign-in it is, and the next secret. None when it has to end: what was shown is a secret from
    before, which only a thief or a restored browser still has. `GrantInvalid` when there is none."""
    renewal, secret = await _locked(tx, token)
    if renewal is None or renewal.client_id != client_id or renewal.ends_at <= now:
        raise GrantInvalid(reason="refresh_token")
    account = await accounts.find_account_of(tx, renewal.person_id)
    not_before = await renewals.tokens_not_before(tx, renewal.person_id)
    is_over = not_before is not None and renewal.signed_in_at < not_before
    if account is None or account.disabled_at or is_over:
        raise GrantInvalid(reason="refresh_token")
    shown = _hash(secret)
    is_newest = hmac.compare_digest(shown, renewal.secret_hash)
    is_retry = hmac.compare_digest(shown, renewal.previous_hash or "") and now - renewal.renewed_at < _GRACE
    if not is_newest and not is_retry:
        await renewals.delete_renewal(tx, renewal.id)
        return None
    fresh = secrets.token_urlsafe(32)
    await renewals.set_secret(tx, renewal.id, _hash(fresh), now)
    return renewal.person_id, f"{renewal.id}.{fresh}"


async def end(tx: Tx, token: str) -> None:
    """Nobody renews it any more; whoever shows something else learns nothing (RFC 7009)."""
    renewal, secret = await _locked(tx, token)
    if renewal and hmac.compare_digest(_hash(secret), renewal.secret_hash):
        await renewals.delete_renewal(tx, renewal.id)


async def _locked(tx: Tx, token: str) -> tuple[Renewal | None, str]:
    name, _, secret = token.partition(".")
    try:
        renewal_id = UUID(name)
    except ValueError:
        return None, secret
    return await renewals.lock_renewal(tx, renewal_id), secret
