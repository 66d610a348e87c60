"""How far changes of posts reach, from what the organisation publishes: for the organisation, which writes it
beside each change, and for each owner of work at midnight, when leave, delegations and holdings begin and
end."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from kit.db import Tx
from kit.rows import read, read_all
from language.ids import PersonId, PostId
from language.posts.reach import (
    AbsenceChanged,
    Bonds,
    Change,
    DelegationChanged,
    PostChanged,
    UnitChanged,
    reached_posts,
)
from language.posts.substitution import DEPUTIES, Delegation, Place
from language.views import View


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    places: tuple[Place, ...]
    held_by: dict[PersonId, tuple[PostId, ...]]
    passed_to: dict[PersonId, tuple[PersonId, ...]]


BONDS = f"""
with recursive passing (person_id) as (
  select unnest($3::uuid[])
  union
  select d.grantor_id from passing r cross join lateral (
    select grantor_id from {View.DELEGATIONS}
    where delegate_id = r.person_id and starts_on <= $2 and ends_on >= $1 offset 0
  ) d
),
passed as (
  select distinct r.person_id, d.grantor_id from passing r cross join lateral (
    select grantor_id from {View.DELEGATIONS}
    where delegate_id = r.person_id and starts_on <= $2 and ends_on >= $1 offset 0
  ) d
),
own as (
  select distinct r.person_id, h.post_id from passing r cross join lateral (
    select post_id from {View.HOLDINGS}
    where person_id = r.person_id and held_from <= $2 and (held_to is null or held_to >= $1) offset 0
  ) h
),
asked as (
  select p.unit_id, p.kind
  from (select unnest($4::uuid[]) as post_id union select post_id from own) a
  cross join lateral (select unit_id, kind from {View.POSTS} where id = a.post_id offset 0) p
),
wanted as (
  select unit_id, kind from asked
  union
  select unit_id, stood_in_for from asked
  join unnest($5::text[], $6::text[]) as pair (stood_in_for, kind) using (kind)
),
place as (
  select p.id as post_id, p.kind, p.unit_path from wanted w cross join lateral (
    select * from {View.POSTS} where unit_id = w.unit_id and kind = w.kind offset 0
  ) p
  union
  select p.id, p.kind, p.unit_path
  from unnest($7::uuid[]) moved cross join lateral (
    select id from {View.UNITS} where path @> array[moved] offset 0
  ) u cross join lateral (select * from {View.POSTS} where unit_id = u.id offset 0) p
)
select
  (select coalesce(jsonb_agg(to_jsonb(p)), '[]') from place p) as places,
  (select coalesce(jsonb_object_agg(person_id, posts), '{{}}') from (
    select person_id, jsonb_agg(post_id) as posts from own group by person_id
  ) o) as held_by,
  (select coalesce(jsonb_object_agg(person_id, grantors), '{{}}') from (
    select person_id, jsonb_agg(grantor_id) as grantors from passed group by person_id
  ) g) as passed_to
"""


async def reached(tx: Tx, changes: Sequence[Change], first_day: date, last_day: date) -> frozenset[PostId]:
    """Every post for which somebody else may act after these changes, on any of these days."""
    people = {person for change in changes for person in _people(change)}
    posts = {change.post_id for change in changes if isinstance(change, PostChanged)}
    units = {change.unit_id for change in changes if isinstance(change, UnitChanged)}
    stood_in_for, deputies = zip(*DEPUTIES, strict=True)
    row = await tx.conn.fetchrow(
        BONDS, first_day, last_day, list(people), list(posts), list(stood_in_for), list(deputies), list(units)
    )
    if row is None:
        raise AssertionError("a statement of aggregates gives one row")
    seen = read(_Seen, row)
    bonds = Bonds(
        places={place.post_id: place for place in seen.places},
        held_by=seen.held_by,
        passed_to=seen.passed_to,
    )
    return reached_posts(bonds, changes)


def _people(change: Change) -> Iterable[PersonId]:
    match change:
        case AbsenceChanged():
            yield change.person_id
        case DelegationChanged():
            yield change.delegation.grantor_id


HOLDINGS_TURNED = f"""
select distinct post_id from {View.HOLDINGS}
where (held_from > $1 and held_from <= $2) or (held_to >= $1 and held_to < $2)
"""
LEAVE_TURNED = f"""
select distinct person_id from {View.LEAVE}
where (starts_on > $1 and starts_on <= $2) or (ends_on >= $1 and ends_on < $2)
"""
DELEGATIONS_TURNED = f"""
select id, grantor_id, delegate_id, starts_on, ends_on, post_kinds, levels, tasks, unit_id, units_below,
  reason
from {View.DELEGATIONS}
where (starts_on > $1 and starts_on <= $2) or (ends_on >= $1 and ends_on < $2)
"""


async def turned(tx: Tx, since: date, day: date) -> list[Change]:
    """What begins after the first of these local days up to the second, or ended on one of them before it."""
    posts, people, given = [
        await tx.conn.fetch(statement, since, day)
        for statement in (HOLDINGS_TURNED, LEAVE_TURNED, DELEGATIONS_TURNED)
    ]
    return [
        *read_all(PostChanged, posts),
        *read_all(AbsenceChanged, people),
        *(DelegationChanged(delegation=one) for one in read_all(Delegation, given)),
    ]
