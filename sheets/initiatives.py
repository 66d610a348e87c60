"""A list of initiatives read from a workbook: dossiers with their authors, every doubt at its cell, and what
was left out. Nothing fails on a row; a workbook in which no list is found is refused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from string import ascii_uppercase

from language.text import fold
from sheets.cells import Sheet, Value, column_name
from sheets.headers import HEADER_WITHIN, Column, Header, find_header, is_header_again
from sheets.left_out import LeftOut, row_beside, unread_column, whole_sheet
from sheets.refusals import NoListFound, require_cells
from sheets.values import (
    EPOCH,
    EPOCH_1904,
    Day,
    Doubt,
    Reading,
    cut,
    is_formula,
    read_day,
    read_line,
    read_money,
    read_name,
    read_prose,
    read_share,
    shown_number,
    tidy,
)
from sheets.words import DoubtKind
from sheets.workbook import open_workbook

_KINDS: Mapping[str, str] = {
    "giai phap ky thuat": "TECHNICAL",
    "ky thuat": "TECHNICAL",
    "giai phap quan ly": "MANAGEMENT",
    "quan ly": "MANAGEMENT",
    "giai phap tac nghiep": "OPERATIONAL",
    "tac nghiep": "OPERATIONAL",
    "ung dung tien bo ky thuat": "TECHNICAL_PROGRESS_APPLICATION",
    "ung dung tbkt": "TECHNICAL_PROGRESS_APPLICATION",
}
_EARLIEST_BIRTH, _EARLIEST_USE = 100, 30
_YOUNGEST = 15
_WHOLE = Decimal(100)
_OF_DOSSIER = (Column.TITLE, Column.KIND, Column.FIELD, Column.FIRST, Column.SUMMARY, Column.MONEY)
_OF_AUTHOR = (Column.NUMBER, Column.BORN, Column.SHARE, Column.JOB, Column.QUALIFICATION, Column.CODE)
_SAME_BLOCK = frozenset({Column.SCHOOL, Column.DISTRICT, Column.KIND, Column.FIELD, Column.FIRST})
"""What one merged cell may say for several rows. A merged title is one initiative of several authors."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A doubt at its cell."""

    cell: str
    doubt: Doubt


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorRow:
    """An author as the list names them. `cell` is the cell of the name."""

    cell: str
    code: str
    full_name: str
    born: Day | None
    job_title: str
    qualification: str
    school: str
    percent: Decimal | None


@dataclass(slots=True, kw_only=True)
class DossierRow:
    """An initiative of the list. `cell` is the cell of its title, `school_cell` that of its school."""

    cell: str
    school_cell: str
    number: int
    title: str
    school: str
    district: str
    kind: str | None
    application_field: str
    first_applied: Day | None
    problem: str
    description: str
    applicability: str
    conditions: str
    benefit: str
    benefit_by_others: str
    money_dong: int | None
    confidential: str
    authors: list[AuthorRow] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    @property
    def asks(self) -> bool:
        """Something about it has to be answered first."""
        return any(remark.doubt.asks for remark in self.remarks)


@dataclass(frozen=True, slots=True, kw_only=True)
class InitiativeList:
    """What a workbook holds."""

    sheets: tuple[Sheet, ...]
    dossiers: tuple[DossierRow, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def remarks(self) -> tuple[Remark, ...]:
        """All doubts in the order of the list."""
        return tuple(remark for dossier in self.dossiers for remark in dossier.remarks)


def read_initiatives(content: bytes, today: date, answers: Mapping[str, str] | None = None) -> InitiativeList:
    """The list in the workbook. `answers` says cells anew: `{"Danh sách!C7": "18/04/1988"}`."""
    sheets = open_workbook(content)
    by_name = {sheet.name: sheet for sheet in sheets}

    def is_there(cell: str) -> bool:
        name, _, place = cell.rpartition("!")
        return name in by_name and by_name[name].has(place)

    require_cells(answers or (), is_there)
    return gather([sheet.answered(answers or {}) for sheet in sheets], today)


def gather(sheets: Sequence[Sheet], today: date) -> InitiativeList:
    """The list on these sheets."""
    dossiers: list[DossierRow] = []
    left_out: list[LeftOut] = []
    found_any = False
    for sheet in sheets:
        # Last year's list, kept out of sight, is not handed in once more.
        header = None if sheet.is_hidden else find_header(sheet)
        if header is None:
            if any(tidy(value) for row in sheet.rows for value in row):
                left_out.append(whole_sheet(sheet))
            continue
        found_any = True
        left_out += [unread_column(sheet, at, name) for at, name in header.unread]
        reader = _SheetReader(sheet, header, today)
        reader.read()
        dossiers += reader.dossiers
        left_out += reader.left_out
    if not found_any:
        names = ", ".join(cut(sheet.name) for sheet in sheets)
        raise NoListFound(sheets=names or "–", rows=HEADER_WITHIN)
    _look_at_titles(dossiers)
    return InitiativeList(sheets=tuple(sheets), dossiers=tuple(dossiers), left_out=tuple(left_out))


def _look_at_titles(dossiers: Sequence[DossierRow]) -> None:
    """The same title twice is told at the second."""
    first: dict[str, str] = {}
    for dossier in dossiers:
        title = fold(dossier.title)
        if title and title in first:
            doubt = Doubt(kind=DoubtKind.SAME_TITLE, value=cut(dossier.title), read=first[title])
            dossier.remarks.append(Remark(cell=dossier.cell, doubt=doubt))
        first.setdefault(title, dossier.cell)


class _SheetReader:
    """One sheet, row by row."""

    def __init__(self, sheet: Sheet, header: Header, today: date) -> None:
        self.dossiers: list[DossierRow] = []
        self.left_out: list[LeftOut] = []
        self._sheet = sheet
        self._header = header
        self._today = today
        self._epoch = EPOCH_1904 if sheet.from_1904 else EPOCH

    def read(self) -> None:
        """All rows below the header."""
        for at in range(self._header.first_row, len(self._sheet.rows)):
            row = self._sheet.rows[at]
            if not any(tidy(value) for value in row) or is_header_again(self._sheet, row, self._header):
                continue
            if self._is_of_list(at):
                self._read_row(at)
            else:
                text = " ".join(tidy(value) for value in row if tidy(value))
                self.left_out.append(row_beside(self._sheet, at, text))
        for dossier in self.dossiers:
            self._look_at_shares(dossier)
        self._look_at_hidden_columns()

    def _look_at_hidden_columns(self) -> None:
        """Told once, with the first initiative that is read from them."""
        for place in sorted(self._sheet.hidden_columns & set(self._header.columns.values())):
            if self.dossiers:
                value = cut(self._header.names[place])
                cell = self._sheet.address(self._header.first_row - 1, place)
                doubt = Doubt(kind=DoubtKind.HIDDEN_COLUMN, value=value)
                self.dossiers[0].remarks.append(Remark(cell=cell, doubt=doubt))

    def _text(self, at: int, column: Column) -> str:
        return tidy(self._value(at, column))

    def _numbered(self, at: int) -> str:
        """The number of the row, which a formula may have failed to count."""
        number = self._text(at, Column.NUMBER)
        return "" if is_formula(number) else number

    def _value(self, at: int, column: Column) -> Value:
        place = self._header.columns.get(column)
        if place is None:
            return ""
        value = self._sheet.rows[at][place]
        if column in _SAME_BLOCK and not tidy(value) and (at, place) in self._sheet.merged:
            top, left = self._sheet.merged[at, place]
            return self._sheet.rows[top][left] if left == place else value
        return value

    def _cell(self, at: int, column: Column) -> str:
        return self._sheet.address(at, self._header.columns.get(column, 0))

    def _is_of_list(self, at: int) -> bool:
        """Not a heading between the rows, a sum, or whoever signs below: those fill one cell, or neither
        name nor title."""
        name, title = self._text(at, Column.NAME), self._text(at, Column.TITLE)
        if (at, self._header.columns[Column.TITLE]) in self._sheet.merged and not title:
            top, left = self._sheet.merged[at, self._header.columns[Column.TITLE]]
            if top == at and left != self._header.columns[Column.TITLE]:
                return False
        if not name and not title:
            return False
        beside = [column for column in (*_OF_DOSSIER, *_OF_AUTHOR, Column.SCHOOL) if self._own(at, column)]
        labels = fold(name), fold(self._text(at, Column.NUMBER))
        is_sum = any(label.startswith(("tong so", "tong cong", "cong:")) for label in labels)
        return len(beside) > (1 if title else 0) and not is_sum

    def _own(self, at: int, column: Column) -> bool:
        """The row itself says something there; who signs below the shares is no share."""
        place = self._header.columns.get(column)
        text = "" if place is None else tidy(self._sheet.rows[at][place])
        return any(map(str.isdigit, text)) if column is Column.SHARE else bool(text)

    def _read_row(self, at: int) -> None:
        remarks: list[Remark] = []
        begins = self._begins(at)
        if begins:
            self.dossiers.append(self._dossier(at, remarks))
        elif not self.dossiers:
            self.dossiers.append(self._dossier(at, remarks))
            remarks.append(self._remark(at, Column.TITLE, DoubtKind.NO_DOSSIER_ABOVE))
        dossier = self.dossiers[-1]
        dossier.authors.append(self._author(at, remarks))
        if at in self._sheet.hidden_rows:
            remarks.append(self._remark(at, Column.NAME, DoubtKind.HIDDEN_ROW))
        dossier.remarks += remarks

    def _begins(self, at: int) -> bool:
        """A title, or a number, begins an initiative; a title said again at the same number, or at none,
        does not: it is a co-author's row that somebody filled in."""
        title, number = self._text(at, Column.TITLE), self._numbered(at)
        if not self.dossiers:
            return bool(title or number)
        last = self.dossiers[-1]
        if title and fold(title) == fold(last.title):
            return bool(number) and number != str(last.number)
        if title:
            return True
        return bool(number) and number != str(last.number)

    def _remark(self, at: int, column: Column, kind: DoubtKind, read: str = "") -> Remark:
        value = cut(self._value(at, column))
        return Remark(cell=self._cell(at, column), doubt=Doubt(kind=kind, value=value, read=read))

    def _noted(self, at: int, column: Column, reading: Reading[str], remarks: list[Remark]) -> str:
        remarks += [Remark(cell=self._cell(at, column), doubt=doubt) for doubt in reading.doubts]
        return reading.value or ""

    def _dossier(self, at: int, remarks: list[Remark]) -> DossierRow:
        title = self._noted(at, Column.TITLE, read_line(self._value(at, Column.TITLE)), remarks)
        if not title and not remarks and self._begins(at):
            remarks.append(self._remark(at, Column.TITLE, DoubtKind.TITLE_MISSING))
        number = self._numbered(at)
        first = read_day(
            self._value(at, Column.FIRST),
            date(self._today.year - _EARLIEST_USE, 1, 1),
            date(self._today.year + 1, 12, 31),
            self._epoch,
        )
        money = read_money(self._value(at, Column.MONEY), self._header.money_unit)
        for column, doubts in ((Column.FIRST, first.doubts), (Column.MONEY, money.doubts)):
            remarks += [Remark(cell=self._cell(at, column), doubt=doubt) for doubt in doubts]

        def prose(column: Column) -> str:
            return self._noted(at, column, read_prose(self._value(at, column)), remarks)

        def line(column: Column) -> str:
            return self._noted(at, column, read_line(self._value(at, column)), remarks)

        return DossierRow(
            cell=self._cell(at, Column.TITLE),
            school_cell=self._cell(at, Column.SCHOOL),
            number=int(number) if number.isascii() and number.isdigit() and len(number) < 7 else 0,
            title=title,
            school=line(Column.SCHOOL),
            district=line(Column.DISTRICT),
            kind=self._kind(at, remarks),
            application_field=line(Column.FIELD),
            first_applied=first.value,
            problem=prose(Column.PROBLEM),
            description=prose(Column.SUMMARY),
            applicability=prose(Column.APPLICABILITY),
            conditions=prose(Column.CONDITIONS),
            benefit=prose(Column.BENEFIT),
            benefit_by_others=prose(Column.OTHERS),
            money_dong=money.value,
            confidential=prose(Column.CONFIDENTIAL),
        )

    def _kind(self, at: int, remarks: list[Remark]) -> str | None:
        text = self._text(at, Column.KIND)
        kind = _KINDS.get(fold(text).strip(" .:;"))
        if text and kind is None:
            remarks.append(self._remark(at, Column.KIND, DoubtKind.KIND_UNKNOWN))
        return kind

    def _author(self, at: int, remarks: list[Remark]) -> AuthorRow:
        name = self._noted(at, Column.NAME, read_name(self._value(at, Column.NAME)), remarks)
        if not self._text(at, Column.NAME):
            remarks.append(self._remark(at, Column.NAME, DoubtKind.NAME_MISSING))
        oldest = date(self._today.year - _EARLIEST_BIRTH, 1, 1)
        youngest = date(self._today.year - _YOUNGEST, 12, 31)
        born = read_day(self._value(at, Column.BORN), oldest, youngest, self._epoch)
        share = read_share(self._value(at, Column.SHARE))
        for column, doubts in ((Column.BORN, born.doubts), (Column.SHARE, share.doubts)):
            remarks += [Remark(cell=self._cell(at, column), doubt=doubt) for doubt in doubts]

        def line(column: Column) -> str:
            return self._noted(at, column, read_line(self._value(at, column)), remarks)

        return AuthorRow(
            cell=self._cell(at, Column.NAME),
            code=line(Column.CODE),
            full_name=name,
            born=born.value,
            job_title=line(Column.JOB),
            qualification=line(Column.QUALIFICATION),
            school=tidy(self._value(at, Column.SCHOOL)),
            percent=share.value,
        )

    def _look_at_shares(self, dossier: DossierRow) -> None:
        """A sole author without a share has all of it; else each share is there and they sum to 100."""
        doubted = {remark.doubt.kind for remark in dossier.remarks}
        if DoubtKind.SHARE_UNREADABLE in doubted:
            return
        column = self._header.columns.get(Column.SHARE)
        if len(dossier.authors) == 1 and dossier.authors[0].percent is None:
            dossier.authors[0] = _whole(dossier.authors[0])
        missing = [author for author in dossier.authors if author.percent is None]
        for author in missing:
            doubt = Doubt(kind=DoubtKind.SHARE_MISSING, read=author.full_name)
            dossier.remarks.append(Remark(cell=_beside(author.cell, column), doubt=doubt))
        total = sum((author.percent or Decimal() for author in dossier.authors), Decimal())
        if not missing and total != _WHOLE:
            doubt = Doubt(kind=DoubtKind.SHARES_NOT_HUNDRED, read=shown_number(total))
            dossier.remarks.append(Remark(cell=_beside(dossier.authors[0].cell, column), doubt=doubt))


def _whole(author: AuthorRow) -> AuthorRow:
    return replace(author, percent=_WHOLE)


def _beside(cell: str, column: int | None) -> str:
    """The cell of the same row in this column; the cell itself when the list has no such column."""
    if column is None:
        return cell
    sheet, _, address = cell.rpartition("!")
    return f"{sheet}!{column_name(column)}{address.lstrip(ascii_uppercase)}"
