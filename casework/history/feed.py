"""The feed: every chained event of a service in the order of its position, for ever complete."""

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from kit.db import Database, Tx
from kit.rows import read, read_all
from language.events.base import Readers
from language.events.catalogue import class_of
from language.posts.kinds import PostKind

PURPOSES: Final[Mapping[PostKind, frozenset[Readers]]] = {
    PostKind.AUDITOR: frozenset({Readers.CASES, Readers.MONEY, Readers.ORGANISATION, Readers.RULES}),
    PostKind.ADMIN: frozenset({Readers.CASES, Readers.ORGANISATION, Readers.RULES, Readers.SECURITY}),
}
"""Whose post in the highest unit opens the feed, and for which purposes."""
_LOOK_EVERY_SECONDS = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEvent:
    """A chained event as a feed gives it: ids and digests, no personal values."""

    position: int
    hash: bytes
    event_id: UUID
    subject_id: UUID
    kind: str
    version: int
    occurred_at: datetime
    recorded_at: datetime
    actor_id: UUID | None
    on_behalf_of: UUID | None
    post_id: UUID | None
    through: dict[str, Any] | None
    rule_version: str | None
    rule: str | None
    detail: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedPage:
    """What lies behind a position, for one reader. `next` is where to go on, `head` where the chain ends."""

    items: list[FeedEvent]
    next: int
    head: int


def readers_of(kind: str, by_default: Readers) -> Readers:
    """For which purpose an event of this kind may be read; one that only a newer release knows goes by the
    service's own."""
    fact = class_of(kind)
    return fact.READERS if fact else by_default


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reach:
    """How far a page looked."""

    last: int | None
    head: int | None


REACH = """
select max(position) as last, (select max(position) from chain) as head
from (select position from chain where position > $1 order by position limit $2) page
"""
# `offset 0`: a page looks up its events one by one, however small or large the tables are.
PAGE = """
select c.position, c.hash, e.event_id, e.subject_id, e.kind, e.version, e.occurred_at, e.recorded_at,
  e.actor_id, e.on_behalf_of, e.post_id, e.through, e.rule_version, e.rule, e.detail
from chain c
cross join lateral (select * from events where events.event_id = c.event_id offset 0) e
where c.position > $1 and c.position <= $2 order by c.position
"""


async def read_page(
    tx: Tx, purposes: Collection[Readers], by_default: Readers, *, after: int, limit: int
) -> FeedPage:
    """The next `limit` positions; what this reader may not see is left out, and the position goes on."""
    row = await tx.conn.fetchrow(REACH, after, limit)
    reach = read(_Reach, row) if row else _Reach(last=None, head=None)
    if reach.last is None:
        return FeedPage(items=[], next=after, head=reach.head or 0)
    found = read_all(FeedEvent, await tx.conn.fetch(PAGE, after, reach.last))
    shown = [event for event in found if readers_of(event.kind, by_default) in purposes]
    return FeedPage(items=shown, next=reach.last, head=reach.head or reach.last)


async def wait_for_page(
    database: Database,
    purposes: Collection[Readers],
    by_default: Readers,
    *,
    after: int,
    limit: int,
    wait: float,
) -> FeedPage:
    """The next page as soon as there is one, or an empty one when the wait is over. No connection is held
    while waiting."""
    give_up_at = asyncio.get_running_loop().time() + wait
    while True:
        async with database.reading() as tx:
            page = await read_page(tx, purposes, by_default, after=after, limit=limit)
        left = give_up_at - asyncio.get_running_loop().time()
        if page.next > after or left <= 0:
            return page
        await asyncio.sleep(min(_LOOK_EVERY_SECONDS, left))
