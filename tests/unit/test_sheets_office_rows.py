"""Lists of units, people and posts: told by their heads, read cell by cell, nothing lost without a word."""

from datetime import date

import pytest

from sheets.cells import Value
from sheets.office_rows import RowPart, empty_list, read_office_rows
from sheets.refusals import CellUnknown, NoRowsFound
from sheets.words import DoubtKind
from sheets.writing import package, styled_sheet

TODAY = date(2026, 11, 26)
UNITS = ("Mã đơn vị (*)", "Mã đơn vị cấp trên", "Tên đơn vị", "Cấp", "Điện thoại")
PEOPLE = ("STT", "Mã cán bộ", "Họ và tên", "Ngày sinh", "Tên đăng nhập", "Email")
POSTS = ("Mã đơn vị", "Loại vị trí", "Chức danh", "Mã người", "Từ ngày")


def _list(**sheets: list[tuple[Value, ...]]) -> bytes:
    return package(
        [
            (name, styled_sheet([[(value, 0) for value in row] for row in rows]))
            for name, rows in sheets.items()
        ]
    )


def test_each_sheet_is_told_by_its_heads_and_read_into_its_part() -> None:
    content = _list(
        A=[("DANH SÁCH",), UNITS, ("T900", "H1", "Trường A", "Cấp trường", "")],
        B=[PEOPLE, (1, "CB-1", "Lê  Thị A", "5/9/1980", "Le.A", "a@b.vn")],
        C=[POSTS, ("T900", "Người đứng đầu đơn vị", "Hiệu trưởng", "CB-1", "01/12/2026")],
    )
    found = read_office_rows(content, TODAY)
    [unit], [person], [post] = (found.of(part) for part in RowPart)
    assert dict(unit.fields) == {
        "code": "T900",
        "parent_code": "H1",
        "name": "Trường A",
        "level": "SCHOOL",
    }
    assert dict(person.fields) == {
        "code": "CB-1",
        "full_name": "Lê Thị A",
        "date_of_birth": "1980-09-05",
        "username": "le.a",
        "mail_address": "a@b.vn",
    }
    assert (post.fields["kind"], post.fields["held_from"]) == ("UNIT_HEAD", "2026-12-01")
    assert (unit.cells["level"], found.remarks) == ("A!D3", [])
    assert [one.text for one in found.left_out] == ["DANH SÁCH"]


@pytest.mark.parametrize(
    ("column", "value", "kind"),
    [
        (0, "T 900", DoubtKind.CODE_UNFIT),
        (1, "", DoubtKind.CELL_EMPTY),
        (2, "#REF!", DoubtKind.FORMULA_FAILED),
        (3, "cấp lạ", DoubtKind.LEVEL_UNKNOWN),
    ],
)
def test_what_cannot_be_read_is_asked_at_its_cell(column: int, value: str, kind: DoubtKind) -> None:
    row: list[Value] = ["T900", "H1", "Trường A", "trường", ""]
    row[column] = value
    found = read_office_rows(_list(A=[UNITS, tuple(row)]), TODAY)
    [remark] = found.remarks
    assert (remark.cell, remark.doubt.kind, remark.doubt.asks) == (f"A!{'ABCD'[column]}2", kind, True)
    answers = {remark.cell: str(["T900", "H1", "Trường A", "trường"][column])}
    assert read_office_rows(_list(A=[UNITS, tuple(row)]), TODAY, answers).remarks == []


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("1980", DoubtKind.DAY_UNREADABLE),
        ("31/02/1980", DoubtKind.DAY_UNREADABLE),
        ("01/01/2030", DoubtKind.DAY_UNLIKELY),
        ("5/9/80", DoubtKind.SHORT_YEAR),
    ],
)
def test_a_birth_date_is_a_day_that_was(value: str, kind: DoubtKind) -> None:
    found = read_office_rows(_list(B=[PEOPLE, (1, "CB-1", "Lê A", value, "", "")]), TODAY)
    assert [remark.doubt.kind for remark in found.remarks] == [kind]


def test_columns_and_sheets_that_are_not_read_are_told() -> None:
    content = _list(
        A=[UNITS, ("T900", "H1", "Trường A", "trường", "0912")], Ghi_chú=[("Liên hệ phòng giáo dục",)]
    )
    left_out = read_office_rows(content, TODAY).left_out
    assert {(one.where, one.text) for one in left_out} == {("A", "Điện thoại"), ("Ghi_chú", "")}


def test_a_cell_that_is_not_there_is_refused_and_so_is_a_file_without_a_list() -> None:
    content = _list(A=[UNITS, ("T900", "H1", "Trường A", "trường", "")])
    with pytest.raises(CellUnknown):
        read_office_rows(content, TODAY, {"A!Z99": "x"})
    with pytest.raises(NoRowsFound):
        read_office_rows(_list(A=[("Tên", "Số"), ("x", 1)]), TODAY)


def test_the_empty_list_has_the_heads_that_are_read() -> None:
    with pytest.raises(NoRowsFound):
        read_office_rows(empty_list(), TODAY)
