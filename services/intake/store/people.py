"""What the organisation publishes of people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from kit.db import Tx
from kit.rows import read_all
from language.posts.kinds import PostKind
from language.views import View


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPerson:
    """Somebody whom the organisation knows. `can_answer`: the person can sign in, and holds a post, or
    will."""

    id: UUID
    full_name: str
    can_answer: bool


KNOWN = f"""
select p.id, p.full_name,
  exists (select 1 from {View.IDENTITIES} i where i.person_id = p.id and not i.disabled)
  and exists (select 1 from {View.HOLDINGS} h where h.person_id = p.id
    and (h.held_to is null or h.held_to >= $2)) as can_answer
from {View.NAMES} p where p.id = any($1)
"""


async def known_people(tx: Tx, person_ids: Sequence[UUID], day: date) -> dict[UUID, KnownPerson]:
    """Those of these whom the organisation knows, as they are on the day."""
    rows = await tx.conn.fetch(KNOWN, list(person_ids), day)
    return {person.id: person for person in read_all(KnownPerson, rows)}


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldBy:
    """A post in which a person may come to act."""

    person_id: UUID
    post_id: UUID
    kind: PostKind
    unit_id: UUID
    parent_id: UUID | None


CAN_AGREE_IN = f"""
select exists (select from {View.IDENTITIES} i where i.person_id = $1 and not i.disabled)
  and exists (
    select from {View.HOLDINGS} h join {View.POSTS} p on p.id = h.post_id
    where h.person_id = $1 and p.unit_id = $2 and h.held_from <= $3
      and (h.held_to is null or h.held_to >= $3)
  )
"""


async def can_agree_in(tx: Tx, person_id: UUID, unit_id: UUID, day: date) -> bool:
    """The person can sign in, and holds a post in this unit on the day."""
    return bool(await tx.conn.fetchval(CAN_AGREE_IN, person_id, unit_id, day))


UNIT_PATH = f"select path from {View.UNITS} where id = $1"


async def unit_path(tx: Tx, unit_id: UUID) -> Sequence[UUID] | None:
    """The way from the root to the unit; None without one."""
    path: Sequence[UUID] | None = await tx.conn.fetchval(UNIT_PATH, unit_id)
    return path


HELD_AMONG = f"""
select h.person_id, p.id as post_id, p.kind, p.unit_id, u.parent_id
from unnest($2::uuid[], $3::text[]) as asked (unit_id, kind)
join {View.POSTS} p on p.unit_id = asked.unit_id and p.kind = asked.kind
join {View.HOLDINGS} h on h.post_id = p.id and (h.held_to is null or h.held_to >= $4)
join {View.UNITS} u on u.id = p.unit_id
where h.person_id = any($1) group by h.person_id, p.id, p.kind, p.unit_id, u.parent_id
order by h.person_id, p.id
"""


async def held_among(
    tx: Tx, person_ids: Sequence[UUID], posts: Sequence[tuple[UUID, PostKind]], day: date
) -> list[HeldBy]:
    """Which posts of these kinds in these units these people hold on the day, or will."""
    units, kinds = [unit for unit, _ in posts], [kind for _, kind in posts]
    return read_all(HeldBy, await tx.conn.fetch(HELD_AMONG, list(person_ids), units, kinds, day))


HEADS_OF = f"""
select distinct h.person_id from {View.POSTS} p
join {View.HOLDINGS} h on h.post_id = p.id and h.held_from <= $2 and (h.held_to is null or h.held_to >= $2)
where p.unit_id = $1 and p.kind = any($3) order by h.person_id
"""


async def heads_of(tx: Tx, unit_id: UUID, kinds: Sequence[PostKind], day: date) -> list[UUID]:
    """Who holds such a post in the unit on the day."""
    return [row["person_id"] for row in await tx.conn.fetch(HEADS_OF, unit_id, day, list(kinds))]
