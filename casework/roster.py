"""Who acts in which post now, read from what the organisation publishes, in the transaction of the act that
asks.

Each question is one statement, asked after the locks of the act: it sees one state, and none older than the
lock. It returns what the pure rules of `language.posts` need, of the post kinds in question and no others:
most posts are those of plain staff.

Whoever opens or gives work holds the roster (`hold_roster`) from before the question until the commit. The
hand-over waits for those once before it looks at a change, so no work is given out by an older word after the
look. Likewise at midnight: a look for a new day is written down, and whoever asks after it gets that day,
though the own transaction may have begun before midnight."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from kit.db import Row, Tx
from kit.rows import read, read_all
from language.deadline.arithmetic import local_day
from language.ids import PersonId, PostId, UnitId
from language.posts.holders import Matter, PostsResolved, holders_in, superiors_of
from language.posts.kinds import PostKind
from language.posts.substitution import (
    DEPUTIES,
    Case,
    Delegation,
    Holding,
    Place,
    Roster,
    Substitution,
    who_acts_for,
)
from language.refusals import UnitUnknown
from language.views import View

_DEPUTY_OF: Final = dict(DEPUTIES)
_HEADS: Final = (PostKind.UNIT_HEAD, PostKind.DEPUTY_HEAD)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldPost:
    """A post that a person holds on the day: what it is for, and in which unit (`unit_path` from the root to
    it)."""

    holding_id: UUID
    post_id: PostId
    kind: PostKind
    unit_id: UnitId
    unit_path: tuple[UnitId, ...]
    held_from: date
    held_to: date | None
    acting: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenWork:
    """Work that was given through a post to a holder, or, in a vacant post, to nobody yet; `case` says what
    it is and who is left out."""

    id: UUID
    post_id: PostId
    holder_id: PersonId | None
    case: Case


def has_closed_account(person_id: str) -> str:
    """Whether this expression names somebody whose account is closed: a part of a statement."""
    return (
        f"exists (select from {View.IDENTITIES} i where i.issuer = '' and i.subject = {person_id}::text "
        "and i.disabled)"
    )


HOLD = "select pg_advisory_xact_lock_shared(hashtextextended('roster:' || current_schema(), 0))"
WAIT = "select pg_advisory_xact_lock(hashtextextended('roster:' || current_schema(), 0))"


async def hold_roster(tx: Tx) -> None:
    """Until this transaction ends, no look of the hand-over begins that would not see what it gives out."""
    await tx.conn.execute(HOLD)


async def wait_for_openings(tx: Tx) -> None:
    """Wait until whatever was being given out by the roster as it was is committed."""
    await tx.conn.execute(WAIT)


# A laterally joined look-up with an offset is one by index for each row. Left to itself the planner takes the
# recursion to reach thousands, and reads all leave and delegations of the province for the two it reaches.
_GIVEN = f"""lateral (
    select d.* from {View.DELEGATIONS} d, today
    where d.grantor_id = r.person_id and today.day between d.starts_on and d.ends_on offset 0
  ) d"""
_SEEN = f"""
held as (
  select h.id, h.post_id, h.person_id, h.acting, h.held_from
  from place p cross join lateral (
    select h.* from {View.HOLDINGS} h, today
    where h.post_id = p.post_id and h.held_from <= today.day
      and (h.held_to is null or h.held_to >= today.day) offset 0
  ) h
),
reached (person_id) as (
  select person_id from held
  union
  select d.delegate_id from reached r cross join {_GIVEN}
)
select
  (select coalesce(jsonb_agg(to_jsonb(p) order by first.held_from, first.id, p.post_id), '[]')
    from place p left join lateral (
      select held_from, id from held where held.post_id = p.post_id order by held_from, id limit 1
    ) first on true) as places,
  (select coalesce(jsonb_agg(to_jsonb(h) order by h.held_from, h.id), '[]') from held h) as holdings,
  (select coalesce(jsonb_object_agg(r.person_id, l.id), '{{}}') from reached r cross join lateral (
    select l.id from {View.ABSENCES} l, today
    where l.person_id = r.person_id and today.day between l.starts_on and l.ends_on order by l.id limit 1
  ) l) as away,
  (select coalesce(jsonb_agg(to_jsonb(d) || jsonb_build_object(
      'starts_on', greatest(d.starts_on, date '0001-01-01'), 'ends_on', least(d.ends_on, date '9999-12-31')
    ) order by d.made_at desc, d.id), '[]')
    from reached r cross join {_GIVEN}) as delegations
"""
TODAY = "today as (select greatest($1::date, (select day from cursors where name = 'roster day')) as day)"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    places: tuple[Place, ...]
    holdings: tuple[Holding, ...]
    away: dict[PersonId, UUID | None]
    delegations: tuple[Delegation, ...]

    def roster(self) -> Roster:
        holdings: dict[PostId, list[Holding]] = {}
        for held in self.holdings:
            holdings.setdefault(held.post_id, []).append(held)
        given: dict[PersonId, list[Delegation]] = {}
        for one in self.delegations:
            given.setdefault(one.grantor_id, []).append(one)
        places = {place.post_id: place for place in self.places}
        return Roster(places=places, holdings=holdings, away=self.away, delegations=given)


RESOLVE = f"""
with recursive {TODAY},
unit as (
  select coalesce(heir.id, u.id) as id, coalesce(heir.path, u.path) as path
  from today cross join {View.UNITS} u left join lateral (
    select a.id, a.path from unnest(u.path) above cross join lateral (
      select * from {View.UNITS} where id = above offset 0
    ) a
    where u.valid_to < today.day and u.successor_id is not null and a.valid_from <= today.day
      and (a.valid_to is null or a.valid_to >= today.day)
    order by cardinality(a.path) desc limit 1
  ) heir on true
  where u.id = $2
),
place as materialized (
  select p.id as post_id, p.kind, p.unit_path from unit cross join lateral (
    select * from {View.POSTS} where unit_id = unit.id and kind = any($3::text[]) offset 0
  ) p
  union
  select p.id, p.kind, p.unit_path
  from unit cross join unnest(unit.path) above cross join unnest($4::text[]) head cross join lateral (
    select * from {View.POSTS} where unit_id = above and kind = head offset 0
  ) p
),
{_SEEN}, (select path from unit) as unit_path
"""


async def resolve(
    tx: Tx,
    unit_id: UUID,
    kinds: Sequence[PostKind],
    at: datetime,
    *,
    excluded: Collection[PersonId] = (),
    level: str | None = None,
) -> PostsResolved:
    """Who acts in the unit's posts of these kinds, and the heads above; holds the roster. Of a unit that has
    ended it is those of its successor.

    `excluded` may not act in the matter (its authors). `level` is that of the matter, for delegations that
    are given for some levels only. An empty seat is the caller's to handle."""
    await hold_roster(tx)
    wanted = {*kinds, *(_DEPUTY_OF[kind] for kind in kinds if kind in _DEPUTY_OF)}
    row = await _one(tx, RESOLVE, local_day(at), unit_id, sorted(wanted), list(_HEADS))
    if row["unit_path"] is None:
        raise UnitUnknown
    path = tuple(UnitId(unit) for unit in row["unit_path"])
    roster = read(_Seen, row).roster()
    matter = Matter(level=level, excluded=excluded)
    return PostsResolved(
        unit_id=path[-1],
        unit_path=path,
        holders=holders_in(path[-1], kinds, roster, matter),
        superiors=superiors_of(path, roster, matter),
    )


AROUND = f"""
with recursive {TODAY},
asked as (
  select distinct unit_id, kind from unnest($2::uuid[]) as given (post_id) cross join lateral (
    select unit_id, kind from {View.POSTS} where id = given.post_id offset 0
  ) p
),
wanted as (
  select unit_id, kind from asked
  union
  select unit_id, deputy from asked join unnest($3::text[], $4::text[]) as pair (kind, deputy) using (kind)
),
place as materialized (
  select p.id as post_id, p.kind, p.unit_path from wanted w cross join lateral (
    select * from {View.POSTS} where unit_id = w.unit_id and kind = w.kind offset 0
  ) p
),
{_SEEN}
"""


async def acting_for(tx: Tx, works: Sequence[GivenWork], at: datetime) -> dict[UUID, Substitution | None]:
    """Who acts now for each piece of work, by its id; None where nobody is there."""
    posts = list({work.post_id for work in works})
    of, deputies = zip(*DEPUTIES, strict=True)
    row = await _one(tx, AROUND, local_day(at), posts, list(of), list(deputies))
    roster = read(_Seen, row).roster()
    return {work.id: _acting(roster, work) for work in works}


def _acting(roster: Roster, work: GivenWork) -> Substitution | None:
    place = roster.places.get(work.post_id)
    return who_acts_for(roster, place, work.holder_id, work.case) if place else None


async def _one(tx: Tx, statement: str, *arguments: object) -> Row:
    row = await tx.conn.fetchrow(statement, *arguments)
    if row is None:
        raise AssertionError("a statement of aggregates gives one row")
    return row


HELD = f"""
select h.id as holding_id, h.post_id, p.kind, p.unit_id, p.unit_path, h.held_from, h.held_to, h.acting
from {View.HOLDINGS} h join {View.POSTS} p on p.id = h.post_id
where h.person_id = $1 and h.held_from <= $2 and (h.held_to is null or h.held_to >= $2)
order by h.held_from, h.id
"""


IS_HELD = f"""
with {TODAY}
select exists (
  select 1 from {View.HOLDINGS} h, today
  where post_id = $2 and held_from <= today.day and (held_to is null or held_to >= today.day)
    and not {has_closed_account("h.person_id")}
)
"""


async def is_held(tx: Tx, post_id: UUID, at: datetime) -> bool:
    """Somebody holds the post, whether there or on leave. Nobody waits for who has a closed account."""
    return bool(await tx.conn.fetchval(IS_HELD, local_day(at), post_id))


async def held_posts(tx: Tx, person_id: UUID, day: date) -> tuple[HeldPost, ...]:
    """The posts that the person holds on the day, longest held first."""
    return tuple(read_all(HeldPost, await tx.conn.fetch(HELD, person_id, day)))
