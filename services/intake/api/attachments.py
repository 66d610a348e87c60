"""Attachments over HTTP: raw bytes in, hash out."""

import asyncio
from hashlib import sha256
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import FileResponse
from pydantic import AfterValidator, StringConstraints

from kit.http.commands import Caller, Commanded, Db
from kit.http.models import Page, whole
from kit.scanning import Scanner
from language.text import one_line
from services.intake.api.schemas import AttachmentOut, IdOut
from services.intake.domain.attachment import Room
from services.intake.domain.look import LookedAt
from services.intake.domain.media import VIDEO, extension_of, media_type_of
from services.intake.domain.refusals import AttachmentInfected, AttachmentTooLarge
from services.intake.operations import drafting, reading
from services.intake.operations.drafting import NewFile
from services.intake.operations.looking import note_look
from services.intake.settings import IntakeSettings
from services.intake.store import attachments
from services.intake.store.attachments import Blobs

Filename = Annotated[
    str,
    StringConstraints(pattern=r"^[^/\\\x00-\x1f\x7f]{1,200}$"),
    AfterValidator(one_line),
    Query(description="The file's name with its extension"),
]
_BODY = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
_HEAD_ROOM = 1_000
_LOOKED_AT_ONCE = 4


async def _read_body(request: Request, limit: int) -> bytes:
    """The body, given up as soon as it is longer than allowed: nobody sends 2 GB to be told afterwards."""
    declared = request.headers.get("content-length", "0")
    if declared.isdigit() and int(declared) > limit:
        raise AttachmentTooLarge(limit=limit // 1_048_576)
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > limit:
            raise AttachmentTooLarge(limit=limit // 1_048_576)
    return bytes(content)


def attachments_router(settings: IntakeSettings) -> APIRouter:
    """The routes, with the limit and the folder of the settings."""
    router = APIRouter(prefix="/v1/dossiers/{dossier_id}/attachments", tags=["attachments"])
    blobs = Blobs(settings.blob_dir)
    room = Room(of_dossier=settings.max_dossier_bytes, of_person=settings.max_person_bytes)
    scanner = Scanner(settings.clamd_socket) if settings.clamd_socket else None
    limits = {VIDEO: settings.max_video_bytes}
    looking = asyncio.Semaphore(_LOOKED_AT_ONCE)

    @router.post(
        "",
        status_code=201,
        response_model=AttachmentOut,
        openapi_extra=_BODY,
        max_body_size=max(settings.max_attachment_bytes, settings.max_video_bytes) + _HEAD_ROOM,
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
        limit = limits.get(extension_of(filename), settings.max_attachment_bytes)
        content = await _read_body(request, limit)
        async with looking:
            media_type = await asyncio.to_thread(media_type_of, filename, content)
            digest = await asyncio.to_thread(lambda: sha256(content).hexdigest())
        if scanner is not None and not await scanner.is_clean(content):
            raise AttachmentInfected
        async with blobs.staged(digest, content) as staged:
            file = NewFile(
                filename=filename,
                media_type=media_type,
                sha256=digest,
                size_bytes=len(content),
                staged=None if command.dry_run else staged,
            )
            return await command.run(
                lambda tx: drafting.add_attachment(tx, command.caller, dossier_id, file, room),
                AttachmentOut.of,
                status=201,
                content_hash=digest,
            )

    @router.get("")
    async def list_attachments(dossier_id: UUID, caller: Caller, database: Db) -> Page[AttachmentOut]:
        """The dossier's files."""
        async with database.reading() as tx:
            await reading.require_readable(tx, caller, dossier_id)
            found = await attachments.list_attachments(tx, dossier_id)
        return whole([AttachmentOut.of(attachment) for attachment in found])

    @router.get("/{attachment_id}", response_class=FileResponse)
    async def download(dossier_id: UUID, attachment_id: UUID, caller: Caller, database: Db) -> Response:
        """The content of one file."""
        async with database.reading() as tx:
            await reading.require_readable(tx, caller, dossier_id)
            found = await attachments.get_attachment(tx, dossier_id, attachment_id)
        await note_look(database, caller, dossier_id, LookedAt.FILE)
        headers = {"X-Content-Type-Options": "nosniff", "ETag": f'"{found.sha256}"'}
        return FileResponse(
            blobs.path(found.sha256), media_type=found.media_type, filename=found.filename, headers=headers
        )

    @router.delete("/{attachment_id}", response_model=IdOut)
    async def remove_attachment(dossier_id: UUID, attachment_id: UUID, command: Commanded) -> Response:
        """Take a file off a draft."""
        return await command.run(
            lambda tx: drafting.remove_attachment(tx, command.caller, dossier_id, attachment_id),
            lambda removed: IdOut(id=removed),
        )

    return router
