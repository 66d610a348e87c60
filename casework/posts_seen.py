"""Who held which posts when the owner last heard of them. A forecast looks here, for nobody but the
organisation knows who is there now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from kit.db import Tx
from kit.rows import read
from language.messages.organisation import PostsResolved


@dataclass(frozen=True, slots=True, kw_only=True)
class PostsSeen:
    """The posts, and when they were seen."""

    posts: PostsResolved
    seen_at: datetime


KEEP = """
insert into posts_seen (about_id, posts, seen_at) values ($1, $2, $3)
on conflict (about_id) do update set posts = excluded.posts, seen_at = excluded.seen_at
"""


async def keep_posts(tx: Tx, about_id: UUID, posts: PostsResolved) -> None:
    """The newest word replaces the one before."""
    await tx.conn.execute(KEEP, about_id, replace(posts, clock=None), tx.now)


FIND = "select about_id, posts, seen_at from posts_seen where about_id = any($1)"


async def posts_seen(tx: Tx, about_ids: Sequence[UUID]) -> Mapping[UUID, PostsSeen]:
    """What was last seen for each of these."""
    rows = await tx.conn.fetch(FIND, list(about_ids))
    return {row["about_id"]: read(PostsSeen, row) for row in rows}
