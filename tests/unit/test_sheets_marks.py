"""Score sheets as a workbook: what goes out comes back, and what both sides changed is asked."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from sheets.marks import (
    REMARK,
    SCORE,
    VOTE,
    WHOLE,
    MarkFault,
    MarkLine,
    MarkSheet,
    MarksRead,
    MergedAs,
    merge,
    read_marks,
    write_marks,
)
from sheets.refusals import NoMarksFound, WorkbookUnreadable
from sheets.workbook import open_workbook
from sheets.writing import package, styled_sheet

LINES = (
    MarkLine(id="novelty", title="Tính mới", most=Decimal(40)),
    MarkLine(id="benefit", title="Lợi ích", most=Decimal("30.5")),
)
FIRST = MarkSheet(
    id="01",
    code="SK-2026-00001",
    title='=HYPERLINK("https://evil.example")',
    author="Nguyễn Thị Thu",
    due="05/09/2026",
    level="COMMUNE",
    lines=LINES,
    fields={f"{SCORE}novelty": "31.5", VOTE: "REJECT", WHOLE: "Hai dòng\nnhận xét"},
)
SECOND = replace(FIRST, id="02", code="SK-2026-00002", fields={})


def _changed(
    content: bytes, cells: Mapping[tuple[int, str], Any], *, visible: str = "1. Cấp xã"
) -> MarksRead:
    """The workbook read again after somebody filled in cells, by row and heading."""
    parts = []
    for sheet in open_workbook(content):
        rows = [list(row) for row in sheet.rows]
        if sheet.name == visible:
            for (row, heading), value in cells.items():
                column = next(at for at, name in enumerate(rows[0]) if str(name).startswith(heading))
                rows[row][column] = value
        parts.append((sheet.name, styled_sheet([[(cell, 0) for cell in row] for row in rows])))
    return read_marks(package(parts, hidden=("_sang_kien",)))


def test_what_was_not_changed_changes_nothing() -> None:
    read = read_marks(write_marks([FIRST, SECOND]))
    assert read.faults == []
    assert [row.code for row in read.rows] == [FIRST.code, SECOND.code]
    assert [merge(row, sheet) for row, sheet in zip(read.rows, (FIRST, SECOND), strict=True)] == [[], []]


def test_people_see_words_and_the_rest_is_hidden() -> None:
    visible, hidden = open_workbook(write_marks([FIRST]))
    assert (visible.is_hidden, hidden.is_hidden) == (False, True)
    assert visible.rows[1][4:8] == [31.5, "", "không đồng ý", "Hai dòng\nnhận xét"]
    assert visible.rows[0][4:6] == ["Tính mới (0–40)", "Lợi ích (0–30,5)"]
    assert visible.rows[1][1] == FIRST.title


def test_each_level_has_a_sheet_of_its_own() -> None:
    school = replace(SECOND, level="UNIT")
    names = [sheet.name for sheet in open_workbook(write_marks([FIRST, school]))]
    assert names == ["1. Cấp xã", "2. Cấp cơ sở", "_sang_kien"]


def test_the_three_ways_of_a_field() -> None:
    content = write_marks([FIRST])
    cells = {(1, "Tính mới"): 33, (1, "Lợi ích"): "25,5", (1, "Ý kiến"): "Đồng ý"}
    (row,) = _changed(content, cells).rows
    fields = {**FIRST.fields, f"{SCORE}novelty": "20", WHOLE: "Sửa trên trang"}
    found = {one.name: one for one in merge(row, replace(FIRST, fields=fields))}
    assert {name: one.merged for name, one in found.items()} == {
        f"{SCORE}novelty": MergedAs.CONFLICT,
        f"{SCORE}benefit": MergedAs.TAKEN,
        VOTE: MergedAs.TAKEN,
        WHOLE: MergedAs.KEPT,
    }
    assert (found[f"{SCORE}novelty"].stored, found[f"{SCORE}novelty"].given) == ("20", "33")
    assert found[f"{SCORE}benefit"].given == "25.5"
    assert found[VOTE].given == "APPROVE"


def test_a_field_that_was_emptied_is_a_change_and_the_same_on_both_sides_is_none() -> None:
    content = write_marks([FIRST])
    (row,) = _changed(content, {(1, "Tính mới"): "", (1, "Lợi ích"): 12}).rows
    stored = replace(FIRST, fields={**FIRST.fields, f"{SCORE}benefit": "12"})
    (only,) = merge(row, stored)
    assert (only.name, only.given, only.merged) == (f"{SCORE}novelty", "", MergedAs.TAKEN)


def test_what_cannot_be_read_is_told_by_cell_and_changes_nothing() -> None:
    content = write_marks([FIRST, SECOND])
    cells = {(1, "Tính mới"): "cao", (1, "Ý kiến"): "chắc là được", (2, "Mã hồ sơ"): "SK-2026-00009"}
    read = _changed(content, cells)
    assert [(one.cell, one.fault) for one in read.faults] == [
        ("1. Cấp xã!E2", MarkFault.NO_NUMBER),
        ("1. Cấp xã!G2", MarkFault.NO_VOTE),
        ("1. Cấp xã!A3", MarkFault.NOT_YOURS),
    ]
    assert [merge(row, FIRST) for row in read.rows] == [[]]


def test_a_code_in_two_rows_is_told() -> None:
    read = _changed(write_marks([FIRST, SECOND]), {(2, "Mã hồ sơ"): FIRST.code})
    assert [one.fault for one in read.faults] == [MarkFault.TWICE]
    assert [row.id for row in read.rows] == ["01"]


def test_rows_and_columns_may_be_moved() -> None:
    parts = []
    for sheet in open_workbook(write_marks([FIRST, SECOND])):
        rows = [list(row) for row in sheet.rows]
        if not sheet.is_hidden:
            rows = [list(reversed(row)) for row in [rows[0], rows[2], rows[1]]]
        parts.append((sheet.name, styled_sheet([[(cell, 0) for cell in row] for row in rows])))
    read = read_marks(package(parts, hidden=("_sang_kien",)))
    assert ([row.id for row in read.rows], read.faults) == (["02", "01"], [])
    assert merge(read.rows[1], FIRST) == []


def test_a_column_that_was_deleted_keeps_what_is_stored() -> None:
    parts = []
    for sheet in open_workbook(write_marks([FIRST])):
        rows = [row if sheet.is_hidden else row[:6] for row in sheet.rows]
        parts.append((sheet.name, styled_sheet([[(cell, 0) for cell in row] for row in rows])))
    (row,) = read_marks(package(parts, hidden=("_sang_kien",))).rows
    assert merge(row, FIRST) == []
    assert f"{REMARK}novelty" not in row.fields


@pytest.mark.parametrize("base", [[["x"]], [["sang-kien:phieu-cham:1"], ["columns", "1. Cấp xã", "{"]]])
def test_any_other_workbook_is_refused(base: list[list[str]]) -> None:
    hidden = styled_sheet([[(cell, 0) for cell in row] for row in base])
    with pytest.raises(NoMarksFound):
        read_marks(package([("1. Cấp xã", styled_sheet([])), ("_sang_kien", hidden)]))
    with pytest.raises(NoMarksFound):
        read_marks(package([("Danh sách", styled_sheet([[("Mã hồ sơ", 0)]]))]))
    with pytest.raises(WorkbookUnreadable):
        read_marks(b"PK\x03\x04")
