"""A sheet of units, old → new: what an act does to each, by their codes or names; and as much of it as cannot
be read, named by row."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from language.text import fold
from language.units.succession import StepKind
from language.words.base import Coded
from language.words.said import say
from sheets.cells import Value
from sheets.refusals import NoStepsFound, OldUnitMissing, StepUnreadable, UnitInSheetTwice, UnitInSheetUnknown
from sheets.values import tidy
from sheets.workbook import open_workbook
from sheets.writing import HEADING, package, styled_sheet

_HEADERS: Final = {
    "old": ("ma don vi cu", "don vi cu", "old"),
    "step": ("cach sap xep", "step"),
    "new": ("ma don vi moi", "don vi moi", "new"),
    "name": ("ten moi", "name"),
    "units": ("gom", "units"),
}
"""What a column is called, folded; `units` lists the codes of what a split gives to this successor."""
_REQUIRED: Final = ("old", "step")
_MOST_ROWS_ABOVE: Final = 20
_WORDS: Final = "Từ dùng"


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetRow:
    """A row: its number, the unit that it is about, and what happens to it."""

    number: int
    old: str
    step: StepKind
    new: str
    name: str
    units: tuple[str, ...]


def steps_in(rows: Sequence[Sequence[str]]) -> list[SheetRow]:
    """The rows below the header; titles above it, and blank rows, are passed over."""
    for at, cells in enumerate(rows[:_MOST_ROWS_ABOVE]):
        columns = _columns(cells)
        if all(name in columns for name in _REQUIRED):
            below = [(number, row) for number, row in enumerate(rows[at + 1 :], start=at + 2) if any(row)]
            return [_row(number, columns, row) for number, row in below]
    raise NoStepsFound


def read_steps(content: bytes) -> list[SheetRow]:
    """The rows of the first sheet that is shown, of a workbook or a table as text. Takes as long as its size:
    away from the event loop."""
    shown = next((sheet for sheet in open_workbook(content) if not sheet.is_hidden), None)
    return steps_in([[tidy(cell) for cell in row] for row in shown.rows] if shown else [])


def _columns(cells: Sequence[str]) -> dict[str, int]:
    folded = [fold(cell) for cell in cells]
    return {
        name: folded.index(title) for name, titles in _HEADERS.items() for title in titles if title in folded
    }


def _row(number: int, columns: Mapping[str, int], cells: Sequence[str]) -> SheetRow:
    values = {name: cells[at] if at < len(cells) else "" for name, at in columns.items()}
    known = {fold(word): kind for kind in StepKind for word in (kind.value, say(kind).vi, say(kind).en)}
    step = known.get(fold(values["step"]))
    if step is None:
        ways = [say(kind) for kind in StepKind]
        said = Coded("steps", ", ".join(one.vi for one in ways), ", ".join(one.en for one in ways))
        raise StepUnreadable(row=number, step=values["step"], ways=said)
    if not values["old"]:
        raise OldUnitMissing(row=number)
    return SheetRow(
        number=number,
        old=values["old"],
        step=step,
        new=values.get("new", ""),
        name=values.get("name", ""),
        units=tuple(code.strip() for code in values.get("units", "").split(";") if code.strip()),
    )


def known_units(units: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """The id of each of these units by its code, and by its name where no other unit has that."""
    listed = list(units)
    times = Counter(fold(unit["name"]) for unit in listed)
    by_name = {name: unit["id"] for unit in listed if times[name := fold(unit["name"])] == 1}
    return by_name | {unit["code"]: unit["id"] for unit in listed}


def steps_of(rows: Sequence[SheetRow], ids: Mapping[str, str]) -> list[dict[str, Any]]:
    """The steps as the API takes them; `ids` as of `known_units`. A unit that is split has a row for each
    successor: the first is the main one, the others get what is listed."""
    steps: dict[tuple[str, StepKind], dict[str, Any]] = {}
    for row in rows:
        into = _id(row, row.new, ids) if row.new else None
        given = [{"id": _id(row, code, ids), "into_id": into} for code in row.units]
        key = (row.old, row.step)
        if key in steps and row.step is StepKind.SPLITS:
            steps[key]["given"] += given
            continue
        if key in steps:
            raise UnitInSheetTwice(row=row.number, unit=row.old)
        steps[key] = {
            "kind": row.step,
            "unit_id": _id(row, row.old, ids),
            "into_id": into,
            "name": row.name or None,
            "given": [] if row.step is StepKind.SPLITS else given,
        }
    return list(steps.values())


def _id(row: SheetRow, code: str, ids: Mapping[str, str]) -> str:
    found = ids.get(code) or ids.get(fold(code))
    if found is None:
        raise UnitInSheetUnknown(row=row.number, unit=code)
    return found


def empty_steps() -> bytes:
    """A workbook to be filled in, with the words that the steps are called by."""
    heads = (
        ("Mã đơn vị cũ", 18),
        ("Cách sắp xếp", 22),
        ("Mã đơn vị mới", 18),
        ("Tên mới", 40),
        ("Gồm", 40),
    )
    words: list[list[tuple[Value, int]]] = [[("Cách sắp xếp ghi một trong", HEADING)]]
    words += [[(say(kind).vi, 0)] for kind in StepKind]
    first = styled_sheet([[(title, HEADING) for title, _ in heads]], [width for _, width in heads])
    return package([("Sắp xếp", first), (_WORDS, styled_sheet(words, [30]))])
