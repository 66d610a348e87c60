"""Drafts and their attachments, written by the author, or by a clerk who prepares them for the author."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from casework import rights
from casework.units import require_open
from kit.auth import Principal
from kit.db import Tx
from kit.ids import new_id
from language.events.intake import AttachmentAdded, AttachmentRemoved, ContentChanged, DraftCreated
from language.posts.kinds import PostKind
from language.refusals import Forbidden
from services.intake.domain.attachment import Attachment, Room
from services.intake.domain.dossier import EDITABLE, Dossier, DossierContent, DossierState
from services.intake.domain.refusals import TooManyAttachments, WrongState
from services.intake.operations.authors import tell_of_authors, with_known_names
from services.intake.operations.content_changes import content_changes
from services.intake.operations.moving import record_of
from services.intake.operations.reading import (
    author_of,
    lock_written,
    on_behalf_of_authors,
    read_dossier,
    require_writer,
)
from services.intake.store import attachments, dossiers
from services.intake.store.attachments import Staged

_ANY_POST = frozenset(PostKind)
MOST_AT_ONCE = 50
"""Files of a dossier, and files of a person that are on their way."""
_YEAR = timedelta(days=365)


async def create_draft(
    tx: Tx, caller: Principal, unit_id: UUID, season_id: UUID, content: DossierContent
) -> Dossier:
    """A draft in a unit in which the caller holds a post; it may lack anything that filing will ask for. Who
    holds one in the unit that took over from it is told to begin there."""
    post = await rights.post_in(tx, caller, _ANY_POST, unit_id)
    if post is None:
        await rights.require_in(tx, caller, _ANY_POST, unit_id)
        await require_open(tx, unit_id)
        raise Forbidden
    await require_open(tx, unit_id)
    place = Place(unit_id=unit_id, unit_path=post.unit_path, season_id=season_id)
    dossier = await begin_draft(tx, caller.person_id, place, content)
    fact = DraftCreated(unit_id=unit_id, season_id=season_id)
    event_id = await record_of(tx, dossier, fact, author_of(caller))
    await tell_of_authors(tx, event_id, dossier, (), dossier.content.authors)
    return dossier


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a dossier belongs."""

    unit_id: UUID
    unit_path: Sequence[UUID]
    season_id: UUID


async def begin_draft(
    tx: Tx, maker: UUID, place: Place, content: DossierContent, prepared_by: UUID | None = None
) -> Dossier:
    """A draft of this person, who completes, files and supplements it; or who agrees to its filing by the
    clerks of the unit, one of whom has prepared it."""
    content = await with_known_names(tx, content)
    dossier_id = new_id()
    dossier = Dossier(
        id=dossier_id,
        code=None,
        state=DossierState.DRAFT,
        season_id=place.season_id,
        unit_id=place.unit_id,
        unit_path=place.unit_path,
        created_by=maker,
        taken_over_by=None,
        prepared_by=prepared_by,
        agreed_at=None,
        handed_in_by=None,
        created_at=tx.now,
        content=content,
        register_number=None,
        register_year=None,
        filed_at=None,
        answer_due_on=None,
        check_id=dossier_id,
        check_due_at=None,
        plan_hash=None,
        rule_version=None,
        check_officers=None,
        supplement_budget=None,
        check_rules=(),
        supplement_due_at=None,
        moved_at=None,
        check_revision=0,
        withdrawal_requested_at=None,
        closed_at=None,
        levels=None,
        version=1,
        epoch=0,
    )
    await dossiers.insert_draft(tx, dossier)
    return dossier


async def _lock_editable(tx: Tx, caller: Principal, dossier_id: UUID, version: int | None = None) -> Dossier:
    """For whoever writes it now; what its author agreed to is changed by that."""
    dossier = await lock_written(tx, caller, dossier_id, version)
    _require_editable(dossier)
    if dossier.agreed_at:
        await dossiers.save_agreement(tx, dossier_id, is_agreed=False)
    return dossier


def _require_editable(dossier: Dossier) -> None:
    if dossier.state not in EDITABLE:
        raise WrongState(state=dossier.state)


async def _files_changed(tx: Tx, dossier: Dossier) -> None:
    """Its author agrees to the files, too, and to those that were there when it was read."""
    if dossier.is_prepared:
        await dossiers.touch(tx, dossier.id)


async def require_attachable(tx: Tx, caller: Principal, dossier_id: UUID) -> None:
    """The caller may add a file now: asked before a byte of it is read or kept."""
    dossier = await read_dossier(tx, caller, dossier_id)
    await require_writer(tx, caller, dossier)
    _require_editable(dossier)


async def change_content(
    tx: Tx, caller: Principal, dossier_id: UUID, version: int, content: DossierContent
) -> Dossier:
    """Write the content anew, as a draft or while a supplement is awaited."""
    dossier = await _lock_editable(tx, caller, dossier_id, version)
    content = await with_known_names(tx, content)
    await dossiers.save_content(tx, dossier_id, content)
    changes = content_changes(dossier.content, content)
    fact = ContentChanged(fields=tuple(change.field for change in changes), changes=changes)
    event_id = await record_of(tx, dossier, fact, await on_behalf_of_authors(tx, caller, dossier))
    await tell_of_authors(
        tx, event_id, dossier, dossier.content.authors, content.authors, by=caller.person_id
    )
    return await dossiers.get_dossier(tx, dossier_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFile:
    """A file whose content was looked at and lies beside the others, until its row is written; of a dry
    run nothing is kept. `upload_id` where it came in pieces."""

    filename: str
    media_type: str
    sha256: str
    size_bytes: int
    staged: Staged | None
    upload_id: UUID | None = None


async def require_room(
    tx: Tx, caller: Principal, dossier_id: UUID, size_bytes: int, room: Room, upload_id: UUID | None = None
) -> None:
    """Dossier and person have room for a file of this size. From here to the end of the transaction no other
    file of the person is counted."""
    if await attachments.count_attachments(tx, dossier_id) >= MOST_AT_ONCE:
        raise TooManyAttachments(most=MOST_AT_ONCE)
    await attachments.lock_uploads(tx, caller.person_id)
    sizes = await attachments.sizes_of(tx, dossier_id, caller.person_id, tx.now - _YEAR, upload_id)
    room.require(sizes.of_dossier + size_bytes, sizes.of_person + size_bytes)


async def add_attachment(
    tx: Tx, caller: Principal, dossier_id: UUID, file: NewFile, room: Room
) -> Attachment:
    """Add the file, if dossier and person have room for it."""
    dossier = await _lock_editable(tx, caller, dossier_id)
    await require_room(tx, caller, dossier_id, file.size_bytes, room, file.upload_id)
    attachment = Attachment(
        id=new_id(),
        dossier_id=dossier.id,
        sha256=file.sha256,
        filename=file.filename,
        media_type=file.media_type,
        size_bytes=file.size_bytes,
        added_by=caller.person_id,
        added_at=tx.now,
    )
    await attachments.insert_attachment(tx, attachment)
    fact = AttachmentAdded(
        attachment_id=attachment.id,
        sha256=attachment.sha256,
        size_bytes=attachment.size_bytes,
        media_type=attachment.media_type,
    )
    await record_of(tx, dossier, fact, await on_behalf_of_authors(tx, caller, dossier))
    await _files_changed(tx, dossier)
    if file.staged:
        await attachments.lock_for_keeping(tx)
        await file.staged.keep()
    return attachment


async def remove_attachment(tx: Tx, caller: Principal, dossier_id: UUID, attachment_id: UUID) -> UUID:
    """Take a file off the dossier."""
    dossier = await _lock_editable(tx, caller, dossier_id)
    await attachments.remove_attachment(tx, dossier_id, attachment_id)
    fact = AttachmentRemoved(attachment_id=attachment_id)
    await record_of(tx, dossier, fact, await on_behalf_of_authors(tx, caller, dossier))
    await _files_changed(tx, dossier)
    return attachment_id
