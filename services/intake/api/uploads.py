"""Attachments that come in pieces, for lines that break: begun, sent piece by piece, completed."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from hashlib import sha256
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response

from kit.http.commands import Caller, Command, Commanded, Db
from kit.http.models import InDigits
from kit.http.refusals import BodyTooLarge, StoreAway
from kit.http.routers import Router
from language.refusals import NotFound
from services.intake.api.attachments import BINARY_BODY, HEAD_ROOM
from services.intake.api.contents import Contents, read_body
from services.intake.api.schemas import AttachmentOut, IdOut, UploadIn, UploadOut
from services.intake.domain.upload import Upload
from services.intake.operations import uploading
from services.intake.operations.uploading import Announced, Piece

LARGEST_PIECE = 1_048_576
AtByte = Annotated[
    int, Query(ge=0, le=2**53, description="The byte of the file that it begins with"), InDigits
]


def uploads_router(contents: Contents) -> Router:
    """The routes."""
    router = Router(prefix="/v1/dossiers/{dossier_id}/uploads", tags=["attachments"])

    @router.post("", status_code=201, response_model=UploadOut)
    async def begin_upload(dossier_id: UUID, body: UploadIn, command: Commanded) -> Response:
        """Say what is going to be sent. What could never be taken is refused at once."""
        file = Announced(filename=body.filename, size_bytes=body.size_bytes)
        bounds = (contents.largest, contents.room)
        return await command.run(
            lambda tx: uploading.begin(tx, command.caller, dossier_id, file, bounds),
            UploadOut.of,
            status=201,
        )

    @router.get("/{upload_id}")
    async def read_upload(dossier_id: UUID, upload_id: UUID, caller: Caller, database: Db) -> UploadOut:
        """How far it is."""
        async with database.reading() as tx:
            return UploadOut.of(await uploading.read_upload(tx, caller, dossier_id, upload_id))

    @router.post(
        "/{upload_id}/piece",
        response_model=UploadOut,
        openapi_extra=BINARY_BODY,
        max_body_size=LARGEST_PIECE + HEAD_ROOM,
    )
    async def send_piece(
        dossier_id: UUID, upload_id: UUID, at_byte: AtByte, request: Request, command: Commanded
    ) -> Response:
        """The next piece, at most 1 MiB. One that was received already changes nothing; one that does not
        follow is refused, with the byte to go on from."""
        await command.allow(lambda tx: uploading.read_going_on(tx, command.caller, dossier_id, upload_id))
        content = await read_body(request, LARGEST_PIECE, BodyTooLarge())
        piece = Piece(at_byte=at_byte, content=content, parked=None if command.dry_run else contents.parked)
        return await command.run(
            lambda tx: uploading.receive(tx, command.caller, dossier_id, upload_id, piece),
            UploadOut.of,
            content_hash=sha256(content).hexdigest(),
        )

    @router.post("/{upload_id}/completion", response_model=AttachmentOut)
    async def complete_upload(
        dossier_id: UUID, upload_id: UUID, command: Commanded, caller: Caller, database: Db
    ) -> Response:
        """Look at the whole file and add it to the dossier."""

        async def so_far() -> Upload:
            async with database.reading() as tx:
                return await uploading.read_going_on(tx, caller, dossier_id, upload_id)

        return await _completed(contents, command, so_far)

    @router.delete("/{upload_id}", response_model=IdOut)
    async def give_up_upload(dossier_id: UUID, upload_id: UUID, command: Commanded) -> Response:
        """Send no more of it: what came is dropped."""
        answer = await command.run(
            lambda tx: uploading.give_up(tx, command.caller, dossier_id, upload_id),
            lambda dropped: IdOut(id=dropped),
        )
        await _dropped(contents, command, upload_id)
        return answer

    return router


async def _completed(
    contents: Contents, command: Command, so_far: Callable[[], Awaitable[Upload]]
) -> Response:
    upload = await so_far()
    if upload.attachment_id is None:
        upload.require_whole()
        try:
            content = await contents.parked.read(upload)
        except NotFound:
            # Who completed it meanwhile has dropped the pieces.
            upload = await so_far()
            if upload.attachment_id is None:
                raise
        else:
            return await _added(contents, command, upload, content)
    return await command.run(lambda tx: uploading.read_finished(tx, command.caller, upload), AttachmentOut.of)


async def _added(contents: Contents, command: Command, upload: Upload, content: bytes) -> Response:
    async with contents.looked_at(upload.filename, content, dry_run=command.dry_run) as file:
        answer = await command.run(
            lambda tx: uploading.complete(tx, command.caller, upload, file, contents.room), AttachmentOut.of
        )
    await _dropped(contents, command, upload.id)
    return answer


async def _dropped(contents: Contents, command: Command, upload_id: UUID) -> None:
    if not command.dry_run:
        # The row says already that they are needed no more, so they are collected later.
        with suppress(StoreAway):
            await contents.parked.drop([upload_id])
