"""The process that reads one workbook, within bounds of memory and time that nothing in a file can move.

The workbook comes in at its input, the sheets leave at its output. It knows little else, to begin soon."""

import pickle
import re
import resource
import sys
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import replace
from enum import IntEnum
from io import BytesIO
from struct import error as StructError
from typing import Any, Final

from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from language.compound import SIGNATURE
from sheets.cells import Sheet, Value
from sheets.faulty_cells import counts_from_1904, faulty_cells
from sheets.layout import Layout, TooMuchMerged, layouts, merged_cells
from sheets.number_formats import as_shown
from sheets.separated import TextUnreadable, rows_of, text_of

MOST_ROWS, MOST_COLUMNS, MOST_SHEETS = 5_000, 100, 30
MOST_BYTES = 100 * 1024 * 1024
_MOST_CELLS = 2 * MOST_ROWS * MOST_COLUMNS
"""Of all sheets together: what is made of each cell afterwards takes its time, too."""
_MOST_LETTERS = 20_000_000
"""In all cells together: a text that is kept once and shown in many cells is many texts."""
_MOST_PARTS = 2_000
MOST_MEMORY: Final = 768 * 1024 * 1024
_MOST_SECONDS: Final = 20
_PIECE = 64 * 1024
_PANIC = "PanicException"
_ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06")
_NO_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1f]")
_TEXT_NAME = "CSV"


class Outcome(IntEnum):
    """With what the process ends; 1 is Python's own, for what nobody foresaw."""

    READ = 0
    UNREADABLE = 3
    TOO_LARGE = 4
    CODING_UNKNOWN = 5


class Unreadable(Exception):
    """The content is no spreadsheet that can be opened."""


class CodingUnknown(Exception):
    """The content is text, in a coding that nobody can tell for sure."""


class TooLarge(Exception):
    """More parts, bytes, rows or columns than a list of people ever has."""


def main() -> Outcome:
    """Read, and say with the code how it went."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_MOST_SECONDS, _MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        sys.stdout.buffer.write(pickle.dumps(read_sheets(sys.stdin.buffer.read())))
    except Unreadable:
        return Outcome.UNREADABLE
    except CodingUnknown:
        return Outcome.CODING_UNKNOWN
    except (TooLarge, TooMuchMerged, MemoryError):
        return Outcome.TOO_LARGE
    return Outcome.READ


def read_sheets(content: bytes) -> tuple[Sheet, ...]:
    """The sheets of a workbook; what the file asks for, this process needs."""
    if not content.startswith((*_ARCHIVES, SIGNATURE)):
        return (_of_text(content),)
    if not content.startswith(SIGNATURE):
        require_bounded(content)
    try:
        sheets = _sheets(CalamineWorkbook.from_filelike(BytesIO(content)))
    except TooMuchMerged:
        raise
    except (CalamineError, OSError, ValueError, OverflowError, EOFError) as error:
        raise Unreadable from error
    except BaseException as error:
        # A panic of the reader is raised as no Exception; it left nothing but its own memory.
        if type(error).__name__ != _PANIC:
            raise
        raise Unreadable from error
    _require_short(sheets)
    laid_out = layouts(content, MOST_ROWS, MOST_COLUMNS)
    sheets = tuple(_laid_out(sheet, laid_out.get(sheet.name)) for sheet in sheets)
    faulty, from_1904 = faulty_cells(content), counts_from_1904(content)
    return tuple(
        replace(sheet.with_cells(faulty.get(sheet.name, {})), from_1904=from_1904) for sheet in sheets
    )


def _laid_out(sheet: Sheet, layout: Layout | None) -> Sheet:
    if layout is None:
        return sheet
    return replace(
        sheet,
        rows=_as_shown(sheet, layout),
        hidden_rows=frozenset(layout.rows),
        hidden_columns=frozenset(layout.columns),
        merged=sheet.merged or merged_cells(layout.blocks),
    )


def _as_shown(sheet: Sheet, layout: Layout) -> Sequence[Sequence[Value]]:
    if not layout.formats:
        return sheet.rows
    return [
        [as_shown(value, layout.formats.get((at, column), "")) for column, value in enumerate(row)]
        for at, row in enumerate(sheet.rows)
    ]


def _of_text(content: bytes) -> Sheet:
    try:
        text = text_of(content)
        rows = rows_of(text)
    except TextUnreadable as error:
        # Bytes that no text has: it is something else.
        raise (Unreadable if _NO_TEXT.search(content) else CodingUnknown) from error
    width = max((len(row) for row in rows), default=0)
    if width < 2 or _NO_TEXT.search(text.encode()):
        raise Unreadable
    if len(rows) > MOST_ROWS or width > MOST_COLUMNS:
        raise TooLarge
    sheet = Sheet(name=_TEXT_NAME, rows=[[*row, *[""] * (width - len(row))] for row in rows], merged={})
    _require_short([sheet])
    return sheet


def _require_short(sheets: Sequence[Sheet]) -> None:
    if sum(len(sheet.rows) * len(sheet.rows[0]) for sheet in sheets if sheet.rows) > _MOST_CELLS:
        raise TooLarge
    letters = (
        len(value) for sheet in sheets for row in sheet.rows for value in row if isinstance(value, str)
    )
    if sum(letters) > _MOST_LETTERS:
        raise TooLarge


def require_bounded(content: bytes) -> None:
    """The archive unpacks to a bounded size: counted, for its own word on that may be false."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, StructError, EOFError) as error:
        raise Unreadable from error
    if len(members) > _MOST_PARTS:
        raise TooLarge
    left = MOST_BYTES
    for member in members:
        left -= _unpacked(content, member, left)


def _unpacked(content: bytes, member: zipfile.ZipInfo, most: int) -> int:
    start = member.header_offset
    head = content[start : start + 30]
    if len(head) < 30 or member.flag_bits & 1:
        raise Unreadable
    start += 30 + int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little")
    packed = memoryview(content)[start : start + member.compress_size]
    if member.compress_type == zipfile.ZIP_STORED:
        size = len(packed)
    elif member.compress_type == zipfile.ZIP_DEFLATED:
        size = _inflated(packed, most)
    else:
        raise Unreadable
    if size > most:
        raise TooLarge
    return size


def _inflated(packed: memoryview, most: int) -> int:
    inflating = zlib.decompressobj(-zlib.MAX_WBITS)
    size = 0
    rest: bytes | memoryview = packed
    try:
        while rest and not inflating.eof:
            size += len(inflating.decompress(rest, _PIECE))
            rest = inflating.unconsumed_tail
            if size > most:
                raise TooLarge
    except zlib.error as error:
        raise Unreadable from error
    return size


def _sheets(book: CalamineWorkbook) -> tuple[Sheet, ...]:
    if len(book.sheet_names) > MOST_SHEETS:
        raise TooLarge
    hidden = {one.name for one in book.sheets_metadata if one.visible != SheetVisibleEnum.Visible}
    return tuple(replace(_sheet(book, name), is_hidden=name in hidden) for name in book.sheet_names)


def _sheet(book: CalamineWorkbook, name: str) -> Sheet:
    found = book.get_sheet_by_name(name)
    # A stray cell at the far corner makes a sheet of a billion empty ones: asked before they are made. The
    # reader's totals are the places of the last row and column.
    if found.total_height >= MOST_ROWS or found.total_width >= MOST_COLUMNS:
        raise TooLarge
    rows: list[list[Any]] = found.to_python(skip_empty_area=False)
    width = max((len(row) for row in rows), default=0)
    blocks = [
        (first, (min(bottom + 1, len(rows)), min(right + 1, width)))
        for first, (bottom, right) in found.merged_cell_ranges or ()
    ]
    return Sheet(
        name=name, rows=[[*row, *[""] * (width - len(row))] for row in rows], merged=merged_cells(blocks)
    )


if __name__ == "__main__":
    sys.exit(main())
