"""What the reader of workbooks does not say: cells whose formula has failed or was never computed, which it
gives as empty, and from which day plain numbers count. Nothing that somebody filled in may get lost without a
word."""

import re
import zipfile
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Final
from xml.parsers.expat import ExpatError, ParserCreate
from xml.sax.saxutils import unescape

from sheets.cells import column_number

_BOOK, _RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_TAG = rb"(?:[A-Za-z0-9]+:)?"
_CELL: Final = re.compile(
    rb"<%bc\b([^<>]*)>"
    rb"(?:<%bf\b[^<>]*(?:/>|>([^<]*)</%bf>))?"
    rb"(?:<%bv>([^<]*)</%bv>|<%bv ?/>|(?=</%bc>))" % ((_TAG,) * 7)
)
_ADDRESS: Final = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')
_FAILED: Final = re.compile(rb'\bt="e"')
_TEXT: Final = re.compile(rb'\bt="str"')
"""A formula whose value is a text, which may be empty."""
_LONGEST: Final = 200

Place = tuple[int, int]


def faulty_cells(content: bytes) -> Mapping[str, Mapping[Place, str]]:
    """Of each sheet of an .xlsx by name, the cells by row and column: `#REF!`, or `=SUM(A1:A3)` where no
    value was kept. Nothing of other kinds of workbook, nor where the parts are not where they should be."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return {
                name: found
                for name, part in sheet_parts(archive)
                if (found := dict(_faulty(archive.read(part))))
            }
    except (zipfile.BadZipFile, KeyError, ExpatError):
        return {}


def counts_from_1904(content: bytes) -> bool:
    """The .xlsx numbers days from 1904, as those of old Macs do. The reader knows it of cells that are days;
    of plain numbers nobody does."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            said = _elements(archive.read(_BOOK), "workbookPr")
    except (zipfile.BadZipFile, KeyError, ExpatError):
        return False
    return any(one.get("date1904") in {"1", "true"} for one in said)


def sheet_parts(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Of an .xlsx each sheet's name and where it is in the archive."""
    targets = {one["Id"]: one["Target"] for one in _elements(archive.read(_RELATIONS), "Relationship")}
    for sheet in _elements(archive.read(_BOOK), "sheet"):
        target = next((targets.get(value, "") for key, value in sheet.items() if key.endswith(":id")), "")
        if target:
            yield sheet["name"], target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _elements(text: bytes, name: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []

    def look(tag: str, attributes: dict[str, str]) -> None:
        if tag.rpartition(":")[2] == name:
            found.append(attributes)

    parser = ParserCreate()
    parser.StartElementHandler = look
    parser.Parse(text, True)
    return found


def _faulty(text: bytes) -> Iterator[tuple[Place, str]]:
    for cell in _CELL.finditer(text):
        attributes, formula, value = cell.groups()
        address = _ADDRESS.search(attributes)
        if address is None:
            continue
        shown = b""
        if value and _FAILED.search(attributes):
            shown = value
        elif formula and not value and not _TEXT.search(attributes):
            shown = b"=" + formula
        if shown:
            yield _place(address), unescape(shown.decode("utf-8", "replace"))[:_LONGEST]


def _place(address: re.Match[bytes]) -> Place:
    return int(address[2]) - 1, column_number(address[1].decode())
