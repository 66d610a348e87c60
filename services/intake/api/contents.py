"""Whole contents of files, however they came: read within limits, looked at, kept beside the others; and
sent."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import sha256

import structlog
from fastapi import Request, Response

from kit.http.files import Kept, file_response
from kit.objects.port import NotKept
from kit.scanning import Scanner
from language.refusals import Refusal
from services.intake.domain.attachment import Attachment, Largest, Room
from services.intake.domain.media import media_type_of
from services.intake.domain.refusals import AttachmentInfected, AttachmentLost
from services.intake.operations.drafting import NewFile
from services.intake.settings import IntakeSettings
from services.intake.store.attachments import Blobs
from services.intake.store.uploads import Parked

log = structlog.get_logger()

_LOOKED_AT_ONCE = 4


class Contents:
    """Limits, store and scanner of the settings."""

    def __init__(self, settings: IntakeSettings) -> None:
        objects = settings.objects()
        self.blobs = Blobs(objects)
        self.parked = Parked(objects)
        self.room = Room(of_dossier=settings.max_dossier_bytes, of_person=settings.max_person_bytes)
        self.largest = Largest(video=settings.max_video_bytes, other=settings.max_attachment_bytes)
        self._scanner = Scanner(settings.clamd_socket) if settings.clamd_socket else None
        self._looking = asyncio.Semaphore(_LOOKED_AT_ONCE)

    @asynccontextmanager
    async def looked_at(self, filename: str, content: bytes, *, dry_run: bool) -> AsyncIterator[NewFile]:
        """The file, staged until the end of the block, if it is what its name says, does nothing by itself
        and the scanner finds nothing; refused otherwise."""
        async with self._looking:
            media_type = await asyncio.to_thread(media_type_of, filename, content)
            digest = await asyncio.to_thread(lambda: sha256(content).hexdigest())
        if self._scanner is not None and not await self._scanner.is_clean(content):
            raise AttachmentInfected
        async with self.blobs.staged(digest, content) as staged:
            yield NewFile(
                filename=filename,
                media_type=media_type,
                sha256=digest,
                size_bytes=len(content),
                staged=None if dry_run else staged,
            )

    async def sent(self, request: Request, attachment: Attachment) -> Response:
        """The content of an attachment, or the part that is asked for."""

        async def read(start: int, length: int) -> bytes:
            try:
                return await self.blobs.read(attachment.sha256, start, length)
            except NotKept:
                log.warning("attachment.lost", sha256=attachment.sha256)
                raise AttachmentLost from None

        kept = Kept(
            filename=attachment.filename,
            media_type=attachment.media_type,
            sha256=attachment.sha256,
            size_bytes=attachment.size_bytes,
            read=read,
        )
        return await file_response(request, kept)


async def read_body(request: Request, limit: int, too_large: Refusal) -> bytes:
    """The body, given up as soon as it is longer than allowed: nobody sends 2 GB to be told afterwards."""
    declared = request.headers.get("content-length", "0")
    if declared.isdigit() and int(declared) > limit:
        raise too_large
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > limit:
            raise too_large
    return bytes(content)
