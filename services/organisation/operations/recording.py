"""What was written, as facts of the history: by people one by one, in imports, and when a province begins."""

from uuid import UUID

from casework.history.record import record
from kit.db import Tx
from language.events.actor import CLOCK_ACTED, Actor
from language.events.base import Change
from language.events.organisation import (
    AccountChanged,
    AccountMade,
    DelegatedWork,
    PersonCreated,
    PostCreated,
    PostLeft,
    UnitCreated,
)
from language.posts.substitution import Delegation
from services.organisation.sign_in.store.accounts import Account
from services.organisation.store.people import EndedHolding, Person, Post
from services.organisation.store.units import Unit


async def record_unit(tx: Tx, unit: Unit, actor: Actor = CLOCK_ACTED) -> None:
    """The unit is new."""
    fact = UnitCreated(
        parent_id=unit.parent_id,
        code=unit.code,
        name=unit.name,
        level=unit.level,
        valid_from=unit.valid_from,
        valid_to=unit.valid_to,
    )
    await record(tx, fact, about=unit.id, actor=actor)


async def record_person(tx: Tx, person: Person, actor: Actor = CLOCK_ACTED) -> None:
    """The person is new."""
    fact = PersonCreated(
        code=person.code,
        full_name=person.full_name,
        date_of_birth=person.date_of_birth,
        mail_address=person.mail_address,
    )
    await record(tx, fact, about=person.id, actor=actor)


async def record_post(tx: Tx, post: Post, actor: Actor = CLOCK_ACTED) -> None:
    """The post is new."""
    fact = PostCreated(unit_id=post.unit_id, post_kind=post.kind, title=post.title)
    await record(tx, fact, about=post.id, actor=actor)


async def record_left(tx: Tx, ended: EndedHolding, actor: Actor = CLOCK_ACTED) -> None:
    """A last day was set for a holding."""
    fact = PostLeft(
        holding_id=ended.id,
        post_id=ended.post_id,
        held_to=Change(old=ended.was_held_to, new=ended.held_to),
    )
    await record(tx, fact, about=ended.person_id, actor=actor)


async def record_account(
    tx: Tx,
    before: Account | None,
    username: str,
    person_id: UUID,
    *,
    password_set: bool,
    actor: Actor = CLOCK_ACTED,
) -> None:
    """The person's account was made or changed."""
    had = before is not None and before.password_hash is not None
    fact = (
        AccountChanged(has_password=Change(old=had, new=had or password_set), password_set=password_set)
        if before
        else AccountMade(username=username, has_password=password_set)
    )
    await record(tx, fact, about=person_id, actor=actor)


def delegated(given: Delegation) -> DelegatedWork:
    """What the delegation is about."""
    return DelegatedWork(
        delegate_id=given.delegate_id,
        starts_on=given.starts_on,
        ends_on=given.ends_on,
        post_kinds=tuple(sorted(given.post_kinds)),
        levels=tuple(sorted(given.levels)),
        tasks=tuple(sorted(given.tasks)),
        in_unit_id=given.unit_id,
        units_below=given.units_below,
    )
