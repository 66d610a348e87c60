"""The files of a dossier."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.intake.domain.media import VIDEO, extension_of
from services.intake.domain.refusals import AttachmentEmpty, AttachmentTooLarge, DossierFull, PersonFull

_MEGABYTE = 1_048_576


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file of a dossier, known by the SHA-256 of its content."""

    id: UUID
    dossier_id: UUID
    sha256: str
    filename: str
    media_type: str
    size_bytes: int
    added_by: UUID
    added_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """How many bytes a dossier may have, and a person may upload within a year."""

    of_dossier: int
    of_person: int

    def require(self, dossier_bytes: int, person_bytes: int) -> None:
        """There is room for so many bytes; refused otherwise."""
        if dossier_bytes > self.of_dossier:
            raise DossierFull(limit=self.of_dossier // _MEGABYTE)
        if person_bytes > self.of_person:
            raise PersonFull(limit=self.of_person // _MEGABYTE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Largest:
    """How many bytes a file may have, by what its name says that it is."""

    video: int
    other: int

    def of(self, filename: str) -> int:
        """Of a file with this name; refused where the name says that it is none of those that are taken."""
        return self.video if extension_of(filename) == VIDEO else self.other

    def too_large(self, filename: str) -> AttachmentTooLarge:
        """What a larger one is told."""
        return AttachmentTooLarge(limit=self.of(filename) // _MEGABYTE)

    def require(self, filename: str, size_bytes: int) -> None:
        """A file of this name and size could be taken; refused otherwise."""
        if size_bytes > self.of(filename):
            raise self.too_large(filename)
        if not size_bytes:
            raise AttachmentEmpty
