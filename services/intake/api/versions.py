"""What was handed in, over HTTP: every version as it was, with its files."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Request, Response
from fastapi.responses import StreamingResponse

from kit.http.commands import Caller, Db
from kit.http.models import InDigits, Page, whole
from kit.http.routers import Router
from services.intake.api.author_schemas import VersionLineOut, VersionOut
from services.intake.api.contents import Contents
from services.intake.domain.look import LookedAt
from services.intake.operations import versions
from services.intake.operations.looking import note_look

Number = Annotated[int, Path(ge=1, le=2**31 - 1), InDigits]


def versions_router(contents: Contents) -> Router:
    """The routes."""
    router = Router(prefix="/v1/dossiers/{dossier_id}/versions", tags=["versions"])

    @router.get("")
    async def list_versions(dossier_id: UUID, caller: Caller, database: Db) -> Page[VersionLineOut]:
        """The filing and every supplement; for who is no longer in the dossier, those the person was in."""
        async with database.reading() as tx:
            found = await versions.list_versions(tx, caller, dossier_id)
        return whole([VersionLineOut.of_version(version) for version in found])

    @router.get("/{number}")
    async def read_version(dossier_id: UUID, number: Number, caller: Caller, database: Db) -> VersionOut:
        """One version in full, and field by field what it changed."""
        async with database.reading() as tx:
            found = await versions.read_version(tx, caller, dossier_id, number)
        await note_look(database, caller, dossier_id, LookedAt.VERSION)
        return VersionOut.of_shown(found)

    @router.get("/{number}/attachments/{attachment_id}", response_class=StreamingResponse)
    async def download(
        dossier_id: UUID,
        number: Number,
        attachment_id: UUID,
        request: Request,
        caller: Caller,
        database: Db,
    ) -> Response:
        """A file that the version had, also if it was taken off since."""
        async with database.reading() as tx:
            found = await versions.file_of_version(tx, caller, dossier_id, number, attachment_id)
        await note_look(database, caller, dossier_id, LookedAt.FILE)
        return await contents.sent(request, found)

    return router
