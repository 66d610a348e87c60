"""Whole contents of files, however they came: read within limits, looked at, kept beside the others."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import sha256

from fastapi import Request

from kit.scanning import Scanner
from language.refusals import Refusal
from services.intake.domain.attachment import Largest, Room
from services.intake.domain.media import media_type_of
from services.intake.domain.refusals import AttachmentInfected
from services.intake.operations.drafting import NewFile
from services.intake.settings import IntakeSettings
from services.intake.store.attachments import Blobs
from services.intake.store.uploads import Parked

_LOOKED_AT_ONCE = 4


class Contents:
    """Limits, folder and scanner of the settings."""

    def __init__(self, settings: IntakeSettings) -> None:
        self.blobs = Blobs(settings.blob_dir)
        self.parked = Parked(settings.blob_dir)
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
