"""What people are told of what was entered about them names: their codes, and what posts are for."""

from collections.abc import Collection
from uuid import UUID

from kit.db import Tx
from language.posts.kinds import PostKind

KINDS_OF_POSTS = "select id, kind from posts where id = any($1)"


async def kinds_of_posts(tx: Tx, post_ids: Collection[UUID]) -> dict[UUID, PostKind]:
    """What each of these posts is for."""
    if not post_ids:
        return {}
    found = await tx.conn.fetch(KINDS_OF_POSTS, list(post_ids))
    return {row["id"]: PostKind(row["kind"]) for row in found}


CODES_OF = "select id, code from people where id = any($1)"


async def codes_of(tx: Tx, person_ids: Collection[UUID]) -> dict[UUID, str]:
    """The code of each of these that is a person."""
    return {row["id"]: row["code"] for row in await tx.conn.fetch(CODES_OF, list(person_ids))}
