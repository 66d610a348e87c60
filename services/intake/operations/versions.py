"""What was handed in stays readable as it was, for whoever sees the dossier and for the people in it then."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from casework.joined import records_of
from kit.auth import Principal
from kit.db import Tx
from language.events.intake import ContentChange
from language.refusals import NotFound
from services.intake.domain.attachment import Attachment
from services.intake.domain.dossier import Dossier
from services.intake.domain.version import FiledVersion
from services.intake.operations.content_changes import content_changes
from services.intake.operations.reading import may_read
from services.intake.store import attachments, dossiers, versions


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownVersion:
    """A version with its files and with what it changed of the one before."""

    version: FiledVersion
    attachments: Sequence[Attachment]
    changes: Sequence[ContentChange]


async def keep_version(tx: Tx, dossier: Dossier, filer: UUID) -> None:
    """The content and the files as they are handed in."""
    before = await versions.versions_of(tx, dossier.id)
    files = await attachments.list_attachments(tx, dossier.id)
    version = FiledVersion(
        dossier_id=dossier.id,
        number=len(before) + 1,
        filed_by=filer,
        filed_at=tx.now,
        content=dossier.content,
        author_ids=dossier.author_ids,
        attachment_ids=[file.id for file in files],
    )
    await versions.insert_version(tx, version)


async def list_versions(tx: Tx, caller: Principal, dossier_id: UUID) -> list[FiledVersion]:
    """All of them for whoever sees the dossier; for who is in it no more, those the person was in. To others
    there are none."""
    dossier = await dossiers.get_dossier(tx, dossier_id)
    found = await versions.versions_of(tx, dossier_id)
    if await may_read(tx, caller, dossier):
        return found
    # What was handed in keeps the ids of its day.
    ids = await records_of(tx, caller.person_id)
    own = [version for version in found if not ids.isdisjoint((*version.author_ids, version.filed_by))]
    if not own:
        raise NotFound
    return own


async def _one_of(tx: Tx, caller: Principal, dossier_id: UUID, number: int) -> tuple[FiledVersion, ...]:
    """The version, after the one before it if the caller sees that too."""
    seen = {version.number: version for version in await list_versions(tx, caller, dossier_id)}
    if number not in seen:
        raise NotFound
    return tuple(seen[one] for one in (number - 1, number) if one in seen)


async def read_version(tx: Tx, caller: Principal, dossier_id: UUID, number: int) -> ShownVersion:
    """One version in full."""
    *before, version = await _one_of(tx, caller, dossier_id, number)
    return ShownVersion(
        version=version,
        attachments=await versions.files_of(tx, version),
        changes=content_changes(before[0].content, version.content) if before else (),
    )


async def file_of_version(
    tx: Tx, caller: Principal, dossier_id: UUID, number: int, attachment_id: UUID
) -> Attachment:
    """One of the files it had, also if it was taken off since."""
    *_, version = await _one_of(tx, caller, dossier_id, number)
    found = await versions.files_of(tx, version, [attachment_id])
    if not found:
        raise NotFound
    return found[0]
