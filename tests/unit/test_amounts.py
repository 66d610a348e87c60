"""Amounts in words, against a reader that knows the words only and counts what they say."""

import random
import re

import pytest

from language.words.amounts import say_amount

DIGIT = dict(
    zip(["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"], range(10), strict=True)
)
DIGIT |= {"mốt": 1, "tư": 4, "lăm": 5, "linh": 0}
SIZES = {"nghìn": 1_000, "triệu": 1_000_000, "tỷ": 1_000_000_000}
ENGLISH = dict(
    zip(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ],
        range(20),
        strict=True,
    )
)
ENGLISH |= dict(
    zip(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"],
        range(20, 100, 10),
        strict=True,
    )
)
ENGLISH_SIZES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
NEVER = re.compile(r"mươi (một|năm|bốn)\b|mười (mốt|tư|năm)\b|(?<!mươi )(mốt|tư)\b|linh (lăm|mốt|tư)\b|  ")
"""What nobody says: one, four and five sound otherwise after tens, and only there."""


def heard(words: str) -> int:
    """The number that was read out."""
    total = group = digit = 0
    for word in words.removesuffix(" đồng").lower().split():
        if word in DIGIT:
            digit = DIGIT[word]
        elif word in {"trăm", "mươi", "mười"}:
            group += {"trăm": 100 * digit, "mươi": 10 * digit, "mười": 10}[word]
            digit = 0
        elif word == "tỷ":
            total, group, digit = (total + group + digit) * SIZES[word], 0, 0
        else:
            total, group, digit = total + (group + digit) * SIZES[word], 0, 0
    return total + group + digit


def heard_in_english(words: str) -> int:
    """The same."""
    total = group = 0
    for word in words.removesuffix(" đồng").lower().replace("-", " ").split():
        if word in ENGLISH:
            group += ENGLISH[word]
        elif word == "hundred":
            group *= 100
        else:
            total, group = total + group * ENGLISH_SIZES[word], 0
    return total + group


@pytest.mark.parametrize(
    ("dong", "words"),
    [
        (0, "Không đồng"),
        (5, "Năm đồng"),
        (10, "Mười đồng"),
        (14, "Mười bốn đồng"),
        (15, "Mười lăm đồng"),
        (21, "Hai mươi mốt đồng"),
        (24, "Hai mươi tư đồng"),
        (101, "Một trăm linh một đồng"),
        (111, "Một trăm mười một đồng"),
        (500_000, "Năm trăm nghìn đồng"),
        (1_000_001, "Một triệu không trăm linh một đồng"),
        (1_050_000, "Một triệu không trăm năm mươi nghìn đồng"),
        (12_345_678, "Mười hai triệu ba trăm bốn mươi lăm nghìn sáu trăm bảy mươi tám đồng"),
        (1_000_000_000, "Một tỷ đồng"),
        (25_000_300_005, "Hai mươi lăm tỷ ba trăm nghìn không trăm linh năm đồng"),
        (1_005_000_000_000, "Một nghìn không trăm linh năm tỷ đồng"),
    ],
)
def test_amounts_as_an_accountant_writes_them(dong: int, words: str) -> None:
    assert say_amount(dong).vi == words


def test_what_is_said_is_the_amount_and_sounds_right() -> None:
    chosen = random.Random(5)
    large = [chosen.randrange(10 ** chosen.randint(5, 15)) for _ in range(20_000)]
    round_ones = [digit * 10**power for digit in range(1, 10) for power in range(15)]
    for dong in (*range(20_000), *large, *round_ones):
        said = say_amount(dong)
        assert heard(said.vi) == dong, said
        assert not NEVER.search(said.vi.lower()), said
        assert heard_in_english(said.en) == dong, said


def test_nothing_below_zero_is_owed() -> None:
    with pytest.raises(ValueError, match="-1"):
        say_amount(-1)
