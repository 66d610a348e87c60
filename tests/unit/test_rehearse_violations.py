"""What the independent check finds is said in Vietnamese, every sentence of it."""

import pytest

from rehearsal import checking, succession_checks
from rehearsal.violations import SAID, in_vietnamese
from tests.manner import faults


@pytest.mark.parametrize("sentence", sorted({*checking.VIOLATIONS, *succession_checks.VIOLATIONS, *SAID}))
def test_a_violation_is_said_in_vietnamese_before_it_is_said_in_english(sentence: str) -> None:
    assert not faults(SAID[sentence])
    assert in_vietnamese(f"{sentence}: SK-2026-00001") == f"{SAID[sentence]} ({sentence}): SK-2026-00001"


def test_what_has_no_words_is_shown_as_it_is() -> None:
    assert in_vietnamese("the history of SK-1 does not hold") == "the history of SK-1 does not hold"
