"""When a journey is over, against a slow walk over every order of words that councils may say."""

from itertools import product
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.ids import UnitId
from language.messages.journey import JourneyOutcome, LevelStop, Route, StageOutcome
from language.messages.transition import Passage, TransitionClass, TransitionReason
from services.intake.domain.ending import DecidedLevels, Decision

LEVELS = ("UNIT", "COMMUNE", "PROVINCE")
WORDS = tuple(product(StageOutcome, (True, False)))


def standing(
    *words: tuple[StageOutcome, bool], is_open: bool = False, ends: bool | None = None
) -> DecidedLevels:
    """So many levels have spoken; `ends` says what the last change of rules made of the way."""
    unit = UnitId(uuid4())
    route = Route(
        plan_hash="x",
        rule_version="sample@1",
        levels=tuple(LevelStop(level=level, unit_id=unit) for level in LEVELS),
    )
    decisions = tuple(
        Decision(level=level, outcome=outcome, proposed=proposed, decision_number=None)
        for level, (outcome, proposed) in zip(LEVELS, words, strict=False)
    )
    passage = ends is not None and Passage(
        kind=TransitionClass.MOVED,
        reason=TransitionReason.ENDS_HERE,
        to_level=None if ends else "PROVINCE",
    )
    return DecidedLevels(decisions=decisions, has_open_stage=is_open, route=route, passage=passage or None)


@given(st.lists(st.sampled_from(WORDS), max_size=3))
def test_it_is_over_when_the_last_word_sends_it_no_further(words: list[tuple[StageOutcome, bool]]) -> None:
    goes_up = bool(words) and words[-1] == (StageOutcome.RECOGNISED, True)
    over = bool(words) and (not goes_up or len(words) == len(LEVELS))
    found = standing(*words)
    assert (found.is_over, found.outcome is not None) == (over, over)
    assert not standing(*words, is_open=True).is_over
    assert standing(*words, ends=True).is_over is bool(words)
    assert standing(*words, ends=False).is_over is over


@pytest.mark.parametrize(
    ("words", "outcome"),
    [
        ([(StageOutcome.REFUSED, False)], JourneyOutcome.REFUSED),
        ([(StageOutcome.WITHDRAWN, False)], JourneyOutcome.WITHDRAWN),
        ([(StageOutcome.RECOGNISED, True), (StageOutcome.WITHDRAWN, False)], JourneyOutcome.RECOGNISED),
    ],
)
def test_what_was_recognised_once_stays_recognised(
    words: list[tuple[StageOutcome, bool]], outcome: JourneyOutcome
) -> None:
    assert standing(*words).outcome is outcome
    assert standing(*words).is_withdrawn is (words[-1][0] is StageOutcome.WITHDRAWN)
