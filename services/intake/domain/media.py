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
_STREAM, _END_OF_STREAM = b"stream", b"endstream"
_PDF_FILTER = b"/Filter"
_PDF_OBJECTS = re.compile(rb"/ObjStm(?![A-Za-z0-9])")
_MOST_OBJECT_STREAMS, _MOST_OBJECT_BYTES = 50_000, 30_000_000
_PDF_ESCAPE = re.compile(rb"#([0-9a-fA-F]{2})")
_PDF_RUNS = re.compile(rb"/(?:JavaScript|Launch|RichMedia)(?![A-Za-z0-9])")
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
    """A PDF that runs a script or a program; names may be written in escapes, objects in packed streams.

    Where streams begin and end can be feigned, in a comment or a text, so what never comes up by chance is
    looked for everywhere; what does in pictures, only outside of streams."""
    if _PDF_RUNS.search(_named(content)):
        return True
    streams, left = _MOST_OBJECT_STREAMS, _MOST_OBJECT_BYTES
    for text, stream in _in_streams(content):
        named = _named(text)
        if _PDF_ACTS.search(named):
            return True
        if _PDF_OBJECTS.search(named):
            objects = _unpacked(named, stream, left)
            streams, left = streams - 1, left - len(objects)
            if streams < 0:
                raise AttachmentTypeRefused
            if _PDF_ACTS.search(_named(objects)):
                return True
    return False


def _named(content: bytes) -> bytes:
    return _PDF_ESCAPE.sub(lambda found: bytes([int(found[1], 16)]), content)


def _in_streams(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Each stream with what stands before it since the last one, and at the end what is left. In one pass: a
    search for the end of every beginning would take hours."""
    at = last = 0
    while (begin := content.find(_STREAM, at)) >= 0:
        at = begin + len(_STREAM)
        first = at + 1 if content[at : at + 1] == b"\r" else at
        if content[first : first + 1] != b"\n" or content[begin - 1 : begin].isalnum():
            continue
        end = content.find(_END_OF_STREAM, first)
        if end < 0:
            break
        yield content[last:begin], content[first + 1 : end]
        at = last = end + len(_END_OF_STREAM)
    yield content[last:], b""


def _unpacked(described: bytes, stream: bytes, most: int) -> bytes:
    """The objects in a stream, within bounds. In a way that nobody can look into here they are refused."""
    if _PDF_FILTER not in described:
        return stream
    try:
        objects = zlib.decompressobj().decompress(stream, most + 1)
    except zlib.error as error:
        raise AttachmentTypeRefused from error
    if len(objects) > most:
        raise AttachmentTypeRefused
    return objects
