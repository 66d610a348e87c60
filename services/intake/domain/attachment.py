"""The files of a dossier."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


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
