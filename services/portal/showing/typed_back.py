"""What somebody had typed into a form, to be read again: prose, by what people call its field. What else a
form bears, such as ids and choices, is for programs."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from language.telling import Language
from language.words.base import Words
from language.words.content import AUTHOR_FIELDS, CONTENT

_OTHERS: Final[Mapping[str, Words]] = {
    "reason": Words("lý do", "reason"),
    "reasons": Words("lý do", "reasons"),
    "remark": Words("nhận xét", "remark"),
    "work_done": Words("việc đã làm", "what they did"),
}
_NOT_TYPED: Final = re.compile(r"stood|fields|.+-(was|cell)|(name|unit|post|to)-.+|(title|take):.+")
_FOR_PROGRAMS: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[A-Z][A-Z_]+|true|false")


def typed_back(fields: Iterable[tuple[str, str]], language: Language) -> list[tuple[str, str]]:
    """Label and text of each; prose whose field has no name stands alone."""
    found = []
    for name, text in fields:
        if not text.strip() or _NOT_TYPED.fullmatch(name) or _FOR_PROGRAMS.fullmatch(text.strip()):
            continue
        label = _label(name, language)
        if label or len(text.split()) > 1:
            found.append((label, text))
    return found


def _label(name: str, language: Language) -> str:
    last = re.split(r"[.:]|-", name)[0 if "-" in name else -1]
    words = CONTENT.get(name) or AUTHOR_FIELDS.get(last) or _OTHERS.get(last) or CONTENT.get(last)
    said = "" if words is None else words.vi if language is Language.VI else words.en
    return said[:1].upper() + said[1:]
