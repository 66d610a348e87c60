"""Lists as people really make them, generated: whatever the mess, what a list says is read as it was meant or
asked about at its cell, nothing is lost without a word, and every cell that is taken for something else than
it says is told."""

import unicodedata
from calendar import monthrange
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from language.text import fold
from sheets.cells import column_name
from sheets.initiatives import AuthorRow, DossierRow, read_initiatives
from sheets.values import EPOCH, Day
from tests.workbooks import workbook

TODAY = date(2026, 6, 1)
NAMES = ("Lý Thị Phượng", "Đinh Ngọc Trang", "Hoàng Văn Ấm", "Nông Thị Huế", "Y Ngọc Ênuôl", "Lường Văn Đại")
TITLES = (
    "Dạy phép chia có dư bằng sỏi",
    "Vườn trường dạy đo lường",
    "Sổ tay đọc sách song ngữ Tày – Việt",
    "Thư viện góc lớp ở điểm trường lẻ",
    "Giảm 30% thời gian trộn thức ăn (bếp ăn bán trú)",
)
KINDS = {
    "TECHNICAL": ("Giải pháp kỹ thuật", "KỸ THUẬT", "Kỹ thuật."),
    "MANAGEMENT": ("Giải pháp quản lý", "giải pháp quản  lý"),
    "OPERATIONAL": ("Giải pháp tác nghiệp", "Tác nghiệp"),
}
COLUMNS = {
    "number": ("STT", "TT", "Số TT"),
    "name": ("Họ và tên tác giả", "HỌ VÀ TÊN", "Họ tên", "Tác giả sáng kiến"),
    "born": ("Ngày sinh", "Ngày, tháng, năm sinh", "Năm sinh"),
    "job": ("Chức vụ", "Chức danh"),
    "school": ("Đơn vị công tác", "TRƯỜNG"),
    "title": ("Tên sáng kiến", "TÊN SÁNG KIẾN (ghi đầy đủ)", "Tên SKKN"),
    "kind": ("Loại giải pháp", "Loại"),
    "field": ("Lĩnh vực áp dụng", "Lĩnh vực"),
    "share": ("Tỷ lệ đóng góp (%)", "Tỉ lệ đóng góp"),
    "first": ("Ngày áp dụng lần đầu", "Thời điểm áp dụng"),
    "summary": ("Tóm tắt nội dung", "Nội dung"),
    "money": ("Số tiền làm lợi (đồng)", "Tiền làm lợi"),
}
OF_DOSSIER = ("title", "kind", "field", "first", "summary", "money")


@dataclass(frozen=True, slots=True)
class Said:
    """A cell as somebody fills it, and whether it has to be told what it is taken for."""

    cell: Any
    is_told: bool = False


@dataclass(frozen=True, slots=True)
class Author:
    """As they are."""

    name: str
    born: Day
    job: str
    percent: Decimal


@dataclass(frozen=True, slots=True)
class Dossier:
    """As it is."""

    title: str
    kind: str
    field: str
    first: Day
    summary: str
    money: int | None
    school: str
    authors: tuple[Author, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """A list that was typed: what it means, and by its place whatever has to be told."""

    dossiers: tuple[Dossier, ...]
    content: bytes
    told: frozenset[str]
    beside: tuple[str, ...]


def _either(*said: Said) -> st.SearchStrategy[Said]:
    return st.sampled_from(said)


def _text(text: str) -> st.SearchStrategy[Said]:
    spaced = text.replace(" ", "  ").replace("  ", " \u00a0", 1)
    forms = (text, unicodedata.normalize("NFD", text), f"  {text} ", spaced, f"{text}\u200b")
    return _either(*(Said(form) for form in forms))


def _name(name: str) -> st.SearchStrategy[Said]:
    return st.one_of(
        _text(name),
        _either(Said(name.upper(), True), Said(name.lower(), True), Said(f"Cô {name}", True)),
    )


def _share(percent: Decimal) -> st.SearchStrategy[Said]:
    plain = f"{percent:f}"
    forms = [Said(plain), Said(plain.replace(".", ",")), Said(f"{plain}%"), Said(f"{plain} %")]
    forms += [Said(float(percent)), Said(float(percent / 100), True), Said(str(percent / 100), True)]
    if percent == Decimal("33.33"):
        forms.append(Said("1/3", True))
    return _either(*forms)


def _day(day: date) -> st.SearchStrategy[tuple[Day, Said]]:
    one = Day(first=day, last=day)
    exact = [
        Said(f"{day:%d/%m/%Y}"),
        Said(f"{day.day}.{day.month}.{day.year}"),
        Said(f"{day.day}-{day.month}-{day.year}"),
        Said(f"ngày {day.day} tháng {day.month} năm {day.year}"),
        Said(day.isoformat()),
        Said((day - EPOCH).days, True),
        Said(f"{day:%d/%m/%y}", True),
    ]
    if day.day > 12:
        exact.append(Said(f"{day:%m/%d/%Y}", True))
    month = Day(first=day.replace(day=1), last=day.replace(day=monthrange(day.year, day.month)[1]))
    year = Day(first=date(day.year, 1, 1), last=date(day.year, 12, 31))
    rough = [
        (month, Said(f"tháng {day.month}/{day.year}", True)),
        (month, Said(f"{day.month}/{day.year}", True)),
        (year, Said(str(day.year), True)),
        (year, Said(day.year, True)),
    ]
    return st.sampled_from([*((one, said) for said in exact), *rough])


def _money(dong: int | None) -> st.SearchStrategy[Said]:
    if dong is None:
        return _either(Said(""), Said("-"), Said("không"), Said("Không tính"))
    grouped = f"{dong:,d}"
    forms = [
        Said(dong),
        Said(grouped.replace(",", ".")),
        Said(grouped),
        Said(f"{grouped.replace(',', '.')} đ"),
    ]
    forms += [Said(f"{dong // 10**6} triệu", True), Said(f"khoảng {dong // 10**6} triệu đồng", True)]
    return _either(*forms)


_days = st.dates(date(1965, 1, 1), date(1999, 12, 31))
_lately = st.dates(TODAY - timedelta(days=360), TODAY - timedelta(days=30))


def _shares(count: int) -> tuple[Decimal, ...]:
    given = {1: ("100",), 2: ("60", "40"), 3: ("33.33", "33.33", "33.34")}
    return tuple(Decimal(one) for one in given[count])


class _Typing:
    """Somebody types a list."""

    def __init__(self, draw: Callable[[st.SearchStrategy[Any]], Any]) -> None:
        self.draw = draw
        self.rows: list[list[Any]] = []
        self.merged: list[str] = []
        self.told: set[str] = set()
        self.beside: list[str] = []
        self.order: Sequence[str] = draw(st.permutations([one for one in COLUMNS if one != "number"]))
        self.order = ["number", *self.order]

    def at(self, column: str, row: int) -> str:
        """The address of a cell; rows count from 1."""
        return f"{column_name(self.order.index(column))}{row}"

    def say(self, said: Said, column: str) -> Any:
        """What stands in the cell of the row that is typed next."""
        if said.is_told:
            self.told.add(self.at(column, len(self.rows) + 1))
        return said.cell

    def type_beside(self, *texts: str) -> None:
        """A row that is no row of the list: one text in it."""
        for text in self.draw(st.lists(st.sampled_from(texts), max_size=2, unique=True)):
            place = self.draw(st.sampled_from([0, 1]))
            self.rows.append([""] * place + [text])
            self.beside.append(text)
        self.rows += [[]] * self.draw(st.integers(0, 2))

    def type_header(self) -> None:
        """The names of the columns, and one that nobody knows."""
        self.rows.append([*(self.draw(st.sampled_from(COLUMNS[one])) for one in self.order), "Ghi chú thêm"])

    def type_dossier(self, number: int, title: str) -> Dossier:
        """A row for each author."""
        draw = self.draw
        count = draw(st.integers(1, 3))
        kind = draw(st.sampled_from(list(KINDS)))
        field, summary = "Giáo dục tiểu học", "Các bước thực hiện"
        school = draw(st.sampled_from(["Trường Tiểu học Quang Trung", "Trường PTDTBT Hoàng Văn Thụ"]))
        money = draw(st.sampled_from([None, 5_000_000, 11_000_000, 120_000_000]))
        first, first_said = draw(_day(draw(_lately)).filter(lambda told: told[0].last <= date(2027, 12, 31)))
        repeats = draw(st.sampled_from(["BLANK", "SAID_AGAIN", "MERGED"])) if count > 1 else "BLANK"
        authors, top = [], len(self.rows) + 1
        for place, name in enumerate(draw(st.permutations(NAMES))[:count]):
            percent, (born, born_said) = _shares(count)[place], draw(_day(draw(_days)))
            cells = {
                "name": draw(_name(name)),
                "born": born_said,
                "job": draw(_text("Giáo viên")),
                "share": draw(_share(percent)),
                "school": draw(_text(school)),
            }
            if place == 0:
                cells |= {
                    "number": Said(number),
                    "title": draw(_text(title)),
                    "kind": draw(_either(*map(Said, KINDS[kind]))),
                    "field": draw(_text(field)),
                    "first": first_said,
                    "summary": draw(_text(summary)),
                    "money": draw(_money(money)),
                }
            elif repeats == "SAID_AGAIN":
                cells |= {"title": draw(_text(title)), "number": Said(draw(st.sampled_from(["", number])))}
            typed = [self.say(cells.get(one, Said("")), one) for one in self.order]
            self.rows.append(typed)
            authors.append(Author(name, born, "Giáo viên", percent))
        if repeats == "MERGED":
            self.merged.append(f"{self.at('title', top)}:{self.at('title', top + count - 1)}")
        return Dossier(title, kind, field, first, summary, money, school, tuple(authors))


@st.composite
def messy_lists(draw: Callable[[st.SearchStrategy[Any]], Any]) -> Written:
    """A list with all that stands around it."""
    typing = _Typing(draw)
    typing.type_beside("UBND TỈNH LẠNG SƠN", "DANH SÁCH SÁNG KIẾN NĂM HỌC 2025–2026", "(Kèm theo tờ trình)")
    typing.beside.clear()  # what stands above the names of the columns is no part of the list
    typing.type_header()
    dossiers = []
    for number, title in enumerate(draw(st.permutations(TITLES))[: draw(st.integers(1, 4))], start=1):
        if draw(st.booleans()):
            typing.type_beside(f"{'I' * number}. CẤP TIỂU HỌC", "Khối 1, 2, 3")
        if number > 1 and draw(st.integers(0, 5)) == 0:
            typing.type_header()
        dossiers.append(typing.type_dossier(number, title))
    typing.type_beside(f"Tổng số: {len(dossiers)} sáng kiến", "NGƯỜI LẬP BIỂU", "Bình Gia, ngày 05/6/2026")
    content = workbook(typing.rows, typing.merged)
    return Written(tuple(dossiers), content, frozenset(typing.told), tuple(typing.beside))


def _same_day(read: Day | None, meant: Day) -> bool:
    return read is not None and (read.first, read.last) == (meant.first, meant.last)


def _is_author(read: AuthorRow, meant: Author) -> bool:
    said = (read.full_name, read.job_title, read.percent)
    return said == (meant.name, meant.job, meant.percent) and _same_day(read.born, meant.born)


def _is_dossier(read: DossierRow, meant: Dossier) -> bool:
    said = (read.title, read.kind, read.application_field, read.description, read.money_dong, read.school)
    return said == (meant.title, meant.kind, meant.field, meant.summary, meant.money, meant.school) and (
        _same_day(read.first_applied, meant.first)
    )


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(written=messy_lists())
def test_a_list_says_what_was_meant_however_it_was_typed(written: Written) -> None:
    found = read_initiatives(written.content, TODAY)
    assert [one.title for one in found.dossiers] == [one.title for one in written.dossiers]
    for read, meant in zip(found.dossiers, written.dossiers, strict=True):
        assert _is_dossier(read, meant), (read, meant)
        assert len(read.authors) == len(meant.authors)
        for one, other in zip(read.authors, meant.authors, strict=True):
            assert _is_author(one, other), (one, other)
        assert not read.asks, [remark.doubt.vi for remark in read.remarks if remark.doubt.asks]
    # Every cell that is taken for something else than it says is told, and no other.
    assert {remark.cell.rpartition("!")[2] for remark in found.remarks} == written.told
    left_out = {fold(one.text) for one in found.left_out}
    assert {"ghi chu them", *map(fold, written.beside)} == left_out


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(written=messy_lists(), data=st.data())
def test_a_cell_that_cannot_be_read_is_asked_about_and_the_others_are_as_before(
    written: Written, data: st.DataObject
) -> None:
    found = read_initiatives(written.content, TODAY)
    dossier = data.draw(st.sampled_from(found.dossiers))
    cell = dossier.authors[0].cell
    spoilt = read_initiatives(written.content, TODAY, {cell: "12 người (xem phụ lục)"})
    asked = [remark for remark in spoilt.remarks if remark.doubt.asks]
    assert [remark.cell for remark in asked] == [cell]
    others = [one for one in spoilt.dossiers if one.cell != dossier.cell]
    assert others == [one for one in found.dossiers if one.cell != dossier.cell]
