"""A workbook (Office Open XML) written as it goes, so that no list is ever whole in memory."""

import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Final
from xml.sax.saxutils import escape

Cell = str | int | float | Decimal | bool | date | datetime | None
MOST_ROWS: Final = 1_000_000
"""Rows a sheet; what is more goes on the next one. A sheet can hold 1,048,576."""
_LONGEST_TEXT: Final = 32_767
_EPOCH: Final = date(1899, 12, 30)
_DAY_SECONDS: Final = 86_400
_FIRST_SERIAL: Final = 61
"""The first of March 1900: before it, spreadsheets count days otherwise, or none."""
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_STYLES: Final = (
    f'{_HEAD}<styleSheet xmlns="{_MAIN}"><numFmts count="2"><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/>'
    '<numFmt numFmtId="165" formatCode="dd/mm/yyyy hh:mm"/></numFmts><fonts count="2"><font/><font><b/>'
    '</font></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="4"><xf/>'
    '<xf numFmtId="164" applyNumberFormat="1"/>'
    '<xf numFmtId="165" applyNumberFormat="1"/><xf fontId="1" applyFont="1"/></cellXfs></styleSheet>'
)
_DATE, _INSTANT, _BOLD = 1, 2, 3


class _Pipe:
    """What the archive writes into, and who sends it reads from."""

    def __init__(self) -> None:
        self._held = bytearray()

    def write(self, data: bytes) -> int:
        self._held += data
        return len(data)

    def flush(self) -> None:
        """Nothing waits."""

    def close(self) -> None:
        """Nothing is open."""

    def take(self) -> bytes:
        """What came since the last time."""
        taken = bytes(self._held)
        self._held.clear()
        return taken


class Workbook:
    """Rows in, bytes out."""

    def __init__(self, header: Sequence[str]) -> None:
        self._header = header
        self._pipe = _Pipe()
        self._archive = zipfile.ZipFile(self._pipe, "w", zipfile.ZIP_DEFLATED)
        self._sheets = 0
        self._rows = 0
        self._begin_sheet()

    def write(self, rows: Sequence[Sequence[Cell]]) -> bytes:
        """Add rows; what can be sent already."""
        for row in rows:
            if self._rows > MOST_ROWS:
                self._end_sheet()
                self._begin_sheet()
            self._row([_cell(value) for value in row])
        return self._pipe.take()

    def close(self) -> bytes:
        """The rest."""
        self._end_sheet()
        numbers = range(1, self._sheets + 1)
        sheets = "".join(f'<sheet name="{n}" sheetId="{n}" r:id="r{n}"/>' for n in numbers)
        parts = {
            "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
            f"<sheets>{sheets}</sheets></workbook>",
            "xl/_rels/workbook.xml.rels": _relations(
                [(f"r{n}", "worksheet", f"worksheets/sheet{n}.xml") for n in numbers]
                + [("styles", "styles", "styles.xml")]
            ),
            "_rels/.rels": _relations([("book", "officeDocument", "xl/workbook.xml")]),
            "[Content_Types].xml": _types(self._sheets),
        }
        for name, part in parts.items():
            self._archive.writestr(name, _HEAD + part)
        self._archive.writestr("xl/styles.xml", _STYLES)
        self._archive.close()
        return self._pipe.take()

    def _begin_sheet(self) -> None:
        self._sheets += 1
        self._rows = 0
        self._sheet = self._archive.open(f"xl/worksheets/sheet{self._sheets}.xml", "w", force_zip64=True)
        self._sheet.write(f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>'.encode())
        self._row([_text(name, _BOLD) for name in self._header])

    def _end_sheet(self) -> None:
        self._sheet.write(b"</sheetData></worksheet>")
        self._sheet.close()

    def _row(self, cells: Sequence[str]) -> None:
        self._rows += 1
        self._sheet.write(f"<row>{''.join(cells)}</row>".encode())


def _cell(value: Cell) -> str:
    if value is None:
        return "<c/>"
    if isinstance(value, bool):
        return f'<c t="b"><v>{int(value)}</v></c>'
    if isinstance(value, int | float | Decimal):
        written = f"{value:f}" if isinstance(value, Decimal) else value
        return f"<c><v>{written}</v></c>"
    if isinstance(value, date):
        if _serial(value) < _FIRST_SERIAL:
            return _text(f"{value.day:02d}/{value.month:02d}/{value.year:04d}")
        style = _INSTANT if isinstance(value, datetime) else _DATE
        return f'<c s="{style}"><v>{_serial(value)}</v></c>'
    return _text(value)


def _serial(moment: date) -> float:
    """Days since the epoch of spreadsheets, by the clock on the wall."""
    day = moment.date() if isinstance(moment, datetime) else moment
    seconds = 0
    if isinstance(moment, datetime):
        seconds = (moment.hour * 60 + moment.minute) * 60 + moment.second
    return round((day - _EPOCH).days + seconds / _DAY_SECONDS, 8)


def _text(value: str, style: int = 0) -> str:
    """Text as text: whatever it begins with, it is never a formula."""
    shown = "".join(letter for letter in value[:_LONGEST_TEXT] if letter >= " " or letter in "\t\n")
    styled = f' s="{style}"' if style else ""
    return f'<c t="inlineStr"{styled}><is><t xml:space="preserve">{escape(shown)}</t></is></c>'


def _relations(parts: Sequence[tuple[str, str, str]]) -> str:
    lines = "".join(
        f'<Relationship Id="{name}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for name, kind, target in parts
    )
    return f'<Relationships xmlns="{_RELATIONS}">{lines}</Relationships>'


def _types(sheets: int) -> str:
    kinds = {
        "/xl/workbook.xml": "sheet.main",
        "/xl/styles.xml": "styles",
        **{f"/xl/worksheets/sheet{number}.xml": "worksheet" for number in range(1, sheets + 1)},
    }
    lines = "".join(
        f'<Override PartName="{part}" ContentType="{_TYPE}.{kind}+xml"/>' for part, kind in kinds.items()
    )
    return (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" '
        f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>{lines}</Types>'
    )
