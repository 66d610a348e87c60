"""Score sheets of a council member as a workbook, out and back: filled in without the line, and merged with
what was stored meanwhile so that neither overwrites the other without a word.

The workbook carries, on a sheet that nobody sees, a digest of each field as it stood when it was written:
what differs from that was changed in the workbook, or in the system, or in both."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256
from typing import Final

from language.cases import Vote
from language.text import fold
from language.words.said import say
from language.words.values import say_level
from sheets.cells import Sheet, Value, column_name
from sheets.refusals import NoMarksFound
from sheets.values import cut, is_formula, read_decimal, tidy
from sheets.workbook import open_workbook
from sheets.writing import HEADING, LOCKED, WRAPPED, package, styled_sheet

SCORE, REMARK = "score:", "remark:"
VOTE, WHOLE = "vote", "remark"
"""The names of the fields of a sheet; those of single criteria end in the criterion."""
_BASE: Final = "_sang_kien"
_FORM: Final = "sang-kien:phieu-cham:1"
_FIRST_COLUMNS: Final = ("Mã hồ sơ", "Tên sáng kiến", "Tác giả", "Hạn chấm")
_VOTE_COLUMN, _REMARK_COLUMN = "Ý kiến (đồng ý / không đồng ý / ý kiến khác)", "Nhận xét chung"
_VOTES: Final[Mapping[str, Vote]] = {fold(say(vote).vi): vote for vote in Vote}
_SHORT_VOTES: Final[Mapping[str, Vote]] = {
    "x": Vote.APPROVE,
    "co": Vote.APPROVE,
    "khong": Vote.REJECT,
    "khac": Vote.OTHER,
}
_DIGEST: Final = 16
_BASE_COLUMNS: Final = 5


class MarkFault(StrEnum):
    """What is wrong with a cell, or a row, of a workbook of marks."""

    NO_NUMBER = "NO_NUMBER"
    NO_VOTE = "NO_VOTE"
    FORMULA = "FORMULA"
    NOT_YOURS = "NOT_YOURS"
    TWICE = "TWICE"


class MergedAs(StrEnum):
    """What becomes of a field: the workbook changed it, or the system did meanwhile, or both did, and not to
    the same."""

    TAKEN = "TAKEN"
    KEPT = "KEPT"
    CONFLICT = "CONFLICT"


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkLine:
    """A criterion: its title, and the highest mark."""

    id: str
    title: str
    most: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkSheet:
    """A sheet as the system has it: `fields` by the names above, marks as plain numbers, the vote as its
    word."""

    id: str
    code: str
    title: str
    author: str
    due: str
    level: str
    lines: Sequence[MarkLine]
    fields: Mapping[str, str]

    @property
    def names(self) -> list[str]:
        """Every field that it has, in the order of the columns."""
        ids = [line.id for line in self.lines]
        return [*(f"{SCORE}{one}" for one in ids), VOTE, WHOLE, *(f"{REMARK}{one}" for one in ids)]


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultyCell:
    """A cell at fault, as people point at it, with what stands in it."""

    cell: str
    value: str
    fault: MarkFault


@dataclass(frozen=True, slots=True, kw_only=True)
class RowRead:
    """A row of the workbook: the sheet it is of, what its fields hold and in which cells, and their digests
    when it was written."""

    id: str
    code: str
    fields: Mapping[str, str]
    base: Mapping[str, str]
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class MarksRead:
    """A workbook as it came back."""

    rows: Sequence[RowRead]
    faults: Sequence[FaultyCell]


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldMerged:
    """A field that differs: what the system holds, what the workbook holds."""

    name: str
    stored: str
    given: str
    merged: MergedAs


def digest(text: str) -> str:
    """Of a field as it stands."""
    return sha256(_normal(text).encode()).hexdigest()[:_DIGEST]


def _normal(text: str) -> str:
    return tidy(text, lines=True)


def write_marks(sheets: Sequence[MarkSheet]) -> bytes:
    """A visible sheet for each level and set of criteria, a row for each dossier."""
    groups: dict[tuple[str, ...], list[MarkSheet]] = {}
    for sheet in sheets:
        groups.setdefault((sheet.level, *(line.id for line in sheet.lines)), []).append(sheet)
    parts: list[tuple[str, str]] = []
    base: list[list[str]] = [[_FORM]]
    for number, rows in enumerate(groups.values(), start=1):
        name = f"{number}. Cấp {say_level(rows[0].level).vi}"[:31]
        header = _header(rows[0])
        base.append(["columns", name, json.dumps(dict(zip(header, _columns(rows[0]), strict=True)))])
        base += [["row", name, row.code, row.id, json.dumps(_digests(row))] for row in rows]
        parts.append((name, _visible(header, rows)))
    hidden = styled_sheet([[(text, 0) for text in row] for row in base])
    return package([*parts, (_BASE, hidden)], hidden=(_BASE,))


def _header(sheet: MarkSheet) -> list[str]:
    marks = [f"{line.title} (0–{_plain(line.most)})" for line in sheet.lines]
    remarks = [f"Nhận xét: {line.title}" for line in sheet.lines]
    return [*_FIRST_COLUMNS, *marks, _VOTE_COLUMN, _REMARK_COLUMN, *remarks]


def _columns(sheet: MarkSheet) -> list[str]:
    return ["code", "title", "author", "due", *sheet.names]


def _digests(sheet: MarkSheet) -> dict[str, str]:
    return {name: digest(sheet.fields.get(name, "")) for name in sheet.names}


def _visible(header: Sequence[str], rows: Sequence[MarkSheet]) -> str:
    lines: list[list[tuple[Value, int]]] = [[(text, HEADING) for text in header]]
    for row in rows:
        known: list[tuple[Value, int]] = [
            (text, LOCKED) for text in (row.code, row.title, row.author, row.due)
        ]
        lines.append([*known, *((_cell(row, name), WRAPPED) for name in row.names)])
    marks = len(rows[0].lines)
    widths = [16, 48, 22, 12, *[12] * marks, 18, 40, *[30] * marks]
    return styled_sheet(lines, widths)


def _cell(sheet: MarkSheet, name: str) -> Value:
    text = sheet.fields.get(name, "")
    if name.startswith(SCORE) and text:
        number = Decimal(text)
        return int(number) if number == number.to_integral_value() else float(number)
    if name == VOTE and text:
        return say(Vote(text)).vi
    return text


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}".replace(".", ",")


def read_marks(content: bytes) -> MarksRead:
    """The rows of a workbook that was written here; `NoMarksFound` for any other. Takes as long as its size:
    away from the event loop."""
    sheets = {sheet.name: sheet for sheet in open_workbook(content)}
    base = sheets.get(_BASE)
    if base is None or not base.rows or tidy(base.rows[0][0]) != _FORM:
        raise NoMarksFound
    columns: dict[str, dict[str, str]] = {}
    known: dict[tuple[str, str], tuple[str, dict[str, str]]] = {}
    for row in base.rows[1:]:
        cells = [*(tidy(value) for value in row), *[""] * _BASE_COLUMNS]
        if cells[0] == "columns":
            columns[cells[1]] = _names_in(cells[2])
        elif cells[0] == "row":
            known[cells[1], cells[2]] = (cells[3], _names_in(cells[4]))
    found = [
        one for name, names in columns.items() if name in sheets for one in _rows(sheets[name], names, known)
    ]
    return MarksRead(
        rows=[one for one in found if isinstance(one, RowRead)],
        faults=[one for one in found if isinstance(one, FaultyCell)],
    )


def _names_in(text: str) -> dict[str, str]:
    try:
        read = json.loads(text)
    except ValueError as error:
        raise NoMarksFound from error
    if not isinstance(read, dict):
        raise NoMarksFound
    return {str(name): str(value) for name, value in read.items()}


_Known = Mapping[tuple[str, str], tuple[str, dict[str, str]]]


def _rows(sheet: Sheet, names: Mapping[str, str], known: _Known) -> Iterator[RowRead | FaultyCell]:
    """Columns are known by their headings, rows by the code of the dossier: both may have been moved."""
    header = [names.get(tidy(value), "") for value in sheet.rows[0]] if sheet.rows else []
    if "code" not in header:
        raise NoMarksFound
    at_code, seen = header.index("code"), set[str]()
    for at, row in enumerate(sheet.rows[1:], start=1):
        code = tidy(row[at_code])
        if not any(tidy(value) for value in row):
            continue
        cell = f"{sheet.name}!{column_name(at_code)}{at + 1}"
        if (sheet.name, code) not in known:
            yield FaultyCell(cell=cell, value=cut(row[at_code]), fault=MarkFault.NOT_YOURS)
        elif code in seen:
            yield FaultyCell(cell=cell, value=cut(row[at_code]), fault=MarkFault.TWICE)
        else:
            seen.add(code)
            yield from _row(sheet, at, header, known[sheet.name, code])


def _row(
    sheet: Sheet, at: int, header: Sequence[str], known: tuple[str, dict[str, str]]
) -> Iterator[RowRead | FaultyCell]:
    """The row, and its cells that cannot be read: those keep what the system has."""
    sheet_id, base = known
    fields: dict[str, str] = {}
    cells: dict[str, str] = {}
    for column, name in enumerate(header):
        if name not in base:
            continue
        cells[name] = sheet.address(at, column)
        read = _read(name, sheet.rows[at][column])
        if isinstance(read, MarkFault):
            yield FaultyCell(cell=sheet.address(at, column), value=cut(sheet.rows[at][column]), fault=read)
        else:
            fields[name] = read
    code = tidy(sheet.rows[at][header.index("code")])
    yield RowRead(id=sheet_id, code=code, fields=fields, base=base, cells=cells)


def _read(name: str, value: Value) -> str | MarkFault:
    text = tidy(value, lines=True)
    if is_formula(text):
        return MarkFault.FORMULA
    if not text:
        return ""
    if name.startswith(SCORE):
        number = (
            Decimal(repr(value))
            if isinstance(value, int | float) and not isinstance(value, bool)
            else read_decimal(text)
        )
        return MarkFault.NO_NUMBER if number is None or number < 0 else _number(number)
    if name == VOTE:
        vote = _VOTES.get(fold(text)) or _SHORT_VOTES.get(fold(text))
        return MarkFault.NO_VOTE if vote is None else vote.value
    return text


def _number(number: Decimal) -> str:
    whole = number.to_integral_value()
    return f"{whole:f}" if number == whole else f"{number.normalize():f}"


def merge(row: RowRead, stored: MarkSheet) -> list[FieldMerged]:
    """The fields in which the workbook and the system differ. What only one of them changed is that one's;
    what both changed is asked."""
    found = []
    for name in stored.names:
        if name not in row.fields:
            continue
        theirs, mine = stored.fields.get(name, ""), row.fields[name]
        if digest(theirs) == digest(mine):
            continue
        given, kept = digest(mine) != row.base[name], digest(theirs) != row.base[name]
        merged = MergedAs.CONFLICT if given and kept else MergedAs.TAKEN if given else MergedAs.KEPT
        found.append(FieldMerged(name=name, stored=theirs, given=mine, merged=merged))
    return found
