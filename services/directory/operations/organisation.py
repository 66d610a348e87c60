"""Units, people, posts, holdings and leave."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from casework.history.journal import Event, record
from kit.auth import Principal
from kit.db import Tx
from kit.http.refusals import EditConflict
from kit.ids import new_id
from language.deadline.arithmetic import local_day
from language.events.actor import Actor
from language.posts.kinds import PostKind
from language.refusals import Forbidden, NotFound
from language.text import fold
from services.directory.domain.refusals import CodeTaken, MoveIntoItself, PostNotVacant
from services.directory.operations.hand_over import tell_posts_changed
from services.directory.store import people, units
from services.directory.store.people import Leave, Person, Post
from services.directory.store.units import Unit

ADMINS = frozenset({PostKind.ADMIN})


@dataclass(frozen=True, slots=True, kw_only=True)
class NewUnit:
    """A unit to be added under `parent_id`."""

    parent_id: UUID
    code: str
    name: str
    level: str
    valid_from: date
    valid_to: date | None


async def note(tx: Tx, actor: Actor, subject: UUID, kind: str, **detail: Any) -> UUID:
    """Write an event about a row of the directory; its id."""
    event = Event(event_id=new_id(), subject_id=subject, kind=kind, actor=actor, detail=detail)
    await record(tx, event)
    return event.event_id


async def _any_admin(tx: Tx, caller: Principal) -> Actor:
    """People belong to no unit: any administrator may add and change them."""
    posts = caller.posts_of(ADMINS, tx.now)
    if not posts:
        raise Forbidden
    return Actor(person_id=caller.person_id, post_id=posts[0].post_id)


async def create_unit(tx: Tx, caller: Principal, new: NewUnit) -> Unit:
    """Add a unit; an administrator of the parent or above may."""
    parent = await units.get_unit(tx, new.parent_id)
    actor = caller.require(ADMINS, parent.path, tx.now)
    unit_id = new_id()
    unit = Unit(
        id=unit_id,
        parent_id=parent.id,
        path=[*parent.path, unit_id],
        code=new.code,
        name=new.name,
        level=new.level,
        valid_from=new.valid_from,
        valid_to=new.valid_to,
        version=1,
    )
    if not await units.insert_unit(tx, unit):
        raise CodeTaken(code=new.code)
    await note(tx, actor, unit.id, "UnitCreated", code=new.code, level=new.level)
    return unit


async def change_unit(
    tx: Tx, caller: Principal, unit_id: UUID, version: int, name: str, valid_to: date | None
) -> Unit:
    """Rename a unit or set its last day."""
    unit = await units.lock_unit(tx, unit_id)
    actor = caller.require(ADMINS, unit.path, tx.now)
    if unit.version != version:
        raise EditConflict(current=unit.version)
    await units.update_unit(tx, unit_id, name, valid_to)
    await note(tx, actor, unit_id, "UnitChanged", valid_to=valid_to)
    return replace(unit, name=name, valid_to=valid_to, version=version + 1)


async def move_unit(tx: Tx, caller: Principal, unit_id: UUID, version: int, parent_id: UUID) -> Unit:
    """Put a unit with all below it under another parent, from now on; an administrator over both may. What is
    open keeps its path."""
    await units.lock_imports(tx)
    unit = await units.lock_unit(tx, unit_id)
    parent = await units.get_unit(tx, parent_id)
    actor = caller.require(ADMINS, unit.path, tx.now)
    caller.require(ADMINS, parent.path, tx.now)
    if unit.version != version:
        raise EditConflict(current=unit.version)
    if unit.parent_id is None or unit.id in parent.path:
        raise MoveIntoItself
    await units.move_subtree(tx, unit, parent)
    await note(tx, actor, unit_id, "UnitMoved", from_unit=unit.parent_id, to_unit=parent.id)
    await tell_posts_changed(tx)
    return await units.get_unit(tx, unit_id)


async def create_person(
    tx: Tx, caller: Principal, code: str, full_name: str, date_of_birth: date | None
) -> Person:
    """Add a person."""
    actor = await _any_admin(tx, caller)
    person = Person(id=new_id(), code=code, full_name=full_name, date_of_birth=date_of_birth, version=1)
    if not await people.insert_person(tx, person, fold(full_name)):
        raise CodeTaken(code=code)
    await note(tx, actor, person.id, "PersonCreated", code=code)
    return person


async def change_person(
    tx: Tx, caller: Principal, person_id: UUID, version: int, full_name: str, date_of_birth: date | None
) -> Person:
    """Correct a name or birth date; an administrator over all the person's units may."""
    person = await people.get_person(tx, person_id, lock=True)
    actor = await admin_over_person(tx, caller, person_id)
    if person.version != version:
        raise EditConflict(current=person.version)
    changed = replace(person, full_name=full_name, date_of_birth=date_of_birth, version=version + 1)
    await people.update_person(tx, changed, fold(full_name))
    await note(tx, actor, person_id, "PersonChanged")
    return changed


async def create_post(tx: Tx, caller: Principal, unit_id: UUID, kind: PostKind, title: str) -> Post:
    """Add a post to a unit."""
    unit = await units.get_unit(tx, unit_id)
    actor = caller.require(ADMINS, unit.path, tx.now)
    post = Post(id=new_id(), unit_id=unit_id, kind=kind, title=title)
    if not await people.insert_post(tx, post):
        raise CodeTaken(code=title)
    await note(tx, actor, post.id, "PostCreated", unit_id=unit_id, post_kind=kind)
    return post


async def hold_post(
    tx: Tx, caller: Principal, post_id: UUID, person_id: UUID, span: tuple[date, date | None], *, acting: bool
) -> UUID:
    """Give a post to a person from a day on. `acting`: only in a vacant post, and until somebody is appointed
    to it."""
    post = await people.get_post(tx, post_id)
    unit = await units.get_unit(tx, post.unit_id)
    actor = caller.require(ADMINS, unit.path, tx.now)
    await people.get_person(tx, person_id)
    if acting and await people.is_held(tx, post_id, span):
        raise PostNotVacant
    holding_id = new_id()
    await people.insert_holding(tx, holding_id, post_id, person_id, span, acting=acting)
    if not acting:
        await people.end_acting(tx, post_id, span[0])
    await note(
        tx, actor, person_id, "PostTaken", post_id=post_id, held_from=span[0], held_to=span[1], acting=acting
    )
    await tell_posts_changed(tx)
    return holding_id


async def end_holding(tx: Tx, caller: Principal, holding_id: UUID, last_day: date) -> UUID:
    """Set the last day on which the person holds the post; an earlier day than its first is moved to the
    first."""
    holding = await people.lock_holding(tx, holding_id)
    actor = caller.require(ADMINS, holding.unit_path, tx.now)
    await people.end_holding(tx, holding_id, max(last_day, holding.held_from))
    await note(tx, actor, holding.person_id, "PostLeft", holding_id=holding_id, held_to=last_day)
    await tell_posts_changed(tx)
    return holding_id


async def own_or_admin(tx: Tx, caller: Principal, person_id: UUID) -> Actor:
    """The person, or an administrator over the person's units."""
    if caller.person_id == person_id:
        return Actor(person_id=person_id)
    await people.get_person(tx, person_id)
    return await admin_over_person(tx, caller, person_id)


async def admin_over_person(tx: Tx, caller: Principal, person_id: UUID) -> Actor:
    """An administrator over every unit in which the person holds a post: else a school could take over a
    province's account."""
    admin_posts = caller.posts_of(ADMINS, tx.now)
    day = local_day(tx.now)
    paths = [post.unit_path for post in await people.posts_of_person(tx, person_id, day)]
    if not admin_posts or not all(caller.post_over(ADMINS, path, tx.now) for path in paths):
        raise Forbidden
    return Actor(person_id=caller.person_id, post_id=admin_posts[0].post_id)


async def add_leave(tx: Tx, caller: Principal, person_id: UUID, starts_on: date, ends_on: date) -> Leave:
    """A person (or an administrator over the person's unit) writes down a leave; in that time others act in
    the person's posts."""
    actor = await own_or_admin(tx, caller, person_id)
    leave = Leave(id=new_id(), person_id=person_id, starts_on=starts_on, ends_on=ends_on)
    await people.insert_leave(tx, leave)
    await note(tx, actor, person_id, "LeaveAdded", leave_id=leave.id, starts_on=starts_on, ends_on=ends_on)
    await tell_posts_changed(tx)
    return leave


async def cancel_leave(tx: Tx, caller: Principal, person_id: UUID, leave_id: UUID) -> UUID:
    """Take a leave back."""
    actor = await own_or_admin(tx, caller, person_id)
    if not await people.cancel_leave(tx, leave_id, person_id):
        raise NotFound
    await note(tx, actor, person_id, "LeaveCancelled", leave_id=leave_id)
    await tell_posts_changed(tx)
    return leave_id


async def list_leaves(tx: Tx, caller: Principal, person_id: UUID) -> list[Leave]:
    """The leaves of a person, for the person and administrators."""
    await own_or_admin(tx, caller, person_id)
    return await people.list_leaves(tx, person_id)
