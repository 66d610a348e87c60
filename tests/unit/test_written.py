"""How days are written where programs read them."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from language.written import day_in_time, instant_in_time, plain_day


@pytest.mark.parametrize("text", ["0001-01-01", "1799-12-31"])
def test_a_day_before_all_that_is_known_is_none(text: str) -> None:
    with pytest.raises(ValueError, match="1800"):
        plain_day(text)


@pytest.mark.parametrize("text", ["1800-01-01", "9999-12-31"])
def test_other_days_are_days(text: str) -> None:
    assert plain_day(text) == date.fromisoformat(text)


@pytest.mark.parametrize("day", [date(3000, 1, 1), date(9999, 12, 31)])
def test_nothing_is_asked_for_that_ends_with_all_time(day: date) -> None:
    with pytest.raises(ValueError, match="2999"):
        day_in_time(day)


@pytest.mark.parametrize(
    "instant",
    [
        datetime.min.replace(tzinfo=UTC),
        datetime.max.replace(tzinfo=UTC),
        datetime.min.replace(tzinfo=timezone(timedelta(hours=14))),
        datetime.max.replace(tzinfo=timezone(-timedelta(hours=14))),
        datetime(3000, 1, 1, tzinfo=UTC),
    ],
)
def test_a_moment_has_a_day_on_every_clock(instant: datetime) -> None:
    with pytest.raises(ValueError, match="2999"):
        instant_in_time(instant)


def test_a_moment_is_kept_in_universal_time() -> None:
    last = datetime(2999, 12, 31, 23, 59, 59, tzinfo=timezone(-timedelta(hours=12)))
    assert instant_in_time(last).isoformat() == "3000-01-01T11:59:59+00:00"
