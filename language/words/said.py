"""Saying an enum's value in both languages."""

from enum import StrEnum
from typing import Final

from language.cases import AlarmKind
from language.words.base import Vocabulary, Words, same
from language.words.cases import CASES, REMEDIES
from language.words.plan import PLAN
from language.words.states import STATES
from language.words.units import UNITS

VOCABULARY: Final[Vocabulary] = {**PLAN, **CASES, **UNITS}


def say(value: StrEnum) -> Words:
    """What people call it."""
    known = VOCABULARY.get(type(value)) or STATES.get(type(value).__name__)
    return known[value.value] if known else same(value.value)


def say_remedy(kind: AlarmKind) -> Words:
    """What can be done about an alarm."""
    return REMEDIES[kind]
