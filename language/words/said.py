"""Saying an enum's value in both languages."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from language.cases import AlarmKind
from language.journey.transition import SENTENCES
from language.messages.transition import TransitionReason
from language.posts.kinds import OwnTask, PostTask
from language.words.base import Vocabulary, Words, same
from language.words.cases import CASES
from language.words.plan import PLAN
from language.words.remedies import REMEDIES
from language.words.states import STATES
from language.words.units import UNITS

VOCABULARY: Final[Vocabulary] = {**PLAN, **CASES, **UNITS}
_BY_NAME: Final[Mapping[str, Mapping[str, Words]]] = {
    **{kind.__name__: words for kind, words in VOCABULARY.items()},
    TransitionReason.__name__: {reason: Words(*said) for reason, said in SENTENCES.items()},
    "TaskKind": {**VOCABULARY[PostTask], **VOCABULARY[OwnTask]},
}


def say(value: StrEnum) -> Words:
    """What people call it."""
    known = VOCABULARY.get(type(value)) or STATES.get(type(value).__name__)
    return known[value.value] if known else same(value.value)


def words_of(name: str) -> Mapping[str, Words]:
    """What the values of the enum of this name are called; empty when it is none that people read."""
    return _BY_NAME.get(name) or STATES.get(name, {})


def say_remedy(kind: AlarmKind) -> Words:
    """What can be done about an alarm."""
    return REMEDIES[kind]
