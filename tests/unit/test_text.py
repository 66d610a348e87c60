"""Text, numbers and days as people write them, and as they are kept."""

import unicodedata
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.text import NothingVisible, fold, is_visible, one_line, prose
from language.written import BirthImpossible, plain_day, plain_number, require_birth

TODAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("  Dạy   phép\tchia ", "Dạy phép chia"),
        (unicodedata.normalize("NFD", "Đổi mới"), "Đổi mới"),
        ("Tên\u202etệp\u2066", "Têntệp"),
        ("\x1b[31mĐỏ\x07", "[31mĐỏ"),
        ("một\nhai\u2028ba", "một hai ba"),
        ("a\u200bb\ufeffc", "abc"),
        ("Nguy\u034fễn Lan\ufe0f", "Nguyễn Lan"),
        ("Lan\u3164\U000e0101 Anh\u17b5", "Lan Anh"),
        ("a\ud800b", "ab"),
        ("   ", ""),
        ("", ""),
    ],
)
def test_a_line_is_kept_composed_and_without_what_steers(written: str, kept: str) -> None:
    assert one_line(written) == kept


def test_prose_keeps_its_lines_and_tabs() -> None:
    assert prose("một\r\nhai\tba\u202e\x1b[2J\u2029bốn\x85năm\n") == "một\nhai\tba[2J\nbốn\nnăm"


@pytest.mark.parametrize(
    "nothing",
    [
        "\u200b",
        "\ufe0f",
        "\U000e0101",
        "\u034f",
        "\u3164",
        "\u2800\u2800",
        "\ufffc",
        "\U0001d159",
        "\U00013441 \U00013442",
        "\U000e0041\U000e0042",
        "\u0301",
        "\u202e \u200d",
        "\x07",
        "\ufeff",
    ],
)
def test_what_only_looks_like_nothing_is_refused(nothing: str) -> None:
    for clean in (one_line, prose):
        with pytest.raises(NothingVisible):
            clean(nothing)


@given(st.text())
def test_what_is_kept_stays_as_it_is(text: str) -> None:
    for clean in (one_line, prose):
        try:
            kept = clean(text)
        except NothingVisible:
            continue
        assert clean(kept) == kept
        assert kept == "" or is_visible(kept)
        assert not any(
            unicodedata.category(letter) in {"Cc", "Cf"} and letter not in "\n\t" for letter in kept
        )


@pytest.mark.parametrize("letter", ["Đ", "đ", "Ð", "ð", "\u0189", "\u0256", "d\u0335", "Ｄ", "D", "d"])
def test_every_letter_that_looks_like_d_is_found_by_every_other(letter: str) -> None:
    assert fold(f"{letter}ặng") == "dang"


@pytest.mark.parametrize(
    ("written", "found_by"),
    [("Ｎguyễn Ｖăn", "nguyen van"), ("𝐋an", "lan"), ("e\u034fm", "em"), ("ﬁ", "fi"), ("m²", "m2")],
)
def test_other_forms_of_a_letter_are_found_by_it(written: str, found_by: str) -> None:
    assert fold(written) == found_by


@pytest.mark.parametrize("text", ["´", "¨", "\uff9e\u0301", "`"])
def test_what_is_looked_for_is_never_nothing(text: str) -> None:
    assert fold(text)


@pytest.mark.parametrize(
    ("written", "kept"),
    [("33.3", "33.3"), ("-0", "0"), ("-0.00", "0.00"), ("007", "7"), ("100.00", "100.00")],
)
def test_a_number_is_kept_in_one_way(written: str, kept: str) -> None:
    assert str(plain_number(written)) == str(Decimal(kept))


@pytest.mark.parametrize(
    "written", ["1E+2", "1e2", "NaN", "Infinity", "1_000", "٣", "５", "+5", " 5", "", ".5", "5."]
)
def test_a_number_written_otherwise_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="plain digits"):
        plain_number(written)


@pytest.mark.parametrize(
    "written",
    [
        "1764028800",
        "20251125",
        "2025-11-25T00:00:00",
        "25/11/2025",
        "2025-W48-2",
        "２025-11-25",
        "2025-02-30",
    ],
)
def test_only_a_day_is_a_day(written: str) -> None:
    with pytest.raises(ValueError):
        plain_day(written)
    assert plain_day("2025-11-25") == date(2025, 11, 25)


@pytest.mark.parametrize("day", [date(2026, 3, 3), date(2030, 1, 1), date(1899, 12, 31), date(1, 1, 1)])
def test_nobody_is_born_ahead_or_ages_ago(day: date) -> None:
    with pytest.raises(BirthImpossible):
        require_birth(day, TODAY)
    require_birth(TODAY, TODAY)
    require_birth(None, TODAY)
