"""Seasons with their rounds."""

from uuid import UUID

from kit.db import Tx
from kit.inserts import Insert
from kit.rows import read, read_all
from services.rulebook.domain.seasons import Round, Season

INSERT_SEASON = Insert(
    "seasons", "id, code, name, opens_on, closes_on", "on conflict (code) do nothing returning true"
)


async def insert_season(tx: Tx, season: Season) -> bool:
    """False when the code is taken."""
    return bool(await tx.conn.fetchval(INSERT_SEASON.statement, *INSERT_SEASON.row(season)))


GET_SEASON = "select id, code, name, opens_on, closes_on from seasons where id = $1"


async def find_season(tx: Tx, season_id: UUID) -> Season | None:
    """The season, if there is one."""
    row = await tx.conn.fetchrow(GET_SEASON, season_id)
    return read(Season, row) if row else None


LIST_SEASONS = (
    "select id, code, name, opens_on, closes_on from seasons order by opens_on desc, code limit 200"
)


async def list_seasons(tx: Tx) -> list[Season]:
    """Newest first."""
    return read_all(Season, await tx.conn.fetch(LIST_SEASONS))


INSERT_ROUND = Insert(
    "rounds",
    "id, season_id, code, application_field, opens_on, closes_on",
    "on conflict (season_id, code) do nothing returning true",
)


async def insert_round(tx: Tx, round_: Round) -> bool:
    """False when the season has such a round already."""
    return bool(await tx.conn.fetchval(INSERT_ROUND.statement, *INSERT_ROUND.row(round_)))


LIST_ROUNDS = (
    "select id, season_id, code, application_field, opens_on, closes_on from rounds where season_id = $1 "
    "order by opens_on, code"
)


async def list_rounds(tx: Tx, season_id: UUID) -> list[Round]:
    """The season's rounds in order of time."""
    return read_all(Round, await tx.conn.fetch(LIST_ROUNDS, season_id))
