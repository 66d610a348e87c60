"""What an attachment really is, told by its content and never by its name alone; what would act by itself
when it is opened is refused."""

import re

from services.intake.domain.office import look_into_package, looks_inside
from services.intake.domain.old_word import looks_into_old_word
from services.intake.domain.pdf import require_harmless_pdf
from services.intake.domain.refusals import AttachmentEmpty, AttachmentTypeRefused

_OOXML = "application/vnd.openxmlformats-officedocument."
_BY_EXTENSION = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "heic": "image/heic",
    "mp4": "video/mp4",
    "doc": "application/msword",
    "docx": f"{_OOXML}wordprocessingml.document",
    "xlsx": f"{_OOXML}spreadsheetml.sheet",
    "pptx": f"{_OOXML}presentationml.presentation",
}
_OFFICE_PARTS = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}
_SIGNATURES = {
    "pdf": b"%PDF-",
    "png": b"\x89PNG\r\n\x1a\n",
    "jpg": b"\xff\xd8\xff",
    "jpeg": b"\xff\xd8\xff",
    "doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
}
_BRANDS = {
    "heic": frozenset({b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1"}),
    "mp4": frozenset(
        {b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"MSNV"}
    ),
}
VIDEO = "mp4"
_HEAD, _TAIL = 1_024, 65_557
_OTHER_IN_HEAD = re.compile(rb"<\s*(?:html|script|!doctype|svg|\?php)|(?!\A)%PDF-", re.IGNORECASE)
_ARCHIVE_END = b"PK\x05\x06"


def extension_of(filename: str) -> str:
    """The extension, if it is one of those that are taken; refused otherwise."""
    stem, _, extension = filename.lower().rpartition(".")
    if not stem or extension not in _BY_EXTENSION:
        raise AttachmentTypeRefused
    return extension


def media_type_of(filename: str, content: bytes) -> str:
    """The media type, if the content is what the name's extension says and does nothing by itself; refused
    otherwise. Takes as long as the content is large: away from the event loop."""
    if not content:
        raise AttachmentEmpty
    extension = extension_of(filename)
    part = _OFFICE_PARTS.get(extension)
    if _is_something_else_too(content, extension):
        raise AttachmentTypeRefused
    if part:
        looks_inside(content, part)
    elif not _begins_as(extension, content):
        raise AttachmentTypeRefused
    if extension == "doc":
        looks_into_old_word(content, look_into_package)
    if extension == "pdf":
        require_harmless_pdf(content)
    return _BY_EXTENSION[extension]


def _begins_as(extension: str, content: bytes) -> bool:
    brands = _BRANDS.get(extension)
    if brands is None:
        return content.startswith(_SIGNATURES[extension])
    return content[4:8] == b"ftyp" and content[8:12] in brands


def _is_something_else_too(content: bytes, extension: str) -> bool:
    """A page for browsers or a PDF at its head, or an archive at its end: two programs would see two
    files."""
    return bool(_OTHER_IN_HEAD.search(content[:_HEAD])) or _ends_as_archive(content, extension)


def _ends_as_archive(content: bytes, extension: str) -> bool:
    """An old document may hold an archive, for new ones in it are such; not be one."""
    at = content.rfind(_ARCHIVE_END, -_TAIL)
    if at < 0 or extension in _OFFICE_PARTS:
        return False
    comment = int.from_bytes(content[at + 20 : at + 22], "little")
    return extension != "doc" or at + 22 + comment >= len(content)
