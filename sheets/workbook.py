"""A workbook, or a table as text, opened within bounds: sheets of plain cells, and nothing of it is ever
run."""

import re
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from io import BytesIO
from struct import error as StructError
from typing import Any, TypeAlias

from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from language.compound import SIGNATURE
from sheets.faulty_cells import faulty_cells
from sheets.layout import Layout, TooMuchMerged, layouts, merged_cells
from sheets.refusals import TextCodingUnknown, WorkbookTooLarge, WorkbookUnreadable
from sheets.separated import TextUnreadable, rows_of, text_of

MOST_ROWS, MOST_COLUMNS, MOST_SHEETS = 5_000, 100, 30
_MOST_BYTES = 100 * 1024 * 1024
_MOST_PARTS = 2_000
_PIECE = 64 * 1024
_PANIC = "PanicException"
_ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06")
_NO_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1f]")
_TEXT_NAME = "CSV"

Value: TypeAlias = str | float | int | bool | date | datetime | time | timedelta
"""What a cell holds; an empty one the empty text."""


def column_name(column: int) -> str:
    """`0` → `A`, `27` → `AB`."""
    name = ""
    column += 1
    while column:
        column, letter = divmod(column - 1, 26)
        name = chr(ord("A") + letter) + name
    return name


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A sheet: its rows all of one width, and the cells (row, column) of merged blocks with the cell that
    holds their value. Of a hidden one, and of hidden rows and columns, nobody who opens the workbook sees
    anything."""

    name: str
    rows: Sequence[Sequence[Value]]
    merged: Mapping[tuple[int, int], tuple[int, int]]
    is_hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()

    def address(self, row: int, column: int) -> str:
        """A cell as people point at it: `Danh sách!C7`."""
        return f"{self.name}!{column_name(column)}{row + 1}"

    def with_cells(self, cells: Mapping[tuple[int, int], str]) -> "Sheet":
        """The sheet with these cells in the place of empty ones."""
        rows = [list(row) for row in self.rows]
        for (row, column), value in cells.items():
            if row < len(rows) and column < len(rows[row]) and rows[row][column] == "":
                rows[row][column] = value
        return replace(self, rows=rows) if cells else self

    def answered(self, answers: Mapping[str, str]) -> "Sheet":
        """The sheet with some cells said anew."""
        rows = [
            [answers.get(self.address(at, column), value) for column, value in enumerate(row)]
            for at, row in enumerate(self.rows)
        ]
        return replace(self, rows=rows)


def open_workbook(content: bytes) -> tuple[Sheet, ...]:
    """The sheets of an .xlsx, .xlsm (its macros are not looked at), .xlsb, .ods or .xls, or of a .csv;
    refused when it is none or too large. Takes as long as its size: away from the event loop."""
    if not content.startswith((*_ARCHIVES, SIGNATURE)):
        return (_of_text(content),)
    if not content.startswith(SIGNATURE):
        require_bounded(content)
    try:
        sheets = _sheets(CalamineWorkbook.from_filelike(BytesIO(content)))
    except TooMuchMerged as error:
        raise _too_large() from error
    except (CalamineError, OSError, ValueError, OverflowError, EOFError) as error:
        raise WorkbookUnreadable from error
    except BaseException as error:
        # A panic of the reader is raised as no Exception; it left nothing but its own memory.
        if type(error).__name__ != _PANIC:
            raise
        raise WorkbookUnreadable from error
    try:
        laid_out = layouts(content, MOST_ROWS, MOST_COLUMNS)
        sheets = tuple(_laid_out(sheet, laid_out.get(sheet.name)) for sheet in sheets)
    except TooMuchMerged as error:
        raise _too_large() from error
    faulty = faulty_cells(content)
    return tuple(sheet.with_cells(faulty.get(sheet.name, {})) for sheet in sheets)


def _laid_out(sheet: Sheet, layout: Layout | None) -> Sheet:
    if layout is None:
        return sheet
    return replace(
        sheet,
        hidden_rows=frozenset(layout.rows),
        hidden_columns=frozenset(layout.columns),
        merged=sheet.merged or merged_cells(layout.blocks),
    )


def _of_text(content: bytes) -> Sheet:
    try:
        text = text_of(content)
        rows = rows_of(text)
    except TextUnreadable as error:
        # Bytes that no text has: it is something else.
        raise (WorkbookUnreadable if _NO_TEXT.search(content) else TextCodingUnknown) from error
    width = max((len(row) for row in rows), default=0)
    if width < 2 or _NO_TEXT.search(text.encode()):
        raise WorkbookUnreadable
    if len(rows) > MOST_ROWS or width > MOST_COLUMNS:
        raise _too_large()
    return Sheet(name=_TEXT_NAME, rows=[[*row, *[""] * (width - len(row))] for row in rows], merged={})


def require_bounded(content: bytes) -> None:
    """The archive unpacks to a bounded size: counted, for its own word on that may be false."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, StructError, EOFError) as error:
        raise WorkbookUnreadable from error
    if len(members) > _MOST_PARTS:
        raise _too_large()
    left = _MOST_BYTES
    for member in members:
        left -= _unpacked(content, member, left)


def _unpacked(content: bytes, member: zipfile.ZipInfo, most: int) -> int:
    start = member.header_offset
    head = content[start : start + 30]
    if len(head) < 30 or member.flag_bits & 1:
        raise WorkbookUnreadable
    start += 30 + int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little")
    packed = memoryview(content)[start : start + member.compress_size]
    if member.compress_type == zipfile.ZIP_STORED:
        size = len(packed)
    elif member.compress_type == zipfile.ZIP_DEFLATED:
        size = _inflated(packed, most)
    else:
        raise WorkbookUnreadable
    if size > most:
        raise _too_large()
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
                raise _too_large()
    except zlib.error as error:
        raise WorkbookUnreadable from error
    return size


def _too_large() -> WorkbookTooLarge:
    return WorkbookTooLarge(rows=MOST_ROWS, columns=MOST_COLUMNS, megabytes=_MOST_BYTES // 1_048_576)


def _sheets(book: CalamineWorkbook) -> tuple[Sheet, ...]:
    if len(book.sheet_names) > MOST_SHEETS:
        raise _too_large()
    hidden = {one.name for one in book.sheets_metadata if one.visible != SheetVisibleEnum.Visible}
    return tuple(replace(_sheet(book, name), is_hidden=name in hidden) for name in book.sheet_names)


def _sheet(book: CalamineWorkbook, name: str) -> Sheet:
    found = book.get_sheet_by_name(name)
    # A stray cell at the far corner makes a sheet of a billion empty ones: asked before they are made.
    if found.total_height > MOST_ROWS or found.total_width > MOST_COLUMNS:
        raise _too_large()
    rows: list[list[Any]] = found.to_python(skip_empty_area=False)
    width = max((len(row) for row in rows), default=0)
    blocks = [
        (first, (min(bottom + 1, len(rows)), min(right + 1, width)))
        for first, (bottom, right) in found.merged_cell_ranges or ()
    ]
    return Sheet(
        name=name, rows=[[*row, *[""] * (width - len(row))] for row in rows], merged=merged_cells(blocks)
    )
