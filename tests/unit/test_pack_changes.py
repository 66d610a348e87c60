"""What an edit of a pack changed, place by place."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from language.events.base import Change
from language.events.rulebook import PackChange
from services.rulebook.domain.pack_changes import content_sha256, pack_changes

NAMES = st.sampled_from("abc")
CONTENTS = st.dictionaries(
    NAMES,
    st.recursive(
        st.none() | st.booleans() | st.integers(0, 9) | st.text("xy1", max_size=2),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
        max_leaves=6,
    ),
)


def test_each_place_bears_what_it_said_and_says() -> None:
    old = {"title": "Cũ", "levels": [{"level": "UNIT", "quorum": 3}], "rates": []}
    new = {"title": "Mới", "levels": [{"level": "UNIT", "quorum": 5}, {"level": "PROVINCE"}], "rates": []}
    assert pack_changes(old, new) == (
        PackChange(place="levels.0.quorum", content=Change(old="3", new="5")),
        PackChange(place="levels.1.level", content=Change(old=None, new="PROVINCE")),
        PackChange(place="title", content=Change(old="Cũ", new="Mới")),
    )


def test_an_end_that_was_open_and_an_end_that_is_set() -> None:
    assert pack_changes({"effective_to": None}, {"effective_to": "2027-12-31"}) == (
        PackChange(place="effective_to", content=Change(old=None, new="2027-12-31")),
    )


@given(CONTENTS, CONTENTS)
def test_the_way_back_is_the_same_changes_turned_round(old: dict[str, Any], new: dict[str, Any]) -> None:
    back = [
        PackChange(place=one.place, content=Change(old=one.content.new, new=one.content.old))
        for one in pack_changes(old, new)
    ]
    assert list(pack_changes(new, old)) == back
    assert not pack_changes(old, old)


@given(CONTENTS)
def test_a_content_is_known_again_whatever_the_order_of_its_keys(content: dict[str, Any]) -> None:
    assert content_sha256(content) == content_sha256(dict(reversed(content.items())))
