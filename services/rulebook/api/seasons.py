"""Seasons and their rounds over HTTP."""

from collections.abc import Awaitable, Callable
from typing import TypeVar
from uuid import UUID

from fastapi import APIRouter, Response

from kit.db import Tx
from kit.http.commands import Caller, Command, Commanded, Db
from kit.http.models import DryRun, Out
from services.rulebook.api import season_schemas as schemas
from services.rulebook.operations import seasons
from services.rulebook.operations.seasons import FilingDays, NewLateFiling, NewRound, WindowChange
from services.rulebook.store import seasons as store

T = TypeVar("T")
router = APIRouter(prefix="/v1", tags=["rules"])


@router.get("/seasons")
async def list_seasons(caller: Caller, database: Db) -> list[schemas.SeasonOut]:
    """All seasons, newest first."""
    async with database.reading() as tx:
        return [schemas.SeasonOut.of(season) for season in await store.list_seasons(tx)]


@router.post("/seasons", status_code=201, response_model=schemas.SeasonOut)
async def create_season(body: schemas.SeasonIn, command: Commanded) -> Response:
    """Open a season."""
    days = FilingDays(code=body.code, opens_on=body.opens_on, closes_on=body.closes_on)
    return await command.run(
        lambda tx: seasons.create_season(tx, command.caller, days, body.name),
        schemas.SeasonOut.of,
        status=201,
    )


@router.get("/seasons/{season_id}/rounds")
async def list_rounds(season_id: UUID, caller: Caller, database: Db) -> list[schemas.RoundOut]:
    """The season's rounds."""
    async with database.reading() as tx:
        return [schemas.RoundOut.of(round_) for round_ in await store.list_rounds(tx, season_id)]


@router.post("/seasons/{season_id}/rounds", status_code=201, response_model=schemas.RoundOut)
async def create_round(season_id: UUID, body: schemas.RoundIn, command: Commanded) -> Response:
    """Add a round, within its season."""
    new = NewRound(**body.model_dump())
    return await command.run(
        lambda tx: seasons.create_round(tx, command.caller, season_id, new),
        schemas.RoundOut.of,
        status=201,
    )


@router.post("/seasons/{season_id}/changes", response_model=schemas.SeasonOut)
async def change_season(
    season_id: UUID, body: schemas.WindowChangeIn, command: Commanded, dry_run: DryRun = False
) -> Response:
    """Extend the season, close it or open it again. A dry run answers with the season as it would be."""
    change = WindowChange(**body.model_dump())
    return await _done(
        command,
        lambda tx: seasons.change_season(tx, command.caller, season_id, change),
        schemas.SeasonOut.of,
        dry_run=dry_run,
    )


@router.post("/seasons/{season_id}/rounds/{round_id}/changes", response_model=schemas.RoundOut)
async def change_round(
    season_id: UUID,
    round_id: UUID,
    body: schemas.WindowChangeIn,
    command: Commanded,
    dry_run: DryRun = False,
) -> Response:
    """Extend the round, close it or open it again. A dry run answers with the round as it would be."""
    change = WindowChange(**body.model_dump())
    return await _done(
        command,
        lambda tx: seasons.change_round(tx, command.caller, season_id, round_id, change),
        schemas.RoundOut.of,
        dry_run=dry_run,
    )


@router.get("/seasons/{season_id}/late-filings")
async def list_late_filings(season_id: UUID, caller: Caller, database: Db) -> list[schemas.LateFilingOut]:
    """Which units may file late in the season, for administrators and heads; newest first."""
    async with database.reading() as tx:
        found = await seasons.list_late_filings(tx, caller, season_id)
    return [schemas.LateFilingOut.of(one) for one in found]


@router.post("/seasons/{season_id}/late-filings", status_code=201, response_model=schemas.LateFilingOut)
async def permit_late_filing(
    season_id: UUID, body: schemas.LateFilingIn, command: Commanded, dry_run: DryRun = False
) -> Response:
    """Let a unit and all under it file after the end, as head or administrator of a unit above."""
    new = NewLateFiling(**body.model_dump())
    return await _done(
        command,
        lambda tx: seasons.permit_late_filing(tx, command.caller, season_id, new),
        schemas.LateFilingOut.of,
        dry_run=dry_run,
        status=201,
    )


async def _done(
    command: Command,
    operation: Callable[[Tx], Awaitable[T]],
    show: Callable[[T], Out],
    *,
    dry_run: bool,
    status: int = 200,
) -> Response:
    if dry_run:
        return await command.try_out(operation, show)
    return await command.run(operation, show, status=status)
