"""The shared language: old messages still load, and ports, services, workflows and names agree."""

import json
from typing import Any, get_type_hints

import pytest
from temporalio import activity, workflow

from casework.activities import LooseCases
from casework.clocks.editions import ClockCalendars
from language.ids import DossierId
from language.names import (
    CALENDAR_CHANGE_WORKFLOW,
    CASE_WORKFLOW,
    INITIATIVE_WORKFLOW,
    NOTICES_WORKFLOW,
    PAYOUT_WORKFLOW,
    SEARCH_ATTRIBUTES,
    TRANSITION_WORKFLOW,
    Signal,
    TaskQueue,
    initiative_workflow_id,
    payout_workflow_id,
    stage_id,
)
from services.intake.activities import Activities as Intake
from services.organisation.activities import Activities as Organisation
from services.payout.activities import Activities as Payout
from services.postroom.activities import Activities as Postroom
from services.review.activities import Activities as Review
from services.rulebook.activities import Activities as Rulebook
from tests.unit.golden import EXAMPLES, PORTS, decode, encode, example, messages
from tests.workflows.fake_cases import FakeCases
from tests.workflows.fake_clocks import FakeClocks
from tests.workflows.fake_organisation import FakeOrganisation
from tests.workflows.fake_postroom import FakePostroom
from tests.workflows.fake_review import FakeReview
from tests.workflows.fake_rulebook import FakeRulebook
from tests.workflows.office import FakeIntake, FakePayout
from workflows.calendar_change import CalendarChangeWorkflow
from workflows.case import CaseWorkflow
from workflows.initiative import InitiativeWorkflow
from workflows.notices import NoticesWorkflow
from workflows.payout import PayoutWorkflow
from workflows.transition import TransitionWorkflow

MESSAGES = sorted(messages().items())
DOSSIER: DossierId = example(DossierId, "dossier")
SERVICES = (Organisation, Rulebook, Intake, Review, Payout, Postroom, ClockCalendars, LooseCases)
FAKES = (
    FakeOrganisation,
    FakeRulebook,
    FakeIntake,
    FakeReview,
    FakePayout,
    FakePostroom,
    FakeClocks,
    FakeCases,
)
OWNERS = list(zip(PORTS, SERVICES, FAKES, strict=True))


@pytest.mark.parametrize(("name", "hint"), MESSAGES, ids=[name for name, _ in MESSAGES])
def test_a_message_written_by_older_code_still_loads_with_every_word_kept(name: str, hint: type) -> None:
    file = EXAMPLES / f"{name}.json"
    assert file.exists(), "a new message: python -m tests.unit.golden"
    written = json.loads(file.read_text(encoding="utf-8"))
    _assert_kept(written, encode(decode(written, hint)))


@pytest.mark.parametrize(("name", "hint"), MESSAGES, ids=[name for name, _ in MESSAGES])
def test_a_message_comes_back_as_it_was_sent(name: str, hint: type) -> None:
    message = example(hint, name)
    assert decode(encode(message), hint) == message


def _assert_kept(written: Any, now: Any) -> None:
    """Fields may have been added since, with defaults; none may be lost or read otherwise."""
    if isinstance(written, dict):
        for key, value in written.items():
            assert key in now, f"{key} is lost: keep the field, or give it a successor with a default"
            _assert_kept(value, now[key])
    elif isinstance(written, list):
        assert len(written) == len(now)
        for old, new in zip(written, now, strict=True):
            _assert_kept(old, new)
    else:
        assert written == now


def _activities(owner: type) -> dict[str, Any]:
    return {name: method for name, method in vars(owner).items() if not name.startswith("_")}


def _defined_name(method: Any) -> str | None:
    return activity._Definition.must_from_callable(method).name


@pytest.mark.parametrize(("port", "service", "fake"), OWNERS, ids=[port.__name__ for port, _, _ in OWNERS])
def test_port_service_and_fake_agree_on_names_and_types(port: type, service: type, fake: type) -> None:
    asked = _activities(port)
    for implementation in (service, fake):
        assert issubclass(implementation, port)
        given = _activities(implementation)
        assert given.keys() == asked.keys()
        for name, method in asked.items():
            assert _defined_name(given[name]) == _defined_name(method)
            assert get_type_hints(given[name]) == get_type_hints(method)


# The last two ports are asked of every owner alike, so they bear no queue's name.
@pytest.mark.parametrize(
    ("port", "queue"),
    list(zip(PORTS[:-2], [queue for queue in TaskQueue if queue is not TaskQueue.WORKFLOWS], strict=True)),
)
def test_an_activity_bears_the_name_of_its_queue_and_method(port: type, queue: TaskQueue) -> None:
    assert {_defined_name(method) for method in _activities(port).values()} == {
        f"{queue}.{name}" for name in _activities(port)
    }


def test_workflows_bear_their_contract_names_and_take_every_signal() -> None:
    workflows = (
        InitiativeWorkflow,
        PayoutWorkflow,
        CaseWorkflow,
        CalendarChangeWorkflow,
        NoticesWorkflow,
        TransitionWorkflow,
    )
    definitions = [workflow._Definition.must_from_class(cls) for cls in workflows]
    names = [
        INITIATIVE_WORKFLOW,
        PAYOUT_WORKFLOW,
        CASE_WORKFLOW,
        CALENDAR_CHANGE_WORKFLOW,
        NOTICES_WORKFLOW,
        TRANSITION_WORKFLOW,
    ]
    assert [definition.name for definition in definitions] == names
    taken = {name for definition in definitions for name in definition.signals}
    assert sorted(name for name in taken if name) == sorted(Signal)


def test_ids_are_the_same_however_often_they_are_made() -> None:
    assert initiative_workflow_id(DOSSIER) == f"initiative:{DOSSIER}"
    assert payout_workflow_id(DOSSIER, "UNIT") == f"payout:{DOSSIER}:UNIT"
    assert stage_id(DOSSIER, "UNIT") == stage_id(DOSSIER, "UNIT") != stage_id(DOSSIER, "COMMUNE")
    # Stages in flight are found by this id: it never changes.
    assert str(stage_id(DOSSIER, "UNIT")) == "83b8b051-da0d-5d8c-b2eb-55041a5ba550"


def test_at_most_ten_keywords_are_indexed() -> None:
    keywords = [key for key in SEARCH_ATTRIBUTES if key.indexed_value_type.name == "KEYWORD"]
    assert len(keywords) <= 10
