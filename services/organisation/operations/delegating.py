"""Delegations: a person, or an administrator over the person's units, passes work on for some days. Both
sides are told, and who heads the units."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from casework import rights
from casework.history.record import record
from casework.notices import Matter, NewNotice, notify
from kit.auth import Principal
from kit.db import Tx
from language.deadline.arithmetic import local_day
from language.events.actor import Actor
from language.events.base import Change, Fact
from language.events.organisation import DelegationEnded, DelegationTakenBack, WorkDelegated
from language.messages.notices import NoticeKind
from language.posts.kinds import PostKind, PostTask
from language.posts.reach import DelegationChanged
from language.posts.substitution import Delegation, Place
from language.posts.trusted import not_trusted
from language.refusals import UnitUnknown
from language.words.values import say_day
from packs.terms import DelegationIn
from services.organisation.domain.delegating import MadeDelegation, MovingWork, moving_work
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
from services.organisation.store import delegations, open_work, people, units

_READERS: Final = frozenset({PostKind.ADMIN, PostKind.UNIT_HEAD, PostKind.DEPUTY_HEAD})


async def delegate(tx: Tx, caller: Principal, new: Delegation) -> Changed[MadeDelegation]:
    """Write the delegation down. It may cover only what the grantor's own posts give in that time; open work
    moves at once, and the answer says which."""
    actor = await own_or_admin(tx, caller, new.grantor_id)
    if new.delegate_id == new.grantor_id:
        raise DelegatedToOneself
    if new.delegate_id == caller.person_id:
        raise OthersWorkToOneself
    if await units.find_unit(tx, new.unit_id) is None:
        raise UnitUnknown
    await people.require_not_joined(tx, [new.grantor_id, new.delegate_id])
    if not await accounts.can_sign_in(tx, new.delegate_id):
        raise DelegateCannotSignIn
    posts = await people.posts_in_days(tx, new.grantor_id, new.starts_on, new.ends_on)
    if not any(new.covers_post(post.kind, post.unit_path) for post in posts):
        raise NothingToDelegate
    await _require_trusted(tx, new, posts)
    await delegations.insert_delegation(tx, new)
    fact = WorkDelegated(delegation_id=new.id, work=delegated(new), reason=new.reason)
    event_id = await record(tx, fact, about=new.grantor_id, actor=actor)
    work = moving_work(new, await open_work.open_work(tx, new.grantor_id, new.delegate_id))
    await _tell(tx, event_id, new, NoticeKind.WORK_DELEGATED, _moved(work))
    reached, told = [DelegationChanged(delegation=new)], [(new.grantor_id, fact)]
    questioned = await write_change(tx, reached, new.starts_on, new.ends_on, told)
    return Changed(value=MadeDelegation(delegation=new, work=work), questioned=questioned)


def _moved(work: Sequence[MovingWork]) -> str:
    """How much open work of which kind goes to the delegate, as notices carry it."""
    return ",".join(f"{one.task}={one.moving}" for one in work if one.moving) or "NOTHING"


async def _tell(tx: Tx, event_id: UUID, given: Delegation, kind: NoticeKind, detail: str | None) -> None:
    """Both sides, and who heads the units of the posts whose work it is."""
    grantor = await people.get_person(tx, given.grantor_id)
    told = dict.fromkeys((given.grantor_id, given.delegate_id, *await _heads(tx, given)))
    days = f"{say_day(given.starts_on)} – {say_day(given.ends_on)}"
    await notify(
        tx,
        [
            NewNotice(
                event_id=event_id,
                person_id=person,
                kind=kind,
                matter=Matter(
                    subject_id=person if person == given.delegate_id else grantor.id,
                    subject_code=grantor.code,
                ),
                detail=detail,
                reference=days,
                reason=given.reason,
            )
            for person in told
        ],
    )


async def _heads(tx: Tx, given: Delegation) -> Sequence[UUID]:
    """Of each unit in which work is passed on; where the grantor heads it, of the nearest unit above."""
    posts = await people.posts_in_days(tx, given.grantor_id, given.starts_on, given.ends_on)
    paths = {post.unit_path for post in posts if given.covers_post(post.kind, post.unit_path)}
    day = local_day(tx.now)
    heads = [await open_work.nearest_head(tx, path, given.grantor_id, day) for path in sorted(paths)]
    return [head for head in heads if head]


async def _require_trusted(tx: Tx, new: Delegation, posts: Sequence[Place]) -> None:
    """Judging and paying goes only to somebody in a post that the rules of the day trust with the like, on
    its first day and on its last."""
    for day in (new.starts_on, new.ends_on):
        if tasks := await _not_trusted_on(tx, new, posts, day):
            raise DelegateNotTrusted(tasks=tasks)


async def _not_trusted_on(tx: Tx, given: Delegation, posts: Sequence[Place], day: date) -> list[PostTask]:
    delegates = await people.posts_in_days(tx, given.delegate_id, day, day)
    return sorted(not_trusted(given, posts, delegates, await _rules(tx, day)))


async def end_resting(
    tx: Tx, actor: Actor, person_ids: Collection[UUID], from_day: date
) -> tuple[list[DelegationChanged], list[tuple[UUID, Fact]]]:
    """Delegations from or to people who hold one post less from this day on end with the day before, if they
    rested on it: nothing is left that the grantor could pass on, or the delegate is no longer trusted with
    it. What is reached by that, and what was recorded of whom: for `write_change`, which comes last."""
    return await _end_all(tx, actor, await delegations.lock_of(tx, person_ids, from_day), from_day)


async def end_resting_in(
    tx: Tx, actor: Actor, unit_ids: Collection[UUID], from_day: date
) -> tuple[list[DelegationChanged], list[tuple[UUID, Fact]]]:
    """The same, of everybody who holds a post in these units or below, or held one until the day before:
    units that lie elsewhere now, or have ended."""
    return await _end_all(tx, actor, await delegations.lock_in(tx, unit_ids, from_day), from_day)


async def _end_all(
    tx: Tx, actor: Actor, found: Sequence[Delegation], from_day: date
) -> tuple[list[DelegationChanged], list[tuple[UUID, Fact]]]:
    reached: list[DelegationChanged] = []
    facts: list[tuple[UUID, Fact]] = []
    for given in found:
        first_day = max(given.starts_on, from_day)
        posts = await people.posts_in_days(tx, given.grantor_id, first_day, given.ends_on)
        has_work = any(given.covers_post(post.kind, post.unit_path) for post in posts)
        if has_work and not await _not_trusted_on(tx, given, posts, first_day):
            continue
        if given.starts_on < from_day:
            _, fact = await _end(tx, actor, given, from_day - timedelta(days=1))
        else:
            fact = await _take_back(tx, actor, given)
        reached.append(DelegationChanged(delegation=given))
        facts.append((given.grantor_id, fact))
    return reached, facts


async def _rules(tx: Tx, day: date) -> Mapping[PostTask, frozenset[PostKind]]:
    """By the pack that holds on the day; where it says nothing, the sample."""
    said = await open_work.delegation_rules(tx, day)
    return (DelegationIn.model_validate(said) if said else DelegationIn()).rules()


async def take_back(tx: Tx, caller: Principal, grantor_id: UUID, delegation_id: UUID) -> UUID:
    """End a delegation at once; the grantor's open work comes back. What was done by it until now was right
    when it was done."""
    actor = await own_or_admin(tx, caller, grantor_id)
    given = await delegations.lock_delegation(tx, delegation_id, grantor_id)
    await _take_back(tx, actor, given)
    await write_change(tx, [DelegationChanged(delegation=given)], given.starts_on, given.ends_on)
    return delegation_id


async def _take_back(tx: Tx, actor: Actor, given: Delegation) -> Fact:
    await delegations.cancel_delegation(tx, given.id)
    fact = DelegationTakenBack(delegation_id=given.id, work=delegated(given))
    event_id = await record(tx, fact, about=given.grantor_id, actor=actor)
    await _tell(tx, event_id, given, NoticeKind.DELEGATION_TAKEN_BACK, None)
    return fact


async def end_delegation(
    tx: Tx, caller: Principal, grantor_id: UUID, delegation_id: UUID, last_day: date
) -> Changed[Delegation]:
    """Set an earlier last day, which may be over; an earlier day than the first is moved to the first."""
    actor = await own_or_admin(tx, caller, grantor_id)
    given = await delegations.lock_delegation(tx, delegation_id, grantor_id)
    last_day = max(last_day, given.starts_on)
    if last_day >= given.ends_on:
        raise DelegationEndsEarlier(day=given.ends_on)
    left, fact = await _end(tx, actor, given, last_day)
    reached = [DelegationChanged(delegation=given)]
    questioned = await write_change(tx, reached, last_day, given.ends_on, [(grantor_id, fact)])
    return Changed(value=left, questioned=questioned)


async def _end(tx: Tx, actor: Actor, given: Delegation, last_day: date) -> tuple[Delegation, Fact]:
    left = replace(given, ends_on=last_day)
    await delegations.end_delegation(tx, given.id, last_day)
    fact = DelegationEnded(
        delegation_id=given.id,
        work=delegated(given),
        ends_on=Change(old=given.ends_on, new=last_day),
    )
    event_id = await record(tx, fact, about=given.grantor_id, actor=actor)
    await _tell(tx, event_id, left, NoticeKind.DELEGATION_TAKEN_BACK, None)
    return left, fact


async def list_delegations(tx: Tx, caller: Principal, person_id: UUID) -> list[Delegation]:
    """What the person has delegated and was delegated, for the person, and administrators and heads over the
    person."""
    if caller.person_id != person_id:
        await people.get_person(tx, person_id)
        paths = await people.units_of_people(tx, [person_id], local_day(tx.now))
        await rights.require_over_all(tx, caller, _READERS, paths)
    return await delegations.list_delegations(tx, person_id)
