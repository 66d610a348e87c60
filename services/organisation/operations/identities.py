"""Accounts of other OpenID providers, tied to people by administrators."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from kit.auth import Principal
from kit.db import Tx
from kit.ids import new_id
from language.events.actor import Actor
from language.events.organisation import IdentityLinked, IdentityUnlinked
from language.refusals import NotFound
from services.organisation.domain.refusals import (
    AccountTakesTwo,
    IdentityTaken,
    NoAccount,
    ProviderUnknown,
)
from services.organisation.operations.rights import (
    another_admin_over,
    own_or_admin,
    require_not_ruling,
)
from services.organisation.sign_in.operations.one_time_codes import CodeRules, are_demanded
from services.organisation.sign_in.operations.telling import Done, tell
from services.organisation.sign_in.operations.ways_in import require_not_appointed_by
from services.organisation.sign_in.store import accounts, identities
from services.organisation.sign_in.store.identities import LinkedIdentity
from services.organisation.sign_in.store.one_time_codes import are_in_use


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """Somebody as another provider names them."""

    issuer: str
    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Linking:
    """What linking goes by: the providers whose tokens are taken, and who signs in with codes only."""

    trusted: Collection[str]
    rules: CodeRules


async def link(
    tx: Tx, caller: Principal, person_id: UUID, elsewhere: Elsewhere, linking: Linking
) -> LinkedIdentity:
    """Whoever signs in there so acts here as the person. Linked to the person already, it stays as it is.
    Whoever administers the province, or signs in with codes, is linked by two."""
    actor = await another_admin_over(tx, caller, person_id)
    require_trusted(elsewhere, linking.trusted)
    await require_not_appointed_by(tx, caller.person_id, person_id)
    await require_not_ruling(tx, person_id)
    if await are_in_use(tx, person_id) or await are_demanded(tx, linking.rules, person_id):
        raise AccountTakesTwo
    return await write_link(tx, actor, person_id, elsewhere, linked_by=caller.person_id)


def require_trusted(elsewhere: Elsewhere, trusted: Collection[str]) -> None:
    """`ProviderUnknown` where its tokens are not taken."""
    if elsewhere.issuer not in trusted:
        raise ProviderUnknown


async def write_link(
    tx: Tx, actor: Actor, person_id: UUID, elsewhere: Elsewhere, *, linked_by: UUID
) -> LinkedIdentity:
    """Tie the account to the person, unless it is tied already."""
    if await accounts.lock_account_of(tx, person_id) is None:
        raise NoAccount
    new = LinkedIdentity(
        id=new_id(),
        issuer=elsewhere.issuer,
        subject=elsewhere.subject,
        person_id=person_id,
        linked_by=linked_by,
        linked_at=tx.now,
    )
    if not await identities.insert_identity(tx, new):
        known = await identities.find_identity(tx, elsewhere.issuer, elsewhere.subject)
        if known is None or known.person_id != person_id:
            raise IdentityTaken
        return known
    fact = IdentityLinked(identity_id=new.id, issuer=new.issuer, subject=new.subject)
    await tell(tx, person_id, fact, actor, Done.LINKED)
    return new


async def unlink(tx: Tx, caller: Principal, person_id: UUID, identity_id: UUID) -> UUID:
    """Whoever signs in there so acts here as nobody. Of whoever administers the province two untie it."""
    actor = await another_admin_over(tx, caller, person_id)
    await require_not_ruling(tx, person_id)
    await write_unlink(tx, actor, person_id, identity_id)
    return identity_id


async def write_unlink(tx: Tx, actor: Actor, person_id: UUID, identity_id: UUID) -> None:
    """Untie the account from the person; `NotFound` where it is not the person's."""
    gone = await identities.delete_identity(tx, identity_id, person_id)
    if gone is None:
        raise NotFound
    fact = IdentityUnlinked(identity_id=gone.id, issuer=gone.issuer, subject=gone.subject)
    await tell(tx, person_id, fact, actor, Done.UNLINKED)


async def linked_to(tx: Tx, person_id: UUID, elsewhere: Elsewhere) -> LinkedIdentity:
    """The account elsewhere as it is tied to the person; `NotFound` where it is not."""
    known = await identities.find_identity(tx, elsewhere.issuer, elsewhere.subject)
    if known is None or known.person_id != person_id:
        raise NotFound
    return known


async def list_linked(tx: Tx, caller: Principal, person_id: UUID) -> list[LinkedIdentity]:
    """The person's accounts elsewhere, for the person and administrators."""
    await own_or_admin(tx, caller, person_id)
    return await identities.list_identities(tx, person_id)
