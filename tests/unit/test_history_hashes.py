"""What is hashed has one form, and trees prove what they should."""

import json
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.history.merkle import EMPTY, node, path_of, root_by_path, root_of
from language.events.canonical import LARGEST, NotCanonical, canonical_bytes, plain

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")).map(
    lambda text: unicodedata.normalize("NFC", text)
)
SCALARS = st.none() | st.booleans() | st.integers(-LARGEST, LARGEST) | TEXT
DOCUMENTS = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4)
)


def _exactly(value: Any) -> Any:
    """The value with its types: to Python, 1 and True are the same."""
    match value:
        case list():
            return [_exactly(item) for item in value]
        case dict():
            return {key: _exactly(item) for key, item in value.items()}
    return type(value).__name__, value


@given(DOCUMENTS)
def test_from_the_bytes_comes_the_document_so_no_two_have_the_same(document: Any) -> None:
    encoded = canonical_bytes(document)
    assert _exactly(json.loads(encoded)) == _exactly(document)
    assert canonical_bytes(json.loads(encoded)) == encoded


@given(DOCUMENTS, DOCUMENTS)
def test_different_documents_have_different_bytes(one: Any, other: Any) -> None:
    assert (canonical_bytes(one) == canonical_bytes(other)) == (_exactly(one) == _exactly(other))


@given(DOCUMENTS)
def test_what_is_plain_stays_as_it_is(document: Any) -> None:
    assert _exactly(plain(document)) == _exactly(document)


def test_the_order_of_keys_does_not_count() -> None:
    assert canonical_bytes({"b": 1, "a": [2]}) == canonical_bytes({"a": [2], "b": 1}) == b'{"a":[2],"b":1}'


class _State(StrEnum):
    OPEN = "OPEN"


@dataclass
class _Inner:
    share: Decimal


@pytest.mark.parametrize(
    ("value", "form"),
    [
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (Decimal("2.50"), "2.50"),
        (Decimal("1E+3"), "1000"),
        (date(2026, 3, 1), "2026-03-01"),
        (datetime(2026, 3, 1, 5, tzinfo=UTC), "2026-03-01T05:00:00.000000Z"),
        (datetime(2026, 3, 1, 5, tzinfo=timezone(timedelta(hours=7))), "2026-02-28T22:00:00.000000Z"),
        (_State.OPEN, "OPEN"),
        ((1, 2), [1, 2]),
        (_Inner(share=Decimal("0.1")), {"share": "0.1"}),
        ({UUID(int=1): _State.OPEN}, {"00000000-0000-0000-0000-000000000001": "OPEN"}),
        (unicodedata.normalize("NFD", "đã duyệt"), unicodedata.normalize("NFC", "đã duyệt")),
    ],
)
def test_the_one_form_of_a_value(value: Any, form: Any) -> None:
    assert plain(value) == form


@pytest.mark.parametrize(
    "value",
    [
        1.5,
        {1},
        datetime(2026, 3, 1),  # noqa: DTZ001
        timedelta(1),
        LARGEST + 1,
        Decimal("NaN"),
        b"x",
        "a\x00b",
        {1: "x"},
        {UUID(int=1): 1, str(UUID(int=1)): 2},
    ],
)
def test_what_has_no_one_form_is_refused(value: Any) -> None:
    with pytest.raises(NotCanonical):
        plain(value)


@pytest.mark.parametrize("value", [1.5, (1,), {1: 2}, LARGEST + 1, UUID(int=1)])
def test_bytes_are_made_of_plain_documents_only(value: Any) -> None:
    with pytest.raises(NotCanonical):
        canonical_bytes({"x": value})


def _brute(leaves: list[bytes]) -> bytes:
    """RFC 6962: split at the largest power of two below the number of leaves."""
    if not leaves:
        return EMPTY
    if len(leaves) == 1:
        return leaves[0]
    left = 1
    while left * 2 < len(leaves):
        left *= 2
    return node(_brute(leaves[:left]), _brute(leaves[left:]))


def _leaves(count: int) -> list[bytes]:
    return [sha256(bytes([number])).digest() for number in range(count)]


@given(st.integers(0, 70))
def test_a_root_is_that_of_the_brute_force_tree(count: int) -> None:
    assert root_of(_leaves(count)) == _brute(_leaves(count))


@given(st.integers(1, 70), st.data())
def test_a_path_proves_its_leaf_and_nothing_else(count: int, data: st.DataObject) -> None:
    leaves = _leaves(count)
    index = data.draw(st.integers(0, count - 1))
    path = path_of(leaves, index)
    root = root_of(leaves)
    assert root_by_path(leaves[index], index, count, path) == root
    assert root_by_path(sha256(b"other").digest(), index, count, path) != root
    for other in range(count):
        if other != index:
            assert root_by_path(leaves[index], other, count, path) != root
    assert root_by_path(leaves[index], index, count, [*path, root]) is None
    if path:
        assert root_by_path(leaves[index], index, count, path[:-1]) is None
        changed = [*path[:-1], sha256(path[-1]).digest()]
        assert root_by_path(leaves[index], index, count, changed) != root
    assert root_by_path(leaves[index], count, count, path) is None
