"""The Vietnamese of what the command line prints beside `language.words`: levels and clocks."""

from collections.abc import Mapping
from types import MappingProxyType

from language.cases import CaseType
from language.words.said import say

LEVELS: Mapping[str, str] = MappingProxyType(
    {"UNIT": "cơ sở", "COMMUNE": "xã", "DISTRICT": "huyện", "SECTOR": "ngành", "PROVINCE": "tỉnh"}
)
"""Packs name their levels as they like; these are the usual ones."""


def level_of(level: str) -> str:
    """A level as people call it."""
    return LEVELS.get(level, level)


def clock_of(kind: str, level: str | None) -> str:
    """What a clock is for, and at which level."""
    named = say(CaseType(kind)).vi
    return f"{named} (cấp {level_of(level)})" if level else named
