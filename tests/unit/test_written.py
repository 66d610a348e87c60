"""How days are written where programs read them."""

from datetime import date

import pytest

from language.written import plain_day


@pytest.mark.parametrize("text", ["0001-01-01", "1799-12-31"])
def test_a_day_before_all_that_is_known_is_none(text: str) -> None:
    with pytest.raises(ValueError, match="1800"):
        plain_day(text)


@pytest.mark.parametrize("text", ["1800-01-01", "9999-12-31"])
def test_other_days_are_days(text: str) -> None:
    assert plain_day(text) == date.fromisoformat(text)
