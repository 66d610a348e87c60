"""What is inside an Office file: looked at within bounds, before anything of it is unpacked."""

import re
import zipfile
import zlib
from io import BytesIO
from typing import Final

from language.compound import SIGNATURE
from services.intake.domain.office_parts import Left, look_into_old_drawing, look_into_part
from services.intake.domain.old_word import require_harmless_object
from services.intake.domain.refusals import AttachmentActive, AttachmentLocked, AttachmentTypeRefused

_MOST_DIRECTORY_BYTES: Final = 1_000_000
_END, _END_OF_64 = b"PK\x05\x06", b"PK\x06\x07"
_END_LENGTH, _LONGEST_COMMENT = 22, 65_535
_ACTIVE_PART: Final = re.compile(
    r"vbaproject|vbadata|/activex/|/macrosheets/"
    r"|\.(?:exe|dll|com|pif|cpl|msi|jar|jse?|vb[se]|ws[fh]|ps1|bat|cmd|scr|sct|hta|lnk|url|reg|swf|chm"
    r"|x?html?|mht(?:ml)?|rtf)$"
)
_LINKS_OF_WORKBOOK: Final = "xl/externallinks/"
_BEGIN, _PROGRAM, _RICH_TEXT = b"PK", b"MZ", b"{\\rt"
_TYPES: Final = "[content_types].xml"
_DEEPEST: Final = 2
_LOCKED: Final = "EncryptedPackage".encode("utf-16-le")
_HEAD: Final = 64
_BY_NAME: Final = (".xml", ".rels", ".vml", ".svg")
_TEXT_BEGINS: Final = re.compile(rb"(?:\xef\xbb\xbf)?\s*<|\xff\xfe|\xfe\xff|\x00<")


def looks_inside(content: bytes, part: str) -> None:
    """An Office file with this part, in which nothing acts by itself: no macros and controls, fields and
    formulas that start programs, packed files, templates or pictures from elsewhere; refused otherwise."""
    if content.startswith(SIGNATURE) and _LOCKED in content:
        raise AttachmentLocked
    if not content.startswith(_BEGIN):
        raise AttachmentTypeRefused
    _look_into_archive(content, Left(), part, 0)


def look_into_package(content: bytes) -> None:
    """A file of Office that an old one holds."""
    _look_into_archive(content, Left(), None, 1)


def _look_into_archive(content: bytes, left: Left, part: str | None, depth: int) -> None:
    _require_small_directory(content)
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            names = archive.namelist()
            known = {name.lower() for name in names}
            # Names of parts are the same in capitals; of two, each program takes another one.
            if (part or _TYPES) not in (names if part else known) or len(known) < len(names):
                raise AttachmentTypeRefused
            if any(_ACTIVE_PART.search(f"/{name.lower()}") for name in names):
                raise AttachmentActive
            for name in names:
                _look_into(archive, name, left, depth)
    except (zipfile.BadZipFile, zlib.error, ValueError, OSError, EOFError, NotImplementedError) as error:
        raise AttachmentTypeRefused from error
    except RuntimeError as error:
        # It is encrypted: nobody could look inside.
        raise AttachmentLocked from error


def _look_into(archive: zipfile.ZipFile, name: str, left: Left, depth: int) -> None:
    """By what the part is, whatever it is called; of pictures and sounds only how they begin."""
    with archive.open(name) as opened:
        head = opened.read(_HEAD)
        is_text = bool(_TEXT_BEGINS.match(head)) or name.lower().endswith(_BY_NAME)
        if head.startswith((_PROGRAM, _RICH_TEXT)):
            raise AttachmentActive
        if name.lower().startswith(_LINKS_OF_WORKBOOK) and head and not is_text:
            # Of a workbook in the binary form: nobody can look into that.
            raise AttachmentActive
        if not (is_text or head.startswith((SIGNATURE, _BEGIN))):
            return
        whole = head + opened.read(left.size + 1)
    left.take(len(whole))
    if is_text:
        look = look_into_old_drawing if name.lower().endswith(".vml") else look_into_part
        if whole.strip():
            look(whole, left)
    elif depth >= _DEEPEST:
        raise AttachmentActive
    elif whole.startswith(SIGNATURE):
        require_harmless_object(whole, lambda package: _look_into_archive(package, left, None, depth + 1))
    else:
        _look_into_archive(whole, left, None, depth + 1)


def _require_small_directory(content: bytes) -> None:
    """The list of what is inside is bounded by its own size, for its count may be false."""
    at = content.rfind(_END, -_END_LENGTH - _LONGEST_COMMENT)
    size = int.from_bytes(content[at + 12 : at + 16], "little")
    if at < 0 or size > _MOST_DIRECTORY_BYTES or _END_OF_64 in content[max(at - 20, 0) : at]:
        raise AttachmentTypeRefused
