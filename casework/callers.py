"""Who calls: the person of whom a token speaks, by the accounts that the organisation publishes."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kit.auth import Identity, Principal, Unauthenticated
from kit.db import Tx
from kit.rows import read
from language.views import View

FIND = f"""
select person_id, disabled, tokens_not_before from {View.IDENTITIES} where issuer = $1 and subject = $2
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Account:
    person_id: UUID
    disabled: bool
    tokens_not_before: datetime | None


async def find_caller(tx: Tx, identity: Identity) -> Principal:
    """The person; `Unauthenticated` for an account that nobody has, that is closed, or whose tokens from then
    are no longer taken."""
    row = await tx.conn.fetchrow(FIND, identity.issuer, identity.subject)
    if row is None:
        raise Unauthenticated(reason="account unknown")
    account = read(_Account, row)
    if account.disabled:
        raise Unauthenticated(reason="account closed")
    if account.tokens_not_before and identity.issued_at < account.tokens_not_before:
        raise Unauthenticated(reason="signed out")
    return Principal(person_id=account.person_id)
