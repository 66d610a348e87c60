"""Every enum that people meet has its Vietnamese and its English."""

import sys
from enum import StrEnum
from importlib import import_module
from pkgutil import walk_packages

import pytest

import language
from language.cases import AlarmKind, CaseType
from language.events.base import Owner, Readers
from language.journey.transition import SENTENCES
from language.messages.notices import Asked, LinkSent
from language.messages.transition import TransitionReason
from language.names import Signal, TaskQueue
from language.plan.ladder import COUNCIL_ONLY
from language.plan.review_plan import RungAction
from language.views import View
from language.words.content import CONTENT
from language.words.deadlines import SumLineKind
from language.words.rungs import OF_COUNCILS, OF_OFFICES
from language.words.said import VOCABULARY, say, say_remedy
from services.intake.domain.dossier import DossierContent

WITH_SENTENCES = {TransitionReason, SumLineKind}
FOR_PROGRAMS = {TaskQueue, Signal, Owner, Readers, View, Asked, LinkSent}


def _enums() -> list[type[StrEnum]]:
    for found in walk_packages(language.__path__, "language."):
        import_module(found.name)
    return [
        value
        for name, module in sorted(sys.modules.items())
        if name.startswith("language.")
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, StrEnum)
        and value is not StrEnum
        and value.__module__ == name
    ]


@pytest.mark.parametrize("kind", _enums(), ids=lambda kind: kind.__name__)
def test_every_enum_of_the_language_is_said_in_both_languages(kind: type[StrEnum]) -> None:
    if kind in FOR_PROGRAMS or kind in WITH_SENTENCES:
        assert kind not in VOCABULARY
        return
    for value in kind:
        assert say(value).vi
        assert say(value).en
    assert set(VOCABULARY[kind]) == {value.value for value in kind}


def test_every_reason_of_a_change_of_rules_has_its_sentence() -> None:
    assert set(SENTENCES) == set(TransitionReason)


def test_every_alarm_says_what_can_be_done() -> None:
    assert all(say_remedy(kind).vi and say_remedy(kind).en for kind in AlarmKind)


def test_every_action_is_said_for_councils_and_for_offices() -> None:
    assert set(OF_COUNCILS) == set(RungAction)
    assert set(OF_OFFICES) == set(RungAction) - COUNCIL_ONLY
    assert len(CaseType) == len(VOCABULARY[CaseType])


def test_the_fields_of_a_dossier_are_said() -> None:
    assert set(CONTENT) == set(DossierContent.__dataclass_fields__)
