"""Who may change what is known about people."""

from uuid import UUID

from kit.auth import Principal
from kit.db import Tx
from language.deadline.arithmetic import local_day
from language.events.actor import Actor
from language.posts.kinds import ADMINS
from services.organisation.store import people


def any_admin(tx: Tx, caller: Principal) -> Actor:
    """People belong to no unit: any administrator may add them."""
    return caller.require_over_all(ADMINS, (), tx.now)


async def own_or_admin(tx: Tx, caller: Principal, person_id: UUID) -> Actor:
    """The person, or an administrator over the person's units."""
    if caller.person_id == person_id:
        return Actor(person_id=person_id)
    await people.get_person(tx, person_id)
    return await admin_over_person(tx, caller, person_id)


async def admin_over_person(tx: Tx, caller: Principal, person_id: UUID) -> Actor:
    """An administrator over every unit in which the person holds a post: else a school could take over a
    province's account."""
    posts = await people.posts_of_person(tx, person_id, local_day(tx.now))
    return caller.require_over_all(ADMINS, [post.unit_path for post in posts], tx.now)
