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
from language.names import INITIATIVE_PREFIX
from language.plan.review_plan import FormalCheckPlan
from language.refusals import NotFound
from language.text import fold
from services.intake.domain.dossier import Author, Dossier, DossierContent, DossierState

COLUMNS = """id, code, state, season_id, unit_id, unit_path, created_by, taken_over_by,
  prepared_by, agreed_at, handed_in_by, created_at, content, register_number, register_year, filed_at,
  answer_due_on, coalesce(check_id, id) as check_id, check_due_at, plan_hash, rule_version, check_officers,
  supplement_budget, check_rules, supplement_due_at, moved_at, check_revision, withdrawal_requested_at,
  closed_at, levels, version, (select coalesce(max(number), 0) from restores) as epoch"""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterLine:
    """A line of a unit's register of requests."""

    id: UUID
    code: str
    register_year: int
    register_number: int
    title: str
    first_author: str | None
    state: DossierState
    filed_at: datetime
    answer_due_on: date


GET = f"select {COLUMNS} from dossiers where id = $1"


async def get_dossier(tx: Tx, dossier_id: UUID) -> Dossier:
    """The dossier; `NotFound` without one."""
    row = await tx.conn.fetchrow(GET, dossier_id)
    if row is None:
        raise NotFound
    return read(Dossier, row)


LOCK = f"select {COLUMNS} from dossiers where id = $1 for update"


async def lock_dossier(tx: Tx, dossier_id: UUID) -> Dossier:
    """The dossier, locked until the transaction ends: acts and rungs wait for each other here."""
    row = await tx.conn.fetchrow(LOCK, dossier_id)
    if row is None:
        raise NotFound
    return read(Dossier, row)


_OF_CHECK = "(id = $1 and check_id is null or check_id = $1)"
LOCK_OF_CHECK = f"select {COLUMNS} from dossiers where {_OF_CHECK} for update"


async def lock_of_check(tx: Tx, check_id: UUID) -> Dossier:
    """The dossier that this check is about, locked; `NotFound` when it is checked again meanwhile."""
    row = await tx.conn.fetchrow(LOCK_OF_CHECK, check_id)
    if row is None:
        raise NotFound
    return read(Dossier, row)


SOME_OF_CHECKS = (
    f"select {COLUMNS} from dossiers where id = any($1) and check_id is null or check_id = any($1)"
)


async def some_of_checks(tx: Tx, check_ids: Sequence[UUID]) -> list[Dossier]:
    """The dossiers that these checks are about, in any order."""
    return read_all(Dossier, await tx.conn.fetch(SOME_OF_CHECKS, list(check_ids)))


INSERT = Insert(
    "dossiers",
    "id, state, season_id, unit_id, unit_path, created_by, prepared_by, created_at, content, title, "
    "folded_title, folded_authors",
)


async def insert_draft(tx: Tx, dossier: Dossier) -> None:
    """A new draft."""
    content, title = dossier.content, dossier.content.title
    row = INSERT.row(
        dossier,
        content=asdict(content),
        title=title,
        folded_title=fold(title),
        folded_authors=_folded_authors(content),
    )
    await tx.conn.execute(INSERT.statement, *row)
    await _save_authors(tx, dossier.id, content.authors)


SAVE_CONTENT = (
    "update dossiers set content = $2, title = $3, folded_title = $4, folded_authors = $5, "
    "version = version + 1 where id = $1"
)


async def save_content(tx: Tx, dossier_id: UUID, content: DossierContent) -> None:
    """What the author wrote now stands."""
    title = content.title
    await tx.conn.execute(
        SAVE_CONTENT, dossier_id, asdict(content), title, fold(title), _folded_authors(content)
    )
    await _save_authors(tx, dossier_id, content.authors)


def _folded_authors(content: DossierContent) -> str:
    """What a search for an author's name looks in; the bar keeps two names apart."""
    return " | ".join(fold(author.full_name) for author in content.authors)


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
  supplement_budget = $10, check_rules = $11, check_due_at = $12, handed_in_by = $13, version = version + 1
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
        filed.handed_in_by,
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


MOVE_CHECK_DUE = f"update dossiers set check_due_at = $2 where {_OF_CHECK}"


async def move_check_due(tx: Tx, check_id: UUID, due_at: datetime) -> None:
    """The check's clock moved."""
    await tx.conn.execute(MOVE_CHECK_DUE, check_id, due_at)


REQUEST_WITHDRAWAL = "update dossiers set withdrawal_requested_at = $2, version = version + 1 where id = $1"


async def request_withdrawal(tx: Tx, dossier_id: UUID) -> None:
    """The author asks to withdraw an accepted dossier."""
    await tx.conn.execute(REQUEST_WITHDRAWAL, dossier_id, tx.now)


AGREE = "update dossiers set agreed_at = $2 where id = $1"


async def save_agreement(tx: Tx, dossier_id: UUID, *, is_agreed: bool) -> None:
    """The author agrees to the filing of the draft as it stands, or it is no longer what was agreed to."""
    await tx.conn.execute(AGREE, dossier_id, tx.now if is_agreed else None)


TOUCH = "update dossiers set version = version + 1 where id = $1"


async def touch(tx: Tx, dossier_id: UUID) -> None:
    """Whoever has read it has not read it as it is now."""
    await tx.conn.execute(TOUCH, dossier_id)


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


CANCEL_RECOGNITION = """
update dossiers set state = 'RECOGNITION_CANCELLED', version = version + 1 where id = $1
"""


async def cancel_recognition(tx: Tx, dossier_id: UUID) -> None:
    """No level's recognition stands any more; the dossier stays closed, with what each level said."""
    await tx.conn.execute(CANCEL_RECOGNITION, dossier_id)


REOPEN = """
update dossiers set state = 'ACCEPTED', levels = null, closed_at = null, withdrawal_requested_at = null,
  version = version + 1 where id = $1
"""


async def reopen(tx: Tx, dossier_id: UUID) -> None:
    """A level examines it again."""
    await tx.conn.execute(REOPEN, dossier_id)


CHECK_AGAIN = """
update dossiers set state = 'FILED', check_id = $2, check_due_at = $3, check_officers = $4,
  supplement_budget = $5, check_rules = $6, supplement_due_at = null, levels = null, closed_at = null,
  withdrawal_requested_at = null, moved_at = $7, check_revision = check_revision + 1, version = version + 1
where id = $1
"""


async def check_again(
    tx: Tx, dossier_id: UUID, check_id: UUID, due_at: datetime, plan: FormalCheckPlan
) -> None:
    """Its request is checked again, by these rules."""
    await tx.conn.execute(
        CHECK_AGAIN, dossier_id, check_id, due_at, plan.officers, plan.supplement, plan.rules, tx.now
    )


REGISTER = """
select id, code, register_year, register_number, title,
  content -> 'authors' -> 0 ->> 'full_name' as first_author, state, filed_at, answer_due_on from dossiers
where unit_id = $1 and register_number is not null and register_year = $2 and register_number > $3
order by register_number limit $4
"""


async def list_register(tx: Tx, unit_id: UUID, year: int, after: int, limit: int) -> list[RegisterLine]:
    """The unit's register of a year by number."""
    rows = await tx.conn.fetch(REGISTER, unit_id, year, after, limit)
    return read_all(RegisterLine, rows)


INTERESTED_IN = """
with checked as (
  select id, coalesce(check_id, id) as check_id, taken_over_by, handed_in_by from dossiers
  where id = any($1) and check_id is null or check_id = any($1)
)
select c.check_id, a.person_id from checked c join dossier_authors a on a.dossier_id = c.id
union select check_id, taken_over_by from checked where taken_over_by is not null
union select check_id, handed_in_by from checked where handed_in_by is not null
"""


async def interested_in(tx: Tx, check_ids: Sequence[UUID]) -> dict[UUID, list[UUID]]:
    """The authors of the dossiers that these checks are about, and who took each over or filed it."""
    found: dict[UUID, list[UUID]] = {}
    for row in await tx.conn.fetch(INTERESTED_IN, list(check_ids)):
        found.setdefault(row["check_id"], []).append(row["person_id"])
    return found


INTERESTED_IN_DOSSIER = """
select person_id from dossier_authors where dossier_id = $1
union select coalesce(taken_over_by, created_by) from dossiers where id = $1
union select handed_in_by from dossiers where id = $1 and handed_in_by is not null
"""


async def interested_in_dossier(tx: Tx, dossier_id: UUID) -> list[UUID]:
    """The authors of this dossier, who files for them, and who filed it; nobody where it is none."""
    return [row["person_id"] for row in await tx.conn.fetch(INTERESTED_IN_DOSSIER, dossier_id)]


OPEN_AMONG = "select id from dossiers where id = any($1) and filed_at is not null and closed_at is null"


async def open_among(tx: Tx, dossier_ids: Sequence[UUID]) -> set[UUID]:
    """Those of these that were filed and are not closed."""
    return {row["id"] for row in await tx.conn.fetch(OPEN_AMONG, list(dossier_ids))}


FILED_AMONG = "select id from dossiers where id = any($1) and filed_at is not null"


async def filed_among(tx: Tx, dossier_ids: Sequence[UUID]) -> set[UUID]:
    """Those of these that were filed."""
    return {row["id"] for row in await tx.conn.fetch(FILED_AMONG, list(dossier_ids))}


OPEN_RUNS = f"""
select '{INITIATIVE_PREFIX}' || id as workflow_id from dossiers where filed_at is not null and closed_at is
null
"""
"""Of dossiers that are not closed: each must have its run."""
