"""The table of swapped days, and the calendar that a new installation begins with."""

from datetime import date
from pathlib import Path

import holidays
import pytest
from pydantic import ValidationError

from packs.swapped_days import read_swapped_days
from processes.bootstrap import POLICIES, known_days

TABLE = POLICIES / "calendar" / "swapped-days.yaml"


def test_the_swap_of_january_2026_is_known() -> None:
    days_off, worked = known_days()
    assert date(2026, 1, 2) in days_off
    assert date(2026, 1, 10) in worked


def test_every_swap_that_the_package_knows_is_in_the_table() -> None:
    by_rule = holidays.country_holidays("VN", years=range(2012, 2036))
    swaps = read_swapped_days(TABLE)
    assert by_rule.weekend_workdays <= {swap.worked for swap in swaps}
    assert not {swap.day_off for swap in swaps} - set(by_rule) - {date(2026, 1, 2)}


def test_no_day_is_both_off_and_worked_and_every_swap_names_a_document() -> None:
    days_off, worked = known_days()
    assert not {*days_off} & {*worked}
    assert all(swap.document and swap.day_off.year >= 2012 for swap in read_swapped_days(TABLE))


@pytest.mark.parametrize(
    "line",
    [
        "- {day_off: 2026-01-03, worked: 2026-01-10, document: d, confidence: L}",
        "- {day_off: 2026-01-02, worked: 2026-01-09, document: d, confidence: L}",
    ],
)
def test_a_swap_is_a_weekday_for_a_weekend_day(tmp_path: Path, line: str) -> None:
    file = tmp_path / "swaps.yaml"
    file.write_text(line)
    with pytest.raises(ValidationError):
        read_swapped_days(file)
