"""Dossiers and the register of requests."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from kit.db import Tx
from kit.inserts import Insert
from kit.rows import read, read_all
from language.messages.journey import LevelResult
from language.refusals import NotFound
from language.text import containing, fold
from services.intake.domain.dossier import Author, Dossier, DossierContent, DossierState

_COLUMNS = """id, code, state, season_id, unit_id, unit_path, created_by, taken_over_by,
  created_at, content, register_number, register_year, filed_at,
  answer_due_on, check_due_at, plan_hash, rule_version, check_officers, supplement_budget, check_rules,
  supplement_due_at, moved_at, check_revision, withdrawal_requested_at, closed_at, levels, version,
  (select coalesce(max(number), 0) from restores) as epoch"""
_BEHIND = """
  and ($4::text is null or search_text like $4)
  and (created_at, id) < ($5, $6)
order by created_at desc, id desc limit $7
"""
_MATCHING = f"""
  and ($2::text is null or state = $2) and ($3::uuid is null or season_id = $3) {_BEHIND}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierFilter:
    """Which dossiers to list: in a state, of a season, with a text in title or code."""

    state: DossierState | None = None
    season_id: UUID | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterLine:
    """A line of a unit's register of requests."""

    id: UUID
    code: str
    register_year: int
    register_number: int
    title: str
    state: DossierState
    filed_at: datetime
    answer_due_on: date


GET = f"select {_COLUMNS} from dossiers where id = $1"


async def get_dossier(tx: Tx, dossier_id: UUID) -> Dossier:
    """The dossier; `NotFound` without one."""
    row = await tx.conn.fetchrow(GET, dossier_id)
    if row is None:
        raise NotFound
    return read(Dossier, row)


SOME = f"select {_COLUMNS} from dossiers where id = any($1)"


async def some_dossiers(tx: Tx, dossier_ids: Sequence[UUID]) -> list[Dossier]:
    """These dossiers, in any order."""
    return read_all(Dossier, await tx.conn.fetch(SOME, list(dossier_ids)))


LOCK = f"select {_COLUMNS} from dossiers where id = $1 for update"


async def lock_dossier(tx: Tx, dossier_id: UUID) -> Dossier:
    """The dossier, locked until the transaction ends: acts and rungs wait for each other here."""
    row = await tx.conn.fetchrow(LOCK, dossier_id)
    if row is None:
        raise NotFound
    return read(Dossier, row)


INSERT = Insert(
    "dossiers",
    "id, state, season_id, unit_id, unit_path, created_by, created_at, content, title, folded_title",
)


async def insert_draft(tx: Tx, dossier: Dossier) -> None:
    """A new draft."""
    content, title = dossier.content, dossier.content.title
    row = INSERT.row(dossier, content=asdict(content), title=title, folded_title=fold(title))
    await tx.conn.execute(INSERT.statement, *row)
    await _save_authors(tx, dossier.id, content.authors)


SAVE_CONTENT = (
    "update dossiers set content = $2, title = $3, folded_title = $4, version = version + 1 where id = $1"
)


async def save_content(tx: Tx, dossier_id: UUID, content: DossierContent) -> None:
    """What the author wrote now stands."""
    await tx.conn.execute(SAVE_CONTENT, dossier_id, asdict(content), content.title, fold(content.title))
    await _save_authors(tx, dossier_id, content.authors)


DELETE_AUTHORS = "delete from dossier_authors where dossier_id = $1"
INSERT_AUTHORS = """
insert into dossier_authors (dossier_id, position, person_id, percent, outside)
select $1, position, person_id, percent, outside
from unnest($2::int[], $3::uuid[], $4::numeric[], $5::boolean[])
  as rows (position, person_id, percent, outside)
"""


async def _save_authors(tx: Tx, dossier_id: UUID, authors: Sequence[Author]) -> None:
    await tx.conn.execute(DELETE_AUTHORS, dossier_id)
    if authors:
        percents: list[Decimal] = [author.contribution_percent for author in authors]
        await tx.conn.execute(
            INSERT_AUTHORS,
            dossier_id,
            list(range(len(authors))),
            [author.person_id for author in authors],
            percents,
            [author.outside for author in authors],
        )


NEXT_NUMBER = """
insert into registers (unit_id, year, last_number) values ($1, $2, 1)
on conflict (unit_id, year) do update set last_number = registers.last_number + 1 returning last_number
"""


async def next_register_number(tx: Tx, unit_id: UUID, year: int) -> int:
    """The next number of the unit's register; nobody else gets one until the transaction ends."""
    return int(await tx.conn.fetchval(NEXT_NUMBER, unit_id, year))


NEXT_CODE = """
insert into codes (year, last_number) values ($1, 1) on conflict (year) do update
  set last_number = codes.last_number + 1 returning last_number
"""


async def next_code(tx: Tx, year: int) -> str:
    """A code that no other dossier of any unit has; like the register it has no gaps."""
    return f"SK-{year}-{await tx.conn.fetchval(NEXT_CODE, year):05d}"


SAVE_FILING = """
update dossiers set state = 'FILED', code = $2, register_number = $3, register_year = $4, filed_at = $5,
  moved_at = $5, answer_due_on = $6, plan_hash = $7, rule_version = $8, check_officers = $9,
  supplement_budget = $10, check_rules = $11, check_due_at = $12, version = version + 1
where id = $1
"""


async def save_filing(tx: Tx, filed: Dossier) -> None:
    """The dossier is filed: its number, its rules, and when the check is due."""
    await tx.conn.execute(
        SAVE_FILING,
        filed.id,
        filed.code,
        filed.register_number,
        filed.register_year,
        filed.filed_at,
        filed.answer_due_on,
        filed.plan_hash,
        filed.rule_version,
        filed.check_officers,
        filed.supplement_budget,
        filed.check_rules,
        filed.check_due_at,
    )


MOVE = """
update dossiers set state = $2, supplement_due_at = $3, moved_at = $4, check_revision = check_revision + 1,
  version = version + 1
where id = $1 returning check_revision
"""


async def move(
    tx: Tx, dossier_id: UUID, state: DossierState, supplement_due_at: datetime | None = None
) -> int:
    """The check moves to a state; its new revision."""
    return int(await tx.conn.fetchval(MOVE, dossier_id, state, supplement_due_at, tx.now))


MOVE_CHECK_DUE = "update dossiers set check_due_at = $2 where id = $1"


async def move_check_due(tx: Tx, dossier_id: UUID, due_at: datetime) -> None:
    """The check's clock moved."""
    await tx.conn.execute(MOVE_CHECK_DUE, dossier_id, due_at)


REQUEST_WITHDRAWAL = "update dossiers set withdrawal_requested_at = $2, version = version + 1 where id = $1"


async def request_withdrawal(tx: Tx, dossier_id: UUID) -> None:
    """The author asks to withdraw an accepted dossier."""
    await tx.conn.execute(REQUEST_WITHDRAWAL, dossier_id, tx.now)


TAKE_OVER = "update dossiers set taken_over_by = $2, version = version + 1 where id = $1"


async def take_over(tx: Tx, dossier_id: UUID, person_id: UUID) -> None:
    """This person supplements and withdraws from now on."""
    await tx.conn.execute(TAKE_OVER, dossier_id, person_id)


CHANGE_PLAN = "update dossiers set plan_hash = $2, rule_version = $3, version = version + 1 where id = $1"


async def change_plan(tx: Tx, dossier_id: UUID, plan_hash: str, rule_version: str) -> None:
    """Other rules hold for the dossier; its check goes on as it was opened."""
    await tx.conn.execute(CHANGE_PLAN, dossier_id, plan_hash, rule_version)


CLOSE = "update dossiers set state = $2, levels = $3, closed_at = $4, version = version + 1 where id = $1"


async def close(tx: Tx, dossier_id: UUID, state: DossierState, levels: Sequence[LevelResult]) -> None:
    """The final state."""
    await tx.conn.execute(CLOSE, dossier_id, state, levels, tx.now)


LIST_OF_PERSON = f"""
select {_COLUMNS} from dossiers
where id in (select dossier_id from dossier_authors where person_id = $1 union select id from dossiers
  where created_by = $1 union select id from dossiers where taken_over_by = $1) {_MATCHING}
"""


async def list_of_person(
    tx: Tx, person_id: UUID, wanted: DossierFilter, before: tuple[datetime, UUID], limit: int
) -> list[Dossier]:
    """Those the person made, took over or is an author of, newest first."""
    rows = await tx.conn.fetch(LIST_OF_PERSON, person_id, *_arguments(wanted), *before, limit)
    return read_all(Dossier, rows)


LIST_UNDER_UNITS = f"""
select {_COLUMNS} from dossiers
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
select {_COLUMNS} from (
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
    units = list(unit_ids) if unit_ids is not None else None
    rows = await tx.conn.fetch(statement, units, *_arguments(wanted), *before, limit)
    return read_all(Dossier, rows)


def _arguments(wanted: DossierFilter) -> tuple[object, ...]:
    return wanted.state, wanted.season_id, containing(fold(wanted.text)) if wanted.text else None


REGISTER = """
select id, code, register_year, register_number, title, state, filed_at, answer_due_on from dossiers
where unit_id = $1 and register_number is not null and register_year = $2 and register_number > $3
order by register_number limit $4
"""


async def list_register(tx: Tx, unit_id: UUID, year: int, after: int, limit: int) -> list[RegisterLine]:
    """The unit's register of a year by number."""
    rows = await tx.conn.fetch(REGISTER, unit_id, year, after, limit)
    return read_all(RegisterLine, rows)


INTERESTED_IN = """
select dossier_id, person_id from dossier_authors where dossier_id = any($1)
union select id, taken_over_by from dossiers where id = any($1) and taken_over_by is not null
"""


async def interested_in(tx: Tx, dossier_ids: Sequence[UUID]) -> dict[UUID, list[UUID]]:
    """The authors of each of these dossiers, and who took it over."""
    found: dict[UUID, list[UUID]] = {}
    for row in await tx.conn.fetch(INTERESTED_IN, list(dossier_ids)):
        found.setdefault(row["dossier_id"], []).append(row["person_id"])
    return found


OPEN_AMONG = "select id from dossiers where id = any($1) and filed_at is not null and closed_at is null"


async def open_among(tx: Tx, dossier_ids: Sequence[UUID]) -> set[UUID]:
    """Those of these that were filed and are not closed."""
    return {row["id"] for row in await tx.conn.fetch(OPEN_AMONG, list(dossier_ids))}
