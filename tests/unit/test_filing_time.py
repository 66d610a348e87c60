"""When a season takes a dossier: in the season, in a round that is for it, and what an act makes of both."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from language.cases import WindowAct
from services.intake.domain.filing_time import Filed, FilingRound, require_season_open
from services.intake.domain.refusals import RoundClosed, SeasonClosed
from services.rulebook.domain.refusals import ClosingOutOfOrder, WindowIsClosed, WindowIsOpen
from services.rulebook.domain.seasons import Season, closing_after

NOW = datetime(2026, 3, 2, 3, tzinfo=UTC)
DAY = timedelta(days=1)
YEAR = (NOW - 60 * DAY, NOW + 300 * DAY)


def a_round(opens: int, closes: int, level: str | None = None, field: str | None = None) -> FilingRound:
    """A round some days from now."""
    return FilingRound(
        code="D1",
        level=level,
        application_field=field,
        opens_at=NOW + opens * DAY,
        closes_at=NOW + closes * DAY,
    )


def filed(level: str = "SCHOOL", field: str = "Giáo dục", at: datetime = NOW) -> Filed:
    """A dossier that is filed now."""
    return Filed(level=level, application_field=field, at=at)


@pytest.mark.parametrize(
    "rounds",
    [
        [],
        [a_round(-1, 1)],
        [a_round(-9, -1), a_round(-1, 1)],
        [a_round(-9, -1, level="COMMUNE")],  # binds other units
        [a_round(-9, -1, field="Y tế")],  # binds another field
        [a_round(-1, 1, "SCHOOL", "GIAO DUC")],  # written in another way
    ],
)
def test_a_dossier_is_taken_in_a_round_that_is_for_it(rounds: list[FilingRound]) -> None:
    require_season_open(*YEAR, rounds, filed())


@pytest.mark.parametrize(
    "rounds",
    [[a_round(-9, -1)], [a_round(1, 9)], [a_round(-9, -1, "SCHOOL", "Giáo dục"), a_round(-1, 1, "COMMUNE")]],
)
def test_between_rounds_it_is_not(rounds: list[FilingRound]) -> None:
    with pytest.raises(RoundClosed) as refused:
        require_season_open(*YEAR, rounds, filed())
    assert "D1" in refused.value.facts["rounds"]


def test_a_round_ends_at_its_instant_and_the_season_binds_rounds() -> None:
    end = NOW + DAY
    require_season_open(*YEAR, [a_round(-1, 1)], filed(at=end))
    with pytest.raises(RoundClosed):
        require_season_open(*YEAR, [a_round(-1, 1)], filed(at=end + timedelta(seconds=1)))
    with pytest.raises(SeasonClosed):
        require_season_open(NOW - 9 * DAY, NOW - DAY, [a_round(-1, 1)], filed())


def season(opens: int, closes: int) -> Season:
    """A season some days from now."""
    return Season(id=uuid4(), code="M", name="x", opens_at=NOW + opens * DAY, closes_at=NOW + closes * DAY)


def test_acts_move_the_end() -> None:
    later = NOW + 9 * DAY
    assert closing_after(WindowAct.EXTENDED, season(-5, 5), later, NOW) == later
    assert closing_after(WindowAct.CLOSED, season(-5, 5), None, NOW) == NOW
    assert closing_after(WindowAct.CLOSED, season(2, 5), None, NOW) == NOW + 2 * DAY
    assert closing_after(WindowAct.REOPENED, season(-5, -1), later, NOW) == later


@pytest.mark.parametrize(
    ("act", "window", "days", "refusal"),
    [
        (WindowAct.EXTENDED, season(-5, -1), 9, WindowIsClosed),
        (WindowAct.CLOSED, season(-5, -1), None, WindowIsClosed),
        (WindowAct.REOPENED, season(-5, 5), 9, WindowIsOpen),
        (WindowAct.EXTENDED, season(-5, 5), 5, ClosingOutOfOrder),
        (WindowAct.REOPENED, season(-5, -1), 0, ClosingOutOfOrder),
    ],
)
def test_acts_that_do_not_fit_are_refused(
    act: WindowAct, window: Season, days: int | None, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        closing_after(act, window, None if days is None else NOW + days * DAY, NOW)


def test_first_and_last_instant_of_season_and_round_are_in_them() -> None:
    opens, closes = NOW - DAY, NOW + DAY
    for at in (opens, closes):
        require_season_open(opens, closes, [a_round(-1, 1)], filed(at=at))
    for at in (opens - timedelta(microseconds=1), closes + timedelta(microseconds=1)):
        with pytest.raises(SeasonClosed):
            require_season_open(opens, closes, [], filed(at=at))
        with pytest.raises(RoundClosed):
            require_season_open(*YEAR, [a_round(-1, 1)], filed(at=at))


def test_the_refusals_say_the_local_days_and_times() -> None:
    late = datetime(2026, 3, 1, 20, tzinfo=UTC)  # 03:00 on the second in Viet Nam
    with pytest.raises(SeasonClosed) as refused:
        require_season_open(late, late + 2 * DAY, [], filed(at=late - DAY))
    assert refused.value.facts == {"opens_on": "2026-03-02", "closes_on": "2026-03-04"}
    rounds = [replace(a_round(1, 2), opens_at=late + 9 * DAY, closes_at=late + 10 * DAY), a_round(-9, -8)]
    with pytest.raises(RoundClosed) as between:
        require_season_open(*YEAR, rounds, filed())
    assert between.value.facts["rounds"] == (
        "D1 11/03/2026 03:00–12/03/2026 03:00, D1 21/02/2026 10:00–22/02/2026 10:00"
    )
