"""Attachments over HTTP: raw bytes in, hash out."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import AfterValidator, StringConstraints

from kit.http.commands import Caller, Commanded, Db
from kit.http.models import Page, whole
from kit.http.routers import Router
from language.text import one_line
from services.intake.api.contents import Contents, read_body
from services.intake.api.schemas import FILE_NAME, AttachmentOut, IdOut
from services.intake.domain.look import LookedAt
from services.intake.operations import drafting, reading
from services.intake.operations.looking import note_look
from services.intake.store import attachments

Filename = Annotated[
    str,
    StringConstraints(pattern=FILE_NAME),
    AfterValidator(one_line),
    Query(description="The file's name with its extension"),
]
BINARY_BODY = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
HEAD_ROOM = 1_000


def attachments_router(contents: Contents) -> Router:
    """The routes."""
    router = Router(prefix="/v1/dossiers/{dossier_id}/attachments", tags=["attachments"])

    @router.post(
        "",
        status_code=201,
        response_model=AttachmentOut,
        openapi_extra=BINARY_BODY,
        max_body_size=max(contents.largest.video, contents.largest.other) + HEAD_ROOM,
    )
    async def add_attachment(
        dossier_id: UUID,
        filename: Filename,
        request: Request,
        command: Commanded,
        caller: Caller,
        database: Db,
    ) -> Response:
        """Add a file to a draft or while a supplement is awaited: PDF, DOC, DOCX, XLSX, PPTX, PNG, JPEG,
        HEIC, MP4."""
        async with database.reading() as tx:
            await drafting.require_attachable(tx, caller, dossier_id)
        largest = contents.largest
        content = await read_body(request, largest.of(filename), largest.too_large(filename))
        async with contents.looked_at(filename, content, dry_run=command.dry_run) as file:
            return await command.run(
                lambda tx: drafting.add_attachment(tx, command.caller, dossier_id, file, contents.room),
                AttachmentOut.of,
                status=201,
                content_hash=file.sha256,
            )

    @router.get("")
    async def list_attachments(dossier_id: UUID, caller: Caller, database: Db) -> Page[AttachmentOut]:
        """The dossier's files."""
        async with database.reading() as tx:
            await reading.require_readable(tx, caller, dossier_id)
            found = await attachments.list_attachments(tx, dossier_id)
        return whole([AttachmentOut.of(attachment) for attachment in found])

    @router.get("/{attachment_id}", response_class=StreamingResponse)
    async def download(
        dossier_id: UUID, attachment_id: UUID, request: Request, caller: Caller, database: Db
    ) -> Response:
        """The content of one file, or with `Range` a part of it."""
        async with database.reading() as tx:
            await reading.require_readable(tx, caller, dossier_id)
            found = await attachments.get_attachment(tx, dossier_id, attachment_id)
        await note_look(database, caller, dossier_id, LookedAt.FILE)
        return await contents.sent(request, found)

    @router.delete("/{attachment_id}", response_model=IdOut)
    async def remove_attachment(dossier_id: UUID, attachment_id: UUID, command: Commanded) -> Response:
        """Take a file off a draft."""
        return await command.run(
            lambda tx: drafting.remove_attachment(tx, command.caller, dossier_id, attachment_id),
            lambda removed: IdOut(id=removed),
        )

    return router
