"""What an attachment really is, told by its first bytes and never by its name alone."""

import zipfile
from io import BytesIO

from services.intake.domain.refusals import AttachmentEmpty, AttachmentTypeRefused

_OOXML = "application/vnd.openxmlformats-officedocument."
_BY_EXTENSION = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "docx": f"{_OOXML}wordprocessingml.document",
    "xlsx": f"{_OOXML}spreadsheetml.sheet",
}
_OFFICE_PARTS = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}
_SIGNATURES = {"pdf": b"%PDF-", "png": b"\x89PNG\r\n\x1a\n", "jpg": b"\xff\xd8\xff", "jpeg": b"\xff\xd8\xff"}


def _holds_part(content: bytes, part: str) -> bool:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return part in archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return False


def media_type_of(filename: str, content: bytes) -> str:
    """The media type, if the content is what the name's extension says; refused otherwise."""
    if not content:
        raise AttachmentEmpty
    stem, _, extension = filename.lower().rpartition(".")
    if not stem or extension not in _BY_EXTENSION:
        raise AttachmentTypeRefused
    part = _OFFICE_PARTS.get(extension)
    fits = _holds_part(content, part) if part else content.startswith(_SIGNATURES[extension])
    if not fits:
        raise AttachmentTypeRefused
    return _BY_EXTENSION[extension]
