"""A whole list at once over HTTP."""

from fastapi import APIRouter, Response

from kit.http.commands import Commanded
from kit.http.models import DryRun
from services.organisation.api import schemas
from services.organisation.operations import imports
from services.organisation.operations.imports import ImportRows, PersonRow, PostRow, UnitRow
from services.organisation.sign_in.operations import identity

router = APIRouter(prefix="/v1", tags=["organisation"])
_MAX_IMPORT_BYTES = 20_000_000


@router.post("/imports", response_model=schemas.ImportOut, max_body_size=_MAX_IMPORT_BYTES)
async def import_rows(body: schemas.ImportIn, command: Commanded, dry_run: DryRun = False) -> Response:
    """Units, people, posts and accounts at once; `dry_run=true` says what would be made."""
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
    )
    run = command.try_out if dry_run else command.run
    return await run(
        lambda tx: imports.import_rows(tx, command.caller, rows),
        lambda made: schemas.ImportOut.of(made).model_copy(update={"dry_run": dry_run}),
    )
