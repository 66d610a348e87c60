"""Seasons and their rounds."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from casework import rights
from casework.history.record import record
from kit.auth import Principal
from kit.db import Tx
from kit.ids import new_id
from language.events.rulebook import RoundCreated, SeasonCreated
from language.posts.kinds import ADMINS
from language.refusals import CodeTaken, NotFound
from services.rulebook.domain.seasons import Round, Season
from services.rulebook.store import seasons


@dataclass(frozen=True, slots=True, kw_only=True)
class FilingDays:
    """A code and the days from when to when, both included."""

    code: str
    opens_on: date
    closes_on: date


async def create_season(tx: Tx, caller: Principal, days: FilingDays, name: str) -> Season:
    """Open a season."""
    actor = await rights.require_root(tx, caller, ADMINS)
    season = Season(id=new_id(), code=days.code, name=name, opens_on=days.opens_on, closes_on=days.closes_on)
    if not await seasons.insert_season(tx, season):
        raise CodeTaken(code=days.code)
    fact = SeasonCreated(code=days.code, name=name, opens_on=days.opens_on, closes_on=days.closes_on)
    await record(tx, fact, about=season.id, actor=actor)
    return season


async def create_round(
    tx: Tx, caller: Principal, season_id: UUID, days: FilingDays, application_field: str | None
) -> Round:
    """Add a round to a season."""
    actor = await rights.require_root(tx, caller, ADMINS)
    if await seasons.find_season(tx, season_id) is None:
        raise NotFound
    round_ = Round(
        id=new_id(),
        season_id=season_id,
        code=days.code,
        application_field=application_field,
        opens_on=days.opens_on,
        closes_on=days.closes_on,
    )
    if not await seasons.insert_round(tx, round_):
        raise CodeTaken(code=days.code)
    fact = RoundCreated(
        season_id=season_id,
        code=days.code,
        application_field=application_field,
        opens_on=days.opens_on,
        closes_on=days.closes_on,
    )
    await record(tx, fact, about=round_.id, actor=actor)
    return round_
