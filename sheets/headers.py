"""Where a list begins on a sheet: the row that names its columns, whatever stands above it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from language.text import fold
from sheets.cells import Sheet, Value
from sheets.values import tidy


class Column(StrEnum):
    """What a column of a list of initiatives holds."""

    NUMBER = "NUMBER"
    CODE = "CODE"
    NAME = "NAME"
    BORN = "BORN"
    JOB = "JOB"
    QUALIFICATION = "QUALIFICATION"
    SCHOOL = "SCHOOL"
    DISTRICT = "DISTRICT"
    TITLE = "TITLE"
    KIND = "KIND"
    FIELD = "FIELD"
    SHARE = "SHARE"
    FIRST = "FIRST"
    PROBLEM = "PROBLEM"
    SUMMARY = "SUMMARY"
    APPLICABILITY = "APPLICABILITY"
    CONDITIONS = "CONDITIONS"
    BENEFIT = "BENEFIT"
    OTHERS = "OTHERS"
    MONEY = "MONEY"
    CONFIDENTIAL = "CONFIDENTIAL"


_NAMES: Final[Mapping[Column, tuple[str, ...]]] = {
    Column.NUMBER: ("stt", "tt", "so tt", "so thu tu"),
    Column.CODE: (
        "ma can bo",
        "ma nhan vien",
        "ma vien chuc",
        "ma so can bo",
        "ma dinh danh",
        "so hieu can bo",
    ),
    Column.NAME: (
        "ho va ten",
        "ho ten",
        "ho, ten",
        "tac gia",
        "tac gia sang kien",
        "ten tac gia",
        "nguoi viet",
    ),
    Column.BORN: ("ngay sinh", "ngay thang nam sinh", "nam sinh", "ngay, thang, nam sinh"),
    Column.JOB: ("chuc vu", "chuc danh", "nhiem vu", "cong viec"),
    Column.QUALIFICATION: ("trinh do", "trinh do chuyen mon", "bang cap", "chuyen mon"),
    Column.SCHOOL: ("don vi", "don vi cong tac", "noi cong tac", "truong", "co quan"),
    Column.DISTRICT: ("huyen", "xa", "dia ban", "phong giao duc", "phong gd"),
    Column.TITLE: (
        "ten sang kien",
        "ten de tai",
        "ten giai phap",
        "ten skkn",
        "sang kien kinh nghiem",
        "sang kien",
    ),
    Column.KIND: ("loai giai phap", "loai sang kien", "loai hinh", "loai"),
    Column.FIELD: ("linh vuc", "linh vuc ap dung", "mon", "bac hoc"),
    Column.SHARE: ("ty le", "ti le", "ty le dong gop", "ti le dong gop", "dong gop", "% dong gop"),
    Column.FIRST: (
        "ngay ap dung",
        "ap dung lan dau",
        "ngay ap dung lan dau",
        "thoi gian ap dung",
        "thoi diem ap dung",
    ),
    Column.PROBLEM: ("van de", "thuc trang", "van de giai quyet"),
    Column.SUMMARY: ("tom tat", "tom tat noi dung", "noi dung", "mo ta", "ban chat"),
    Column.APPLICABILITY: ("kha nang ap dung", "pham vi ap dung"),
    Column.CONDITIONS: ("dieu kien", "dieu kien ap dung", "dieu kien can thiet"),
    Column.BENEFIT: ("loi ich", "hieu qua", "ket qua"),
    Column.OTHERS: ("danh gia cua", "y kien", "loi ich theo y kien"),
    Column.MONEY: ("so tien", "so tien lam loi", "tien lam loi", "gia tri lam loi", "lam loi"),
    Column.CONFIDENTIAL: ("bao mat", "thong tin bao mat", "thong tin can bao mat"),
}
_BY_LENGTH: Final = sorted(
    ((name, column) for column, names in _NAMES.items() for name in names), key=lambda pair: -len(pair[0])
)
_NEEDED: Final = frozenset({Column.NAME, Column.TITLE})
HEADER_WITHIN = 40
_LONGEST_HEADER = 120
_UNITS: Final[Mapping[str, int]] = MappingProxyType(
    {"ty": 10**9, "ti": 10**9, "trieu": 10**6, "nghin": 10**3, "ngan": 10**3}
)
_UNIT = re.compile(r"\b(ty|ti|trieu|nghin|ngan)(?: dong)?\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The columns of a list by what they hold, the row after their names, what one unit of money is, the
    names as they stand, and the places and names of columns that nothing is read from."""

    columns: Mapping[Column, int]
    first_row: int
    money_unit: int
    names: tuple[str, ...]
    unread: tuple[tuple[int, str], ...]


def column_of(text: str) -> Column | None:
    """What a column of this name holds, by the longest of the known names in it."""
    folded = f" {fold(text)} "
    if len(folded) > _LONGEST_HEADER:
        return None
    for name, column in _BY_LENGTH:
        if re.search(rf"(?<![a-z]){re.escape(name)}(?![a-z])", folded):
            return column
    return None


def find_header(sheet: Sheet) -> Header | None:
    """The header of the list on this sheet; None when there is none. It may span two rows."""
    for row in range(min(len(sheet.rows), HEADER_WITHIN)):
        texts = [tidy(value) for value in sheet.rows[row]]
        found = _columns(texts)
        if not set(found) >= _NEEDED:
            continue
        first_row = row + 1
        below = [tidy(value) for value in sheet.rows[row + 1]] if row + 1 < len(sheet.rows) else []
        if _goes_on_below(sheet, row, found, below):
            texts = [f"{text} {more}".strip() for text, more in zip(texts, below, strict=True)]
            found, first_row = _columns(texts), row + 2
        return Header(
            columns=found,
            first_row=first_row,
            money_unit=_money_unit(texts[found[Column.MONEY]]) if Column.MONEY in found else 1,
            names=tuple(texts),
            unread=tuple((at, text) for at, text in enumerate(texts) if text and at not in found.values()),
        )
    return None


def _goes_on_below(sheet: Sheet, row: int, found: Mapping[Column, int], below: Sequence[str]) -> bool:
    """The next row names columns too: nothing under author and title, or only what is merged with them."""
    if any(below[found[column]] for column in _NEEDED if found[column] < len(below)):
        return False
    more = [at for at, text in enumerate(below) if text and column_of(text)]
    return bool(more) and all((row + 1, found[column]) in sheet.merged for column in _NEEDED)


def _columns(texts: Sequence[str]) -> dict[Column, int]:
    """Each kind of column at its first place."""
    found: dict[Column, int] = {}
    for at, text in enumerate(texts):
        column = column_of(text) if text else None
        if column is not None:
            found.setdefault(column, at)
    return found


def _money_unit(text: str) -> int:
    unit = _UNIT.search(fold(text).partition("(")[2])
    return _UNITS[unit[1]] if unit else 1


def is_header_again(sheet: Sheet, row: Sequence[Value], header: Header) -> bool:
    """The row repeats the names of the columns, as at the top of a printed page, or numbers them."""
    named = [tidy(row[at]) for at in header.columns.values()]
    filled = [text for text in named if text]
    if len(filled) < 2:
        return False
    if all(re.fullmatch(r"\(?\d{1,2}\)?", text) for text in filled) and len(filled) >= min(4, len(named)):
        numbers = [int(text.strip("()")) for text in filled]
        return numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    return column_of(tidy(row[header.columns[Column.NAME]])) is Column.NAME and (
        column_of(tidy(row[header.columns[Column.TITLE]])) is Column.TITLE
    )
