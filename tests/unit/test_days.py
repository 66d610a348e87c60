"""Spans of days by which lists are narrowed."""

from datetime import date

import pytest

from casework.naming import Days
from kit.http.refusals import RequestInvalid

FIRST, LAST = date(2026, 5, 1), date(2026, 5, 2)


def test_a_span_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(RequestInvalid) as refused:
        Days(first=LAST, last=FIRST)
    assert "02/05/2026" in refused.value.detail_vi


def test_any_other_span_is_one() -> None:
    assert Days(first=FIRST, last=FIRST).begins
    assert Days(last=FIRST).begins is None
