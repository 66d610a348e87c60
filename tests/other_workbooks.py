"""Lists for tests in the forms that are no .xlsx: .xls and .ods, record by record and element by element."""

import struct
import zipfile
from collections.abc import Collection, Sequence
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from tests.old_word import compound

_BOOK, _SHEET = 0x0005, 0x0010


def _record(kind: int, content: bytes) -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def _begin(kind: int) -> bytes:
    return _record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0x0DBB, 0x07CC, 0, 6))


def old_excel(
    rows: Sequence[Sequence[Any]],
    *,
    name: str = "Danh sách",
    hidden_rows: Collection[int] = (),
    hidden_columns: Collection[int] = (),
) -> bytes:
    """An .xls with these rows."""
    sheet = _begin(_SHEET)
    for column in hidden_columns:
        sheet += _record(0x007D, struct.pack("<HHHHHH", column, column, 0, 0, 1, 0))
    for at, row in enumerate(rows):
        flags = 0x20 if at in hidden_rows else 0
        sheet += _record(0x0208, struct.pack("<HHHHHHHH", at, 0, len(row), 255, 0, 0, flags, 0))
        for column, value in enumerate(row):
            if isinstance(value, int | float):
                sheet += _record(0x0203, struct.pack("<HHHd", at, column, 0, value))
            elif value:
                text = str(value).encode("utf-16-le")
                cell = struct.pack("<HHHHB", at, column, 0, len(str(value)), 1)
                sheet += _record(0x0204, cell + text)
    sheet += _record(0x000A, b"")
    title = struct.pack("<BB", len(name), 1) + name.encode("utf-16-le")
    head = _begin(_BOOK)
    start = len(head) + 4 + 6 + len(title) + 4
    book = head + _record(0x0085, struct.pack("<IH", start, 0) + title) + _record(0x000A, b"") + sheet
    return compound({"Workbook": book.ljust(4_096, b"\0")})


def open_document(
    rows: Sequence[Sequence[Any]],
    *,
    name: str = "Danh sách",
    hidden_rows: Collection[int] = (),
    hidden_columns: Collection[int] = (),
    spans: dict[tuple[int, int], int] | None = None,
    percents: Collection[tuple[int, int]] = (),
) -> bytes:
    """An .ods with these rows; a cell of `spans` goes over so many rows, the numbers of `percents` are shown
    in per cent."""
    width = max(map(len, rows))
    columns = "".join(_column(at in hidden_columns) for at in range(width))
    lines = "".join(_row(at, row, at in hidden_rows, spans or {}, percents) for at, row in enumerate(rows))
    content = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
        ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
        ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
        f"<table:table table:name={quoteattr(name)}>{columns}{lines}</table:table>"
        "</office:spreadsheet></office:body></office:document-content>"
    )
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", "<x/>")
    return packed.getvalue()


def _unseen(is_hidden: bool) -> str:
    return ' table:visibility="collapse"' if is_hidden else ""


def _column(is_hidden: bool) -> str:
    return f"<table:table-column{_unseen(is_hidden)}/>"


def _row(
    at: int,
    row: Sequence[Any],
    is_hidden: bool,
    spans: dict[tuple[int, int], int],
    percents: Collection[tuple[int, int]],
) -> str:
    cells = []
    for column, value in enumerate(row):
        span = f' table:number-rows-spanned="{spans[at, column]}"' if (at, column) in spans else ""
        text = f"<text:p>{escape(str(value))}</text:p>" if value != "" else ""
        kind = ' office:value-type="string"' if text else ""
        if (at, column) in percents:
            kind = f' office:value-type="percentage" office:value="{value}"'
        cells.append(f"<table:table-cell{kind}{span}>{text}</table:table-cell>")
    return f"<table:table-row{_unseen(is_hidden)}>{''.join(cells)}</table:table-row>"
