"""The feed of a service's events for other systems of a province."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query

from casework import rights
from casework.history.feed import PURPOSES, FeedEvent, wait_for_page
from kit.auth import Principal
from kit.db import Database
from kit.http.commands import Caller, Db
from kit.http.models import InDigits, Out
from kit.http.routers import Router
from language.events.base import Readers
from language.refusals import Forbidden

_LONGEST_WAIT = 30


class FeedEventOut(Out):
    """A recorded fact. A personal value stands as `{"digest": ...}`; `hash` covers all up to here."""

    position: int
    hash: str
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


class FeedPageOut(Out):
    """The next events for this reader. Go on with `after=next`; when `next` equals `head`, all is read for
    now."""

    items: list[FeedEventOut]
    next: int
    head: int


async def purposes_of(caller: Principal, database: Database) -> frozenset[Readers]:
    """What the caller's posts in the highest unit open; `Forbidden` where they open nothing."""
    async with database.reading() as tx:
        posts = await rights.posts_of(tx, caller, frozenset(PURPOSES))
    found: frozenset[Readers] = frozenset()
    for post in posts:
        if len(post.unit_path) == 1:
            found |= PURPOSES[post.kind]
    if not found:
        raise Forbidden
    return found


def feed_router(by_default: Readers) -> Router:
    """The feed. `by_default` is the purpose of events that only a newer release knows."""
    router = Router(prefix="/v1/feed", tags=["feed"])

    @router.get("")
    async def read_feed(
        caller: Caller,
        database: Db,
        after: Annotated[
            int, Query(ge=0, lt=2**63, description="The last position that was read"), InDigits
        ] = 0,
        limit: Annotated[int, Query(ge=1, le=1_000, description="Positions a page"), InDigits] = 200,
        wait: Annotated[
            int, Query(ge=0, le=_LONGEST_WAIT, description="Seconds to wait for something new"), InDigits
        ] = 0,
    ) -> FeedPageOut:
        """Events in the order of their positions, complete and for ever the same. For auditors and
        administrators of the highest unit."""
        purposes = await purposes_of(caller, database)
        page = await wait_for_page(database, purposes, by_default, after=after, limit=limit, wait=wait)
        items = [FeedEventOut.of(_shown(event)) for event in page.items]
        return FeedPageOut(items=items, next=page.next, head=page.head)

    return router


def _shown(event: FeedEvent) -> dict[str, Any]:
    return {name: getattr(event, name) for name in FeedEventOut.model_fields} | {"hash": event.hash.hex()}
