"""People, posts, who holds them when, and leave."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import Final
from uuid import UUID

import asyncpg

from kit.db import Row, Tx, attempting
from kit.inserts import Insert
from kit.rows import read, read_all
from kit.sorting import Key, ListPlace, Order, Sort, Sorts
from language.events.organisation import PostTaken
from language.posts.kinds import PostKind
from language.posts.substitution import Place
from language.refusals import NotFound
from language.text import fold
from services.organisation.domain.act_refusals import PersonJoined
from services.organisation.domain.importing import KnownPerson
from services.organisation.domain.person import Person
from services.organisation.domain.post import EndedHolding, KeptHolding, Post, PostWithHolding
from services.organisation.domain.refusals import HoldingOverlaps

_PERSON = "id, code, full_name, date_of_birth, mail_address, joined_into, version"
GET = f"select {_PERSON} from people where id = $1"
LOCK = f"{GET} for update"


async def get_person(tx: Tx, person_id: UUID, *, lock: bool = False) -> Person:
    """The person, if wished locked; `NotFound` without one."""
    row = await tx.conn.fetchrow(LOCK if lock else GET, person_id)
    if row is None:
        raise NotFound
    return read(Person, row)


@dataclass(frozen=True, slots=True, kw_only=True)
class _JoinedTo:
    code: str
    kept_code: str


JOINED = """
select p.code, kept.code as kept_code from people p join people kept on kept.id = p.joined_into
where p.id = any($1) order by p.id limit 1
"""
# Whoever joins records waits until what is being written of them is committed, and the other way round.
HOLD = "select id from people where id = any($1) order by id for share"


async def require_not_joined(tx: Tx, person_ids: Collection[UUID]) -> None:
    """None of these records was joined to another, and none is before this transaction ends; else
    `PersonJoined`, which names the one that stands for it."""
    await tx.conn.execute(HOLD, list(person_ids))
    row = await tx.conn.fetchrow(JOINED, list(person_ids))
    if row:
        joined = read(_JoinedTo, row)
        raise PersonJoined(code=joined.code, into=joined.kept_code)


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A person's name. `joined_into`: the record that stands for this one, whose name it is then."""

    id: UUID
    full_name: str
    joined_into: UUID | None


NAMES = """
select p.id, coalesce(kept.full_name, p.full_name) as full_name, p.joined_into
from people p left join people kept on kept.id = p.joined_into where p.id = any($1)
"""


async def named(tx: Tx, ids: Sequence[UUID]) -> list[Named]:
    """The names of these people, for display."""
    return read_all(Named, await tx.conn.fetch(NAMES, list(ids)))


async def name_of(tx: Tx, person_id: UUID) -> str | None:
    """The person's name, if there is such a person."""
    return next((one.full_name for one in await named(tx, [person_id])), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonSearch:
    """For people whose folded name or code fits the pattern, by an administrator of these units, or of the
    province, on this day."""

    pattern: str | None
    units: Sequence[UUID]
    is_province: bool
    day: date


SORTS: Final = Sorts(
    "code",
    Sort(name="code", column="code", shown=attrgetter("code"), key=Key.TEXT),
    Sort(name="name", column="folded_name", shown=lambda person: fold(person.full_name), key=Key.TEXT),
)


def _search(order: Order) -> str:
    return f"""
select found.id, code, full_name, case when kept then date_of_birth end as date_of_birth,
  case when kept then mail_address end as mail_address, joined_into, version
from (
  select * from people
  where ($1::text is null or folded_name like $1 or lower(code) like $1)
    and {order.behind(2)} {order.by()} limit $4
) found cross join lateral (
  select $5 or coalesce(bool_and(u.path && $6::uuid[]), false) as kept
  from holdings h join posts p on p.id = h.post_id join units u on u.id = p.unit_id
  where h.person_id = found.id and h.merged_into is null and (h.held_to is null or h.held_to >= $7)
) own {order.by()}
"""


SEARCH = SORTS.statements(_search)


async def search_people(tx: Tx, search: PersonSearch, place: ListPlace, limit: int) -> list[Person]:
    """People in the order of the place, from there on; birth date and mail address are there of those in the
    searcher's units only."""
    found = await tx.conn.fetch(
        SEARCH[place.order],
        search.pattern,
        *place.arguments,
        limit,
        search.is_province,
        list(search.units),
        search.day,
    )
    return read_all(Person, found)


INSERT = Insert(
    "people",
    "id, code, full_name, folded_name, date_of_birth, mail_address",
    "on conflict (code) do nothing returning true",
)


async def insert_person(tx: Tx, person: Person, folded_name: str) -> bool:
    """False when the code is taken."""
    return bool(await tx.conn.fetchval(INSERT.statement, *INSERT.row(person, folded_name=folded_name)))


UPDATE = """
update people
set full_name = $2, folded_name = $3, date_of_birth = $4, mail_address = $5, version = version + 1
where id = $1
"""


async def update_person(tx: Tx, person: Person, folded_name: str) -> None:
    """New name, birth date or mail address."""
    await tx.conn.execute(
        UPDATE, person.id, person.full_name, folded_name, person.date_of_birth, person.mail_address
    )


BY_CODES = "select code, id from people where code = any($1)"


async def people_by_code(tx: Tx, codes: Sequence[str]) -> dict[str, UUID]:
    """The id of each known code."""
    return {row["code"]: row["id"] for row in await tx.conn.fetch(BY_CODES, list(codes))}


WITH_CODE = f"select {_PERSON} from people where code = $1"


async def person_with_code(tx: Tx, code: str) -> Person:
    """The person of this code; `NotFound` without one."""
    row = await tx.conn.fetchrow(WITH_CODE, code)
    if row is None:
        raise NotFound
    return read(Person, row)


KNOWN = """
select p.id, p.code, p.full_name, p.date_of_birth, p.mail_address, p.joined_into, p.version,
  (select kept.code from people kept where kept.id = p.joined_into) as joined_to_code,
  $2 or coalesce((
    select bool_and(u.path && $3::uuid[])
    from holdings h join posts o on o.id = h.post_id join units u on u.id = o.unit_id
    where h.person_id = p.id and h.merged_into is null and (h.held_to is null or h.held_to >= $4)
  ), false) as kept
from people p where p.code = any($1)
"""


async def known_people(
    tx: Tx, codes: Collection[str], units: Sequence[UUID], day: date, *, is_province: bool
) -> list[KnownPerson]:
    """Everybody with one of these codes, and whether an administrator of these units, or of the province,
    keeps them."""
    found = await tx.conn.fetch(KNOWN, list(codes), is_province, list(units), day)
    return [read(KnownPerson, row, person=read(Person, row)) for row in found]


GET_POST = "select id, unit_id, kind, title from posts where id = $1"


async def get_post(tx: Tx, post_id: UUID) -> Post:
    """The post; `NotFound` without one."""
    row = await tx.conn.fetchrow(GET_POST, post_id)
    if row is None:
        raise NotFound
    return read(Post, row)


POSTS_OF_UNITS = "select id, unit_id, kind, title from posts where unit_id = any($1)"


async def posts_of_units(tx: Tx, unit_ids: Sequence[UUID]) -> list[Post]:
    """All posts of these units."""
    return read_all(Post, await tx.conn.fetch(POSTS_OF_UNITS, list(unit_ids)))


LIST_POSTS = """
select p.id, p.unit_id, p.kind, p.title, h.id as holding_id, h.person_id, h.held_from, h.held_to, h.acting
from posts p left join holdings h on h.post_id = p.id and h.merged_into is null
  and ($2::date is null or (h.held_from <= $2 and (h.held_to is null or h.held_to >= $2)))
where p.unit_id = $1 order by p.kind, p.title, h.held_from, h.id
"""


async def list_posts_with_holders(tx: Tx, unit_id: UUID, day: date | None) -> list[PostWithHolding]:
    """The unit's posts, one for each holding of the day, or of any day (one without a holder)."""
    return read_all(PostWithHolding, await tx.conn.fetch(LIST_POSTS, unit_id, day))


INSERT_POST = """
insert into posts (id, unit_id, kind, title) values ($1, $2, $3, $4) on conflict (unit_id, kind,
  title) do nothing returning true
"""


async def insert_post(tx: Tx, post: Post) -> bool:
    """False when the unit has such a post already."""
    return bool(await tx.conn.fetchval(INSERT_POST, post.id, post.unit_id, post.kind, post.title))


INSERT_HOLDING = Insert("holdings", "id, post_id, person_id, held_from, held_to, acting")


async def insert_holding(
    tx: Tx,
    holding_id: UUID,
    post_id: UUID,
    person_id: UUID,
    span: tuple[date, date | None],
    *,
    acting: bool = False,
) -> None:
    """The person holds the post in this span; `HoldingOverlaps` when that is known already."""
    held_from, held_to = span
    row = INSERT_HOLDING.row(
        id=holding_id,
        post_id=post_id,
        person_id=person_id,
        held_from=held_from,
        held_to=held_to,
        acting=acting,
    )
    try:
        async with attempting(tx):
            await tx.conn.execute(INSERT_HOLDING.statement, *row)
    except asyncpg.ExclusionViolationError as error:
        raise HoldingOverlaps from error


IS_HELD = """
select exists (
  select 1 from holdings where post_id = $1 and merged_into is null and not acting
    and daterange(held_from, held_to, '[]') && daterange($2, $3, '[]')
)
"""


async def is_held(tx: Tx, post_id: UUID, span: tuple[date, date | None]) -> bool:
    """Somebody is appointed to the post on a day of the span."""
    return bool(await tx.conn.fetchval(IS_HELD, post_id, *span))


END_ACTING = """
with acting as (
  select id, held_to from holdings
  where post_id = $1 and merged_into is null and acting and (held_to is null or held_to >= $2) for update
)
update holdings h set held_to = greatest(h.held_from, $2::date - 1) from acting where h.id = acting.id
returning h.id, h.post_id, h.person_id, acting.held_to as was_held_to, h.held_to
"""


async def end_acting(tx: Tx, post_id: UUID, appointed_from: date) -> list[EndedHolding]:
    """Whoever acts in the post does so until the day before somebody is appointed; whose days those were."""
    return read_all(EndedHolding, await tx.conn.fetch(END_ACTING, post_id, appointed_from))


GET_HOLDING = """
select h.id, h.post_id, h.person_id, h.held_from, h.held_to, h.acting, p.kind, u.path as unit_path
from holdings h join posts p on p.id = h.post_id join units u on u.id = p.unit_id
where h.id = $1 and h.merged_into is null
"""
LOCK_HOLDING = f"{GET_HOLDING} for update of h"


async def get_holding(tx: Tx, holding_id: UUID) -> KeptHolding:
    """The holding with its unit's path."""
    return _holding(await tx.conn.fetchrow(GET_HOLDING, holding_id))


async def lock_holding(tx: Tx, holding_id: UUID) -> KeptHolding:
    """The same, locked."""
    return _holding(await tx.conn.fetchrow(LOCK_HOLDING, holding_id))


def _holding(row: Row | None) -> KeptHolding:
    if row is None:
        raise NotFound
    return read(KeptHolding, row)


END_HOLDING = "update holdings set held_to = $2 where id = $1"


async def end_holding(tx: Tx, holding_id: UUID, held_to: date) -> None:
    """The last day of the holding."""
    await tx.conn.execute(END_HOLDING, holding_id, held_to)


HELD_UNTIL = """
select h.post_id, h.person_id, max(coalesce(h.held_to, '9999-12-31')) as until
from holdings h join posts p on p.id = h.post_id
where p.unit_id = any($1) and h.merged_into is null group by h.post_id, h.person_id
"""


async def held_until(tx: Tx, unit_ids: Sequence[UUID]) -> dict[tuple[UUID, UUID], date]:
    """For each post of these units and each person who ever held it, the last day of the last holding;
    `date.max` without an end."""
    return {
        (row["post_id"], row["person_id"]): row["until"]
        for row in await tx.conn.fetch(HELD_UNTIL, list(unit_ids))
    }


UNITS_OF_PEOPLE = """
select distinct u.path from holdings h join posts p on p.id = h.post_id join units u on u.id = p.unit_id
where h.person_id = any($1) and h.merged_into is null and (h.held_to is null or h.held_to >= $2)
"""


async def units_of_people(tx: Tx, person_ids: Collection[UUID], day: date) -> list[Sequence[UUID]]:
    """The paths to the units in which any of these people holds a post on the day, or will hold one."""
    return [row["path"] for row in await tx.conn.fetch(UNITS_OF_PEOPLE, list(person_ids), day)]


WAS_APPOINTED_BY = """
select exists (
  select 1 from events e join holdings h on h.id = (e.detail->>'holding_id')::uuid
  join posts p on p.id = h.post_id
  where e.subject_id in (select $1::uuid union all select id from people where joined_into = $1)
    and e.actor_id in (select $2::uuid union all select id from people where joined_into = $2)
    and e.kind = $5 and p.kind = any($3) and h.merged_into is null and (h.held_to is null or h.held_to >= $4))
"""


async def was_appointed_by(
    tx: Tx, person_id: UUID, giver_id: UUID, kinds: Collection[PostKind], day: date
) -> bool:
    """The person holds a post of these kinds, or will, that this one has given."""
    taken = PostTaken.__name__
    return bool(await tx.conn.fetchval(WAS_APPOINTED_BY, person_id, giver_id, sorted(kinds), day, taken))


POSTS_IN_DAYS = """
select p.id as post_id, p.kind, u.path as unit_path
from holdings h join posts p on p.id = h.post_id join units u on u.id = p.unit_id
where h.person_id = $1 and h.merged_into is null
  and h.held_from <= $3 and (h.held_to is null or h.held_to >= $2)
order by h.held_from, h.id
"""


async def posts_in_days(tx: Tx, person_id: UUID, first: date, last: date) -> list[Place]:
    """The posts that the person holds on any of these days."""
    return read_all(Place, await tx.conn.fetch(POSTS_IN_DAYS, person_id, first, last))
