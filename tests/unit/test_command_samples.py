"""What `actions=true` tries of a command: the least that has its form, once for each choice in it."""

from kit.http.actions import as_it_stands, samples_of

KINDS = {
    "Outcome": {"enum": ["UPHELD", "DISMISSED"], "type": "string"},
    "Settlement": {
        "type": "object",
        "required": ["outcome", "reason"],
        "properties": {
            "outcome": {"$ref": "#/components/schemas/Outcome"},
            "reason": {"type": "string", "minLength": 1},
            "paper": {"type": "string"},
        },
    },
}


def test_each_outcome_is_tried() -> None:
    found = samples_of({"$ref": "#/components/schemas/Settlement"}, KINDS)
    assert found == [{"outcome": "UPHELD", "reason": "x"}, {"outcome": "DISMISSED", "reason": "x"}]


def test_what_chooses_nothing_is_tried_once() -> None:
    plain = {"type": "object", "required": ["reason"], "properties": {"reason": {"type": "string"}}}
    assert samples_of(plain, KINDS) == [{"reason": "x"}]
    assert samples_of({"type": "array", "items": {}, "minItems": 0}, KINDS) == [[]]


def test_an_edit_is_tried_with_what_stands_there() -> None:
    assert as_it_stands(
        {"name": "x", "valid_to": "2026-01-31", "note": "x"}, {"name": "A", "valid_to": None}
    ) == {
        "name": "A",
        "valid_to": None,
        "note": "x",
    }
