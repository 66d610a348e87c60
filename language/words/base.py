"""The same in two languages."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Words:
    """The same in Vietnamese and in English."""

    vi: str
    en: str

    def __add__(self, other: "Words") -> "Words":
        return Words(self.vi + other.vi, self.en + other.en)


@dataclass(frozen=True, slots=True)
class Coded:
    """A code and what people call it."""

    code: str
    vi: str
    en: str

    def __str__(self) -> str:
        return self.code


def same(text: object) -> Words:
    """What reads alike in both languages."""
    return Words(str(text), str(text))


Vocabulary: TypeAlias = dict[type[StrEnum], dict[str, Words]]
