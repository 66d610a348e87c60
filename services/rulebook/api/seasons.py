"""Seasons and their rounds over HTTP."""

from uuid import UUID

from fastapi import APIRouter, Response

from kit.http.commands import Caller, Commanded, Db
from kit.http.models import Page, whole
from services.rulebook.api import season_schemas as schemas
from services.rulebook.operations import seasons
from services.rulebook.operations.seasons import FilingDays
from services.rulebook.store import seasons as store

router = APIRouter(prefix="/v1", tags=["rules"])


@router.get("/seasons")
async def list_seasons(caller: Caller, database: Db) -> Page[schemas.SeasonOut]:
    """All seasons, newest first."""
    async with database.reading() as tx:
        return whole([schemas.SeasonOut.of(season) for season in await store.list_seasons(tx)])


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


@router.post("/seasons/{season_id}/rounds", status_code=201, response_model=schemas.RoundOut)
async def create_round(season_id: UUID, body: schemas.RoundIn, command: Commanded) -> Response:
    """Add a round."""
    days = FilingDays(code=body.code, opens_on=body.opens_on, closes_on=body.closes_on)
    return await command.run(
        lambda tx: seasons.create_round(tx, command.caller, season_id, days, body.application_field),
        schemas.RoundOut.of,
        status=201,
    )
