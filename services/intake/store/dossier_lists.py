"""Lists of dossiers, narrowed by what people look for, in the order they ask for."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Final
from uuid import UUID

from casework.naming import EVER, Days
from kit.counting import MOST, counting
from kit.db import Tx
from kit.rows import read_all
from kit.sorting import NEVER, Key, ListPlace, Order, Sort, Sorts
from language.text import containing, fold
from language.views import View
from services.intake.domain.dossier import Dossier, DossierState
from services.intake.store.dossiers import COLUMNS

_MADE = Sort(name="made", column="created_at", shown=attrgetter("created_at"))
_FILED = Sort(name="filed", column="filed_at", shown=lambda line: line.filed_at or NEVER)
_CODE = Sort(name="code", column="code", shown=lambda line: line.code or "", key=Key.TEXT)
_TITLE = Sort(name="title", column="folded_title", shown=lambda line: fold(line.title), key=Key.TEXT)
SORTS: Final = Sorts("-made", _MADE, _FILED, _CODE, _TITLE)
# The own ones are few, and some of them are drafts: not filed, without a code.
_OWN: Final = Sorts(
    SORTS.usual,
    _MADE,
    replace(_FILED, column=f"coalesce(filed_at, '{NEVER}')"),
    replace(_CODE, column="coalesce(code, '')"),
    _TITLE,
)


_WITH_FILING: Final = frozenset({"made", "code", "-code"})
"""Orders that go along with the time of filing: whoever walks in them to what was filed in some days passes
by all that was filed before, or after. The newest made first begins where the days end."""


def _behind(order: Order) -> str:
    return f"""
  and ($4::text is null or search_text like $4)
  and ($8::uuid is null or id = any(array(select dossier_id from dossier_authors where person_id = $8)))
  and ($9::timestamptz is null or filed_at >= $9)
  and ($10::timestamptz is null or (filed_at < $10 and created_at < $10))
  and ($11::boolean is null or ($11 and state in ('FILED', 'SUPPLEMENT_REQUESTED') and check_due_at < $12)
    or (not $11 and not coalesce(state in ('FILED', 'SUPPLEMENT_REQUESTED') and check_due_at < $12, false)))
  and ($13::timestamptz is null or (state in ('FILED', 'SUPPLEMENT_REQUESTED') and check_due_at >= $13))
  and ($14::timestamptz is null or (state in ('FILED', 'SUPPLEMENT_REQUESTED') and check_due_at < $14))
  and {order.behind(5)}
{order.by()} limit $7
"""


def _matching(order: Order) -> str:
    return f"""
  and ($2::text is null or state = $2) and ($3::uuid is null or season_id = $3) {_behind(order)}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierFilter:
    """Which dossiers to list: in a state, of a season, with a text in title, code or authors' names, of an
    author, filed in a span, and whether their check is overdue or due in a span. `unit_ids` narrows the
    caller's own."""

    state: DossierState | None = None
    season_id: UUID | None = None
    text: str | None = None
    author_id: UUID | None = None
    filed: Days = EVER
    overdue: bool | None = None
    due: Days = EVER
    unit_ids: Sequence[UUID] | None = None


def _of_person(order: Order) -> str:
    return f"""
select {COLUMNS} from dossiers
where id in (select dossier_id from dossier_authors where person_id = $1 union select id from dossiers
  where created_by = $1 union select id from dossiers where taken_over_by = $1
  union select id from dossiers where prepared_by = $1 and state = 'DRAFT' and unit_path && $16::uuid[])
  and ($15::uuid[] is null or unit_path && $15) {_matching(order)}
"""


LIST_OF_PERSON = _OWN.statements(_of_person)


async def list_of_person(
    tx: Tx,
    person_id: UUID,
    prepares_in: Sequence[UUID],
    wanted: DossierFilter,
    place: ListPlace,
    limit: int,
) -> list[Dossier]:
    """Those the person made, took over, is an author of, or prepares under these units."""
    asked = arguments(tx, person_id, wanted, place, limit)
    statement = LIST_OF_PERSON[place.order]
    return read_all(Dossier, await tx.conn.fetch(statement, *asked, wanted.unit_ids, list(prepares_in)))


async def count_of_person(tx: Tx, person_id: UUID, prepares_in: Sequence[UUID], wanted: DossierFilter) -> int:
    """How many `list_of_person` would list."""
    asked = arguments(tx, person_id, wanted, SORTS.beginning, MOST + 1)
    statement = counting(LIST_OF_PERSON[SORTS.usual])
    return int(await tx.conn.fetchval(statement, *asked, wanted.unit_ids, list(prepares_in)))


def _under_units(order: Order) -> str:
    return f"""
select {COLUMNS} from dossiers
where ($1::uuid[] is null or unit_path && $1) and filed_at is not null {_matching(order)}
"""


def _gathered(order: Order) -> str:
    # The newest dossiers are all open and of one season: whoever walks by time to those of an earlier season,
    # or to those that are over, passes by all of them. Under some units they are gathered and sorted, for no
    # index has this order.
    column = order.sort.column
    is_instant = order.sort.key is Key.INSTANT
    gathered = f"{column} at time zone 'UTC'" if is_instant else f"{column} || ''"
    return _under_units(order).replace(order.by(), order.by(gathered))


LIST_UNDER_UNITS = SORTS.statements(_under_units)
LIST_GATHERED = SORTS.statements(_gathered)
_KEY = "(season_id::text || ' ' || state)"
_GROUP = f"select {_KEY} as key, season_id, state from dossiers"


def _alike(order: Order) -> str:
    # Of all, a page is merged from the groups of like dossiers, each in its own order.
    return f"""
with recursive every as (
  ({_GROUP} order by {_KEY} limit 1)
  union all
  select following.* from every g cross join lateral (
    {_GROUP} where {_KEY} > g.key order by {_KEY} limit 1) following
)
select {COLUMNS} from (
  select d.* from every g cross join lateral (
    select * from dossiers
    where {_KEY} = g.key and ($1::uuid[] is null or unit_path && $1) and filed_at is not null {_behind(order)}
  ) d where ($2::text is null or g.state = $2) and ($3::uuid is null or g.season_id = $3)
) d {order.by()} limit $7
"""


LIST_ALIKE = SORTS.statements(_alike)


def list_statement(unit_ids: Sequence[UUID] | None, wanted: DossierFilter, order: str) -> str:
    """The one that is led by an index to what is wanted."""
    if wanted.filed.is_short and order in _WITH_FILING:
        return LIST_GATHERED[order]
    if wanted.state is None and wanted.season_id is None:
        return LIST_UNDER_UNITS[order]
    return (LIST_ALIKE if unit_ids is None else LIST_GATHERED)[order]


async def list_under_units(
    tx: Tx,
    unit_ids: Sequence[UUID] | None,
    wanted: DossierFilter,
    place: ListPlace,
    limit: int,
) -> list[Dossier]:
    """Those filed in these units or below them, of None all."""
    statement = list_statement(unit_ids, wanted, place.order)
    return read_all(Dossier, await tx.conn.fetch(statement, *arguments(tx, unit_ids, wanted, place, limit)))


async def count_under_units(tx: Tx, unit_ids: Sequence[UUID] | None, wanted: DossierFilter) -> int:
    """How many `list_under_units` would list."""
    statement = counting(list_statement(unit_ids, wanted, SORTS.usual))
    asked = arguments(tx, unit_ids, wanted, SORTS.beginning, MOST + 1)
    return int(await tx.conn.fetchval(statement, *asked))


@dataclass(frozen=True, slots=True, kw_only=True)
class StateCount:
    """How many dossiers are in a state."""

    state: DossierState
    count: int


COUNTS = """
select state, count(*)::int as count from dossiers
where filed_at is not null and ($1::uuid[] is null or unit_path && $1)
  and ($2::uuid is null or season_id = $2)
group by state order by state
"""


async def count_by_state(tx: Tx, unit_ids: Sequence[UUID] | None, season_id: UUID | None) -> list[StateCount]:
    """How many were filed in these units or below them, of None all, by the state that they are in."""
    units = None if unit_ids is None else list(unit_ids)
    return read_all(StateCount, await tx.conn.fetch(COUNTS, units, season_id))


def arguments(
    tx: Tx,
    whose: UUID | Sequence[UUID] | None,
    wanted: DossierFilter,
    place: ListPlace,
    limit: int,
) -> tuple[object, ...]:
    """Those of every list statement, $1 to $14; `whose` is the person, or the units."""
    return (
        list(whose) if isinstance(whose, Sequence) else whose,
        wanted.state,
        wanted.season_id,
        containing(fold(wanted.text)) if wanted.text else None,
        *place.arguments,
        limit,
        wanted.author_id,
        wanted.filed.begins,
        wanted.filed.ends,
        wanted.overdue,
        tx.now,
        wanted.due.begins,
        wanted.due.ends,
    )


LEVELS = f"select dossier_id, level from {View.STAGES} where dossier_id = any($1) and state = 'OPEN'"


async def levels_of(tx: Tx, dossier_ids: Sequence[UUID]) -> dict[UUID, str]:
    """At which level each of these dossiers is examined now."""
    rows = await tx.conn.fetch(LEVELS, list(dossier_ids))
    return {row["dossier_id"]: row["level"] for row in rows}
