"""Lists of initiatives as schools keep them: read, or named by cell; never a failure."""

import re
import unicodedata
import zipfile
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cli.spreadsheet import ListUnreadable, read_list
from language.refusals import Refusal
from language.text import one_line
from sheets.initiatives import InitiativeList, read_initiatives
from sheets.refusals import CellUnknown, NoListFound, WorkbookTooLarge, WorkbookUnreadable
from sheets.words import DoubtKind
from sheets.workbook import open_workbook
from sheets.writing import DOUBTS_SHEET, mark_doubts
from tests.workbooks import HEADER, co_author, row, sheet_xml, workbook

TODAY = date(2026, 1, 31)
SAMPLES = Path(__file__).parents[2] / "samples"


def read(*rows: Sequence[Any], merged: Sequence[str] = ()) -> InitiativeList:
    return read_initiatives(workbook(rows, merged), TODAY)


def read_or_refuse(content: bytes) -> InitiativeList | Refusal:
    try:
        return read_initiatives(content, TODAY)
    except Refusal as refusal:
        return refusal


def told(found: InitiativeList) -> list[tuple[str, DoubtKind]]:
    return [(remark.cell, remark.doubt.kind) for remark in found.remarks]


def test_the_clean_sample_has_nothing_to_ask() -> None:
    found = read_initiatives((SAMPLES / "danh-sach-sang-kien-2023.xlsx").read_bytes(), TODAY)
    assert len(found.dossiers) == 412
    assert sum(len(dossier.authors) for dossier in found.dossiers) == 534
    assert not [remark for remark in found.remarks if remark.doubt.asks]


def test_the_list_typed_by_hand_is_read_whole() -> None:
    found = read_initiatives((SAMPLES / "danh-sach-truong-nhap-tay.xlsx").read_bytes(), TODAY)
    assert [dossier.number for dossier in found.dossiers] == list(range(1, 61))
    assert sum(len(dossier.authors) for dossier in found.dossiers) == 82
    assert not [remark for remark in found.remarks if remark.doubt.asks]
    assert [entry.text for entry in found.left_out] == ["Tổng số: 60 sáng kiến", "TRƯỞNG PHÒNG"]
    seventh = found.dossiers[6]
    assert [author.percent for author in seventh.authors] == [Decimal(40), Decimal(30), Decimal(30)]
    assert seventh.money_dong == 11_000_000
    assert seventh.authors[1].full_name == "Lý Văn Bình"
    assert ("Danh sách!K31", DoubtKind.FRACTION) in told(found)
    assert ("Danh sách!L12", DoubtKind.MONTH_ONLY) in told(found)


def test_title_rows_blank_rows_sections_sums_and_signatures_are_no_dossiers() -> None:
    found = read(
        ["PHÒNG GIÁO DỤC VÀ ĐÀO TẠO"],
        [],
        ["DANH SÁCH SÁNG KIẾN CỦA CÁC TÁC GIẢ"],
        HEADER,
        [f"({n})" for n in range(1, 17)],
        ["", "I. BẬC MẦM NON"],
        row(1),
        [],
        HEADER,
        row(2, title="Trò chơi chữ cái"),
        ["Tổng cộng: 2", "", "", "", "", "", "", "2 sáng kiến"],
        ["", "", "", "", "", "", "", "", "", "", "Bình Gia, ngày 5 tháng 6 năm 2025"],
        ["", "NGƯỜI LẬP BIỂU", "", "", "", "", "", "", "", "", "HIỆU TRƯỞNG"],
    )
    assert [dossier.title for dossier in found.dossiers] == [
        "Dạy phép chia bằng trò chơi",
        "Trò chơi chữ cái",
    ]
    assert len(found.left_out) == 4
    assert not found.remarks


def test_co_authors_are_told_by_blank_or_merged_or_repeated_titles() -> None:
    found = read(
        HEADER,
        row(1, share="60%"),
        co_author(share=0.4),
        row(2, title="Trò chơi chữ cái", share="60,5"),
        co_author(share="39,5", name="TRẦN THỊ THANH"),
        row(3, title="Vườn trường", share=50),
        row("", title="VƯỜN TRƯỜNG ", share=50, name="Vi Văn Tú"),
        merged=["A4:A5", "H4:H5"],
    )
    assert [[author.percent for author in dossier.authors] for dossier in found.dossiers] == [
        [Decimal(60), Decimal(40)],
        [Decimal("60.5"), Decimal("39.5")],
        [Decimal(50), Decimal(50)],
    ]
    assert not [remark for remark in found.remarks if remark.doubt.asks]


def test_a_merged_school_is_that_of_all_its_rows() -> None:
    found = read(
        HEADER, row(1), row(2, title="Vườn trường", school="", district=""), merged=["F2:F3", "G2:G3"]
    )
    assert [dossier.school for dossier in found.dossiers] == ["Trường Tiểu học Quang Trung"] * 2


def test_a_header_of_two_rows_and_money_in_millions() -> None:
    above = [*HEADER[:14], "Số tiền làm lợi (triệu đồng)", "Thông tin bảo mật"]
    above[2] = "Thông tin chung"
    below = ["", "", "Ngày sinh", *[""] * 13]
    found = read(above, below, row(1, money="12,5"), merged=["B1:B2", "H1:H2"])
    [dossier] = found.dossiers
    assert (dossier.authors[0].born is not None, dossier.money_dong) == (True, 12_500_000)


@pytest.mark.parametrize(
    ("changes", "cell", "kind"),
    [
        ({"share": "01a"}, "K2", DoubtKind.SHARE_UNREADABLE),
        ({"share": 90}, "K2", DoubtKind.SHARES_NOT_HUNDRED),
        ({"first": "31/02/2025"}, "L2", DoubtKind.DAY_UNREADABLE),
        ({"first": "10/11/2035"}, "L2", DoubtKind.DAY_UNLIKELY),
        ({"born": "20/02/2024"}, "C2", DoubtKind.DAY_UNLIKELY),
        ({"money": "nhiều lắm"}, "O2", DoubtKind.MONEY_UNREADABLE),
        ({"kind": "Giải pháp lạ"}, "I2", DoubtKind.KIND_UNKNOWN),
        ({"name": ""}, "B2", DoubtKind.NAME_MISSING),
        ({"name": "Lý Văn Tú, Vi Thị Hoa"}, "B2", DoubtKind.NAME_UNLIKELY),
        ({"title": ""}, "H2", DoubtKind.TITLE_MISSING),
        ({"title": "x" * 501}, "H2", DoubtKind.TEXT_TOO_LONG),
    ],
)
def test_what_cannot_be_read_is_named_by_its_cell(
    changes: dict[str, Any], cell: str, kind: DoubtKind
) -> None:
    found = read(HEADER, row(1, **changes))
    assert (f"Danh sách!{cell}", kind) in told(found)
    assert found.dossiers[0].asks


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_sheet_is_left_out_with_a_word(state: str) -> None:
    old = sheet_xml([HEADER, row(1, title="Của năm trước")])
    src, out = zipfile.ZipFile(BytesIO(workbook([HEADER, row(1)], more={"Năm trước": old}))), BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in src.namelist():
            text = src.read(name).decode()
            archive.writestr(
                name, text.replace('<sheet name="Năm trước"', f'<sheet state="{state}" name="Năm trước"')
            )
    found = read_initiatives(out.getvalue(), TODAY)
    assert [dossier.title for dossier in found.dossiers] == [row(1)[HEADER.index("Tên sáng kiến")]]
    assert [entry.where for entry in found.left_out] == ["Năm trước"]


def raw(column: str, cell: str) -> bytes:
    """A list in which this cell of the first row is written so."""
    src, out = (
        zipfile.ZipFile(BytesIO(workbook([HEADER, row(1, share="chỗ này", money="chỗ này")]))),
        BytesIO(),
    )
    with zipfile.ZipFile(out, "w") as archive:
        for name in src.namelist():
            text = src.read(name).decode()
            for place, kept in (("K", "100"), ("O", "5.000.000")):
                before = f'<c r="{place}2" t="inlineStr"><is><t xml:space="preserve">chỗ này</t></is></c>'
                usual = before.replace("chỗ này", kept)
                text = text.replace(before, f'<c r="{place}2"{cell}</c>' if place == column else usual)
            if column not in "KO":
                text = re.sub(rf'<c r="{column}2".*?</c>', f'<c r="{column}2"{cell}</c>', text)
            archive.writestr(name, text)
    return out.getvalue()


@pytest.mark.parametrize(
    ("column", "kind"),
    [
        ("K", DoubtKind.SHARE_UNREADABLE),
        ("O", DoubtKind.MONEY_UNREADABLE),
        ("C", DoubtKind.DAY_UNREADABLE),
        ("B", DoubtKind.NAME_UNLIKELY),
        ("H", DoubtKind.FORMULA_FAILED),
        ("M", DoubtKind.FORMULA_FAILED),
    ],
)
@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (' t="e"><f>A1/0</f><v>#DIV/0!</v>', "#DIV/0!"),
        (' s="1" t="e"><v>#REF!</v>', "#REF!"),
        ("><f>50+50</f>", "=50+50"),
        ("><f>A1&amp;B1</f><v/>", "=A1&B1"),
    ],
)
def test_a_formula_without_a_value_is_asked_about(
    column: str, kind: DoubtKind, cell: str, value: str
) -> None:
    found = read_initiatives(raw(column, cell), TODAY)
    [doubt] = [remark.doubt for remark in found.remarks if remark.cell == f"Danh sách!{column}2"]
    assert (doubt.kind, doubt.value) == (kind, value)
    assert doubt.asks


@pytest.mark.parametrize("cell", [' t="str"><f>IF(A1,1,"")</f><v></v>', ' t="str"><f>"100"</f><v>100</v>'])
def test_a_formula_with_a_value_is_its_value(cell: str) -> None:
    assert not read_initiatives(raw("K", cell), TODAY).remarks
    assert not read_initiatives(raw("A", "><f>ROW()-1</f>"), TODAY).remarks


def test_an_answer_replaces_the_cell() -> None:
    content = workbook([HEADER, row(1, share="01a")])
    found = read_initiatives(content, TODAY, {"Danh sách!K2": "100"})
    assert not found.remarks


@pytest.mark.parametrize("name", ["DS  2025", unicodedata.normalize("NFD", "Đợt một"), " A\u00a0B\u200b"])
def test_a_cell_of_any_sheet_is_answered_by_its_address_in_the_preview(name: str) -> None:
    content = workbook([["x"]], more={name: sheet_xml([HEADER, row(1, share="01a")])})
    [remark] = read_initiatives(content, TODAY).remarks
    assert remark.cell == one_line(remark.cell)
    assert read_initiatives(content, TODAY, {remark.cell: "100"}).remarks == ()


def test_sheets_whose_names_are_kept_alike_are_told_apart() -> None:
    more = {name: sheet_xml([["x"]]) for name in ("A", "A ", "\u200b")}
    names = [sheet.name for sheet in open_workbook(workbook([["x"]], more=more))]
    assert names == ["Danh sách", "A", "A (3)", "Trang 4"]


@pytest.mark.parametrize(
    "cell", ["Danh sách!K99", "Danh sách!ZZ2", "Danh sach!K2", "K2", "Danh sách!k2", "x"]
)
def test_an_answer_about_no_cell_is_refused_not_ignored(cell: str) -> None:
    with pytest.raises(CellUnknown) as refused:
        read_initiatives(workbook([HEADER, row(1)]), TODAY, {cell: "100"})
    assert cell in refused.value.detail_vi


@pytest.mark.parametrize(
    ("says", "born"),
    [
        ("", date(1991, 2, 20)),
        ('<workbookPr date1904="1"/>', date(1995, 2, 21)),
        ('<workbookPr date1904="true"/>', date(1995, 2, 21)),
        ('<workbookPr date1904="0"/>', date(1991, 2, 20)),
    ],
)
def test_a_number_of_a_day_counts_from_where_the_workbook_does(says: str, born: date) -> None:
    found = read_initiatives(workbook([HEADER, row(1, born=33289)], says=says), TODAY)
    assert told(found) == [("Danh sách!C2", DoubtKind.SERIAL_DAY)]
    [author] = found.dossiers[0].authors
    assert author.born
    assert author.born.exact == born


def test_a_co_author_above_all_dossiers_and_missing_shares_are_asked() -> None:
    found = read(HEADER, co_author(), row(2, share=""), co_author(share=""))
    kinds = [kind for _, kind in told(found)]
    assert kinds == [DoubtKind.NO_DOSSIER_ABOVE, DoubtKind.SHARE_MISSING, DoubtKind.SHARE_MISSING]


def test_the_same_title_twice_is_told() -> None:
    found = read(HEADER, row(1), row(2))
    assert told(found) == [("Danh sách!H3", DoubtKind.SAME_TITLE)]


def test_other_sheets_and_unknown_columns_are_told() -> None:
    notes = sheet_xml([["Ghi chú của phòng"]])
    found = read_initiatives(workbook([[*HEADER, "Màu áo"], row(1)], more={"Ghi chú": notes}), TODAY)
    assert {(entry.where, entry.text) for entry in found.left_out} == {
        ("Danh sách", "Màu áo"),
        ("Ghi chú", ""),
    }


def test_no_list_is_refused_with_what_would_do() -> None:
    with pytest.raises(NoListFound) as refused:
        read(["Tuần", "Số tiết"], [1, 2])
    assert "“Tên sáng kiến”" in refused.value.detail_vi


@pytest.mark.parametrize(
    "content", [b"", b"x", b"PK\x03\x04", b"%PDF-1.7", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 99]
)
def test_what_is_no_workbook_is_refused(content: bytes) -> None:
    with pytest.raises(WorkbookUnreadable):
        open_workbook(content)


def test_a_stray_cell_far_away_and_a_bomb_are_refused_before_they_are_unpacked() -> None:
    cell = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    stray = sheet_xml([]).replace("<sheetData>", f"<sheetData>{cell}")
    with pytest.raises(WorkbookTooLarge):
        open_workbook(workbook([["x"]], more={"Xa": stray}))
    with pytest.raises(WorkbookTooLarge):
        open_workbook(workbook([["x"]], more={"Bom": " " * 120_000_000}))


def test_the_marked_workbook_holds_the_same_cells_and_the_doubts() -> None:
    found = read(["DANH SÁCH"], HEADER, row(1, share="01a", money="11 triệu"), row(2, title="Vườn <b>"))
    marked = mark_doubts(found, [("Danh sách!B3", "Không tìm thấy tác giả này.", True)])
    sheets = open_workbook(marked)
    assert [sheet.name for sheet in sheets] == ["Danh sách", DOUBTS_SHEET]
    assert sheets[0].rows[2][10] == "01a"
    assert [line[0] for line in sheets[1].rows[1:]] == ["Danh sách!O3", "Danh sách!K3", "Danh sách!B3"]
    again = read_initiatives(marked, TODAY)
    assert told(again) == told(found)
    with zipfile.ZipFile(BytesIO(marked)) as archive:
        cells = archive.read("xl/worksheets/sheet1.xml").decode()
    assert '<c r="K3" s="2"' in cells
    assert '<c r="O3" s="1"' in cells


def test_a_rehearsal_names_the_cells_of_a_list_it_cannot_be_sure_of(tmp_path: Path) -> None:
    file = tmp_path / "x.xlsx"
    file.write_bytes(workbook([HEADER, row(1, share="01a"), row(2, title="Khác", kind="Giải pháp lạ")]))
    with pytest.raises(ListUnreadable) as refused:
        read_list(file)
    assert "Danh sách!K2: Không đọc được tỷ lệ “01a”" in str(refused.value)
    assert "Danh sách!I3" in str(refused.value)
    assert len(read_list(SAMPLES / "danh-sach-truong-nhap-tay.xlsx")) == 60


CELL = st.one_of(
    st.sampled_from(["", "", *HEADER, "60%", "01a", "tháng 5/1999", "11 triệu", "Tổng số: 3", "(1)"]),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20),
    st.integers(-5, 10**9),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    before=st.lists(st.lists(CELL, max_size=18), max_size=4),
    rows=st.lists(st.one_of(st.lists(CELL, max_size=18), st.just(row(1)), st.just(co_author())), max_size=8),
    merged=st.lists(st.sampled_from(["A1:P1", "A2:A9", "H2:H4", "B3:H3", "F1:F20"]), max_size=3, unique=True),
)
def test_a_broken_list_is_read_or_refused_and_comes_back_marked(
    before: list[list[Any]], rows: list[list[Any]], merged: list[str]
) -> None:
    found = read_or_refuse(workbook([*before, HEADER, *rows], merged))
    if isinstance(found, Refusal):
        assert found.detail_vi
        return
    for dossier in found.dossiers:
        assert dossier.asks or (
            dossier.title and sum(author.percent or 0 for author in dossier.authors) == 100
        )
    assert open_workbook(mark_doubts(found))


@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_a_damaged_file_is_read_or_refused(data: st.DataObject) -> None:
    content = bytearray(workbook([HEADER, row(1), co_author()]))
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    found = read_or_refuse(bytes(content[: data.draw(st.integers(1, len(content)))]))
    assert not isinstance(found, Refusal) or found.status in {413, 415, 422}
