"""Seasons and their rounds over HTTP."""

from uuid import UUID

from fastapi import Response

from kit.http.commands import Caller, Commanded, Db
from kit.http.models import Page, whole
from kit.http.routers import Router
from services.rulebook.api import season_schemas as schemas
from services.rulebook.operations import seasons
from services.rulebook.operations.seasons import FilingDays, NewLateFiling, NewRound, WindowChange
from services.rulebook.store import seasons as store

router = Router(prefix="/v1", tags=["rules"])


@router.get("/seasons")
async def list_seasons(caller: Caller, database: Db) -> Page[schemas.SeasonOut]:
    """All seasons, newest first."""
    async with database.reading() as tx:
        return whole([schemas.SeasonOut.of(season) for season in await store.list_seasons(tx)])


@router.get("/seasons/{season_id}")
async def read_season(season_id: UUID, caller: Caller, database: Db) -> schemas.SeasonOut:
    """One season."""
    async with database.reading() as tx:
        return schemas.SeasonOut.of(await store.get_season(tx, season_id))


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
async def list_rounds(season_id: UUID, caller: Caller, database: Db) -> Page[schemas.RoundOut]:
    """The season's rounds."""
    async with database.reading() as tx:
        return whole([schemas.RoundOut.of(round_) for round_ in await store.list_rounds(tx, season_id)])


@router.get("/seasons/{season_id}/rounds/{round_id}")
async def read_round(season_id: UUID, round_id: UUID, caller: Caller, database: Db) -> schemas.RoundOut:
    """One round."""
    async with database.reading() as tx:
        return schemas.RoundOut.of(await store.get_round(tx, season_id, round_id))


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
async def change_season(season_id: UUID, body: schemas.WindowChangeIn, command: Commanded) -> Response:
    """Extend the season, close it or open it again. A dry run answers with the season as it would be."""
    change = WindowChange(**body.model_dump())
    return await command.run(
        lambda tx: seasons.change_season(tx, command.caller, season_id, change),
        schemas.SeasonOut.of,
    )


@router.post("/seasons/{season_id}/rounds/{round_id}/changes", response_model=schemas.RoundOut)
async def change_round(
    season_id: UUID,
    round_id: UUID,
    body: schemas.WindowChangeIn,
    command: Commanded,
) -> Response:
    """Extend the round, close it or open it again. A dry run answers with the round as it would be."""
    change = WindowChange(**body.model_dump())
    return await command.run(
        lambda tx: seasons.change_round(tx, command.caller, season_id, round_id, change),
        schemas.RoundOut.of,
    )


@router.get("/seasons/{season_id}/late-filings")
async def list_late_filings(season_id: UUID, caller: Caller, database: Db) -> Page[schemas.LateFilingOut]:
    """Which units may file late in the season, for administrators and heads; newest first."""
    async with database.reading() as tx:
        found = await seasons.list_late_filings(tx, caller, season_id)
    return whole([schemas.LateFilingOut.of(one) for one in found])


@router.post("/seasons/{season_id}/late-filings", status_code=201, response_model=schemas.LateFilingOut)
async def permit_late_filing(season_id: UUID, body: schemas.LateFilingIn, command: Commanded) -> Response:
    """Let a unit and all under it file after the end, as head or administrator of a unit above."""
    new = NewLateFiling(**body.model_dump())
    return await command.run(
        lambda tx: seasons.permit_late_filing(tx, command.caller, season_id, new),
        schemas.LateFilingOut.of,
        status=201,
    )
