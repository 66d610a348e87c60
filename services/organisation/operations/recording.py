"""The facts of what was written: by people one by one, in imports, and when a province begins."""

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
from services.organisation.domain.person import Person
from services.organisation.domain.post import EndedHolding, Post
from services.organisation.domain.unit import Unit
from services.organisation.sign_in.domain.account import Account


def unit_created(unit: Unit) -> UnitCreated:
    """The unit is new."""
    return UnitCreated(
        parent_id=unit.parent_id,
        code=unit.code,
        name=unit.name,
        level=unit.level,
        valid_from=unit.valid_from,
        valid_to=unit.valid_to,
    )


def person_created(person: Person) -> PersonCreated:
    """The person is new."""
    return PersonCreated(
        code=person.code,
        full_name=person.full_name,
        date_of_birth=person.date_of_birth,
        mail_address=person.mail_address,
    )


def post_created(post: Post) -> PostCreated:
    """The post is new."""
    return PostCreated(unit_id=post.unit_id, post_kind=post.kind, title=post.title)


def post_left(ended: EndedHolding) -> PostLeft:
    """A last day was set for a holding."""
    held_to = Change(old=ended.was_held_to, new=ended.held_to)
    return PostLeft(holding_id=ended.id, post_id=ended.post_id, held_to=held_to)


def account_saved(
    before: Account | None, username: str, *, password_set: bool
) -> AccountMade | AccountChanged:
    """The person's account was made or changed."""
    if before is None:
        return AccountMade(username=username, has_password=password_set)
    had = before.password_hash is not None
    return AccountChanged(has_password=Change(old=had, new=had or password_set), password_set=password_set)


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
