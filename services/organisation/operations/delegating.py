"""Delegations: a person, or an administrator over the person's units, passes work on for some days."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from casework.history.record import record
from kit.auth import Principal
from kit.db import Tx
from language.events.base import Change
from language.events.organisation import DelegationEnded, DelegationTakenBack, WorkDelegated
from language.posts.reach import DelegationChanged
from language.posts.substitution import Delegation, Place
from language.posts.trusted import not_trusted
from language.refusals import NotFound, UnitUnknown
from services.organisation.domain.refusals import (
    DelegateCannotSignIn,
    DelegatedToOneself,
    DelegateNotTrusted,
    DelegationEndsEarlier,
    NothingToDelegate,
    OthersWorkToOneself,
)
from services.organisation.operations.late_papers import Changed
from services.organisation.operations.recording import delegated
from services.organisation.operations.rights import own_or_admin
from services.organisation.operations.roster_changes import write_change
from services.organisation.sign_in.store import accounts
from services.organisation.store import delegations, people, units


async def delegate(tx: Tx, caller: Principal, new: Delegation) -> Changed[Delegation]:
    """Write the delegation down. It may cover only what the grantor's own posts give in that time; open work
    moves at once."""
    actor = await own_or_admin(tx, caller, new.grantor_id)
    if new.delegate_id == new.grantor_id:
        raise DelegatedToOneself
    if new.delegate_id == caller.person_id:
        raise OthersWorkToOneself
    if await units.find_unit(tx, new.unit_id) is None:
        raise UnitUnknown
    await people.require_not_joined(tx, [new.grantor_id, new.delegate_id])
    if not await accounts.has_account(tx, new.delegate_id):
        raise DelegateCannotSignIn
    posts = await people.posts_in_days(tx, new.grantor_id, new.starts_on, new.ends_on)
    if not any(new.covers_post(post.kind, post.unit_path) for post in posts):
        raise NothingToDelegate
    await _require_trusted(tx, new, posts)
    await delegations.insert_delegation(tx, new)
    fact = WorkDelegated(delegation_id=new.id, work=delegated(new), reason=new.reason)
    await record(tx, fact, about=new.grantor_id, actor=actor)
    reached = [DelegationChanged(delegation=new)]
    told = [(new.grantor_id, fact)]
    questioned = await write_change(tx, reached, new.starts_on, new.ends_on, told)
    return Changed(value=new, questioned=questioned)


async def _require_trusted(tx: Tx, new: Delegation, posts: Sequence[Place]) -> None:
    """Judging and paying goes only to somebody in a post that is trusted with the like, on its first day and
    on its last."""
    for day in (new.starts_on, new.ends_on):
        delegates = await people.posts_in_days(tx, new.delegate_id, day, day)
        tasks = sorted(not_trusted(new, posts, delegates))
        if tasks:
            raise DelegateNotTrusted(tasks=tasks)


async def take_back(tx: Tx, caller: Principal, grantor_id: UUID, delegation_id: UUID) -> UUID:
    """End a delegation at once; the grantor's open work comes back. What was done by it until now was right
    when it was done."""
    actor = await own_or_admin(tx, caller, grantor_id)
    given = await delegations.cancel_delegation(tx, delegation_id, grantor_id)
    if given is None:
        raise NotFound
    fact = DelegationTakenBack(delegation_id=delegation_id, work=delegated(given))
    await record(tx, fact, about=grantor_id, actor=actor)
    await write_change(tx, [DelegationChanged(delegation=given)], given.starts_on, given.ends_on)
    return delegation_id


async def end_delegation(
    tx: Tx, caller: Principal, grantor_id: UUID, delegation_id: UUID, last_day: date
) -> Changed[Delegation]:
    """Set an earlier last day, which may be over; an earlier day than the first is moved to the first."""
    actor = await own_or_admin(tx, caller, grantor_id)
    given = await delegations.lock_delegation(tx, delegation_id, grantor_id)
    last_day = max(last_day, given.starts_on)
    if last_day >= given.ends_on:
        raise DelegationEndsEarlier(day=given.ends_on)
    await delegations.end_delegation(tx, delegation_id, last_day)
    fact = DelegationEnded(
        delegation_id=delegation_id,
        work=delegated(given),
        ends_on=Change(old=given.ends_on, new=last_day),
    )
    await record(tx, fact, about=grantor_id, actor=actor)
    reached = [DelegationChanged(delegation=given)]
    questioned = await write_change(tx, reached, last_day, given.ends_on, [(grantor_id, fact)])
    return Changed(value=replace(given, ends_on=last_day), questioned=questioned)


async def list_delegations(tx: Tx, caller: Principal, grantor_id: UUID) -> list[Delegation]:
    """What the person has delegated, for the person and administrators."""
    await own_or_admin(tx, caller, grantor_id)
    return await delegations.list_delegations(tx, grantor_id)
