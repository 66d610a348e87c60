"""What `sangkien batch` reads from a file."""

import pytest

from cli.batch import BatchUnreadable, read_items

ONE, TWO = "478d6348-16c1-4fce-998d-f1cf8dc4b329", "f496eef4-defc-4a1f-9a75-ad6ef8353d43"


@pytest.mark.parametrize(
    ("text", "items"),
    [
        (f"{ONE}\n\n  {TWO}\n", [{"id": ONE}, {"id": TWO}]),
        (f'[{{"id": "{ONE}", "outcome": "RECOGNISED"}}]', [{"id": ONE, "outcome": "RECOGNISED"}]),
        (f"id,amount,reason\n{ONE},5,Bão lũ\n", [{"id": ONE, "amount": "5", "reason": "Bão lũ"}]),
    ],
)
def test_ids_json_and_csv_are_read(text: str, items: list[dict[str, str]]) -> None:
    assert read_items(text) == items


@pytest.mark.parametrize("text", ["", "[]", "x", '[{"name": "x"}]', "[1]", "[", "id,amount\nx,5\n"])
def test_what_names_nothing_is_refused(text: str) -> None:
    with pytest.raises(BatchUnreadable):
        read_items(text)
