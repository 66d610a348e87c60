"""A whole list at once over HTTP."""

from collections.abc import Mapping

from fastapi import Response

from kit.http.commands import Commanded
from kit.http.models import DryRun
from kit.http.routers import Router
from services.organisation.api import schemas
from services.organisation.domain.importing import ImportRows, PersonRow, PostRow, UnitRow
from services.organisation.operations import imports
from services.organisation.sign_in.operations.passwords import hash_password

router = Router(prefix="/v1", tags=["organisation"])
_MAX_IMPORT_BYTES = 20_000_000
_NOT_HASHED_YET = "-"
"""Stands for a password while a list is tried: who sets one knows it, and that decides what may be given."""


@router.post("/imports", response_model=schemas.ImportOut, max_body_size=_MAX_IMPORT_BYTES)
async def import_rows(body: schemas.ImportIn, command: Commanded, dry_run: DryRun = False) -> Response:
    """Units, people, posts and accounts at once, all or nothing; `dry_run=true` says which rows would be new,
    changed or the same. Every faulty row is named. A known code that says something else is refused unless
    `known` says what becomes of it."""
    passwords = {row.code: row.password for row in body.people if row.password}
    rows, show = _rows(body, dict.fromkeys(passwords, _NOT_HASHED_YET)), schemas.ImportOut.of
    if dry_run or passwords:
        # Whether it may be is known before anything is hashed: that takes long.
        tried = await command.try_out(
            lambda tx: imports.import_rows(tx, command.caller, rows),
            lambda made: show(made).model_copy(update={"dry_run": True}),
        )
        imports.require_hard_passwords(rows.people, [row.password for row in body.people])
        if dry_run:
            return tried
    rows = _rows(body, {code: await hash_password(password) for code, password in passwords.items()})
    return await command.run(lambda tx: imports.import_rows(tx, command.caller, rows), show)


def _rows(body: schemas.ImportIn, hashes: Mapping[str, str]) -> ImportRows:
    people = [
        PersonRow(
            code=row.code,
            full_name=row.full_name,
            date_of_birth=row.date_of_birth,
            username=row.username,
            password_hash=hashes.get(row.code),
            mail_address=row.mail_address,
        )
        for row in body.people
    ]
    return ImportRows(
        valid_from=body.valid_from,
        known=body.known,
        units=[UnitRow(**row.model_dump()) for row in body.units],
        people=people,
        posts=[PostRow(**row.model_dump()) for row in body.posts],
    )
