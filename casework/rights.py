"""What somebody may do, by the posts that the person holds on the day of the act.

Each question reads them in the transaction of the act, after its lock: whoever lost a post a moment ago has
lost what it gave. Deny by default: nothing is allowed but through these."""

from collections.abc import Collection, Sequence
from uuid import UUID

from casework.roster import HeldPost, held_posts
from kit.auth import Principal
from kit.db import Tx
from language.deadline.arithmetic import local_day
from language.events.actor import Actor
from language.posts.kinds import PostKind
from language.posts.through import Through
from language.refusals import Forbidden
from language.views import View


async def posts_of(tx: Tx, caller: Principal, kinds: Collection[PostKind]) -> tuple[HeldPost, ...]:
    """The posts of these kinds that the caller holds now, longest held first."""
    held = await held_posts(tx, caller.person_id, local_day(tx.now))
    return tuple(post for post in held if post.kind in kinds)


async def units_of(tx: Tx, caller: Principal, kinds: Collection[PostKind]) -> tuple[UUID, ...]:
    """The units in which the caller holds such posts."""
    return tuple(dict.fromkeys(post.unit_id for post in await posts_of(tx, caller, kinds)))


async def root_of(tx: Tx, caller: Principal, kinds: Collection[PostKind]) -> UUID | None:
    """The root unit, if the caller holds such a post there."""
    posts = await posts_of(tx, caller, kinds)
    return next((post.unit_id for post in posts if len(post.unit_path) == 1), None)


async def post_in(tx: Tx, caller: Principal, kinds: Collection[PostKind], unit_id: UUID) -> HeldPost | None:
    """Such a post in exactly this unit."""
    return next((post for post in await posts_of(tx, caller, kinds) if post.unit_id == unit_id), None)


async def post_over(
    tx: Tx, caller: Principal, kinds: Collection[PostKind], unit_path: Collection[UUID]
) -> HeldPost | None:
    """Such a post in the unit this path leads to, or in any unit above it."""
    return next((post for post in await posts_of(tx, caller, kinds) if post.unit_id in unit_path), None)


async def require(
    tx: Tx, caller: Principal, kinds: Collection[PostKind], unit_path: Collection[UUID]
) -> Actor:
    """The actor with such a post in or over the unit; `Forbidden` without one."""
    return in_post(caller, await post_over(tx, caller, kinds, unit_path))


PATH = f"select path from {View.UNITS} where id = $1"


async def require_in(tx: Tx, caller: Principal, kinds: Collection[PostKind], unit_id: UUID) -> Actor:
    """The actor with such a post in or over the unit of this id; `Forbidden` without one, whether there is
    such a unit or not. Asked before any of its rows is looked at, so that none of them can be counted."""
    path: Sequence[UUID] = await tx.conn.fetchval(PATH, unit_id) or ()
    return await require(tx, caller, kinds, path)


async def require_any(tx: Tx, caller: Principal, kinds: Collection[PostKind]) -> Actor:
    """The actor with such a post anywhere, for what belongs to no unit; `Forbidden` without one."""
    return in_post(caller, next(iter(await posts_of(tx, caller, kinds)), None))


async def require_root(tx: Tx, caller: Principal, kinds: Collection[PostKind]) -> Actor:
    """The actor with such a post in the root unit, for what holds for the whole province; `Forbidden` without
    one."""
    posts = await posts_of(tx, caller, kinds)
    return in_post(caller, next((post for post in posts if len(post.unit_path) == 1), None))


async def require_over_all(
    tx: Tx, caller: Principal, kinds: Collection[PostKind], unit_paths: Collection[Collection[UUID]]
) -> Actor:
    """The actor with such posts in or over every one of these units; `Forbidden` otherwise. What lies in no
    unit at all is the province's: there it takes such a post in the root unit."""
    if not unit_paths:
        return await require_root(tx, caller, kinds)
    posts = await posts_of(tx, caller, kinds)
    over = [next((post for post in posts if post.unit_id in path), None) for path in unit_paths]
    if None in over:
        raise Forbidden
    return in_post(caller, over[0])


HAS_TASK = " union all ".join(
    f"select 1 from {view} where subject_id = $1 and assignee_id = $2 and state in ('WAITING', 'OPEN')"
    for view in (View.INTAKE_TASKS, View.REVIEW_TASKS, View.PAYOUT_TASKS)
)


async def has_task_about(tx: Tx, caller: Principal, dossier_id: UUID) -> bool:
    """The caller has something to do about the dossier, in whichever service: who has work about it reads
    it."""
    return bool(await tx.conn.fetchval(f"select exists ({HAS_TASK})", dossier_id, caller.person_id))


def in_post(caller: Principal, post: HeldPost | None) -> Actor:
    """The caller acting in this post, by the own holding of it; `Forbidden` without one."""
    if post is None:
        raise Forbidden
    return Actor(
        person_id=caller.person_id, post_id=post.post_id, through=Through(holding_id=post.holding_id)
    )
