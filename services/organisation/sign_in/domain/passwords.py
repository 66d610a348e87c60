"""Which passwords are taken: typed alike however the keyboard puts marks on letters, and not among those that
everybody tries first."""

import unicodedata
from collections.abc import Container
from typing import Final

from language.text import fold

LEAST_LENGTH: Final = 12
MOST_LENGTH: Final = 200
_LEAST_DIFFERENT: Final = 5


def normalise(password: str) -> str:
    """The one form of what looks the same: `Ừ` is one letter, whether it came as one or as three."""
    return unicodedata.normalize("NFC", password)


def is_easy(password: str, username: str, common: Container[str]) -> bool:
    """It is too short, of few letters, a number, what many people use with something around it, or the name
    of the account."""
    folded = fold(password).replace(" ", "")
    letters = "".join(letter for letter in folded if letter.isalpha())
    return (
        len(normalise(password)) < LEAST_LENGTH
        or len(set(folded)) < _LEAST_DIFFERENT
        or not letters
        or _once(letters) in common
        or _once(letters) == "".join(letter for letter in fold(username) if letter.isalpha())
    )


def _once(text: str) -> str:
    """`matkhaumatkhau` is `matkhau`."""
    for length in range(1, len(text) // 2 + 1):
        if text == text[:length] * (len(text) // length):
            return text[:length]
    return text
