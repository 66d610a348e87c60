"""A sheet of units, old → new, as an office writes it."""

from pathlib import Path

import pytest

from cli.units_sheet import SheetUnreadable, read_sheet, steps_of
from language.units.succession import StepKind

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
