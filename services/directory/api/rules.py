"""Seasons and imports over HTTP."""

from uuid import UUID

from fastapi import APIRouter, Response

from kit.http.commands import Caller, Commanded, Db
from kit.http.models import DryRun
from services.directory.api import schemas
from services.directory.operations import identity, imports, rules
from services.directory.operations.imports import ImportRows, PersonRow, PostRow, SeasonRow, UnitRow
from services.directory.operations.rules import Span
from services.directory.store import rules as store

router = APIRouter(prefix="/v1", tags=["rules"])
_MAX_IMPORT_BYTES = 20_000_000


@router.get("/seasons")
async def list_seasons(caller: Caller, database: Db) -> list[schemas.SeasonOut]:
    """All seasons, newest first."""
    async with database.reading() as tx:
        return [schemas.SeasonOut.of(season) for season in await store.list_seasons(tx)]


@router.post("/seasons", status_code=201, response_model=schemas.SeasonOut)
async def create_season(body: schemas.SeasonIn, command: Commanded) -> Response:
    """Open a season."""
    span = Span(code=body.code, opens_on=body.opens_on, closes_on=body.closes_on)
    return await command.run(
        lambda tx: rules.create_season(tx, command.caller, span, body.name), schemas.SeasonOut.of, status=201
    )


@router.get("/seasons/{season_id}/rounds")
async def list_rounds(season_id: UUID, caller: Caller, database: Db) -> list[schemas.RoundOut]:
    """The season's rounds."""
    async with database.reading() as tx:
        return [schemas.RoundOut.of(round_) for round_ in await store.list_rounds(tx, season_id)]


@router.post("/seasons/{season_id}/rounds", status_code=201, response_model=schemas.RoundOut)
async def create_round(season_id: UUID, body: schemas.RoundIn, command: Commanded) -> Response:
    """Add a round."""
    span = Span(code=body.code, opens_on=body.opens_on, closes_on=body.closes_on)
    return await command.run(
        lambda tx: rules.create_round(tx, command.caller, season_id, span, body.application_field),
        schemas.RoundOut.of,
        status=201,
    )


@router.post("/imports", response_model=schemas.ImportOut, max_body_size=_MAX_IMPORT_BYTES)
async def import_rows(body: schemas.ImportIn, command: Commanded, dry_run: DryRun = False) -> Response:
    """Units, people, posts, accounts and seasons at once; `dry_run=true` says what would be made."""
    people = [
        PersonRow(
            code=row.code,
            full_name=row.full_name,
            date_of_birth=row.date_of_birth,
            username=row.username,
            password_hash=await identity.hash_password(row.password) if row.password else None,
            mail_address=row.mail_address,
        )
        for row in body.people
    ]
    rows = ImportRows(
        valid_from=body.valid_from,
        units=[UnitRow(**row.model_dump()) for row in body.units],
        people=people,
        posts=[PostRow(**row.model_dump()) for row in body.posts],
        seasons=[SeasonRow(**row.model_dump()) for row in body.seasons],
    )
    run = command.try_out if dry_run else command.run
    return await run(
        lambda tx: imports.import_rows(tx, command.caller, rows),
        lambda made: schemas.ImportOut.of(made).model_copy(update={"dry_run": dry_run}),
    )
