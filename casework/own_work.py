"""Work that is a person's own goes to nobody by itself: while its person is away, has left or cannot sign in
it is on the alarm list, until the person is there again or somebody takes the matter over."""

from collections.abc import Collection
from typing import Final
from uuid import UUID

from kit.db import Tx
from language.deadline.arithmetic import local_day
from language.ids import PostId
from language.views import View

_CAN_ACT: Final = f"""(
  exists (select 1 from {View.IDENTITIES} i where i.person_id = who.person_id and not i.disabled)
  and exists (select 1 from {View.HOLDINGS} h where h.person_id = who.person_id and h.held_from <= $2
    and (h.held_to is null or h.held_to >= $2))
  and not exists (select 1 from {View.LEAVE} l where l.person_id = who.person_id
    and $2 between l.starts_on and l.ends_on)
)"""
IS_THERE: Final = f"select {_CAN_ACT} from (select $1::uuid as person_id) who"


async def is_there(tx: Tx, person_id: UUID) -> bool:
    """The person can sign in, holds a post today and is not away."""
    return bool(await tx.conn.fetchval(IS_THERE, person_id, local_day(tx.now)))


LOOK: Final = f"""
update tasks t set unreachable_since = case when seen.is_there then null else $3::timestamptz end
from (
  select who.person_id, {_CAN_ACT} as is_there from unnest($1::uuid[]) as who (person_id)
) seen
where t.assignee_id = seen.person_id and t.post_id is null and t.state in ('WAITING', 'OPEN')
  and seen.is_there = (t.unreachable_since is not null)
"""


async def look_at_own(tx: Tx, person_ids: Collection[UUID]) -> None:
    """Put the own work of these people on the alarm list, or take it off. Ends with the same rows however
    often it runs."""
    if person_ids:
        await tx.conn.execute(LOOK, list(person_ids), local_day(tx.now), tx.now)


_OWN: Final = "t.post_id is null and t.state in ('WAITING', 'OPEN')"
HOLDERS: Final = f"""
select distinct h.person_id from {View.HOLDINGS} h where h.post_id = any($1)
  and exists (select 1 from tasks t where t.assignee_id = h.person_id and {_OWN})
"""
EVERYBODY: Final = f"select distinct t.assignee_id as person_id from tasks t where {_OWN}"


async def with_own_work(tx: Tx, post_ids: Collection[PostId]) -> list[UUID]:
    """Who holds or held one of these posts, and has work of the own."""
    rows = await tx.conn.fetch(HOLDERS, list(post_ids)) if post_ids else []
    return [row["person_id"] for row in rows]


async def all_with_own_work(tx: Tx) -> list[UUID]:
    """Everybody who has some: asked once a day, for accounts of people without a post are closed without a
    word about posts."""
    return [row["person_id"] for row in await tx.conn.fetch(EVERYBODY)]
