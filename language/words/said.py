"""Saying an enum's value in both languages."""

from enum import StrEnum
from typing import Final

from language.cases import AlarmKind
from language.words.base import Vocabulary, Words, same
from language.words.cases import CASES
from language.words.plan import PLAN
from language.words.remedies import REMEDIES
from language.words.states import STATES

VOCABULARY: Final[Vocabulary] = {**PLAN, **CASES}


def say(value: StrEnum) -> Words:
    """What people call it."""
    known = VOCABULARY.get(type(value)) or STATES.get(type(value).__name__)
    return known[value.value] if known else same(value.value)


def say_remedy(kind: AlarmKind) -> Words:
    """What can be done about an alarm."""
    return REMEDIES[kind]
