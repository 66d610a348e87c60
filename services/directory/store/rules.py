"""Calendars, seasons with rounds, and published policy packs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.kit.db import Tx

CURRENT_CALENDAR = "select version, holidays, make_up_days, reason, made_by, made_at from calendars order by version desc limit 1"
INSERT_CALENDAR = """
insert into calendars (version, holidays, make_up_days, reason, made_by, made_at) values ($1, $2, $3, $4, $5, $6)
on conflict do nothing returning true
"""
INSERT_SEASON = """
insert into seasons (id, code, name, opens_on, closes_on) values ($1, $2, $3, $4, $5) on conflict (code) do nothing returning true
"""
SEASON_BY_CODE = "select id, code, name, opens_on, closes_on from seasons where code = $1"
GET_SEASON = "select id, code, name, opens_on, closes_on from seasons where id = $1"
LIST_SEASONS = "select id, code, name, opens_on, closes_on from seasons order by opens_on desc, code limit 200"
INSERT_ROUND = """
insert into rounds (id, season_id, code, application_field, opens_on, closes_on) values ($1, $2, $3, $4, $5, $6)
on conflict (season_id, code) do nothing returning true
"""
LIST_ROUNDS = "select id, season_id, code, application_field, opens_on, closes_on from rounds where season_id = $1 order by opens_on, code"
INSERT_PACK = """
insert into policy_packs (name, version, content, effective_from, effective_to, published_by, published_at)
values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing returning true
"""
PACK_ON = """
select content from policy_packs where effective_from <= $1 and (effective_to is null or effective_to >= $1)
order by effective_from desc, version desc, published_at desc limit 1
"""
LIST_PACKS = """
select name, version, effective_from, effective_to, published_at from policy_packs order by effective_from desc, name, version desc limit 200
"""
GET_PACK = "select content from policy_packs where name = $1 and version = $2"


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarVersion:
    """A version of the office's calendar; versions are only ever added."""

    version: int
    holidays: Sequence[date]
    make_up_days: Sequence[date]
    reason: str
    made_by: UUID | None
    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Season:
    """A year of recognition."""

    id: UUID
    code: str
    name: str
    opens_on: date
    closes_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """A part of a season in which dossiers may be filed, for one field or for all."""

    id: UUID
    season_id: UUID
    code: str
    application_field: str | None
    opens_on: date
    closes_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedPack:
    """A pack in the list."""

    name: str
    version: int
    effective_from: date
    effective_to: date | None
    published_at: datetime


async def current_calendar(tx: Tx) -> CalendarVersion | None:
    """The newest version."""
    row = await tx.conn.fetchrow(CURRENT_CALENDAR)
    return CalendarVersion(**dict(row)) if row else None


async def insert_calendar(tx: Tx, calendar: CalendarVersion) -> bool:
    """Add a version; False when somebody else added it first."""
    days = (list(calendar.holidays), list(calendar.make_up_days))
    return bool(await tx.conn.fetchval(INSERT_CALENDAR, calendar.version, *days, calendar.reason, calendar.made_by, calendar.made_at))


async def insert_season(tx: Tx, season: Season) -> bool:
    """False when the code is taken."""
    return bool(await tx.conn.fetchval(INSERT_SEASON, season.id, season.code, season.name, season.opens_on, season.closes_on))


async def season_by_code(tx: Tx, code: str) -> Season | None:
    """The season of this code."""
    row = await tx.conn.fetchrow(SEASON_BY_CODE, code)
    return Season(**dict(row)) if row else None


async def find_season(tx: Tx, season_id: UUID) -> Season | None:
    """The season, if there is one."""
    row = await tx.conn.fetchrow(GET_SEASON, season_id)
    return Season(**dict(row)) if row else None


async def list_seasons(tx: Tx) -> list[Season]:
    """Newest first."""
    return [Season(**dict(row)) for row in await tx.conn.fetch(LIST_SEASONS)]


async def insert_round(tx: Tx, round_: Round) -> bool:
    """False when the season has such a round already."""
    values = (round_.id, round_.season_id, round_.code, round_.application_field, round_.opens_on, round_.closes_on)
    return bool(await tx.conn.fetchval(INSERT_ROUND, *values))


async def list_rounds(tx: Tx, season_id: UUID) -> list[Round]:
    """The season's rounds in order of time."""
    return [Round(**dict(row)) for row in await tx.conn.fetch(LIST_ROUNDS, season_id)]


async def insert_pack(tx: Tx, pack: PublishedPack, content: dict[str, Any], published_by: UUID | None) -> bool:
    """False when that version is published already."""
    values = (pack.name, pack.version, content, pack.effective_from, pack.effective_to, published_by, pack.published_at)
    return bool(await tx.conn.fetchval(INSERT_PACK, *values))


async def pack_on(tx: Tx, day: date) -> dict[str, Any] | None:
    """The pack in force on the day: the one that came into force last, in its newest version."""
    content: dict[str, Any] | None = await tx.conn.fetchval(PACK_ON, day)
    return content


async def list_packs(tx: Tx) -> list[PublishedPack]:
    """All published packs."""
    return [PublishedPack(**dict(row)) for row in await tx.conn.fetch(LIST_PACKS)]


async def find_pack(tx: Tx, name: str, version: int) -> dict[str, Any] | None:
    """The content of one published version."""
    content: dict[str, Any] | None = await tx.conn.fetchval(GET_PACK, name, version)
    return content
