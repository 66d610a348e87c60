"""Messages through the converter that travels with them: an older form becomes today's, a later one is not
read."""

from dataclasses import dataclass, fields
from datetime import timedelta
from types import MappingProxyType

import pytest

from language.messages import versions
from language.messages.clock import CaseClock
from language.messages.journey import Journey
from language.versions import Body, WrittenLater
from tests.unit.golden import decode, encode, example, messages


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A message that was changed twice."""

    people: tuple[str, ...]
    within: timedelta
    version: int = 3


def _people(body: Body) -> Body:
    kept = {name: value for name, value in body.items() if name != "person"}
    return {**kept, "people": [body["person"]]}


def _within(body: Body) -> Body:
    return {**body, "within": "P1D"}


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """How `Told` came to its third version."""
    known = {(Told.__name__, 1): _people, (Told.__name__, 2): _within}
    monkeypatch.setattr(versions, "UPCASTS", MappingProxyType(known))


@pytest.mark.parametrize(
    "body",
    [
        {"person": "Mai"},
        {"person": "Mai", "version": 1},
        {"people": ["Mai"], "version": 2},
        {"people": ["Mai"], "within": "P1D", "version": 3},
    ],
)
@pytest.mark.usefixtures("steps")
def test_every_version_is_read_as_the_newest(body: Body) -> None:
    read = decode(body, Told)
    assert read == Told(people=("Mai",), within=timedelta(days=1))
    assert encode(read)["version"] == 3


@pytest.mark.usefixtures("steps")
def test_a_message_of_a_later_release_is_not_read_as_if_it_were_one_of_ours() -> None:
    later = encode(example(CaseClock, "clock")) | {"version": 2}
    for body, kind in (({"version": 4}, Told), (later, CaseClock), ({"version": 0}, Told)):
        unread = decode(body, kind)
        with pytest.raises(WrittenLater):
            _ = unread.people


def test_a_version_is_a_number() -> None:
    with pytest.raises(TypeError):
        decode({"version": "2"}, Told)


def test_a_message_that_says_no_version_is_of_the_first() -> None:
    body = encode(example(Journey, "journey"))
    del body["version"]
    assert decode(body, Journey).version == versions.newest(Journey) == 1


def test_what_has_no_fields_has_no_versions() -> None:
    assert versions.newest(str) == versions.newest(None) == 1
    assert decode({"version": 9}, dict) == {"version": 9}


def test_no_message_says_anything_else_by_that_name() -> None:
    for kind in messages().values():
        found = [one for one in fields(kind) if one.name == versions.FIELD]
        assert all(one.type in {int, "int"} and isinstance(one.default, int) for one in found)
