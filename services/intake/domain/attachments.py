"""What may be attached: five kinds of file, told by their content, which must be what the name says."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import BinaryIO, Final
from uuid import UUID
from zipfile import BadZipFile, ZipFile

from services.intake.domain.refusals import AttachmentNameRefused, AttachmentTypeRefused

MAX_ATTACHMENT_BYTES: Final = 20 * 1024 * 1024
MAX_ATTACHMENTS: Final = 20

_OFFICE: Final = "application/vnd.openxmlformats-officedocument"
_HEAD_BYTES: Final = 8
_LOCAL_FILE: Final = b"PK\x03\x04"


class AttachmentType(Enum):
    """An accepted type: its media type and the endings its names may have."""

    PDF = ("application/pdf", (".pdf",))
    DOCX = (f"{_OFFICE}.wordprocessingml.document", (".docx",))
    XLSX = (f"{_OFFICE}.spreadsheetml.sheet", (".xlsx",))
    PNG = ("image/png", (".png",))
    JPEG = ("image/jpeg", (".jpg", ".jpeg"))

    @property
    def media_type(self) -> str:
        """As HTTP names it."""
        return self.value[0]

    @property
    def endings(self) -> tuple[str, ...]:
        """How names of this type end."""
        return self.value[1]


_SIGNATURES: Final = ((b"%PDF-", AttachmentType.PDF), (b"\x89PNG\r\n\x1a\n", AttachmentType.PNG), (b"\xff\xd8\xff", AttachmentType.JPEG))
_MAIN_PARTS: Final = (("word/document.xml", AttachmentType.DOCX), ("xl/workbook.xml", AttachmentType.XLSX))


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file of a dossier. `sha256` is also its address among the files, and the proof of what was filed."""

    id: UUID
    dossier_id: UUID
    filename: str
    sha256: str
    size_bytes: int
    media_type: str
    attached_by: UUID
    attached_at: datetime


def check_name(filename: str) -> str:
    """The name, or `AttachmentNameRefused` if it could be taken for a path or hide something."""
    if not filename.isprintable() or "/" in filename or "\\" in filename or not filename.strip(". "):
        raise AttachmentNameRefused
    return filename


def check_type(filename: str, content: BinaryIO) -> AttachmentType:
    """The type that the content has, if the name says the same; else `AttachmentTypeRefused`."""
    found = _type_of(content)
    if found is None or not filename.lower().endswith(found.endings):
        raise AttachmentTypeRefused(accepted=", ".join(kind.name for kind in AttachmentType))
    return found


def _type_of(content: BinaryIO) -> AttachmentType | None:
    head = content.read(_HEAD_BYTES)
    if head.startswith(_LOCAL_FILE):
        return _office_type(content)
    return next((kind for signature, kind in _SIGNATURES if head.startswith(signature)), None)


def _office_type(content: BinaryIO) -> AttachmentType | None:
    try:
        with ZipFile(content) as archive:
            names = frozenset(archive.namelist())
    except (BadZipFile, ValueError, NotImplementedError):
        return None
    return next((kind for part, kind in _MAIN_PARTS if part in names), None)
