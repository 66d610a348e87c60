"""A document as Word wrote it before 2007: its text and template, and the objects that such files hold."""

import re
import struct
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Final
from uuid import UUID

from language.compound import Compound, CompoundBroken
from services.intake.domain.fields import Fields
from services.intake.domain.refusals import AttachmentActive, AttachmentLocked, AttachmentTypeRefused

_MACROS: Final = frozenset({"macros", "vba", "_vba_project", "_vba_project_cur", "project", "projectwm"})
_RUNS: Final = frozenset({"\x03ocxname", "\x03ocxdata", "\x01ole10itemname"})
"""A control, and a link to a running program."""
_PACKED, _PICTURE = "\x01ole10native", b"BM"
_LOCKED: Final = frozenset({"encryptedpackage", "encryptioninfo"})
_OLE: Final = "\x01ole"
_KNOWN: Final = frozenset(
    UUID(text)
    for text in (
        "00000000-0000-0000-0000-000000000000",
        # Formulas: the editor of Office, MathType.
        "00021700-0000-0000-c000-000000000046",
        "0002ce01-0000-0000-c000-000000000046",
        "0002ce02-0000-0000-c000-000000000046",
        "0002ce03-0000-0000-c000-000000000046",
        # Documents, workbooks, charts and slides of Office, in old files and new.
        "00020900-0000-0000-c000-000000000046",
        "00020906-0000-0000-c000-000000000046",
        "00020907-0000-0000-c000-000000000046",
        "f4754c9b-64f5-4b40-8af4-679732ac0607",
        "00020803-0000-0000-c000-000000000046",
        "00020810-0000-0000-c000-000000000046",
        "00020811-0000-0000-c000-000000000046",
        "00020820-0000-0000-c000-000000000046",
        "00020821-0000-0000-c000-000000000046",
        "00020830-0000-0000-c000-000000000046",
        "64818d10-4f9b-11cf-86ea-00aa00b929e8",
        "64818d11-4f9b-11cf-86ea-00aa00b929e8",
        "cf4f55f4-8f87-4d47-80bb-5808164bb3f8",
        "048eb43e-2059-422f-95e0-557da96038af",
        # Drawings of Visio and ChemDraw; pictures of Paint, and without a program.
        "41ba6d21-a02e-11ce-8fd9-0020afd1f20c",
        "0003000a-0000-0000-c000-000000000046",
        "00000315-0000-0000-c000-000000000046",
        "00000316-0000-0000-c000-000000000046",
        "00021a13-0000-0000-c000-000000000046",
        "00021a14-0000-0000-c000-000000000046",
        "d3e34b21-9d75-101a-8c3d-00aa001a1652",
    )
)
"""The programs whose objects a document may hold; every other would be started to show its object."""
_ELSEWHERE: Final = re.compile(
    b"|".join(
        [
            rb"(?:https?|ftp|mhtml|script):",
            rb"(?:h\0t\0t\0p\0(?:s\0)?|f\0t\0p\0|s\0c\0r\0i\0p\0t\0):\0",
            rb"\\\\[\w.]",
            rb"\\\0\\\0[\w.]\0",
            # A name that is an address; a script.
            re.escape(UUID("79eac9e0-baf9-11ce-8c82-00aa004ba90b").bytes_le),
            re.escape(UUID("06290bd3-48aa-11d2-8432-006008c3fbfc").bytes_le),
        ]
    ),
    re.IGNORECASE,
)
_TEXT, _TABLES = "worddocument", ("0table", "1table")
_WORD_97 = 0xC1
_IS_LOCKED, _SECOND_TABLE = 0x0100, 0x0200
_AT_TEXTS, _AT_PIECES = 0x19A, 0x1A2
_EIGHT_BITS = 0x40000000
_TEMPLATE = 1
_FIELD_MARK: Final = re.compile("([\x13\x14\x15])")
REMOTE: Final = re.compile(r"^\s*(?:[a-z][a-z0-9+.-]+:(?!/{2,3}[a-z]:)|[/\\]{2})", re.IGNORECASE)
"""A place on another machine. A drive is one letter."""


def require_harmless_object(content: bytes, look_into_package: Callable[[bytes], None]) -> None:
    """A compound file without macros, packed files, controls and links to elsewhere, of a known program."""
    try:
        _look_at_object(Compound(content), look_into_package)
    except CompoundBroken as error:
        raise AttachmentTypeRefused from error


def _look_at_object(found: Compound, look_into_package: Callable[[bytes], None]) -> None:
    names = {entry.name for entry in found.entries}
    if names & _LOCKED:
        raise AttachmentLocked
    if names & (_MACROS | _RUNS):
        raise AttachmentActive
    if any(UUID(bytes_le=entry.class_id) not in _KNOWN for entry in found.entries):
        raise AttachmentActive
    if any(_ELSEWHERE.search(link) for link in found.streams(_OLE)):
        raise AttachmentActive
    # Pictures of Paint are kept as any packed file is: after their length.
    if not all(packed[4:6] == _PICTURE for packed in found.streams(_PACKED)):
        raise AttachmentActive
    for package in found.streams("package"):
        look_into_package(package)


def looks_into_old_word(content: bytes, look_into_package: Callable[[bytes], None]) -> None:
    """A document of Word 97 to 2003 that does nothing by itself; refused otherwise."""
    try:
        found = Compound(content)
        _look_at_object(found, look_into_package)
        _look_at_text(found)
    except (CompoundBroken, struct.error) as error:
        raise AttachmentTypeRefused from error


def _look_at_text(found: Compound) -> None:
    text = next(found.streams(_TEXT), b"")
    if len(text) < _AT_PIECES + 8 or struct.unpack_from("<H", text, 2)[0] < _WORD_97:
        raise AttachmentTypeRefused
    (flags,) = struct.unpack_from("<H", text, 0x0A)
    if flags & _IS_LOCKED:
        raise AttachmentLocked
    table = next(found.streams(_TABLES[bool(flags & _SECOND_TABLE)]), b"")
    _require_harmless_text(_pieces(text, _part(text, table, _AT_PIECES)))
    _require_own_template(_part(text, table, _AT_TEXTS))


def _part(text: bytes, table: bytes, at: int) -> bytes:
    start, length = struct.unpack_from("<II", text, at)
    return table[start : start + length]


def _pieces(text: bytes, places: bytes) -> Iterator[str]:
    """The text in its order, which is not that of the file."""
    at = 0
    while places[at : at + 1] == b"\x01":
        at += 3 + struct.unpack_from("<H", places, at + 1)[0]
    if places[at : at + 1] != b"\x02":
        raise AttachmentTypeRefused
    (length,) = struct.unpack_from("<I", places, at + 1)
    listed = places[at + 5 : at + 5 + length]
    count = (len(listed) - 4) // 12
    left = len(text)
    ends = struct.unpack_from(f"<{count + 1}I", listed)
    for number, (first, after) in enumerate(pairwise(ends)):
        (place,) = struct.unpack_from("<I", listed, 4 * (count + 1) + 8 * number + 2)
        if place & _EIGHT_BITS:
            start, size, coding = (place & ~_EIGHT_BITS) // 2, after - first, "cp1252"
        else:
            start, size, coding = place, 2 * (after - first), "utf-16-le"
        left -= size
        if after < first or left < 0:
            # Pieces of a text that is there once are never longer than it.
            raise AttachmentTypeRefused
        yield text[start : start + size].decode(coding, "replace")


def _require_harmless_text(pieces: Iterator[str]) -> None:
    fields = Fields()
    marks = {"\x13": fields.begin, "\x14": fields.shows, "\x15": fields.end}
    for said in _FIELD_MARK.split("".join(pieces)):
        mark = marks.get(said)
        if mark:
            mark()
        else:
            fields.says(said)
    fields.close()


def _require_own_template(texts: bytes) -> None:
    """The second of the texts that the document is kept with says where its template is."""
    if len(texts) < 6:
        return
    _, count, extra = struct.unpack_from("<HHH", texts)
    at = 6
    for number in range(count):
        (length,) = struct.unpack_from("<H", texts, at)
        if number == _TEMPLATE:
            if REMOTE.match(texts[at + 2 : at + 2 + 2 * length].decode("utf-16-le", "replace")):
                raise AttachmentActive
            return
        at += 2 + 2 * length + extra
