"""People, posts, holdings and leave."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from casework import rights
from casework.history.record import record, record_all
from kit.auth import Principal
from kit.db import Tx
from kit.http.refusals import EditConflict
from kit.ids import new_id
from language.deadline.arithmetic import local_day
from language.events.actor import Actor
from language.events.base import Fact, changed
from language.events.organisation import LeaveAdded, LeaveCancelled, PersonChanged, PostLeft, PostTaken
from language.ids import PersonId, PostId
from language.posts.kinds import ADMINS, PostKind
from language.posts.reach import AbsenceChanged, Change, PostChanged
from language.posts.substitution import stands_in
from language.refusals import CodeTaken, NotFound
from language.text import fold
from language.written import require_birth
from services.organisation.domain.levels import FROM_ABOVE, given_by
from services.organisation.domain.person import Leave, Person
from services.organisation.domain.post import EndedHolding, KeptHolding, Post
from services.organisation.domain.refusals import (
    HoldingEndsEarlier,
    NeedsSecondAdministrator,
    OthersWorkToOneself,
    PostNotVacant,
    PostOfEndedUnit,
    TwoAdministratorsStay,
)
from services.organisation.domain.unit import Unit
from services.organisation.operations.delegating import end_resting
from services.organisation.operations.entered import record_entered, tell_entered
from services.organisation.operations.late_papers import Changed
from services.organisation.operations.recording import person_created, post_created, post_left
from services.organisation.operations.rights import (
    admin_over_identity,
    any_admin,
    is_province_administrator,
    own_or_admin,
    require_appointing,
    require_taken_over,
)
from services.organisation.operations.roster_changes import write_change
from services.organisation.store import administrators, leaves, people, units

_LEAST_ADMINISTRATORS: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFacts:
    """What an office knows of a person, and may correct."""

    full_name: str
    date_of_birth: date | None
    mail_address: str | None


async def create_person(tx: Tx, caller: Principal, code: str, facts: PersonFacts) -> Person:
    """Add a person."""
    actor = await any_admin(tx, caller)
    require_birth(facts.date_of_birth, local_day(tx.now))
    person = Person(
        id=new_id(),
        code=code,
        full_name=facts.full_name,
        date_of_birth=facts.date_of_birth,
        mail_address=facts.mail_address,
        version=1,
    )
    if not await people.insert_person(tx, person, fold(facts.full_name)):
        raise CodeTaken(code=code)
    await record(tx, person_created(person), about=person.id, actor=actor)
    return person


async def change_person(
    tx: Tx, caller: Principal, person_id: UUID, version: int, facts: PersonFacts
) -> Person:
    """Correct what is known of a person; an administrator over all the person's units may."""
    corrected, fact, actor = await correct_person(tx, caller, person_id, version, facts)
    await record_entered(tx, fact, about=person_id, actor=actor)
    return corrected


async def correct_person(
    tx: Tx, caller: Principal, person_id: UUID, version: int, facts: PersonFacts
) -> tuple[Person, PersonChanged, Actor]:
    """The same, without a word: what is to be recorded, and as whom the caller acts."""
    person = await people.get_person(tx, person_id, lock=True)
    actor = await admin_over_identity(tx, caller, person_id)
    if person.version != version:
        raise EditConflict(current=person.version)
    await people.require_not_joined(tx, [person_id])
    require_birth(facts.date_of_birth, local_day(tx.now))
    corrected = replace(
        person,
        full_name=facts.full_name,
        date_of_birth=facts.date_of_birth,
        mail_address=facts.mail_address,
        version=version + 1,
    )
    await people.update_person(tx, corrected, fold(facts.full_name))
    fact = PersonChanged(
        full_name=changed(person.full_name, facts.full_name),
        date_of_birth=changed(person.date_of_birth, facts.date_of_birth),
        mail_address=changed(person.mail_address, facts.mail_address),
    )
    return corrected, fact, actor


async def create_post(tx: Tx, caller: Principal, unit_id: UUID, kind: PostKind, title: str) -> Post:
    """Add a post to a unit."""
    unit = await units.get_unit(tx, unit_id)
    actor = await rights.require(tx, caller, ADMINS, given_by(kind, unit.path))
    _require_standing(tx, unit)
    post = Post(id=new_id(), unit_id=unit_id, kind=kind, title=title)
    if not await people.insert_post(tx, post):
        raise CodeTaken(code=title)
    await record(tx, post_created(post), about=post.id, actor=actor)
    await write_change(tx, [PostChanged(post_id=PostId(post.id))], local_day(tx.now), None)
    return post


def _require_standing(tx: Tx, unit: Unit) -> None:
    if unit.valid_to is not None and unit.has_ended(local_day(tx.now)):
        raise PostOfEndedUnit(unit=unit.name, last_day=unit.valid_to)


async def hold_post(
    tx: Tx, caller: Principal, post_id: UUID, person_id: UUID, span: tuple[date, date | None], *, acting: bool
) -> Changed[UUID]:
    """Give a post to a person from a day on. `acting`: only in a vacant post, and until somebody is appointed
    to it."""
    post = await people.get_post(tx, post_id)
    unit = await units.get_unit(tx, post.unit_id)
    given_in = given_by(post.kind, unit.path)
    if person_id != caller.person_id:
        await rights.require(tx, caller, ADMINS, given_in)
    await people.get_person(tx, person_id)
    actor = await require_appointing(tx, caller, [(person_id, given_in)])
    if is_province_administrator(post.kind, unit.path):
        raise NeedsSecondAdministrator
    if post.kind in FROM_ABOVE:
        await require_taken_over(tx, caller, [person_id])
    # What was held while the unit stood may still be entered.
    if span[1] is None or unit.valid_to is None or span[1] > unit.valid_to:
        _require_standing(tx, unit)
    return await _give(tx, actor, post_id, person_id, span, acting=acting)


async def make_province_administrator(
    tx: Tx, caller: Principal, post_id: UUID, person_id: UUID, span: tuple[date, date | None], *, acting: bool
) -> Changed[UUID]:
    """Give a post that rules the province, which another administrator has proposed."""
    post = await people.get_post(tx, post_id)
    unit = await units.get_unit(tx, post.unit_id)
    actor = await require_appointing(tx, caller, [(person_id, unit.path)])
    return await _give(tx, actor, post_id, person_id, span, acting=acting)


async def _give(
    tx: Tx, actor: Actor, post_id: UUID, person_id: UUID, span: tuple[date, date | None], *, acting: bool
) -> Changed[UUID]:
    if acting and await people.is_held(tx, post_id, span):
        raise PostNotVacant
    holding_id, facts = await appoint(tx, post_id, person_id, span, acting=acting)
    await tell_entered(tx, facts, await record_all(tx, facts, actor=actor), actor)
    left = {about for about, fact in facts if isinstance(fact, PostLeft)}
    # Whoever acted in the post does so no longer, not even after the days of the one appointed.
    reached: list[Change] = [PostChanged(post_id=PostId(post_id))]
    ended, told = await end_resting(tx, actor, left, span[0]) if left else ([], [])
    facts += told
    questioned = await write_change(tx, [*reached, *ended], span[0], span[1] if acting else None, facts)
    return Changed(value=holding_id, questioned=questioned)


async def appoint(
    tx: Tx, post_id: UUID, person_id: UUID, span: tuple[date, date | None], *, acting: bool = False
) -> tuple[UUID, list[tuple[UUID, Fact]]]:
    """Write the holding, and end those of whoever only acts in the post: the holding's id, and what is to be
    recorded of whom."""
    first_day, last_day = span
    await people.require_not_joined(tx, [person_id])
    holding_id = new_id()
    await people.insert_holding(tx, holding_id, post_id, person_id, span, acting=acting)
    left = [] if acting else await people.end_acting(tx, post_id, first_day)
    fact = PostTaken(
        holding_id=holding_id, post_id=post_id, held_from=first_day, held_to=last_day, acting=acting
    )
    return holding_id, [*((ended.person_id, post_left(ended)) for ended in left), (person_id, fact)]


async def end_holding(tx: Tx, caller: Principal, holding_id: UUID, last_day: date) -> Changed[UUID]:
    """Set the last day on which the person holds the post; an earlier day than its first is moved to the
    first. It ends no later than it would: who shall hold a post longer is appointed anew. Of administrators
    of the province one ends only the own post, and only where two others stay."""
    holding = await people.lock_holding(tx, holding_id)
    actor = await rights.require(tx, caller, ADMINS, given_by(holding.kind, holding.unit_path))
    last_day = earlier_end(holding, last_day)
    if is_province_administrator(holding.kind, holding.unit_path):
        await _require_leaving(tx, caller, holding, last_day)
    return await end_held(tx, actor, holding, last_day)


def earlier_end(holding: KeptHolding, last_day: date) -> date:
    """The last day that the holding would have; `HoldingEndsEarlier` where it has an earlier one."""
    if holding.held_to is not None and last_day > holding.held_to:
        raise HoldingEndsEarlier(day=holding.held_to)
    return max(last_day, holding.held_from)


async def _require_leaving(tx: Tx, caller: Principal, holding: KeptHolding, last_day: date) -> None:
    if holding.person_id != caller.person_id:
        raise NeedsSecondAdministrator
    after = max(last_day + timedelta(days=1), local_day(tx.now))
    if holding.held_to is not None and holding.held_to < after:
        return
    stay = await administrators.fewest_without(tx, holding.id, after, holding.held_to)
    if stay < _LEAST_ADMINISTRATORS:
        raise TwoAdministratorsStay(day=last_day)


async def end_held(tx: Tx, actor: Actor, holding: KeptHolding, last_day: date) -> Changed[UUID]:
    """The holding ends on this day, and with it what rests on it. Whether the actor may is the caller's
    question."""
    holding_id = holding.id
    await people.end_holding(tx, holding_id, last_day)
    ended = EndedHolding(
        id=holding_id,
        post_id=holding.post_id,
        person_id=holding.person_id,
        was_held_to=holding.held_to,
        held_to=last_day,
    )
    fact = post_left(ended)
    await record_entered(tx, fact, about=ended.person_id, actor=actor)
    before = holding.held_to or date.max
    reached: list[Change] = [PostChanged(post_id=PostId(holding.post_id))]
    facts: list[tuple[UUID, Fact]] = [(ended.person_id, fact)]
    if last_day < before:
        more, told = await end_resting(tx, actor, [ended.person_id], last_day + timedelta(days=1))
        reached += more
        facts += told
    questioned = await write_change(tx, reached, min(last_day, before), max(last_day, before), facts)
    return Changed(value=holding_id, questioned=questioned)


async def add_leave(
    tx: Tx, caller: Principal, person_id: UUID, starts_on: date, ends_on: date
) -> Changed[Leave]:
    """A person (or an administrator over the person's unit) writes down a leave; in that time others act in
    the person's posts."""
    actor = await own_or_admin(tx, caller, person_id)
    await people.require_not_joined(tx, [person_id])
    if caller.person_id != person_id:
        await _require_no_gain(tx, caller, person_id, (starts_on, ends_on))
    leave = Leave(id=new_id(), person_id=person_id, starts_on=starts_on, ends_on=ends_on)
    await leaves.insert_leave(tx, leave)
    fact = LeaveAdded(leave_id=leave.id, starts_on=starts_on, ends_on=ends_on)
    await record_entered(tx, fact, about=person_id, actor=actor)
    reached = [AbsenceChanged(person_id=PersonId(person_id))]
    questioned = await write_change(tx, reached, starts_on, ends_on, [(person_id, fact)])
    return Changed(value=leave, questioned=questioned)


async def _require_no_gain(tx: Tx, caller: Principal, person_id: UUID, span: tuple[date, date]) -> None:
    """Nobody passes somebody else's work to themselves, as deputy or colleague of whom they send on leave."""
    theirs = await people.posts_in_days(tx, person_id, *span)
    own = await people.posts_in_days(tx, caller.person_id, *span)
    if any(stands_in(one, other) for one in own for other in theirs):
        raise OthersWorkToOneself


async def cancel_leave(tx: Tx, caller: Principal, person_id: UUID, leave_id: UUID) -> UUID:
    """Take a leave back, from now on: what others did by it until now was right when they did it."""
    actor = await own_or_admin(tx, caller, person_id)
    leave = await leaves.cancel_leave(tx, leave_id, person_id)
    if leave is None:
        raise NotFound
    fact = LeaveCancelled(leave_id=leave_id, starts_on=leave.starts_on, ends_on=leave.ends_on)
    await record_entered(tx, fact, about=person_id, actor=actor)
    reached = [AbsenceChanged(person_id=PersonId(person_id))]
    await write_change(tx, reached, leave.starts_on, leave.ends_on)
    return leave_id


async def list_leaves(tx: Tx, caller: Principal, person_id: UUID) -> list[Leave]:
    """The leaves of a person, for the person and administrators."""
    await own_or_admin(tx, caller, person_id)
    return await leaves.list_leaves(tx, person_id)
