"""People as their colleagues know them: who holds which post where."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from kit.db import Tx
from kit.rows import read_all
from language.text import containing

_MOST: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """Somebody in a post."""

    id: UUID
    full_name: str
    post_title: str
    unit_id: UUID
    unit_name: str


FIND = """
select p.id, p.full_name, held.post_title, held.unit_id, held.unit_name
from people p cross join lateral (
  select o.title as post_title, u.id as unit_id, u.name as unit_name, u.id = any($2) as is_near
  from holdings h join posts o on o.id = h.post_id join units u on u.id = o.unit_id
  where h.person_id = p.id and h.merged_into is null and (u.path && $5 or p.folded_name = $6)
    and h.held_from <= $3
    and (h.held_to is null or h.held_to >= $3)
  order by is_near desc, o.kind = 'STAFF' desc, o.id limit 1
) held
where p.folded_name like $1 and p.joined_into is null
order by held.is_near desc, p.folded_name, p.id limit $4
"""


async def find(tx: Tx, text: str, near: Sequence[UUID], within: Sequence[UUID], day: date) -> list[Colleague]:
    """Whose name has this folded text in it and who holds a post on the day somewhere within these units,
    those in the near ones first; elsewhere only whose whole name it is. Each once."""
    asked = (containing(text), list(near), day, _MOST, list(within), text.strip())
    return read_all(Colleague, await tx.conn.fetch(FIND, *asked))
