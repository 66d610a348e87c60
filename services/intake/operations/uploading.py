"""A file that comes in pieces: begun, received, made an attachment, given up."""

from dataclasses import dataclass, replace
from uuid import UUID

from kit.auth import Principal
from kit.db import Tx
from kit.ids import new_id
from language.refusals import NotFound
from services.intake.domain.attachment import Attachment, Largest, Room
from services.intake.domain.refusals import PieceOutOfPlace, TooManyUploads
from services.intake.domain.upload import Upload
from services.intake.operations.drafting import (
    MOST_AT_ONCE,
    NewFile,
    add_attachment,
    require_attachable,
    require_room,
)
from services.intake.operations.reading import require_readable
from services.intake.store import attachments, uploads
from services.intake.store.uploads import Parked, Which


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """What is going to be sent."""

    filename: str
    size_bytes: int


async def begin(
    tx: Tx, caller: Principal, dossier_id: UUID, file: Announced, bounds: tuple[Largest, Room]
) -> Upload:
    """What could never be taken is refused here. From now on there is room for the file until it is whole, or
    a day has passed without a piece of it."""
    largest, room = bounds
    await require_attachable(tx, caller, dossier_id)
    largest.require(file.filename, file.size_bytes)
    await require_room(tx, caller, dossier_id, file.size_bytes, room)
    if await uploads.count_unfinished(tx, caller.person_id) >= MOST_AT_ONCE:
        raise TooManyUploads(most=MOST_AT_ONCE)
    upload = Upload(
        id=new_id(),
        dossier_id=dossier_id,
        begun_by=caller.person_id,
        filename=file.filename,
        size_bytes=file.size_bytes,
        received_bytes=0,
        attachment_id=None,
        begun_at=tx.now,
    )
    await uploads.insert_upload(tx, upload)
    return upload


def _own(caller: Principal, dossier_id: UUID, upload_id: UUID) -> Which:
    return Which(upload_id=upload_id, dossier_id=dossier_id, person_id=caller.person_id)


async def read_upload(tx: Tx, caller: Principal, dossier_id: UUID, upload_id: UUID) -> Upload:
    """How far it is, for who began it and may still see the dossier."""
    await require_readable(tx, caller, dossier_id)
    return await uploads.get_upload(tx, _own(caller, dossier_id, upload_id))


async def read_going_on(tx: Tx, caller: Principal, dossier_id: UUID, upload_id: UUID) -> Upload:
    """The same, if more of it may come now, or all of it has: asked before a byte is read or kept."""
    upload = await read_upload(tx, caller, dossier_id, upload_id)
    if upload.attachment_id is None:
        await require_attachable(tx, caller, dossier_id)
    return upload


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """So much of the file, from this byte on. Of a dry run nothing is written."""

    at_byte: int
    content: bytes
    parked: Parked | None


async def receive(tx: Tx, caller: Principal, dossier_id: UUID, upload_id: UUID, piece: Piece) -> Upload:
    """Keep the next piece. One that was kept already changes nothing."""
    seen = await read_going_on(tx, caller, dossier_id, upload_id)
    locked = await uploads.lock_if_free(tx, _own(caller, dossier_id, upload_id))
    upload = locked or seen
    if upload.has(piece.at_byte, len(piece.content)):
        return upload
    upload.require_next(piece.at_byte, len(piece.content))
    if locked is None:
        raise PieceOutOfPlace(from_byte=upload.received_bytes)
    grown = replace(upload, received_bytes=piece.at_byte + len(piece.content))
    await uploads.save_received(tx, grown)
    if piece.parked:
        # Durable before the commit: what a crash leaves in between nobody counts, and the same piece comes
        # again. One who was cancelled here may still write it; it is the same piece.
        await piece.parked.write(upload_id, piece.at_byte, piece.content)
    return grown


async def complete(tx: Tx, caller: Principal, seen: Upload, file: NewFile, room: Room) -> Attachment:
    """Make it an attachment as any other file; once, however often it is asked for."""
    upload = await uploads.lock_upload(tx, _own(caller, seen.dossier_id, seen.id))
    if upload.attachment_id:
        return await read_finished(tx, caller, upload)
    upload.require_whole()
    attachment = await add_attachment(tx, caller, upload.dossier_id, replace(file, upload_id=upload.id), room)
    await uploads.save_finished(tx, replace(upload, attachment_id=attachment.id))
    return attachment


async def read_finished(tx: Tx, caller: Principal, upload: Upload) -> Attachment:
    """What it became."""
    if upload.attachment_id is None:
        raise NotFound
    await require_readable(tx, caller, upload.dossier_id)
    return await attachments.get_attachment(tx, upload.dossier_id, upload.attachment_id)


async def give_up(tx: Tx, caller: Principal, dossier_id: UUID, upload_id: UUID) -> UUID:
    """It is wanted no more."""
    await require_readable(tx, caller, dossier_id)
    upload = await uploads.lock_upload(tx, _own(caller, dossier_id, upload_id))
    await uploads.delete_upload(tx, upload.id)
    return upload.id
