"""Cells as people fill them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheets.values import read_day, read_money, read_name, read_prose, read_share, tidy
from sheets.words import SENTENCES, DoubtKind

TODAY = date(2026, 1, 31)


@pytest.mark.parametrize(
    ("cell", "percent"),
    [
        (60, "60"),
        (60.0, "60"),
        (" 60", "60"),
        ("60%", "60"),
        ("60 %", "60"),
        ("60,5", "60.5"),
        ("60.5%", "60.5"),
        (0.6, "60"),
        ("0,6", "60"),
        ("0.4", "40"),
        (1, "100"),
        ("0,6%", "0.6"),
        ("33,3", "33.3"),
        (33.333333, "33.33"),
        ("33.333", "33.33"),
        ("1/3", "33.33"),
        ("60 phần trăm", "60"),
        ("100,00", "100"),
    ],
)
def test_a_share_is_read_as_people_write_it(cell: Any, percent: str) -> None:
    assert read_share(cell).value == Decimal(percent)


@pytest.mark.parametrize(
    "cell", ["01a", "60/40", "40/60", "50/50", "nửa", "-5", "0", "150", 1e300, float("nan"), "1E+2", "٦٠"]
)
def test_a_share_that_cannot_be_read_is_asked_for(cell: Any) -> None:
    reading = read_share(cell)
    assert reading.value is None
    assert [doubt.kind for doubt in reading.doubts] == [DoubtKind.SHARE_UNREADABLE]
    assert all(doubt.asks and doubt.value in doubt.vi for doubt in reading.doubts)


def test_a_fraction_is_told() -> None:
    [doubt] = read_share(0.6).doubts
    assert (doubt.kind, doubt.vi) == (DoubtKind.FRACTION, "“0.6” được hiểu là 60 %.")


@pytest.mark.parametrize(
    ("cell", "unit", "dong"),
    [
        ("5.000.000", 1, 5_000_000),
        ("5,000,000", 1, 5_000_000),
        (31500000.0, 1, 31_500_000),
        ("11 triệu", 1, 11_000_000),
        ("11tr", 1, 11_000_000),
        ("1,5 tỷ đồng", 1, 1_500_000_000),
        ("12,5 triệu đồng/năm", 1, 12_500_000),
        ("500 nghìn", 1, 500_000),
        ("25.000.000đ", 1, 25_000_000),
        ("25.000.000 VNĐ", 1_000_000, 25_000_000),
        (12.5, 1_000_000, 12_500_000),
        ("12,5", 1_000_000, 12_500_000),
        ("khoảng 10 triệu", 1, 10_000_000),
        ("không", 1, None),
        ("-", 1, None),
        ("", 1, None),
    ],
)
def test_money_is_read_as_people_write_it(cell: Any, unit: int, dong: int | None) -> None:
    reading = read_money(cell, unit)
    assert reading.value == dong
    assert not any(doubt.asks for doubt in reading.doubts)


@pytest.mark.parametrize(
    ("cell", "said"),
    [("38 triệu", "38.000.000"), ("khoảng 1,5 tỷ", "1.500.000.000"), ("900 đồng", "900")],
)
def test_an_amount_is_said_as_an_official_writes_it(cell: str, said: str) -> None:
    assert [doubt.read for doubt in read_money(cell).doubts] == [said]


@pytest.mark.parametrize("cell", ["10-15 triệu", "nhiều", "-5", "1E+9", 1e30, "5.00.000", True])
def test_money_that_cannot_be_read_is_asked_for(cell: Any) -> None:
    assert [doubt.kind for doubt in read_money(cell).doubts] == [DoubtKind.MONEY_UNREADABLE]


@pytest.mark.parametrize(
    ("cell", "first", "kind"),
    [
        (date(1988, 4, 18), "1988-04-18", None),
        (datetime(1988, 4, 18, 7, 30), "1988-04-18", None),  # noqa: DTZ001 - as Excel has it
        ("18/04/1988", "1988-04-18", None),
        ("18-4-1988", "1988-04-18", None),
        ("18 . 4 . 1988", "1988-04-18", None),
        ("ngày 18 tháng 4 năm 1988", "1988-04-18", None),
        ("1988-04-18", "1988-04-18", None),
        ("15.05.90", "1990-05-15", DoubtKind.SHORT_YEAR),
        ("01.03.22", "2022-03-01", DoubtKind.SHORT_YEAR),
        ("tháng 5/1999", "1999-05-01", DoubtKind.MONTH_ONLY),
        ("5/1999", "1999-05-01", DoubtKind.MONTH_ONLY),
        ("1999", "1999-01-01", DoubtKind.YEAR_ONLY),
        (1999.0, "1999-01-01", DoubtKind.YEAR_ONLY),
        (32251, "1988-04-18", DoubtKind.SERIAL_DAY),
        ("4/18/1988", "1988-04-18", DoubtKind.DAY_MONTH_TURNED),
    ],
)
def test_a_day_is_read_as_people_write_it(cell: Any, first: str, kind: DoubtKind | None) -> None:
    reading = read_day(cell, date(1920, 1, 1), TODAY)
    assert reading.value is not None
    assert str(reading.value.first) == first
    assert [doubt.kind for doubt in reading.doubts] == ([kind] if kind else [])


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("31/02/1988", DoubtKind.DAY_UNREADABLE),
        ("01a", DoubtKind.DAY_UNREADABLE),
        ("18/04", DoubtKind.DAY_UNREADABLE),
        (1764028800, DoubtKind.DAY_UNREADABLE),
        ("18/04/2030", DoubtKind.DAY_UNLIKELY),
        ("18/04/0001", DoubtKind.DAY_UNLIKELY),
        ("1800", DoubtKind.DAY_UNREADABLE),
    ],
)
def test_a_day_that_cannot_be_is_asked_for(cell: Any, kind: DoubtKind) -> None:
    reading = read_day(cell, date(1920, 1, 1), TODAY)
    assert (reading.value, [doubt.kind for doubt in reading.doubts]) == (None, [kind])


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("  Đàm Ngọc  Thảo ", "Đàm Ngọc Thảo"),
        ("LA NGỌC HIỆP", "La Ngọc Hiệp"),
        ("Lê Ngọc Thuỷ", "Lê Ngọc Thuỷ"),  # decomposed letters
        ("\u200bHoàng\u202e Nghĩa", "Hoàng Nghĩa"),
        ("Ðinh Văn Tú", "Đinh Văn Tú"),  # U+00D0
        ("ThS. Nguyễn Văn Tú", "Nguyễn Văn Tú"),
        ("H'Hen Niê", "H'Hen Niê"),
    ],
)
def test_a_name_is_written_as_names_are(cell: str, name: str) -> None:
    assert read_name(cell).value == name


@pytest.mark.parametrize("cell", ["Tú", "Nguyễn Văn A, Trần Thị B", "A1 B2", "12345", "Lý\nVăn; Tú"])
def test_what_is_no_name_is_asked_for(cell: str) -> None:
    assert [doubt.kind for doubt in read_name(cell).doubts] == [DoubtKind.NAME_UNLIKELY]


CELLS = st.one_of(
    st.text(),
    st.floats(),
    st.integers(),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.from_regex(r"[0-9.,/ %a-đ-]{1,12}", fullmatch=True),
)


@given(CELLS)
def test_no_cell_ever_fails_and_what_is_read_is_sound(cell: Any) -> None:
    share, money = read_share(cell), read_money(cell)
    assert share.value is None or 0 < share.value <= 100
    assert money.value is None or 0 <= money.value <= 10**15
    day = read_day(cell, date(1920, 1, 1), TODAY)
    assert day.value is None or date(1920, 1, 1) <= day.value.last
    read_name(cell)
    for doubt in (*share.doubts, *money.doubts, *day.doubts, *read_prose(cell).doubts):
        assert doubt.vi
        assert doubt.en


@given(st.text())
def test_tidied_text_stays_as_it_is_and_holds_nothing_invisible(text: str) -> None:
    once = tidy(text, lines=True)
    assert tidy(once, lines=True) == once
    assert once.isprintable() or "\n" in once or any(letter.isspace() for letter in once)


def test_every_doubt_has_its_sentence_in_both_languages() -> None:
    assert set(SENTENCES) == set(DoubtKind)
    for vi, en in SENTENCES.values():
        assert vi != en


@pytest.mark.parametrize(
    "cell",
    [
        "Nguyễn Văn An và Trần Thị Bình",
        "Nguyễn Văn An - Trần Thị Bình",
        "Nguyễn Văn An\nTrần Thị Bình",
        "Nguyễn Văn An cùng Trần Thị Bình",
        "Nguyễn Văn \u0410n",
        "Nguyễn V\u0430n Αn",
    ],
)
def test_two_people_or_letters_of_another_script_are_no_name(cell: str) -> None:
    reading = read_name(cell)
    assert reading.value is None
    assert [doubt.kind for doubt in reading.doubts] == [DoubtKind.NAME_UNLIKELY]


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("Nguyễn Văn\nAn", "Nguyễn Văn An"),
        ("Lê Thị Bích-Hằng", "Lê Thị Bích-Hằng"),
        ("H'Hen Niê", "H'Hen Niê"),
    ],
)
def test_one_person_on_two_lines_is_one(cell: str, name: str) -> None:
    assert read_name(cell).value == name
