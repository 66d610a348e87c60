"""What is hidden in a list is named, read or not; lists in other forms than .xlsx are read by the same
reader."""

import codecs
import csv
import io
import zipfile
from collections.abc import Callable, Collection
from datetime import date
from io import BytesIO

import pytest

from sheets.apart import MOST_ROWS
from sheets.initiatives import InitiativeList, read_initiatives
from sheets.left_out import LeftOut
from sheets.refusals import TextCodingUnknown, WorkbookTooLarge, WorkbookUnreadable
from sheets.words import DoubtKind, LeftOutKind
from sheets.workbook import open_workbook
from sheets.writing import mark_doubts
from tests.other_workbooks import old_excel, open_document
from tests.workbooks import HEADER, co_author, row, sheet_xml, workbook

TODAY = date(2026, 1, 31)
ROWS = [
    HEADER,
    row(1, share=60),
    co_author(share=40),
    row(2, title="Góc đọc sách ngoài trời"),
    ["Tổng số: 2"],
]
SHARE = HEADER.index("Tỷ lệ đóng góp (%)")
Made = Callable[[Collection[int], Collection[int]], bytes]


def rewritten(content: bytes, name: str, old: str, new: str) -> bytes:
    src, out = zipfile.ZipFile(BytesIO(content)), BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for each in src.namelist():
            text = src.read(each).decode()
            assert each != name or old in text
            archive.writestr(each, text.replace(old, new) if each == name else text)
    return out.getvalue()


def new_excel(hidden_rows: Collection[int], hidden_columns: Collection[int]) -> bytes:
    text = sheet_xml(ROWS)
    for at in hidden_rows:
        text = text.replace(f'<row r="{at + 1}">', f'<row r="{at + 1}" spans="1:9" hidden="1">')
    columns = "".join(f'<col min="{at + 1}" max="{at + 1}" width="9" hidden="1"/>' for at in hidden_columns)
    text = text.replace("<sheetData>", f"<cols>{columns}</cols><sheetData>") if columns else text
    name = "xl/worksheets/sheet1.xml"
    return rewritten(workbook(ROWS), name, sheet_xml(ROWS), text)


FORMS: dict[str, Made] = {
    "xlsx": new_excel,
    "xls": lambda rows, columns: old_excel(ROWS, hidden_rows=rows, hidden_columns=columns),
    "ods": lambda rows, columns: open_document(ROWS, hidden_rows=rows, hidden_columns=columns),
}


def told(found: InitiativeList) -> list[tuple[str, DoubtKind]]:
    return [(remark.cell, remark.doubt.kind) for remark in found.remarks]


@pytest.mark.parametrize("form", FORMS)
def test_each_form_is_read_by_one_reader(form: str) -> None:
    found = read_initiatives(FORMS[form]((), ()), TODAY)
    assert [one.title for one in found.dossiers] == [ROWS[1][7], "Góc đọc sách ngoài trời"]
    assert [author.percent for author in found.dossiers[0].authors] == [60, 40]
    assert not found.remarks


@pytest.mark.parametrize("form", FORMS)
def test_a_hidden_row_is_read_and_named(form: str) -> None:
    found = read_initiatives(FORMS[form]([2, 3, 4], ()), TODAY)
    assert len(found.dossiers) == 2
    assert told(found) == [("Danh sách!B3", DoubtKind.HIDDEN_ROW), ("Danh sách!B4", DoubtKind.HIDDEN_ROW)]
    assert not any(remark.doubt.asks for remark in found.remarks)
    assert found.left_out == (
        LeftOut(where="Danh sách!A5", text="Tổng số: 2", kind=LeftOutKind.ROW_BESIDE_LIST, is_hidden=True),
    )


@pytest.mark.parametrize("form", FORMS)
def test_a_hidden_column_is_read_and_named(form: str) -> None:
    found = read_initiatives(FORMS[form]((), [SHARE]), TODAY)
    assert [author.percent for author in found.dossiers[0].authors] == [60, 40]
    (remark,) = found.remarks
    assert (remark.cell, remark.doubt.kind) == ("Danh sách!K1", DoubtKind.HIDDEN_COLUMN)
    assert "“Tỷ lệ đóng góp (%)”" in remark.doubt.vi


def test_a_hidden_column_that_nobody_knows_is_left_out_with_a_word() -> None:
    rows = [[*HEADER, "Màu áo"], [*row(1), "xanh"]]
    (left,) = read_initiatives(old_excel(rows, hidden_columns=[len(HEADER)]), TODAY).left_out
    assert (left.text, left.kind, left.is_hidden) == ("Màu áo", LeftOutKind.COLUMN_UNKNOWN, True)
    assert "không đọc" in left.vi


def test_a_hidden_sheet_stays_hidden_in_the_marked_list() -> None:
    book = workbook([HEADER, row(1)], more={"Năm trước": sheet_xml([HEADER, row(1, title="Cũ")])})
    book = rewritten(
        book, "xl/workbook.xml", '<sheet name="Năm trước"', '<sheet state="veryHidden" name="Năm trước"'
    )
    found = read_initiatives(book, TODAY)
    (left,) = found.left_out
    assert (left.where, left.kind, left.is_hidden) == ("Năm trước", LeftOutKind.HIDDEN_SHEET, True)
    again = read_initiatives(mark_doubts(found), TODAY)
    assert [one.title for one in again.dossiers] == [one.title for one in found.dossiers]


def test_merged_cells_of_an_open_document_say_what_they_say_elsewhere() -> None:
    school = HEADER.index("Đơn vị công tác")
    rows = [HEADER, row(1), row(2, title="Khác", school="")]
    found = read_initiatives(open_document(rows, spans={(1, school): 2}), TODAY)
    assert [one.school for one in found.dossiers] == [rows[1][school]] * 2


def test_blocks_over_blocks_are_refused() -> None:
    many = {(at, column): 4_999 for at in range(3) for column in range(99)}
    with pytest.raises(WorkbookTooLarge):
        open_workbook(open_document([[1] * 99] * 3, spans=many))


def text(delimiter: str, *, end: str = "\r\n") -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator=end).writerows(
        ["60,5" if value == 60 else "39,5" if value == 40 else value for value in each] for each in ROWS
    )
    return out.getvalue()


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16-le", "utf-16-be"])
def test_a_table_as_text_is_a_list_too(delimiter: str, coding: str) -> None:
    mark = {"utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}.get(coding, b"")
    found = read_initiatives(mark + text(delimiter).encode(coding), TODAY)
    assert [one.cell for one in found.dossiers] == ["CSV!H2", "CSV!H4"]
    assert [str(author.percent) for author in found.dossiers[0].authors] == ["60.50", "39.50"]
    assert not [remark for remark in found.remarks if remark.doubt.asks]


def test_a_text_in_an_old_coding_is_refused_with_what_would_do() -> None:
    for coding in ("cp1258", "latin-1"):
        with pytest.raises(TextCodingUnknown) as refused:
            open_workbook("STT;Họ tên;Tên\r\n1;Bình;Góc\r\n".encode(coding, "replace"))
        assert "CSV UTF-8" in refused.value.detail_vi


@pytest.mark.parametrize("content", [b"x\n1\n", b"a;b\x00", b"%PDF-1.7\n\xe2\xe3\x00;", b"\x89PNG\r\n\x1a\n"])
def test_what_is_no_table_is_refused(content: bytes) -> None:
    with pytest.raises(WorkbookUnreadable):
        open_workbook(content)


def test_a_text_has_the_limits_of_a_workbook() -> None:
    for content in (b"a;b\n" * (MOST_ROWS + 1), b";".join([b"x"] * 101)):
        with pytest.raises(WorkbookTooLarge):
            open_workbook(content)
