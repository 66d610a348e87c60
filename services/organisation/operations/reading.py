"""Who is told what of people and posts."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from casework import rights
from kit.auth import Principal
from kit.db import Tx
from kit.sorting import ListPlace
from language.deadline.arithmetic import local_day
from language.posts.kinds import ADMINS, PostKind
from language.refusals import Forbidden, NotFound
from services.organisation.domain.person import Person
from services.organisation.domain.post import KeptHolding, PersonsPost, Post, PostWithHolding
from services.organisation.operations.rights import admin_over_person, own_or_admin
from services.organisation.store import colleagues, people, persons_posts, units
from services.organisation.store.colleagues import Colleague
from services.organisation.store.people import PersonSearch

_ANY_POST: Final = frozenset(PostKind)
_OVERSEERS: Final = ADMINS | {PostKind.UNIT_HEAD, PostKind.DEPUTY_HEAD}


async def list_posts(tx: Tx, caller: Principal, unit_id: UUID) -> list[PostWithHolding]:
    """The unit's posts and who holds them today, for who holds a post in the unit or over it; for its
    administrators and heads also who held and who will hold them."""
    unit = await units.get_unit(tx, unit_id)
    await rights.require(tx, caller, _ANY_POST, unit.path)
    overseer = await rights.post_over(tx, caller, _OVERSEERS, unit.path)
    return await people.list_posts_with_holders(tx, unit_id, None if overseer else local_day(tx.now))


async def read_post(tx: Tx, caller: Principal, post_id: UUID) -> Post:
    """One post, for who holds a post in its unit or over it."""
    post = await people.get_post(tx, post_id)
    unit = await units.get_unit(tx, post.unit_id)
    if await rights.post_over(tx, caller, _ANY_POST, unit.path) is None:
        raise NotFound
    return post


async def read_holding(tx: Tx, caller: Principal, holding_id: UUID) -> KeptHolding:
    """One holding, for who holds it, and for the unit's administrators and heads."""
    holding = await people.get_holding(tx, holding_id)
    overseer = await rights.post_over(tx, caller, _OVERSEERS, holding.unit_path)
    if holding.person_id != caller.person_id and overseer is None:
        raise NotFound
    return holding


async def read_person(tx: Tx, caller: Principal, person_id: UUID) -> Person:
    """One person, for the person and for administrators over all the person's units."""
    if caller.person_id != person_id:
        await admin_over_person(tx, caller, person_id)
    return await people.get_person(tx, person_id)


async def list_posts_of(tx: Tx, caller: Principal, person_id: UUID) -> list[PersonsPost]:
    """Every holding of the person, for the person and for administrators over all the person's units."""
    await own_or_admin(tx, caller, person_id)
    return await persons_posts.list_posts_of(tx, person_id)


async def interested_in(tx: Tx, subject_id: UUID) -> Sequence[UUID]:
    """Whose matter an act here is: the person whom it is about."""
    return (subject_id,)


async def find_colleagues(tx: Tx, caller: Principal, text: str) -> list[Colleague]:
    """Who holds a post today in a unit of the caller's, beside it, or below those, and has a name that fits;
    the own units come first. Farther away only whose
    whole name it is: names are nobody's business there."""
    posts = await rights.posts_of(tx, caller, _ANY_POST)
    own = [post.unit_id for post in posts]
    within = [(post.unit_path[-2:] or (post.unit_id,))[0] for post in posts]
    return await colleagues.find(tx, text, own, within, local_day(tx.now))


async def search_people(
    tx: Tx, caller: Principal, pattern: str | None, place: ListPlace, limit: int
) -> list[Person]:
    """People whose name fits the pattern, for administrators. When somebody was born, and where they
    are mailed, is shown of those only over all of whose units the caller is."""
    administered = await rights.units_of(tx, caller, ADMINS)
    if not administered:
        raise Forbidden
    search = PersonSearch(
        pattern=pattern,
        units=administered,
        is_province=await rights.root_of(tx, caller, ADMINS) is not None,
        day=local_day(tx.now),
    )
    return await people.search_people(tx, search, place, limit)
