"""Where a dossier goes after a level has spoken."""

from datetime import UTC, datetime
from itertools import product
from uuid import uuid4

import pytest

from language.ids import DossierId, EventId
from language.journey.route import brings_money, journey_outcome, next_level
from language.messages.journey import JourneyOutcome, StageOutcome
from language.messages.review import StageDecided
from language.names import stage_id
from tests.workflows.cases import level_plan, review_plan

PLAN = review_plan("UNIT", "COMMUNE", "PROVINCE")


def _decided(outcome: StageOutcome, *, proposed: bool = False) -> StageDecided:
    dossier = DossierId(uuid4())
    return StageDecided(
        event_id=EventId(uuid4()),
        dossier_id=dossier,
        stage_id=stage_id(dossier, "UNIT"),
        outcome=outcome,
        decision_number=None,
        proposed=proposed,
        decided_at=datetime(2026, 3, 2, tzinfo=UTC),
    )


@pytest.mark.parametrize(("position", "above"), [(0, "COMMUNE"), (1, "PROVINCE"), (2, None)])
def test_a_recognised_and_proposed_dossier_goes_one_level_up_until_there_is_none(
    position: int, above: str | None
) -> None:
    level = next_level(PLAN, PLAN.levels[position], _decided(StageOutcome.RECOGNISED, proposed=True))
    assert (level.level if level else None) == above


@pytest.mark.parametrize(("outcome", "proposed"), list(product(StageOutcome, [True, False])))
def test_only_recognised_and_proposed_go_up(outcome: StageOutcome, proposed: bool) -> None:
    goes_up = next_level(PLAN, PLAN.levels[0], _decided(outcome, proposed=proposed)) is not None
    assert goes_up == (outcome is StageOutcome.RECOGNISED and proposed)


@pytest.mark.parametrize(("outcome", "award_dong"), list(product(StageOutcome, [0, 1])))
def test_only_a_recognition_with_a_rate_brings_money(outcome: StageOutcome, award_dong: int) -> None:
    level = level_plan("UNIT", award_dong)
    assert brings_money(level, _decided(outcome)) == (outcome is StageOutcome.RECOGNISED and award_dong > 0)


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
    assert journey_outcome(tuple(_decided(StageOutcome(outcome)) for outcome in outcomes)) is expected
