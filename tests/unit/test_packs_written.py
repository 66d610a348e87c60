"""What stands in the file of a pack is what people read there."""

from decimal import Decimal
from pathlib import Path

import pytest

from packs.freezing import PackInvalid, read_pack, read_yaml

FILE = next(iter(sorted((Path(__file__).parents[2] / "policies").glob("*.yaml"))))
TEXT = FILE.read_text(encoding="utf-8")


def faults(text: str) -> list[tuple[int, str]]:
    with pytest.raises(PackInvalid) as refused:
        read_pack(text)
    return [(fault.line, fault.reason) for fault in refused.value.faults]


def test_a_name_that_stands_twice_is_refused_with_its_line() -> None:
    twice = f"{TEXT.rstrip()}\nversion: 77\n"
    [(line, reason)] = faults(twice)
    assert line == len(twice.splitlines())
    assert "version" in reason
    assert "hai lần" in reason


def test_a_name_that_stands_twice_deep_inside_is_refused_too() -> None:
    with pytest.raises(PackInvalid):
        read_yaml("levels:\n- a: 1\n  b: {c: 1, c: 2}\n")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("0500", "0500"),
        ("1:30", "1:30"),
        ("0x1F", "0x1F"),
        ("0b11", "0b11"),
        ("1_000", "1_000"),
        ("+5", "+5"),
        (".5", ".5"),
        ("1.5e+3", "1.5e+3"),
        (".inf", ".inf"),
        (".NaN", ".NaN"),
        ("no", "no"),
        ("Off", "Off"),
        ("yes", "yes"),
        ("true", True),
        ("False", False),
        ("0", 0),
        ("-12", -12),
        ("33.30", 33.3),
        ("2026-02-30", "2026-02-30"),
        ("~", None),
    ],
)
def test_only_plain_numbers_are_numbers(written: str, read: object) -> None:
    assert read_yaml(f"a: {written}") == {"a": read}


@pytest.mark.parametrize("written", ["1_000", "1:30", "1.5e+3", ".inf", "0x1F", "yes"])
def test_a_number_written_otherwise_is_refused_where_it_stands(written: str) -> None:
    lines = TEXT.splitlines()
    at, line = next((at, line) for at, line in enumerate(lines) if "pass_threshold:" in line)
    lines[at] = f"{line.partition(':')[0]}: {written}"
    assert [line for line, _ in faults("\n".join(lines))] == [at + 1]


def test_a_leading_nought_changes_nothing() -> None:
    lines = TEXT.splitlines()
    at, line = next((at, line) for at, line in enumerate(lines) if "pass_threshold:" in line)
    lines[at] = f"{line.partition(':')[0]}: 050"
    assert read_pack("\n".join(lines)).levels[0].pass_threshold == Decimal(50)
