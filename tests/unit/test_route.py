"""Where a dossier goes after a level has spoken."""

from itertools import product
from uuid import uuid4

import pytest

from language.ids import DossierId, UnitId
from language.journey.route import journey_outcome, level_after, level_named, next_level
from language.messages.journey import DecidedLevel, JourneyOutcome, LevelStop, Route, StageOutcome
from language.names import stage_id

ROUTE = Route(
    plan_hash="x",
    rule_version="sample@1",
    levels=tuple(
        LevelStop(level=level, unit_id=UnitId(uuid4())) for level in ("UNIT", "COMMUNE", "PROVINCE")
    ),
)


def _decided(
    outcome: StageOutcome, *, level: str = "UNIT", proposed: bool = False, pays: bool = False
) -> DecidedLevel:
    return DecidedLevel(
        level=level,
        stage_id=stage_id(DossierId(uuid4()), level),
        outcome=outcome,
        proposed=proposed,
        decision_number=None,
        pays=pays,
    )


@pytest.mark.parametrize(
    ("level", "above"), [("UNIT", "COMMUNE"), ("COMMUNE", "PROVINCE"), ("PROVINCE", None)]
)
def test_a_recognised_and_proposed_dossier_goes_one_level_up_until_there_is_none(
    level: str, above: str | None
) -> None:
    found = next_level(ROUTE, _decided(StageOutcome.RECOGNISED, level=level, proposed=True))
    assert (found.level if found else None) == above


@pytest.mark.parametrize(("outcome", "proposed"), list(product(StageOutcome, [True, False])))
def test_only_recognised_and_proposed_go_up(outcome: StageOutcome, proposed: bool) -> None:
    goes_up = next_level(ROUTE, _decided(outcome, proposed=proposed)) is not None
    assert goes_up == (outcome is StageOutcome.RECOGNISED and proposed)


@pytest.mark.parametrize(("outcome", "pays"), list(product(StageOutcome, [True, False])))
def test_only_a_recognition_at_a_level_that_pays_brings_money(outcome: StageOutcome, pays: bool) -> None:
    assert _decided(outcome, pays=pays).brings_money == (outcome is StageOutcome.RECOGNISED and pays)


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        (["RECOGNISED"], JourneyOutcome.RECOGNISED),
        (["REFUSED"], JourneyOutcome.REFUSED),
        (["WITHDRAWN"], JourneyOutcome.WITHDRAWN),
        (["RECOGNISED", "RECOGNISED", "REFUSED"], JourneyOutcome.RECOGNISED),
        (["RECOGNISED", "WITHDRAWN"], JourneyOutcome.RECOGNISED),
    ],
)
def test_no_later_word_takes_a_recognition_back(outcomes: list[str], expected: JourneyOutcome) -> None:
    assert journey_outcome([StageOutcome(outcome) for outcome in outcomes]) is expected


def test_above_a_level_that_these_rules_do_not_know_there_is_none() -> None:
    assert level_after(ROUTE, "DISTRICT") is None
    assert level_named(ROUTE, "DISTRICT") is None
    assert level_named(ROUTE, None) is None
    assert level_named(ROUTE, "COMMUNE") == ROUTE.levels[1]
