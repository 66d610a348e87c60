"""What of a workbook was not read, and why: nothing is lost without a word."""

from dataclasses import dataclass

from sheets.cells import Sheet
from sheets.values import cut
from sheets.words import LEFT_OUT, LeftOutKind


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A row, sheet or column from which nothing was read, as it stands, and why. `is_hidden`: nobody who
    opens the workbook sees it."""

    where: str
    text: str
    kind: LeftOutKind
    is_hidden: bool = False

    @property
    def vi(self) -> str:
        """Why, for people."""
        return LEFT_OUT[self.kind][0]

    @property
    def en(self) -> str:
        """The same in English."""
        return LEFT_OUT[self.kind][1]


def whole_sheet(sheet: Sheet) -> LeftOut:
    """A sheet on which no list was looked for, or found."""
    kind = LeftOutKind.HIDDEN_SHEET if sheet.is_hidden else LeftOutKind.SHEET_WITHOUT_LIST
    return LeftOut(where=sheet.name, text="", kind=kind, is_hidden=sheet.is_hidden)


def unread_column(sheet: Sheet, at: int, name: str) -> LeftOut:
    """A column whose name says nothing."""
    kind, is_hidden = LeftOutKind.COLUMN_UNKNOWN, at in sheet.hidden_columns
    return LeftOut(where=sheet.name, text=name, kind=kind, is_hidden=is_hidden)


def row_beside(sheet: Sheet, at: int, text: str) -> LeftOut:
    """A row between, above or below the rows of the list."""
    where, is_hidden = sheet.address(at, 0), at in sheet.hidden_rows
    return LeftOut(where=where, text=cut(text), kind=LeftOutKind.ROW_BESIDE_LIST, is_hidden=is_hidden)
