"""A sheet of units, old → new, as an office writes it."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from cli.province import build_province
from cli.sample import SAMPLE_LIST
from cli.spreadsheet import read_list
from cli.units_sheet import SheetUnreadable, known_units, read_sheet, steps_of
from language.units.succession import StepKind
from rehearsal.rearranging import in_more_communes, successors_of
from tests.rehearsing import SHEET
from tests.workbooks import workbook

IDS = {code: f"id-{code}" for code in ("X01", "X02", "X03", "X04", "T1", "T2")}


def _sheet(tmp_path: Path, *lines: str) -> Path:
    file = tmp_path / "sap-xep.csv"
    file.write_text("\n".join(lines), encoding="utf-8-sig")
    return file


def test_a_sheet_saved_with_semicolons_is_the_same_sheet(tmp_path: Path) -> None:
    lines = (
        "Danh sách",
        "Mã đơn vị cũ;Cách sắp xếp;Mã đơn vị mới;Tên mới",
        "X01;Nhập vào;X02;",
        "X02;Đổi tên;;Xã Y, cũ",
    )
    first, second = steps_of(read_sheet(_sheet(tmp_path, *lines)), IDS)
    assert (first["unit_id"], first["into_id"]) == ("id-X01", "id-X02")
    assert second["name"] == "Xã Y, cũ"


def test_titles_and_blank_rows_are_passed_over_and_steps_read_in_words(tmp_path: Path) -> None:
    file = _sheet(
        tmp_path,
        "DANH SÁCH SẮP XẾP ĐƠN VỊ,,,,",
        ",,,,",
        "Mã đơn vị cũ,Cách sắp xếp,Mã đơn vị mới,Tên mới,Gồm",
        "X01,Nhập vào,X02,,",
        ",,,,",
        "X03,chia tách,X02,,",
        "X03,chia tách,X04,,T1; T2",
        "X04,Đổi tên,,Phường Tam Thanh,",
    )
    steps = steps_of(read_sheet(file), IDS)
    assert [step["kind"] for step in steps] == [StepKind.MERGES, StepKind.SPLITS, StepKind.RENAMES]
    assert (steps[0]["unit_id"], steps[0]["into_id"]) == ("id-X01", "id-X02")
    assert steps[1]["given"] == [
        {"id": "id-T1", "into_id": "id-X04"},
        {"id": "id-T2", "into_id": "id-X04"},
    ]
    assert steps[2]["name"] == "Phường Tam Thanh"


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("X01,gộp lung tung,X02,,", "Dòng 2"),
        (",Nhập vào,X02,,", "Dòng 2"),
        ("X01,Nhập vào,X99,,", "X99"),
    ],
)
def test_what_cannot_be_read_is_named_by_row(tmp_path: Path, line: str, named: str) -> None:
    file = _sheet(tmp_path, "Mã đơn vị cũ,Cách sắp xếp,Mã đơn vị mới,Tên mới,Gồm", line)
    with pytest.raises(SheetUnreadable, match=named):
        steps_of(read_sheet(file), IDS)


def test_a_file_without_the_header_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SheetUnreadable, match="Mã đơn vị cũ"):
        read_sheet(_sheet(tmp_path, "STT,Họ tên", "1,x"))


HEAD = ["Mã đơn vị cũ", "Cách sắp xếp", "Mã đơn vị mới", "Tên mới", "Gồm"]


def test_a_workbook_is_read_as_it_is_shown(tmp_path: Path) -> None:
    file = tmp_path / "sap-xep.xlsx"
    file.write_bytes(workbook([["SẮP XẾP"], HEAD, [101, "Nhập\u00a0vào", "X\u200b02", "", ""]]))
    (row,) = read_sheet(file)
    assert (row.number, row.old, row.step, row.new) == (3, "101", StepKind.MERGES, "X02")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 99])
def test_a_damaged_workbook_is_refused_without_a_trace(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "sap-xep.xlsx"
    file.write_bytes(content)
    with pytest.raises(SheetUnreadable, match=r"sap-xep\.xlsx"):
        read_sheet(file)


def test_units_are_named_by_code_or_by_a_name_that_only_one_has(tmp_path: Path) -> None:
    units = [
        {"id": "1", "code": "X01", "name": "Xã Tân Tri"},
        {"id": "2", "code": "X02", "name": "Xã Tri Lễ"},
        {"id": "3", "code": "T01", "name": "Trường Tiểu học Tân Tri"},
        {"id": "4", "code": "T02", "name": "Trường Tiểu học Tân Tri"},
    ]
    header = "Đơn vị cũ,Cách sắp xếp,Đơn vị mới,Tên mới,Gồm"
    file = _sheet(tmp_path, header, "Xã  TÂN TRI,Nhập vào,X02,,", "T01,nhập vào,T02,,")
    steps = steps_of(read_sheet(file), known_units(units))
    assert [(step["unit_id"], step["into_id"]) for step in steps] == [("1", "2"), ("3", "4")]
    doubtful = _sheet(tmp_path, header, "Trường Tiểu học Tân Tri,Nhập vào,T02,,")
    with pytest.raises(SheetUnreadable, match="hãy ghi mã"):
        steps_of(read_sheet(doubtful), known_units(units))


def test_the_sample_sheet_fits_the_rehearsed_province() -> None:
    for most in (24, 60):
        dossiers = in_more_communes(read_list(SAMPLE_LIST, most))
        season = (date(2025, 5, 8), date(2026, 5, 8))
        province = build_province(dossiers, middle_level="COMMUNE", season=season)
        successors = successors_of(SHEET, province)
        assert sorted(Counter(code[0] for code in successors).items()) == [("H", 3), ("T", 1)]
        assert len(set(successors.values())) == 3
