"""What a workbook holds once it is read: sheets of plain cells."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Final, TypeAlias

Value: TypeAlias = str | float | int | bool | date | datetime | time | timedelta
"""What a cell holds; an empty one the empty text."""
_PLACE: Final = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")


def column_name(column: int) -> str:
    """`0` → `A`, `27` → `AB`."""
    name = ""
    column += 1
    while column:
        column, letter = divmod(column - 1, 26)
        name = chr(ord("A") + letter) + name
    return name


def column_number(name: str) -> int:
    """`A` → `0`, `AB` → `27`."""
    number = 0
    for letter in name:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A sheet: its rows all of one width, and the cells (row, column) of merged blocks with the cell that
    holds their value. Of a hidden one, and of hidden rows and columns, nobody who opens the workbook sees
    anything. `from_1904`: it numbers days from then."""

    name: str
    rows: Sequence[Sequence[Value]]
    merged: Mapping[tuple[int, int], tuple[int, int]]
    is_hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    from_1904: bool = False

    def address(self, row: int, column: int) -> str:
        """A cell as people point at it: `Danh sách!C7`."""
        return f"{self.name}!{column_name(column)}{row + 1}"

    def has(self, place: str) -> bool:
        """There is a cell `C7`."""
        found = _PLACE.fullmatch(place)
        if found is None or int(found[2]) > len(self.rows):
            return False
        return column_number(found[1]) < len(self.rows[int(found[2]) - 1])

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
