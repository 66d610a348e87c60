"""Every event: a class with its owner and its words, read back for ever."""

import json
from collections.abc import Iterator
from dataclasses import asdict, fields, is_dataclass, replace
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any, get_args, get_type_hints
from uuid import uuid4

import pytest
from pydantic_core import to_jsonable_python

from casework.history.past import fact_of
from casework.notices import notices_of
from cli.history import _details, _what, _who
from language import events
from language.deadline.arithmetic import SuspensionKind
from language.events.base import Fact, Owner, Readers
from language.events.casework import ClockSuspended, MessagesDismissed, MessagesTriedAgain
from language.events.catalogue import CATALOGUE, FORMER_NAMES, UPCASTS, brought_up, class_of
from language.events.document import document
from language.events.intake import ContentChanged
from language.events.payout import AwardTakenOff
from language.events.rungs import Did
from language.events.silent import SILENT
from language.versions import WrittenLater
from language.words.content import CONTENT
from language.words.event_fields import FIELDS, UNSAID
from language.words.events import PARTS, say_event
from tests.unit.event_samples import SAMPLES, sample

FACTS = sorted(CATALOGUE.values(), key=lambda fact: fact.__name__)
FILES = sorted(SAMPLES.glob("*.json"))
ROOT = Path(__file__).parents[2]


def _defined() -> set[type[Fact]]:
    modules = [import_module(f"language.events.{found.name}") for found in iter_modules(events.__path__)]
    return {
        value
        for module in modules
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Fact) and value is not Fact
    }


def test_every_fact_is_in_the_catalogue() -> None:
    assert _defined() == set(FACTS)


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.__name__)
def test_every_fact_says_whose_it_is_for_whom_and_what_happened(fact: type[Fact]) -> None:
    assert fact.OWNER in Owner
    assert fact.READERS in Readers
    assert fact.__doc__
    assert not fact.__doc__.startswith(f"{fact.__name__}(")
    assert all((fact.__name__, version) in UPCASTS for version in range(1, fact.VERSION))


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.__name__)
def test_no_field_of_a_fact_is_open_to_anything(fact: type[Fact]) -> None:
    for name, hint in _hints(fact):
        assert Any not in {hint, *get_args(hint)}, name
        assert getattr(hint, "__origin__", hint) is not dict, name


def _hints(kind: type) -> Iterator[tuple[str, Any]]:
    """The fields of this class and of the dataclasses inside."""
    for name, hint in get_type_hints(kind, include_extras=True).items():
        if "ClassVar" not in str(hint):
            yield name, hint
            for inner in _inside(hint):
                yield from _hints(inner)


def _inside(hint: Any) -> Iterator[type]:
    for argument in get_args(hint):
        yield from _inside(argument)
    if isinstance(hint, type) and is_dataclass(hint):
        yield hint


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.__name__)
def test_every_fact_and_each_of_its_fields_has_its_words(fact: type[Fact]) -> None:
    said = say_event(fact)
    assert said.vi
    assert said.en
    unsaid = {name for name, _ in _hints(fact)} - UNSAID - FIELDS.keys()
    assert not unsaid


def test_every_part_of_what_a_rung_did_has_its_words() -> None:
    tags = [field.default for part in get_args(Did) for field in fields(part) if field.name == "did"]
    assert sorted(tags) == sorted(PARTS)


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.__name__)
def test_a_fact_comes_back_as_it_was_recorded(fact: type[Fact]) -> None:
    written = sample(fact)
    stored = json.loads(json.dumps(to_jsonable_python(asdict(written))))
    assert fact_of(fact.__name__, fact.VERSION, stored) == written


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_an_event_of_older_code_is_still_read(file: Path) -> None:
    kind, _, version = file.stem.rpartition("-")
    stored = json.loads(file.read_text(encoding="utf-8"))
    fact = fact_of(kind, int(version), stored)
    if int(version) == fact.VERSION:
        assert to_jsonable_python(asdict(fact)) == stored


def test_every_version_of_every_kind_has_its_sample() -> None:
    """`python -m tests.unit.event_samples` writes what is missing; what is there is never written again."""
    older = {new: old for old, new in FORMER_NAMES.items()}
    wanted = {
        f"{fact.__name__ if version == fact.VERSION else older.get(fact.__name__, fact.__name__)}-{version}"
        for fact in FACTS
        for version in range(1, fact.VERSION + 1)
    }
    assert {file.stem for file in FILES} == wanted


def test_what_an_outbox_sends_is_a_message_in_events_that_called_it_a_word() -> None:
    told = fact_of("WordsDismissed", 1, {"workflow_id": "initiative:1", "words": 3, "reason": "đã rõ"})
    assert told == MessagesDismissed(workflow_id="initiative:1", messages=3, reason="đã rõ")
    assert class_of("WordsTriedAgain") is MessagesTriedAgain
    raised = {"workflow_id": "x", "found": "FAULT", "unit_id": str(uuid4())}
    old = fact_of("RunAlarmRaised", 1, {"alarm": "WORD_DOES_NOT_ARRIVE", **raised})
    new = fact_of("RunAlarmRaised", 2, {"alarm": "MESSAGE_DOES_NOT_ARRIVE", **raised})
    assert old == new
    assert fact_of("RunAlarmRaised", 1, {"alarm": "RUN_ENDED", **raised}) != old


def test_no_name_of_an_event_is_given_twice() -> None:
    assert not FORMER_NAMES.keys() & CATALOGUE.keys()
    assert set(FORMER_NAMES.values()) <= CATALOGUE.keys()


def test_an_event_of_newer_code_is_told_as_such() -> None:
    for kind, version in (("SomethingNew", 1), ("DossierFiled", 99)):
        with pytest.raises(WrittenLater):
            brought_up(kind, version, {})


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.__name__)
def test_notices_and_histories_can_be_made_of_every_fact(fact: type[Fact]) -> None:
    written, concerned = sample(fact), uuid4()
    assert len({(told.person_id, told.kind) for told in notices_of(written, [concerned])}) == len(
        notices_of(written, [concerned])
    )
    assert fact.__name__ in _what(written)
    assert all(line.partition(": ")[2] for line in _details(written, {}))
    assert len(_details(written, {})) <= len(fields(written))


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.__name__)
def test_every_fact_tells_somebody_or_says_why_not(fact: type[Fact]) -> None:
    told = notices_of(_loudest(fact), [uuid4()])
    assert bool(told) is (fact not in SILENT), "a notice, or a line in language/events/silent.py; not both"


def _loudest(fact: type[Fact]) -> Fact:
    """A sample in which something happened that somebody is told of."""
    made = sample(fact)
    if isinstance(made, AwardTakenOff):
        return replace(made, was_sent=True)
    return replace(made, cause=SuspensionKind.COMPLAINT) if isinstance(made, ClockSuspended) else made


def test_the_document_is_the_one_the_classes_give() -> None:
    assert (ROOT / "docs" / "events.md").read_text(encoding="utf-8") == document()


def test_an_erased_value_is_told_as_such() -> None:
    told = fact_of(ContentChanged.__name__, 1, {"fields": ["title"], "changes": {"digest": "1f"}})
    assert _details(told, {}) == [
        f"{FIELDS['fields'].vi}: {CONTENT['title'].vi}",
        f"{FIELDS['changes'].vi}: (đã xóa theo quy định)",
    ]


def test_a_history_says_for_whom_somebody_acted_and_why() -> None:
    names = {"a": "Lý Thị Mẫu", "b": "Nông Văn Mẫu"}
    event = {"actor_id": "a", "on_behalf_of": "b", "through": {"holding_id": "x", "delegation_id": "y"}}
    assert _who(event, names) == "Lý Thị Mẫu thay mặt Nông Văn Mẫu theo ủy quyền"
    on_leave = event | {"through": {"holding_id": "x", "leave_id": "y"}}
    assert _who(on_leave, names) == "Lý Thị Mẫu thay mặt Nông Văn Mẫu đang nghỉ"
    assert _who(event | {"through": {"holding_id": "x"}}, names) == "Lý Thị Mẫu thay mặt Nông Văn Mẫu"
    assert _who(event | {"through": None, "on_behalf_of": None}, names) == "Lý Thị Mẫu"
    assert _who({"actor_id": None}, names) == "Hệ thống (tự động)"
