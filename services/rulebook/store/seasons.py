"""Seasons with their rounds."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from kit.db import Tx
from kit.inserts import Insert
from kit.rows import read, read_all
from language.posts.kinds import PostKind
from language.refusals import NotFound
from language.views import View
from services.rulebook.domain.seasons import LateFiling, Round, Season

INSERT_SEASON = Insert(
    "seasons", "id, code, name, opens_at, closes_at", "on conflict (code) do nothing returning true"
)


async def insert_season(tx: Tx, season: Season) -> bool:
    """False when the code is taken."""
    return bool(await tx.conn.fetchval(INSERT_SEASON.statement, *INSERT_SEASON.row(season)))


GET_SEASON = "select id, code, name, opens_at, closes_at from seasons where id = $1"
LOCK_SEASON = f"{GET_SEASON} for update"


async def get_season(tx: Tx, season_id: UUID, *, lock: bool = False) -> Season:
    """The season, locked if asked; `NotFound` without one."""
    row = await tx.conn.fetchrow(LOCK_SEASON if lock else GET_SEASON, season_id)
    if row is None:
        raise NotFound
    return read(Season, row)


CLOSE_SEASON = "update seasons set closes_at = $2 where id = $1"


async def set_season_end(tx: Tx, season_id: UUID, closes_at: datetime) -> None:
    """It takes dossiers until then."""
    await tx.conn.execute(CLOSE_SEASON, season_id, closes_at)


LIST_SEASONS = (
    "select id, code, name, opens_at, closes_at from seasons order by opens_at desc, code limit 200"
)


async def list_seasons(tx: Tx) -> list[Season]:
    """Newest first."""
    return read_all(Season, await tx.conn.fetch(LIST_SEASONS))


INSERT_ROUND = Insert(
    "rounds",
    "id, season_id, code, level, application_field, opens_at, closes_at",
    "on conflict (season_id, code) do nothing returning true",
)


async def insert_round(tx: Tx, round_: Round) -> bool:
    """False when the season has such a round already."""
    return bool(await tx.conn.fetchval(INSERT_ROUND.statement, *INSERT_ROUND.row(round_)))


LIST_ROUNDS = (
    "select id, season_id, code, level, application_field, opens_at, closes_at from rounds "
    "where season_id = $1 order by opens_at, code"
)


async def list_rounds(tx: Tx, season_id: UUID) -> list[Round]:
    """The season's rounds in order of time."""
    return read_all(Round, await tx.conn.fetch(LIST_ROUNDS, season_id))


GET_ROUND = """
select id, season_id, code, level, application_field, opens_at, closes_at from rounds
where id = $1 and season_id = $2
"""


async def get_round(tx: Tx, season_id: UUID, round_id: UUID) -> Round:
    """The season's round; `NotFound` without one."""
    row = await tx.conn.fetchrow(GET_ROUND, round_id, season_id)
    if row is None:
        raise NotFound
    return read(Round, row)


CLOSE_ROUND = "update rounds set closes_at = $2 where id = $1"


async def set_round_end(tx: Tx, round_id: UUID, closes_at: datetime) -> None:
    """It takes dossiers until then."""
    await tx.conn.execute(CLOSE_ROUND, round_id, closes_at)


INSERT_LATE = Insert("late_filings", "id, season_id, unit_id, until, document, reason, given_by, given_at")


async def insert_late_filing(tx: Tx, permission: LateFiling) -> None:
    """A unit may file late."""
    await tx.conn.execute(INSERT_LATE.statement, *INSERT_LATE.row(permission))


LIST_LATE = """
select id, season_id, unit_id, until, document, reason, given_by, given_at from late_filings
where season_id = $1 order by given_at desc, id desc limit 200
"""


async def list_late_filings(tx: Tx, season_id: UUID) -> list[LateFiling]:
    """Who may file late in the season, newest first."""
    return read_all(LateFiling, await tx.conn.fetch(LIST_LATE, season_id))


CONCERNED = f"""
select h.person_id from {View.POSTS} p
join {View.HOLDINGS} h on h.post_id = p.id and h.held_from <= $1 and (h.held_to is null or h.held_to >= $1)
join {View.UNITS} u on u.id = p.unit_id
where p.kind = any($2) and ($3::uuid is null or p.unit_path @> array[$3])
  and ($4::text is null or u.level = $4)
union
select (a ->> 'person_id')::uuid from {View.DOSSIERS} d
join {View.UNITS} u on u.id = d.unit_id, jsonb_array_elements(d.authors) a
where d.season_id = $5 and d.state = 'DRAFT' and ($3::uuid is null or u.path @> array[$3])
  and ($4::text is null or u.level = $4)
"""


async def concerned(
    tx: Tx, day: date, kinds: Collection[PostKind], under: UUID | None, level: str | None, season_id: UUID
) -> set[UUID]:
    """Who holds such a post, and the authors of drafts of the season: everywhere or under a unit, in units of
    every level or of one."""
    rows = await tx.conn.fetch(CONCERNED, day, list(kinds), under, level, season_id)
    return {row["person_id"] for row in rows}
