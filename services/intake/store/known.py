"""Whom and what a list could mean, from what the organisation publishes; and what was begun already."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from kit.db import Tx
from kit.rows import read_all
from language.views import View
from services.intake.domain.matching import KnownPerson, KnownUnit

_PEOPLE = f"""
select k.id, k.code, k.full_name, k.date_of_birth,
  array_agg(distinct p.unit_id order by p.unit_id) as unit_ids
from {View.KNOWN_PEOPLE} k
join {View.HOLDINGS} h on h.person_id = k.id
  and h.held_from <= $1 and (h.held_to is null or h.held_to >= $1)
join {View.POSTS} p on p.id = h.post_id
"""
NAMED = f"""
{_PEOPLE}
where p.unit_path @> array[$2::uuid] and (k.folded_name = any($3) or k.code = any($4))
group by k.id, k.code, k.full_name, k.date_of_birth
"""


async def people_named(
    tx: Tx, day: date, under: UUID, names: Collection[str], codes: Collection[str]
) -> list[KnownPerson]:
    """Everybody of one of these folded names or codes who holds a post in this unit or below."""
    return read_all(KnownPerson, await tx.conn.fetch(NAMED, day, under, list(names), list(codes)))


CHOSEN = f"""
{_PEOPLE}
where k.id = any($2) group by k.id, k.code, k.full_name, k.date_of_birth
"""


async def people_chosen(tx: Tx, day: date, ids: Collection[UUID]) -> list[KnownPerson]:
    """These people, wherever they hold posts."""
    return read_all(KnownPerson, await tx.conn.fetch(CHOSEN, day, list(ids)))


UNITS = f"""
select u.id, u.code, u.name, u.path, above.name as parent_name
from {View.UNITS} u left join {View.UNITS} above on above.id = u.parent_id
where u.path @> array[$1::uuid] and u.valid_from <= $2 and (u.valid_to is null or u.valid_to >= $2)
order by u.code
"""


async def units_under(tx: Tx, unit_id: UUID, day: date) -> list[KnownUnit]:
    """The unit and all below it that are there on the day."""
    return read_all(KnownUnit, await tx.conn.fetch(UNITS, unit_id, day))


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A dossier that somebody has begun in a season."""

    id: UUID
    created_by: UUID
    folded_title: str
    created_at: datetime


BEGUN = """
select id, created_by, folded_title, created_at from dossiers
where created_by = any($1) and season_id = $2 and state <> 'WITHDRAWN' order by created_at
"""


async def begun_in(tx: Tx, makers: Collection[UUID], season_id: UUID) -> list[Begun]:
    """What these people have begun in the season."""
    return read_all(Begun, await tx.conn.fetch(BEGUN, list(makers), season_id))
