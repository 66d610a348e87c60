"""Text that people write: the same letters are the same text, nothing in it is invisible or steers what shows
it; and Vietnamese folded for search, with nothing in it a wildcard."""

import unicodedata
from typing import Final

from language.unfit import Unfit

_BLANK_LETTERS: Final = frozenset("\u2800\ufffc\U0001d159\U00013441\U00013442")
"""Symbols and letters by their category that show nothing."""
_IGNORED: Final = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u3164\uffa0"
    + "".join(map(chr, [*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)]))
)
"""Letters and marks by their category that are shown as nothing (Unicode: Default_Ignorable_Code_Point)."""
_VISIBLE: Final = frozenset("LNPS")
_STEERING: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
"""Controls, format and bidi characters, halves of characters, and what nobody has defined."""
_AS_SPACES: Final = {ord(letter): " " for letter in "\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\u2028\u2029"}
_LIKE_D: Final = str.maketrans("đðɖ", "ddd")
_AS_LINES: Final = {ord(letter): "\n" for letter in "\v\f\r\x85\u2028\u2029"}


class NothingVisible(Unfit):
    """The text has characters, and none that can be seen."""

    def __init__(self) -> None:
        super().__init__("the text has no visible character", "văn bản không có ký tự nào nhìn thấy được")


def one_line(text: str) -> str:
    """The text in one line as it is kept: composed letters, single spaces, nothing invisible. Blanks alone
    are nothing; `NothingVisible` for what only looks like nothing."""
    return _seen(text, " ".join(without_steering(text.translate(_AS_SPACES)).split()))


def prose(text: str) -> str:
    """The same of a text with lines and tabs, which stay."""
    lines = text.replace("\r\n", "\n").translate(_AS_LINES)
    return _seen(text, without_steering(lines, kept="\n\t").strip())


def without_steering(text: str, kept: str = "") -> str:
    """The text composed, and without anything invisible but for what is `kept`; whether anything is left is
    not asked."""
    # Nearly all text is of this kind, and looking at each letter of it is slow.
    if not (text.isprintable() and _IGNORED.isdisjoint(text)):
        text = "".join(letter for letter in text if letter in kept or not _steers(letter))
    return unicodedata.normalize("NFC", text)


def _steers(letter: str) -> bool:
    return letter in _IGNORED or unicodedata.category(letter) in _STEERING


def _seen(text: str, clean: str) -> str:
    if is_visible(clean):
        return clean
    if text.strip():
        raise NothingVisible
    return ""


def is_visible(text: str) -> bool:
    """At least one character of it can be seen."""
    return any(
        unicodedata.category(letter)[0] in _VISIBLE and letter not in _BLANK_LETTERS for letter in text
    )


def fold(text: str) -> str:
    """Lower case without marks, `đ` as `d`, single spaces: `Đặng Thị Hoà` → `dang thi hoa`. The Icelandic
    `Ð` and the African `Ɖ`, which look like `Đ`, count as it; other forms of a letter as the letter."""
    decomposed = unicodedata.normalize("NFKD", text).lower().translate(_LIKE_D)
    bare = (letter for letter in unicodedata.normalize("NFD", decomposed) if not _is_mark(letter))
    # A sign that is nothing but a mark stays: a search for nothing would find everything.
    return " ".join("".join(bare).split()) or text.strip().lower()


def _is_mark(letter: str) -> bool:
    return letter in _IGNORED or unicodedata.category(letter) == "Mn"


def _vietnamese() -> str:
    composed = {unicodedata.normalize("NFC", vowel + tone) for vowel in "aăâeêioôơuưy" for tone in _TONES}
    return "".join(sorted(letter for letter in composed | {"đ"} if not letter.isascii()))


_TONES: Final = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
MARKED: Final = _vietnamese() + _vietnamese().upper()
"""The Vietnamese letters with marks, small and capital."""
UNMARKED: Final = "".join(fold(letter) for letter in MARKED)
"""The same letters without, each in its place: for databases to fold with."""


def containing(text: str) -> str:
    """The pattern for `like` that finds this text anywhere; its own `%`, `_` and `\\` are plain letters."""
    plain = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{plain}%"
