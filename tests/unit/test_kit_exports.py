"""Cells of lists that people open in a spreadsheet."""

import csv
import io
from datetime import date, datetime
from decimal import Decimal

import pytest
from python_calamine import CalamineWorkbook

from kit.http.columns import Column, columns_of
from kit.http.exports import CsvTable
from kit.http.workbook import Cell, Workbook
from language.deadline.arithmetic import LOCAL_ZONE


@pytest.mark.parametrize(
    "title", ["2026-13-45", "2026-01-01", "2026-99-99T00:00:00Z", "2026-01-01T00:00:00Z"]
)
def test_a_text_that_looks_like_a_day_is_a_text(title: str) -> None:
    assert Column().cell(title) == title


def test_days_and_instants_are_known_by_the_description_of_the_list() -> None:
    columns = columns_of(
        {
            "properties": {
                "day": {"type": "string", "format": "date"},
                "at": {"anyOf": [{"type": "string", "format": "date-time"}, {"type": "null"}]},
                "id": {"type": "string", "format": "uuid"},
            }
        }
    )
    assert columns["day"].cell("2026-01-31") == date(2026, 1, 31)
    assert columns["at"].cell("2026-01-31T17:30:00Z") == datetime(2026, 2, 1, 0, 30, tzinfo=LOCAL_ZONE)
    assert columns["at"].cell(None) is None
    assert columns["at"].cell("9999-12-31T23:00:00Z") == "9999-12-31T23:00:00Z"
    assert columns["id"].cell("x") == "x"


def test_codes_are_words_in_a_table() -> None:
    state = {"$ref": "#/components/schemas/DossierState"}
    columns = columns_of(
        {
            "properties": {
                "state": {"anyOf": [state, {"type": "null"}]},
                "tasks": {"type": "array", "items": {"$ref": "#/components/schemas/PostTask"}},
                "level": {"type": "string"},
                "title": {"type": "string"},
                "other": {"$ref": "#/components/schemas/Unheard"},
            }
        }
    )
    assert columns["state"].cell("SUPPLEMENT_REQUESTED") == "chờ bổ sung"
    assert columns["tasks"].cell(["MARK", "DECIDE"]) == "chấm điểm, ra quyết định"
    assert columns["level"].cell("COMMUNE") == "xã"
    assert columns["level"].cell("CO_SO") == "CO_SO"
    assert columns["title"].cell("DRAFT") == "DRAFT"
    assert columns["other"].cell("DRAFT") == "DRAFT"


def test_numbers_and_small_things_are_said_as_people_write_them() -> None:
    vote = {"enum": ["APPROVE", "REJECT"], "type": "string"}
    paper = {"number": {"type": "string"}, "issued_on": {"type": "string", "format": "date"}}
    kinds = {"Vote": vote, "PaperOut": {"properties": paper}, "Deep": {"properties": {"x": _ref("PaperOut")}}}
    row = {
        "average_score": {"anyOf": [{"type": "string", "format": "decimal"}, {"type": "null"}]},
        "paper": {"anyOf": [_ref("PaperOut"), {"type": "null"}]},
        "papers": {"type": "array", "items": _ref("PaperOut")},
        "votes": {"type": "object", "propertyNames": _ref("Vote")},
        "rules": _ref("Deep"),
        "title_vi": {"type": "string"},
        "title_en": {"type": "string"},
        "en": {"type": "string"},
    }
    columns = columns_of({"properties": row}, kinds)
    assert columns["average_score"].cell("76.20") == Decimal("76.20")
    first = {"number": "12/QĐ", "issued_on": "2026-09-05"}
    assert columns["paper"].cell(first) == "Số: 12/QĐ; Ngày ký: 05/09/2026"
    assert columns["paper"].cell(None) is None
    assert columns["papers"].cell([first, {**first, "number": None}]) == (
        "Số: 12/QĐ; Ngày ký: 05/09/2026\nNgày ký: 05/09/2026"
    )
    assert columns["votes"].cell({"APPROVE": 4, "REJECT": 1}) == "đồng ý: 4; không đồng ý: 1"
    assert columns["rules"].cell({"x": first}) == '{"x":{"number":"12/QĐ","issued_on":"2026-09-05"}}'
    assert columns.keys() == row.keys() - {"title_en", "en"}


def _ref(kind: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{kind}"}


def test_a_number_is_a_number_to_a_spreadsheet_and_has_a_comma_in_a_text() -> None:
    table = CsvTable(["x"])
    assert (table.write([[Decimal("76.20"), True]]) + table.close()).decode().splitlines()[1] == '"76,20",có'
    book = Workbook(["x"])
    content = book.write([[Decimal("76.20")]]) + book.close()
    assert CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()[1] == [76.2]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("\t=1", "'\t'=1"),
        ("\r=1", "'\r'=1"),
        ("＝1", "'＝1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("-1+cmd|' /C calc'!A0", "'-1+cmd|' /C calc'!A0"),
        ("Dạy;=HYPERLINK(1)", "Dạy;'=HYPERLINK(1)"),
        ('Dạy;"=1', "Dạy;\"'=1"),
        ("Dạy\t+1", "Dạy\t'+1"),
        ("Lý do:\n=HYPERLINK(1)", "Lý do:\n'=HYPERLINK(1)"),
        ('Lý do:\r\n"=1', "Lý do:\r\n\"'=1"),
        ("Lý do:\n\nhai", "Lý do:\n\nhai"),
        ("Dạy; -5 điểm", "Dạy; -5 điểm"),
        ("-5", "-5"),
        ("33,3", "33,3"),
        ("a=b", "a=b"),
    ],
)
def test_no_program_finds_a_formula_whatever_separates_its_columns(value: str, shown: str) -> None:
    table = CsvTable(["x"])
    text = (table.write([[value]]) + table.close()).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text, newline="")))[1] == [shown]


@pytest.mark.parametrize("day", [date(1, 1, 1), date(1899, 12, 31), date(1900, 2, 28)])
def test_a_day_before_spreadsheets_count_is_a_text_in_a_workbook(day: Cell) -> None:
    book = Workbook(["x"])
    content = book.write([[day]]) + book.close()
    assert isinstance(day, date)
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
    assert sheet.to_python()[1] == [f"{day.day:02d}/{day.month:02d}/{day.year:04d}"]
