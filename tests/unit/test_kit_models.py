"""Numbers in bodies: one way to write each."""

import json
from decimal import Decimal

import pytest
from pydantic import ValidationError

from kit.http.models import In


class Marks(In):
    """A body with numbers."""

    score: Decimal = Decimal(0)
    count: int = 0
    most: int | None = None


@pytest.mark.parametrize(
    ("body", "kept"),
    [("-0.0", "0.0"), ("-0", "0"), ("1e2", "100.0"), ("33.30", "33.3"), ('"33.30"', "33.30")],
)
def test_a_number_of_json_is_kept_as_one_that_is_written(body: str, kept: str) -> None:
    assert str(Marks.model_validate(json.loads(f'{{"score": {body}}}')).score) == kept


@pytest.mark.parametrize("body", ["1e400", "NaN", "true", '"1E+2"', '"-0.0.1"'])
def test_what_is_no_plain_number_is_refused(body: str) -> None:
    with pytest.raises(ValidationError):
        Marks.model_validate(json.loads(f'{{"score": {body}}}'))


@pytest.mark.parametrize("name", ["count", "most"])
@pytest.mark.parametrize("text", ["1_000", " 12 ", "+5", "1.0", "５", "1e3", "", "0x10", "1.000", "-0"])
def test_a_whole_number_is_written_with_digits(name: str, text: str) -> None:
    if text == "-0":
        assert getattr(Marks.model_validate({name: text}), name) == 0
        return
    with pytest.raises(ValidationError):
        Marks.model_validate({name: text})


@pytest.mark.parametrize(
    ("given", "kept"), [("12", 12), (12, 12), (12.0, 12), ("-3", -3), ("007", 7)], ids=repr
)
def test_plain_digits_are_taken(given: object, kept: int) -> None:
    assert Marks.model_validate({"count": given}).count == kept
