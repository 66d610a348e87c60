"""Numbers of an .xlsx that are shown in per cent: who types `85%` sees that, and 0.85 is kept. The reader of
workbooks tells only the number."""

import re
import zipfile
from collections.abc import Collection
from typing import Final
from xml.parsers.expat import ExpatError, ParserCreate

from sheets.cells import column_number

_STYLES: Final = "xl/styles.xml"
_KNOWN: Final = frozenset({9, 10})
"""The formats in per cent that every spreadsheet has without saying so."""
_SAID_ONLY: Final = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
"""What of a format is shown as it stands, and changes no number."""
_CELL: Final = re.compile(rb"<(?:[A-Za-z0-9]+:)?c\b([^<>]*)>")
_ADDRESS: Final = re.compile(rb"\br=[\"']([A-Z]{1,3})([0-9]{1,7})[\"']")
_STYLE: Final = re.compile(rb"\bs=[\"']([0-9]{1,6})[\"']")


def percent_styles(archive: zipfile.ZipFile) -> frozenset[int]:
    """The styles of cells, by their number, that show a hundredth as one per cent."""
    if _STYLES not in archive.namelist():
        return frozenset()
    within: list[str] = []
    formats, styles = set(_KNOWN), list[int]()

    def start(name: str, said: dict[str, str]) -> None:
        within.append(name.rpartition(":")[2])
        if within[-1] == "numFmt" and "%" in _SAID_ONLY.sub("", said.get("formatCode", "")):
            formats.add(_number(said.get("numFmtId", "")))
        elif within[-2:] == ["cellXfs", "xf"]:
            styles.append(_number(said.get("numFmtId", "")))

    parser = ParserCreate()
    parser.StartElementHandler = start
    parser.EndElementHandler = lambda name: within.pop() and None
    try:
        parser.Parse(archive.read(_STYLES), True)
    except ExpatError:
        return frozenset()
    return frozenset(at for at, kind in enumerate(styles) if kind in formats)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else -1


def percent_cells(text: bytes, styles: Collection[int]) -> set[tuple[int, int]]:
    """The cells of a sheet, by row and column, that have one of these styles."""
    found = set()
    for cell in _CELL.finditer(text) if styles else ():
        style, address = _STYLE.search(cell[1]), _ADDRESS.search(cell[1])
        if style and address and int(style[1]) in styles:
            found.add((int(address[2]) - 1, column_number(address[1].decode())))
    return found
