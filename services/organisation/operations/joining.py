"""Two records of one person: one administrator over both proposes to join them, another approves; until their
day it can be taken back."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from casework import rights
from casework.history.record import record
from casework.notices import Matter, NewNotice, notify
from kit.auth import Principal
from kit.db import Tx
from kit.ids import new_id
from kit.sorting import ListPlace
from language.deadline.arithmetic import local_day
from language.events.actor import CLOCK_ACTED, Actor
from language.events.base import Fact
from language.events.joining import JoiningApproved, JoiningCancelled, JoiningProposed
from language.joined import SignInAfter
from language.messages.notices import NoticeKind
from language.posts.kinds import ADMINS
from language.refusals import Forbidden, NotFound
from services.organisation.domain.act_refusals import (
    JoiningClosed,
    JoiningOpen,
    JoiningTooSoon,
    JoiningWithItself,
    OwnJoining,
)
from services.organisation.domain.joining import Joining, JoiningShown, JoiningState
from services.organisation.domain.levels import FROM_ABOVE
from services.organisation.operations.rights import require_taken_over
from services.organisation.sign_in.store import accounts
from services.organisation.store import joinings, people, units


@dataclass(frozen=True, slots=True, kw_only=True)
class NewJoining:
    """Two records that somebody says are of one person."""

    kept_id: UUID
    joined_id: UUID
    document: str
    reason: str
    from_day: date


async def propose(tx: Tx, caller: Principal, new: NewJoining) -> JoiningShown:
    """Say that the joined record is of the same person as the kept one, as an administrator over the units of
    both; the answer says everything that would move."""
    if new.kept_id == new.joined_id:
        raise JoiningWithItself
    both = [new.kept_id, new.joined_id]
    actor = await _over_both(tx, caller, both)
    if caller.person_id in both:
        raise OwnJoining
    for person_id in both:
        await people.get_person(tx, person_id)
    await units.lock_imports(tx)
    await people.require_not_joined(tx, both)
    if await joinings.is_any_open(tx, both):
        raise JoiningOpen
    _require_ahead(tx, new.from_day)
    await _require_no_way_in(tx, both, caller.person_id)
    joining = Joining(
        id=new_id(),
        kept_id=new.kept_id,
        joined_id=new.joined_id,
        document=new.document,
        reason=new.reason,
        from_day=new.from_day,
        state=JoiningState.PROPOSED,
        proposed_by=caller.person_id,
        proposed_at=tx.now,
        approved_by=None,
        approved_at=None,
        in_force_at=None,
        version=1,
    )
    await joinings.insert_joining(tx, joining)
    fact = JoiningProposed(
        kept_id=joining.kept_id,
        joined_id=joining.joined_id,
        document=joining.document,
        reason=joining.reason,
        from_day=joining.from_day,
    )
    await tell(tx, joining, fact, actor)
    return await shown(tx, joining)


async def approve(tx: Tx, caller: Principal, joining_id: UUID) -> JoiningShown:
    """Another administrator over the units of both records, who is neither of them, says yes."""
    await units.lock_imports(tx)
    found = await joinings.get_joining(tx, joining_id, lock=True)
    actor = await _over(tx, caller, found)
    if found.state is not JoiningState.PROPOSED:
        raise JoiningClosed
    if caller.person_id in (found.proposed_by, found.kept_id, found.joined_id):
        raise OwnJoining
    _require_ahead(tx, found.from_day)
    await _require_no_way_in(tx, [found.kept_id, found.joined_id], found.proposed_by, caller.person_id)
    await joinings.approve(tx, joining_id, caller.person_id)
    approved = await joinings.get_joining(tx, joining_id)
    fact = JoiningApproved(
        kept_id=found.kept_id,
        joined_id=found.joined_id,
        document=found.document,
        from_day=found.from_day,
    )
    await tell(tx, approved, fact, actor)
    return await shown(tx, approved)


async def cancel(tx: Tx, caller: Principal, joining_id: UUID, reason: str) -> JoiningShown:
    """Take it back before its day, as any administrator over the units of both records, also who proposed
    it."""
    await units.lock_imports(tx)
    found = await joinings.get_joining(tx, joining_id, lock=True)
    actor = await _over(tx, caller, found)
    if not found.may_change:
        raise JoiningClosed
    await joinings.cancel(tx, joining_id)
    cancelled = await joinings.get_joining(tx, joining_id)
    fact = JoiningCancelled(kept_id=found.kept_id, joined_id=found.joined_id, reason=reason)
    await tell(tx, cancelled, fact, actor)
    return await shown(tx, cancelled)


async def read(tx: Tx, caller: Principal, joining_id: UUID) -> JoiningShown:
    """One joining with what it would move, for administrators over both records and for the person."""
    found = await joinings.get_joining(tx, joining_id)
    if caller.person_id not in (found.kept_id, found.joined_id):
        await _over(tx, caller, found)
    return await shown(tx, found)


async def list_joinings(tx: Tx, caller: Principal, place: ListPlace, limit: int) -> list[Joining]:
    """All joinings, for administrators of the province."""
    await rights.require_root(tx, caller, ADMINS)
    return await joinings.list_joinings(tx, place, limit)


async def shown(tx: Tx, joining: Joining) -> JoiningShown:
    """With what stands under the joined record in every service; nothing, once it is over."""
    kept = await people.get_person(tx, joining.kept_id)
    joined = await people.get_person(tx, joining.joined_id)
    bare = JoiningShown(joining=joining, kept_code=kept.code, joined_code=joined.code)
    if not joining.may_change:
        return bare
    return JoiningShown(
        joining=joining,
        kept_code=kept.code,
        joined_code=joined.code,
        moves=await joinings.moves_of(tx, joining.joined_id, local_day(tx.now)),
        twice=await joinings.standing_twice(tx, joining.kept_id, joining.joined_id),
        sign_in=await sign_in_after(tx, joining),
    )


async def sign_in_after(tx: Tx, joining: Joining) -> SignInAfter:
    """With which account the person signs in from then on."""
    if await accounts.has_account(tx, joining.kept_id):
        return SignInAfter.KEPT
    moved = await accounts.has_account(tx, joining.joined_id)
    return SignInAfter.MOVED if moved else SignInAfter.NONE


async def tell(tx: Tx, joining: Joining, fact: Fact, actor: Actor = CLOCK_ACTED) -> None:
    """Record what became of it in the history of the joining and of both records, and tell the person under
    both, and who proposed and approved it."""
    event_id = await record(tx, fact, about=joining.id, actor=actor)
    for person_id in (joining.kept_id, joining.joined_id):
        await record(tx, fact, about=person_id, actor=actor)
    kept = await people.get_person(tx, joining.kept_id)
    joined = await people.get_person(tx, joining.joined_id)
    matter = Matter(subject_id=joining.id, subject_code=f"{joined.code} → {kept.code}")
    concerned = (joining.kept_id, joining.joined_id, joining.proposed_by, joining.approved_by)
    told = dict.fromkeys(person for person in concerned if person and person != actor.person_id)
    await notify(
        tx,
        [
            NewNotice(
                event_id=event_id,
                person_id=person,
                kind=NoticeKind.RECORDS_JOINED,
                matter=matter,
                detail=joining.state,
                reason=joining.reason,
            )
            for person in told
        ],
    )


async def _require_no_way_in(tx: Tx, both: list[UUID], *administrators: UUID) -> None:
    """Where one record holds a post that decides, signs or appoints, nobody who has a hand in the joining
    knows a way into the other: it may be how that person signs in afterwards."""
    if await joinings.hold_any(tx, both, FROM_ABOVE, local_day(tx.now)):
        for administrator in administrators:
            await require_taken_over(tx, Principal(person_id=administrator), both)


async def _over_both(tx: Tx, caller: Principal, person_ids: list[UUID]) -> Actor:
    """An administrator over every unit in which either holds a post, or will; where one of them holds none,
    of the province."""
    day = local_day(tx.now)
    paths = [await people.units_of_people(tx, [person_id], day) for person_id in person_ids]
    if not all(paths):
        return await rights.require_root(tx, caller, ADMINS)
    return await rights.require_over_all(tx, caller, ADMINS, [path for of in paths for path in of])


async def _over(tx: Tx, caller: Principal, joining: Joining) -> Actor:
    """To others it is not there."""
    try:
        return await _over_both(tx, caller, [joining.kept_id, joining.joined_id])
    except Forbidden:
        raise NotFound from None


def _require_ahead(tx: Tx, from_day: date) -> None:
    if from_day <= local_day(tx.now):
        raise JoiningTooSoon
