"""Workbooks of a few kilobytes that ask for more than any machine has are refused; who asked lives on."""

import pytest

from language.refusals import Refusal
from sheets.refusals import WorkbookTooLarge
from sheets.workbook import open_workbook
from tests.workbooks import sheet_xml, workbook


def _corners(row: int, column: str) -> bytes:
    far = f'<row r="{row}"><c r="{column}{row}"><v>1</v></c></row>'
    return workbook([["x"]], more={"Xa": sheet_xml([["x"]]).replace("</sheetData>", f"{far}</sheetData>")})


@pytest.mark.parametrize(("row", "column"), [(1_048_576, "XFD"), (1_048_576, "A"), (1, "XFD"), (5_001, "B")])
def test_two_cells_at_opposite_corners_are_refused(row: int, column: str) -> None:
    with pytest.raises(WorkbookTooLarge):
        open_workbook(_corners(row, column))


def test_a_sheet_as_large_as_any_may_be_is_read() -> None:
    found = open_workbook(_corners(5_000, "CV"))[1]
    assert (len(found.rows), len(found.rows[0])) == (5_000, 100)


@pytest.mark.parametrize("cells", [60, 5_000])
def test_one_long_text_shown_in_many_cells_is_refused(cells: int) -> None:
    long = "x" * 1_000_000
    shared = f"<sst><si><t>{long}</t></si></sst>"
    rows = "".join(f'<row r="{at}"><c r="A{at}" t="s"><v>0</v></c></row>' for at in range(1, cells + 1))
    sheet = sheet_xml([]).replace("<sheetData>", f"<sheetData>{rows}")
    with pytest.raises(Refusal) as refused:
        open_workbook(workbook([["x"]], more={"Dài": sheet}, shared=shared))
    assert refused.value.status in {413, 415}


def test_a_block_that_is_merged_again_and_again_is_refused() -> None:
    sheet = sheet_xml([["x"] * 100] * 100, ["A1:CV100"] * 20_000)
    with pytest.raises(WorkbookTooLarge):
        open_workbook(workbook([["x"]], more={"Gộp": sheet}))


def test_a_million_rows_without_anything_are_no_rows() -> None:
    rows = "".join(f'<row r="{at}"><c r="A{at}"/></row>' for at in range(1, 300_001))
    sheet = sheet_xml([]).replace("<sheetData>", f"<sheetData>{rows}")
    assert open_workbook(workbook([["x"]], more={"Trống": sheet}))[1].rows == []
