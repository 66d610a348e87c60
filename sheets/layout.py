"""What the reader of workbooks does not tell of a sheet: which rows and columns are hidden, in an .ods which
cells are merged, and which numbers are shown otherwise than they are kept."""

import re
import struct
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from itertools import islice
from typing import Final
from xml.parsers.expat import ExpatError, ParserCreate

from language.compound import SIGNATURE, Compound, CompoundBroken
from sheets.faulty_cells import sheet_parts
from sheets.number_formats import PERCENT, telling_cells, telling_styles

_TAG: Final = rb"(?:[A-Za-z0-9]+:)?"
_ROWS: Final = re.compile(rb"<%brow\b([^<>]*)>" % _TAG)
_COLUMNS: Final = re.compile(rb"<%bcol\b([^<>]*)>" % _TAG)
_NUMBER: Final = re.compile(rb"\b(r|min|max)=[\"']([0-9]{1,7})[\"']")
_HIDDEN: Final = re.compile(rb"\bhidden=[\"'](?:1|true)[\"']|\b(?:ht|width)=[\"']0(?:\.0+)?[\"']")
MOST_MERGED: Final = 1_000_000
_MOST_SHEETS: Final = 64
_ODS_CONTENT: Final = "content.xml"
_UNSEEN: Final = frozenset({"collapse", "filter"})

Cells = dict[tuple[int, int], tuple[int, int]]
Block = tuple[tuple[int, int], tuple[int, int]]
"""A merged block: its first row and column, and those after its last."""


class TooMuchMerged(ValueError):
    """More cells in merged blocks than a list of people ever has."""


@dataclass(slots=True, kw_only=True)
class Layout:
    """Of one sheet: its hidden rows and columns, its merged blocks, and where numbers are shown
    otherwise than they are kept."""

    rows: set[int] = field(default_factory=set)
    columns: set[int] = field(default_factory=set)
    blocks: list[Block] = field(default_factory=list)
    formats: dict[tuple[int, int], str] = field(default_factory=dict)


def layouts(content: bytes, most_rows: int, most_columns: int) -> Mapping[str, Layout]:
    """By the names of the sheets, of rows and columns up to so many. Nothing of other kinds of workbook, nor
    where the parts are not where they should be."""
    try:
        if content.startswith(SIGNATURE):
            return _of_old_excel(content)
        with zipfile.ZipFile(BytesIO(content)) as archive:
            if _ODS_CONTENT in archive.namelist():
                return _OpenDocument(most_rows, most_columns).read(archive.read(_ODS_CONTENT))
            styles = telling_styles(archive)
            return {
                name: _of_part(archive.read(part), most_columns, styles)
                for name, part in sheet_parts(archive)
            }
    except (zipfile.BadZipFile, KeyError, ExpatError, CompoundBroken, struct.error):
        return {}


def merged_cells(blocks: Sequence[Block]) -> Cells:
    """Each cell of the blocks with the one that holds its value. Blocks that lie over others would take for
    ever."""
    sizes = (len(range(top, bottom)) * len(range(left, right)) for (top, left), (bottom, right) in blocks)
    if sum(sizes) > MOST_MERGED:
        raise TooMuchMerged
    return {
        (row, column): (top, left)
        for (top, left), (bottom, right) in blocks
        for row in range(top, bottom)
        for column in range(left, right)
        if (row, column) != (top, left)
    }


def _of_part(text: bytes, most_columns: int, styles: Mapping[int, str]) -> Layout:
    found = Layout(formats=telling_cells(text, styles))
    number = 0
    for row in _ROWS.finditer(text):
        numbers = dict(_NUMBER.findall(row[1]))
        number = int(numbers.get(b"r", number + 1))
        if _HIDDEN.search(row[1]):
            found.rows.add(number - 1)
    for column in _COLUMNS.finditer(text):
        numbers = dict(_NUMBER.findall(column[1]))
        if _HIDDEN.search(column[1]) and {b"min", b"max"} <= set(numbers):
            first, last = int(numbers[b"min"]), int(numbers[b"max"])
            found.columns.update(range(first - 1, min(last, most_columns)))
    return found


class _OpenDocument:
    """The tables of an .ods, in the order of the text."""

    def __init__(self, most_rows: int, most_columns: int) -> None:
        self._most_rows, self._most_columns = most_rows, most_columns
        self._found: dict[str, Layout] = {}
        self._layout = Layout()
        self._row = self._column = self._next_row = 0
        self._starts: Mapping[str, Callable[[Mapping[str, str]], None]] = {
            "table": self._table,
            "table-column": self._columns_of,
            "table-row": self._row_of,
            "table-cell": self._cell,
            "covered-table-cell": self._cell,
        }

    def read(self, text: bytes) -> dict[str, Layout]:
        """All tables by name."""

        def start(name: str, attributes: dict[str, str]) -> None:
            begin = self._starts.get(name.rpartition(":")[2])
            if begin:
                begin({key.rpartition(":")[2]: value for key, value in attributes.items()})

        parser = ParserCreate()
        parser.StartElementHandler = start
        parser.Parse(text, True)
        return self._found

    def _table(self, said: Mapping[str, str]) -> None:
        self._layout = self._found.setdefault(said.get("name", ""), Layout())
        self._row = self._column = self._next_row = 0

    def _columns_of(self, said: Mapping[str, str]) -> None:
        first, self._column = self._column, self._column + _times(said, "number-columns-repeated")
        if said.get("visibility") in _UNSEEN:
            self._layout.columns.update(range(first, min(self._column, self._most_columns)))

    def _row_of(self, said: Mapping[str, str]) -> None:
        self._row, self._column = self._next_row, 0
        self._next_row += _times(said, "number-rows-repeated")
        if said.get("visibility") in _UNSEEN:
            self._layout.rows.update(range(self._row, min(self._next_row, self._most_rows)))

    def _cell(self, said: Mapping[str, str]) -> None:
        bottom = min(self._row + _times(said, "number-rows-spanned"), self._most_rows)
        right = min(self._column + _times(said, "number-columns-spanned"), self._most_columns)
        if bottom > self._row + 1 or right > self._column + 1:
            self._layout.blocks.append(((self._row, self._column), (bottom, right)))
        first, self._column = self._column, self._column + _times(said, "number-columns-repeated")
        if said.get("value-type") == "percentage" and self._row < self._most_rows:
            last = min(self._column, self._most_columns)
            self._layout.formats.update({(self._row, column): PERCENT for column in range(first, last)})


def _times(said: Mapping[str, str], name: str) -> int:
    times = said.get(name, "1")
    return int(times) if times.isascii() and times.isdigit() and len(times) < 9 else 1


_BOOK: Final = ("workbook",)
_SHEET_OF_BOOK, _ROW, _COLUMN_INFO, _END = 0x85, 0x208, 0x7D, 0x0A
_ROW_HIDDEN, _COLUMN_HIDDEN = 0x20, 0x01


def _of_old_excel(content: bytes) -> dict[str, Layout]:
    book = next(Compound(content).streams(*_BOOK), b"")
    found: dict[str, Layout] = {}
    listed = (said for kind, said in _records(book, 0) if kind == _SHEET_OF_BOOK)
    for said in islice(listed, _MOST_SHEETS):
        if len(said) >= 8:
            (start,) = struct.unpack_from("<I", said)
            length, is_wide = said[6], said[7] & 1
            name = said[8:].decode("utf-16-le" if is_wide else "latin-1", "replace")[:length]
            found[name] = _of_records(book, start)
    return found


def _records(book: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """Up to the end of the part that begins there."""
    while at + 4 <= len(book):
        kind, length = struct.unpack_from("<HH", book, at)
        if kind == _END:
            return
        yield kind, book[at + 4 : at + 4 + length]
        at += 4 + length


def _of_records(book: bytes, start: int) -> Layout:
    found = Layout()
    for kind, said in _records(book, start):
        if kind == _ROW and len(said) >= 14:
            row, flags = struct.unpack_from("<H10xH", said)
            if flags & _ROW_HIDDEN:
                found.rows.add(row)
        elif kind == _COLUMN_INFO and len(said) >= 10:
            first, last, flags = struct.unpack_from("<HH4xH", said)
            if flags & _COLUMN_HIDDEN:
                found.columns.update(range(first, min(last, 255) + 1))
    return found
