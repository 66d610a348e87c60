"""A list of units, people and posts as offices keep it in Excel: which sheet holds what, how each cell is
read, and what is doubted about it. Nothing is lost without a word."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from language.posts.kinds import PostKind
from language.text import fold
from language.words.said import say
from language.words.values import LEVELS
from sheets.cells import Sheet, Value
from sheets.left_out import LeftOut, row_beside, unread_column, whole_sheet
from sheets.refusals import NoRowsFound, require_cells
from sheets.values import EPOCH, EPOCH_1904, Doubt, Reading, cut, is_formula, read_day, read_line, tidy
from sheets.words import DoubtKind
from sheets.workbook import open_workbook
from sheets.writing import HEADING, package, styled_sheet

HEADER_WITHIN: Final = 20
_OLDEST: Final = date(1900, 1, 1)
_LATEST_POST: Final = date(2100, 12, 31)
_CODE: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")
_USERNAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]{1,62}")
_MAIL: Final = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63}){0,8}")


class RowPart(StrEnum):
    """What the rows of a sheet are, as the service calls it."""

    UNITS = "units"
    PEOPLE = "people"
    POSTS = "posts"


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnKind:
    """A column: the field that it fills, what it may be called, how its cells are read, and whether they must
    hold something."""

    name: str
    titles: tuple[str, ...]
    read: Callable[[Value, "Reader"], Reading[str]]
    required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """What days are read against."""

    today: date
    epoch: date = EPOCH


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """What is to be said about a cell: in which way it was read, or what has to be answered."""

    cell: str
    doubt: Doubt


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeRow:
    """A row: its fields as the service takes them, and the cell of each."""

    part: RowPart
    fields: Mapping[str, str]
    cells: Mapping[str, str]


@dataclass(slots=True, kw_only=True)
class OfficeList:
    """All that was read, and all that was not."""

    sheets: Sequence[Sheet]
    rows: list[OfficeRow] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)

    def of(self, part: RowPart) -> list[OfficeRow]:
        """The rows of one part, in the order in which they are sent."""
        return [row for row in self.rows if row.part is part]


# Cells


def _doubted(kind: DoubtKind, value: Value, read: str = "") -> Reading[str]:
    return Reading(value=None, doubts=(Doubt(kind=kind, value=cut(value), read=read),))


def _line(value: Value, _: Reader) -> Reading[str]:
    return read_line(value)


def _fitting(form: re.Pattern[str], kind: DoubtKind) -> Callable[[Value, Reader], Reading[str]]:
    def read(value: Value, _: Reader) -> Reading[str]:
        text = tidy(value)
        if not text or form.fullmatch(text):
            return Reading(value=text or None)
        return _doubted(DoubtKind.FORMULA_FAILED if is_formula(text) else kind, value)

    return read


def _username(value: Value, reader: Reader) -> Reading[str]:
    return _fitting(_USERNAME, DoubtKind.USERNAME_UNFIT)(tidy(value).lower(), reader)


def _one_of(
    known: Mapping[str, str], kind: DoubtKind, choices: str
) -> Callable[[Value, Reader], Reading[str]]:
    def read(value: Value, _: Reader) -> Reading[str]:
        text = fold(tidy(value))
        if not text:
            return Reading(value=None)
        found = known.get(text) or known.get(text.removeprefix("cap ").strip())
        return Reading(value=found) if found else _doubted(kind, value, choices)

    return read


def _day(earliest: date, latest: Callable[[Reader], date]) -> Callable[[Value, Reader], Reading[str]]:
    def read(value: Value, reader: Reader) -> Reading[str]:
        found = read_day(value, earliest, latest(reader), reader.epoch)
        if found.value is not None and found.value.exact is None:
            return _doubted(DoubtKind.DAY_UNREADABLE, value)
        day = found.value.exact if found.value else None
        return Reading(value=day.isoformat() if day else None, doubts=found.doubts)

    return read


_born = _day(_OLDEST, lambda reader: reader.today - timedelta(days=1))
_from = _day(_OLDEST, lambda _: _LATEST_POST)
_code = _fitting(_CODE, DoubtKind.CODE_UNFIT)
_LEVELS: Final = {fold(word): name for name, said in LEVELS.items() for word in (name, said.vi, said.en)} | {
    "phuong": "COMMUNE",
    "xa, phuong": "COMMUNE",
    "truong hoc": "SCHOOL",
    "nganh, so": "SECTOR",
    "so": "SECTOR",
}
_POSTS: Final = {
    fold(word): kind.value for kind in PostKind for word in (kind.value, say(kind).vi, say(kind).en)
}
_level = _one_of(_LEVELS, DoubtKind.LEVEL_UNKNOWN, ", ".join(said.vi for said in LEVELS.values()))
_kind = _one_of(_POSTS, DoubtKind.POST_UNKNOWN, ", ".join(say(kind).vi for kind in PostKind))
COLUMNS: Final[Mapping[RowPart, tuple[ColumnKind, ...]]] = {
    RowPart.UNITS: (
        ColumnKind(name="code", titles=("ma don vi",), read=_code, required=True),
        ColumnKind(
            name="parent_code",
            titles=("ma don vi cap tren", "ma cap tren", "truc thuoc"),
            read=_code,
            required=True,
        ),
        ColumnKind(name="name", titles=("ten don vi",), read=_line, required=True),
        ColumnKind(name="level", titles=("cap", "cap don vi"), read=_level, required=True),
    ),
    RowPart.PEOPLE: (
        ColumnKind(
            name="code",
            titles=(
                "ma nguoi",
                "ma can bo",
                "ma nhan vien",
                "ma vien chuc",
                "so hieu can bo",
                "ma dinh danh",
            ),
            read=_code,
            required=True,
        ),
        ColumnKind(name="full_name", titles=("ho va ten", "ho ten", "ho, ten"), read=_line, required=True),
        ColumnKind(name="date_of_birth", titles=("ngay sinh", "ngay thang nam sinh"), read=_born),
        ColumnKind(name="username", titles=("ten dang nhap",), read=_username),
        ColumnKind(
            name="mail_address",
            titles=("thu dien tu", "email", "e-mail", "dia chi thu"),
            read=_fitting(_MAIL, DoubtKind.MAIL_UNFIT),
        ),
    ),
    RowPart.POSTS: (
        ColumnKind(name="unit_code", titles=("ma don vi",), read=_code, required=True),
        ColumnKind(name="kind", titles=("loai vi tri", "vai tro"), read=_kind, required=True),
        ColumnKind(name="title", titles=("ten vi tri", "chuc danh", "chuc vu"), read=_line, required=True),
        ColumnKind(name="person_code", titles=("ma nguoi", "ma can bo", "ma nguoi giu"), read=_code),
        ColumnKind(name="held_from", titles=("tu ngay", "giu tu ngay"), read=_from, required=True),
    ),
}
"""The columns of each part, by which its sheet is told: all that are required must be there."""
_ORDER: Final = (RowPart.POSTS, RowPart.UNITS, RowPart.PEOPLE)
"""A sheet of posts has codes of people as well."""
_BESIDE: Final = re.compile(r"\([^)]*\)|[*:]")
"""What stands beside the name of a column: `Mã đơn vị (*)`."""
_PASSED_OVER: Final = frozenset({"", "stt", "tt", "so tt", "ghi chu"})


# Sheets


def read_office_rows(content: bytes, today: date, answers: Mapping[str, str] | None = None) -> OfficeList:
    """The rows of a workbook or a table as text; `answers` say cells anew. Refused when nothing in it is a
    list of units, people or posts. Takes as long as its size: away from the event loop."""
    given = answers or {}
    opened = open_workbook(content)
    require_cells(given, lambda cell: _is_there(opened, cell))
    found = OfficeList(sheets=[sheet.answered(given) for sheet in opened])
    for sheet in found.sheets:
        if sheet.name == _WORDS:
            continue
        header = None if sheet.is_hidden else _header(sheet)
        if header is None:
            if any(tidy(value) for row in sheet.rows for value in row):
                found.left_out.append(whole_sheet(sheet))
            continue
        _read_sheet(found, sheet, *header, Reader(today=today, epoch=_epoch(sheet)))
    if not found.rows:
        raise NoRowsFound(sheets=", ".join(sheet.name for sheet in opened), rows=HEADER_WITHIN)
    return found


def _epoch(sheet: Sheet) -> date:
    return EPOCH_1904 if sheet.from_1904 else EPOCH


def _is_there(sheets: Sequence[Sheet], cell: str) -> bool:
    name, _, place = cell.rpartition("!")
    return any(sheet.name == name and sheet.has(place) for sheet in sheets)


def _header(sheet: Sheet) -> tuple[RowPart, int, dict[str, int]] | None:
    """What the sheet holds, the row of its heads, and the column of each field."""
    for at, row in enumerate(sheet.rows[:HEADER_WITHIN]):
        titles = [_BESIDE.sub("", fold(tidy(value))).strip() for value in row]
        for part in _ORDER:
            columns = {
                column.name: titles.index(title)
                for column in COLUMNS[part]
                for title in reversed(column.titles)
                if title in titles
            }
            if all(column.name in columns for column in COLUMNS[part] if column.required):
                return part, at, columns
    return None


def _read_sheet(
    found: OfficeList, sheet: Sheet, part: RowPart, at: int, columns: Mapping[str, int], reader: Reader
) -> None:
    _tell_unread(found, sheet, at, columns)
    for number, row in enumerate(sheet.rows[at + 1 :], start=at + 1):
        filled = [name for name, column in columns.items() if tidy(row[column])]
        if len(filled) <= 1 and not {"code", "unit_code"} & set(filled):
            found.left_out += _beside(sheet, number)
            continue
        cells = {name: sheet.address(number, column) for name, column in columns.items()}
        values = {name: row[column] for name, column in columns.items()}
        fields = dict(_fields(found, part, values, cells, reader))
        found.rows.append(OfficeRow(part=part, fields=fields, cells=cells))
        found.remarks += _hidden(sheet, number, cells)


def _tell_unread(found: OfficeList, sheet: Sheet, at: int, columns: Mapping[str, int]) -> None:
    """Columns that nothing is read from, those that nobody sees, and what stands above the heads."""
    for column, value in enumerate(sheet.rows[at]):
        title = tidy(value)
        is_filled = any(tidy(row[column]) for row in sheet.rows[at + 1 :])
        if column not in columns.values() and fold(title) not in _PASSED_OVER and is_filled:
            found.left_out.append(unread_column(sheet, column, title))
    for column in sorted(sheet.hidden_columns & set(columns.values())):
        doubt = Doubt(kind=DoubtKind.HIDDEN_COLUMN, value=cut(sheet.rows[at][column]))
        found.remarks.append(Remark(cell=sheet.address(at, column), doubt=doubt))
    for number in range(at):
        found.left_out += _beside(sheet, number)


def _beside(sheet: Sheet, number: int) -> list[LeftOut]:
    text = " ".join(filter(None, map(tidy, sheet.rows[number])))
    return [row_beside(sheet, number, text)] if text else []


def _hidden(sheet: Sheet, number: int, cells: Mapping[str, str]) -> Iterator[Remark]:
    """Nobody who opens the workbook sees the row."""
    if number in sheet.hidden_rows:
        yield Remark(cell=next(iter(cells.values())), doubt=Doubt(kind=DoubtKind.HIDDEN_ROW))


def _fields(
    found: OfficeList,
    part: RowPart,
    values: Mapping[str, Value],
    cells: Mapping[str, str],
    reader: Reader,
) -> Iterator[tuple[str, str]]:
    for column in COLUMNS[part]:
        if column.name not in values:
            continue
        reading = column.read(values[column.name], reader)
        found.remarks += [Remark(cell=cells[column.name], doubt=doubt) for doubt in reading.doubts]
        if reading.value:
            yield column.name, reading.value
        elif column.required and not reading.doubts:
            missing = Doubt(kind=DoubtKind.CELL_EMPTY)
            found.remarks.append(Remark(cell=cells[column.name], doubt=missing))


# An empty list to be filled in

_WORDS: Final = "Từ dùng"
"""The sheet of the empty list that only says which words two columns take."""
_TEMPLATE: Final[Mapping[str, tuple[tuple[str, int], ...]]] = {
    "Đơn vị": (("Mã đơn vị", 16), ("Mã đơn vị cấp trên", 20), ("Tên đơn vị", 44), ("Cấp", 12)),
    "Người": (
        ("Mã người", 16),
        ("Họ và tên", 32),
        ("Ngày sinh", 14),
        ("Tên đăng nhập", 20),
        ("Thư điện tử", 32),
    ),
    "Vị trí": (
        ("Mã đơn vị", 16),
        ("Loại vị trí", 26),
        ("Tên vị trí", 36),
        ("Mã người", 16),
        ("Từ ngày", 14),
    ),
}


def empty_list() -> bytes:
    """A workbook with the heads of each part, and the words that two of its columns take."""
    sheets = [
        (name, styled_sheet([[(title, HEADING) for title, _ in heads]], [width for _, width in heads]))
        for name, heads in _TEMPLATE.items()
    ]
    levels, kinds = [said.vi for said in LEVELS.values()], [say(kind).vi for kind in PostKind]
    words: list[list[tuple[Value, int]]] = [
        [("Cấp ghi một trong", HEADING), ("Loại vị trí ghi một trong", HEADING)]
    ]
    for at in range(max(len(levels), len(kinds))):
        words.append([(of[at] if at < len(of) else "", 0) for of in (levels, kinds)])
    return package([*sheets, (_WORDS, styled_sheet(words, [24, 32]))])
