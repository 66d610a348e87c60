"""Numbers of an .xlsx that are shown otherwise than they are kept: who types `85%` sees that, and 0.85 is
kept; a code is shown as `00123` and kept as 123. The reader of workbooks tells only the number."""

import re
import zipfile
from collections.abc import Mapping
from decimal import Decimal
from math import isfinite
from typing import Final
from xml.parsers.expat import ExpatError, ParserCreate

from sheets.cells import Value, column_number

_STYLES: Final = "xl/styles.xml"
PERCENT: Final = "%"
_KNOWN: Final = {9: PERCENT, 10: PERCENT}
"""The formats in per cent that every spreadsheet has without saying so."""
_ZEROS: Final = re.compile(r"0{2,30}")
_SAID_ONLY: Final = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
"""What of a format is shown as it stands, and changes no number."""
_CELL: Final = re.compile(rb"<(?:[A-Za-z0-9]+:)?c\b([^<>]*)>")
_ADDRESS: Final = re.compile(rb"\br=[\"']([A-Z]{1,3})([0-9]{1,7})[\"']")
_STYLE: Final = re.compile(rb"\bs=[\"']([0-9]{1,6})[\"']")


def telling_styles(archive: zipfile.ZipFile) -> Mapping[int, str]:
    """The styles of cells, by their number, that show a hundredth as one per cent (`%`), or a number with so
    many digits at least (`00000`)."""
    if _STYLES not in archive.namelist():
        return {}
    within: list[str] = []
    formats, styles = dict(_KNOWN), list[int]()

    def start(name: str, said: dict[str, str]) -> None:
        within.append(name.rpartition(":")[2])
        if within[-1] == "numFmt" and (form := _told_by(said.get("formatCode", ""))):
            formats[_number(said.get("numFmtId", ""))] = form
        elif within[-2:] == ["cellXfs", "xf"]:
            styles.append(_number(said.get("numFmtId", "")))

    parser = ParserCreate()
    parser.StartElementHandler = start
    parser.EndElementHandler = lambda name: within.pop() and None
    try:
        parser.Parse(archive.read(_STYLES), True)
    except ExpatError:
        return {}
    return {at: formats[kind] for at, kind in enumerate(styles) if kind in formats}


def _told_by(form: str) -> str | None:
    bare = _SAID_ONLY.sub("", form)
    return PERCENT if PERCENT in bare else form if _ZEROS.fullmatch(form) else None


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else -1


def telling_cells(text: bytes, styles: Mapping[int, str]) -> dict[tuple[int, int], str]:
    """The cells of a sheet, by row and column, that have one of these styles, and what it shows."""
    found = {}
    for cell in _CELL.finditer(text) if styles else ():
        style, address = _STYLE.search(cell[1]), _ADDRESS.search(cell[1])
        if style and address and int(style[1]) in styles:
            place = int(address[2]) - 1, column_number(address[1].decode())
            found[place] = styles[int(style[1])]
    return found


def as_shown(value: Value, form: str) -> Value:
    """The number as people see it; what is none as it is."""
    if not form or isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        return value
    if form == PERCENT:
        return f"{(Decimal(repr(value)) * 100).normalize():f}%"
    is_whole = value == int(value) and value >= 0
    return f"{int(value):0{len(form)}d}" if is_whole else value
