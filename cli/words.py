"""The Vietnamese of what the command line prints beside `language.words`: levels and clocks."""

from language.cases import CaseType
from language.words.said import say
from language.words.values import say_level


def level_of(level: str) -> str:
    """A level as people call it."""
    return say_level(level).vi


def clock_of(kind: str, level: str | None) -> str:
    """What a clock is for, and at which level."""
    named = say(CaseType(kind)).vi
    return f"{named} (cấp {level_of(level)})" if level else named
