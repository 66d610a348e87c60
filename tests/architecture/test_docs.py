"""The documents speak of the tree as it is."""

from pathlib import Path

import pytest

from language.views import READ_BY, View
from tests.architecture.documents import (
    Place,
    all_documents,
    documents,
    is_missing_in_service,
    is_module,
    is_somewhere,
    is_there,
    links,
    modules,
    place_of,
    questions,
    quoted,
    readers_of_views,
)
from tests.architecture.sources import ROOT

QUESTIONS = 30


def _by_path(document: Path) -> str:
    return str(document.relative_to(ROOT))


def test_a_newcomer_finds_thirty_things() -> None:
    asked = [question for question, _ in questions()]
    assert len(set(asked)) == len(asked) >= QUESTIONS


def test_every_answer_of_the_table_is_there() -> None:
    assert [question for question, place in questions() if not is_there(place)] == []


@pytest.mark.parametrize(
    "wrong",
    [
        Place(path="services/review/domain/nowhere.py"),
        Place(path="domain/quorum.py"),
        Place(path="services/review/domain/quorum.py", name="Nobody"),
        Place(path="docs/architecture.md", name="Quorum"),
    ],
)
def test_a_wrong_answer_would_be_found(wrong: Place) -> None:
    assert not is_there(wrong)


@pytest.mark.parametrize("document", all_documents(), ids=_by_path)
def test_every_link_leads_somewhere(document: Path) -> None:
    assert [link for link in links(document) if not (document.parent / link).exists()] == []


@pytest.mark.parametrize("document", documents(), ids=_by_path)
def test_every_path_in_backticks_is_there(document: Path) -> None:
    said = [(text, place) for text in quoted(document) if (place := place_of(text))]
    assert [text for text, place in said if not is_somewhere(place)] == []


@pytest.mark.parametrize("document", documents(), ids=_by_path)
def test_every_module_in_backticks_is_there(document: Path) -> None:
    assert [name for name in modules(document) if not is_module(name)] == []


@pytest.mark.parametrize("document", documents(), ids=_by_path)
def test_what_a_service_is_said_to_do_it_does(document: Path) -> None:
    assert [text for text in quoted(document) if is_missing_in_service(text)] == []


@pytest.mark.parametrize(
    "old", ["kit/hand_over.py", "workflows/rules", "rules/route.py: next_level", "domain/ladder.py:gone(at)"]
)
def test_an_old_path_would_be_found(old: str) -> None:
    place = place_of(old)
    assert place is not None
    assert not is_somewhere(place)


def test_an_old_module_or_activity_would_be_found() -> None:
    assert not is_module("workflows.contracts")
    assert is_missing_in_service("organisation.resolve_tasks")
    assert not is_missing_in_service("organisation.resolve_posts")


def test_the_table_of_views_says_who_reads_each() -> None:
    read = {view.value: {service for service, views in READ_BY.items() if view in views} for view in View}
    assert readers_of_views() == read
