"""What an attachment really is, told by its content and never by its name alone; what would act by itself
when it is opened is refused."""

import re
import zlib
from collections.abc import Iterator

from services.intake.domain.office import looks_inside
from services.intake.domain.refusals import AttachmentActive, AttachmentEmpty, AttachmentTypeRefused

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
_OLD_WORD = "WordDocument".encode("utf-16-le")
_OLD_MACROS = "_VBA_PROJECT".encode("utf-16-le")
_PDF_STREAM = re.compile(rb"\bstream\r?\n(.*?)endstream", re.DOTALL)
_PDF_OBJECTS = re.compile(rb"/ObjStm(?![A-Za-z0-9])")
_BEFORE_STREAM = 500
_MOST_OBJECT_BYTES = 30_000_000
_PDF_ESCAPE = re.compile(rb"#([0-9a-fA-F]{2})")
_PDF_ACTS = re.compile(rb"/(?:JavaScript|JS|Launch|RichMedia)(?![A-Za-z0-9])")


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
    if part:
        looks_inside(content, part)
    elif not _begins_as(extension, content) or _is_something_else_too(content):
        raise AttachmentTypeRefused
    if extension == "doc" and _OLD_WORD not in content:
        raise AttachmentTypeRefused
    if (extension == "doc" and _OLD_MACROS in content) or (extension == "pdf" and _acts(content)):
        raise AttachmentActive
    return _BY_EXTENSION[extension]


def _begins_as(extension: str, content: bytes) -> bool:
    brands = _BRANDS.get(extension)
    if brands is None:
        return content.startswith(_SIGNATURES[extension])
    return content[4:8] == b"ftyp" and content[8:12] in brands


def _is_something_else_too(content: bytes) -> bool:
    """A page for browsers or a PDF at its head, or an archive at its end: two programs would see two
    files."""
    return bool(_OTHER_IN_HEAD.search(content[:_HEAD])) or _ARCHIVE_END in content[-_TAIL:]


def _acts(content: bytes) -> bool:
    """A PDF that runs a script or a program; names may be written in escapes, objects in packed streams."""
    return any(_PDF_ACTS.search(_named(part)) for part in (_PDF_STREAM.sub(b"", content), *_packed(content)))


def _named(content: bytes) -> bytes:
    return _PDF_ESCAPE.sub(lambda found: bytes([int(found[1], 16)]), content)


def _packed(content: bytes) -> Iterator[bytes]:
    """What the streams of objects hold, unpacked within bounds."""
    left = _MOST_OBJECT_BYTES
    for stream in _PDF_STREAM.finditer(content):
        before = content[max(stream.start() - _BEFORE_STREAM, 0) : stream.start()].rpartition(b" obj")[2]
        if not _PDF_OBJECTS.search(_named(before)):
            continue
        try:
            plain = zlib.decompressobj().decompress(stream[1], left + 1)
        except zlib.error:
            # Not packed, or packed in a way that nobody looks into here: as it stands.
            plain = stream[1]
        left -= len(plain)
        if left < 0:
            raise AttachmentTypeRefused
        yield plain
