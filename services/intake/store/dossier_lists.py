"""Lists of dossiers, narrowed by what people look for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from casework.naming import EVER, Days
from kit.counting import MOST, counting
from kit.db import Tx
from kit.rows import read_all
from language.text import containing, fold
from language.views import View
from services.intake.domain.dossier import Dossier, DossierState
from services.intake.store.dossiers import COLUMNS

_BEHIND = """
  and ($4::text is null or search_text like $4)
  and ($8::uuid is null or id = any(array(select dossier_id from dossier_authors where person_id = $8)))
  and ($9::timestamptz is null or filed_at >= $9) and ($10::timestamptz is null or filed_at < $10)
  and ($11::boolean is null or ($11 and state in ('FILED', 'SUPPLEMENT_REQUESTED') and check_due_at < $12)
    or (not $11 and not coalesce(state in ('FILED', 'SUPPLEMENT_REQUESTED') and check_due_at < $12, false)))
  and (created_at, id) < ($5, $6)
order by created_at desc, id desc limit $7
"""
_MATCHING = f"""
  and ($2::text is null or state = $2) and ($3::uuid is null or season_id = $3) {_BEHIND}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierFilter:
    """Which dossiers to list: in a state, of a season, with a text in title, code or authors' names, of an
    author, filed in a span, and whether their check is overdue. `unit_ids` narrows the caller's own."""

    state: DossierState | None = None
    season_id: UUID | None = None
    text: str | None = None
    author_id: UUID | None = None
    filed: Days = EVER
    overdue: bool | None = None
    unit_ids: Sequence[UUID] | None = None


LIST_OF_PERSON = f"""
select {COLUMNS} from dossiers
where id in (select dossier_id from dossier_authors where person_id = $1 union select id from dossiers
  where created_by = $1 union select id from dossiers where taken_over_by = $1
  union select id from dossiers where prepared_by = $1 and state = 'DRAFT' and unit_path && $14::uuid[])
  and ($13::uuid[] is null or unit_path && $13) {_MATCHING}
"""


async def list_of_person(
    tx: Tx,
    person_id: UUID,
    prepares_in: Sequence[UUID],
    wanted: DossierFilter,
    before: tuple[datetime, UUID],
    limit: int,
) -> list[Dossier]:
    """Those the person made, took over, is an author of, or prepares under these units, newest first."""
    asked = arguments(tx, person_id, wanted, before, limit)
    return read_all(Dossier, await tx.conn.fetch(LIST_OF_PERSON, *asked, wanted.unit_ids, list(prepares_in)))


async def count_of_person(tx: Tx, person_id: UUID, prepares_in: Sequence[UUID], wanted: DossierFilter) -> int:
    """How many `list_of_person` would list."""
    asked = arguments(tx, person_id, wanted, _END, MOST + 1)
    return int(await tx.conn.fetchval(counting(LIST_OF_PERSON), *asked, wanted.unit_ids, list(prepares_in)))


LIST_UNDER_UNITS = f"""
select {COLUMNS} from dossiers
where ($1::uuid[] is null or unit_path && $1) and filed_at is not null {_MATCHING}
"""
# The newest dossiers are all open and of one season: whoever walks by time to those of an earlier season, or
# to those that are over, passes by all of them. Under some units they are gathered and sorted, for no index
# has this order.
LIST_ALIKE_UNDER_UNITS = LIST_UNDER_UNITS.replace(
    "order by created_at desc", "order by created_at at time zone 'UTC' desc"
)
_KEY = "(season_id::text || ' ' || state)"
_GROUP = f"select {_KEY} as key, season_id, state from dossiers"
# Of all, a page is merged from the groups of like dossiers, each in its own order.
LIST_ALIKE = f"""
with recursive every as (
  ({_GROUP} order by {_KEY} limit 1)
  union all
  select following.* from every g cross join lateral (
    {_GROUP} where {_KEY} > g.key order by {_KEY} limit 1) following
)
select {COLUMNS} from (
  select d.* from every g cross join lateral (
    select * from dossiers
    where {_KEY} = g.key and ($1::uuid[] is null or unit_path && $1) and filed_at is not null {_BEHIND}
  ) d where ($2::text is null or g.state = $2) and ($3::uuid is null or g.season_id = $3)
) d order by created_at desc, id desc limit $7
"""


def list_statement(unit_ids: Sequence[UUID] | None, wanted: DossierFilter) -> str:
    """The one that is led by an index to what is wanted."""
    if wanted.state is None and wanted.season_id is None:
        return LIST_UNDER_UNITS
    return LIST_ALIKE if unit_ids is None else LIST_ALIKE_UNDER_UNITS


async def list_under_units(
    tx: Tx,
    unit_ids: Sequence[UUID] | None,
    wanted: DossierFilter,
    before: tuple[datetime, UUID],
    limit: int,
) -> list[Dossier]:
    """Those filed in these units or below them, of None all, newest first."""
    statement = list_statement(unit_ids, wanted)
    return read_all(Dossier, await tx.conn.fetch(statement, *arguments(tx, unit_ids, wanted, before, limit)))


async def count_under_units(tx: Tx, unit_ids: Sequence[UUID] | None, wanted: DossierFilter) -> int:
    """How many `list_under_units` would list."""
    statement = counting(list_statement(unit_ids, wanted))
    return int(await tx.conn.fetchval(statement, *arguments(tx, unit_ids, wanted, _END, MOST + 1)))


_END = (datetime(9999, 12, 30, tzinfo=UTC), UUID(int=(1 << 128) - 1))


def arguments(
    tx: Tx,
    whose: UUID | Sequence[UUID] | None,
    wanted: DossierFilter,
    before: tuple[datetime, UUID],
    limit: int,
) -> tuple[object, ...]:
    """Those of every list statement, $1 to $12; `whose` is the person, or the units."""
    return (
        list(whose) if isinstance(whose, Sequence) else whose,
        wanted.state,
        wanted.season_id,
        containing(fold(wanted.text)) if wanted.text else None,
        *before,
        limit,
        wanted.author_id,
        wanted.filed.begins,
        wanted.filed.ends,
        wanted.overdue,
        tx.now,
    )


LEVELS = f"select dossier_id, level from {View.STAGES} where dossier_id = any($1) and state = 'OPEN'"


async def levels_of(tx: Tx, dossier_ids: Sequence[UUID]) -> dict[UUID, str]:
    """At which level each of these dossiers is examined now."""
    rows = await tx.conn.fetch(LEVELS, list(dossier_ids))
    return {row["dossier_id"]: row["level"] for row in rows}
