"""What must not stand in a page that people read in Vietnamese: enums, ids, days as computers write them, and
English."""

import importlib
import pkgutil
import re
from collections.abc import Iterable
from enum import StrEnum
from functools import cache

import language
from language.telling import Language
from services.portal.showing.languages import catalogues

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-", re.IGNORECASE)
_ISO_DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
_RULE = re.compile(r"\b[A-Z]+(\.[a-z_]+)+\b")
"""A place in a pack, as an auditor looks it up there."""
_PACK = re.compile(r"\b[a-z]+(-[a-z]+)+-\d{4}-\d{2}-\d{2}\b")
"""The name of a pack, as files and decisions bear it."""
_CAPITALS = re.compile(r"\b[A-Z][A-Z_]{2,}\b")
_JOINED = re.compile(r"\b[a-z]+_[a-z_]+\b")
_EVENT = re.compile(r"\b[A-Z][a-z]+[A-Z][a-z]+\w*\b")
_OF_A_PROGRAM = re.compile(r"\bNone\b|\bUndefined\b|\{\{|\}\}|\{'|\[\]|%\(|urn:")
_ENGLISH = re.compile(
    r"\b(the|of|and|is|are|with|not|for|this|that|you|your|was|were|has|have|from|which|what|who)\b",
    re.IGNORECASE,
)
_NAMES = frozenset({"English", "LibreOffice", "PowerPoint"})
"""Names that are the same in both languages, or stand there in their own."""


@cache
def _enums() -> frozenset[str]:
    found: set[str] = set()
    for module in pkgutil.walk_packages(language.__path__, "language."):
        for kind in vars(importlib.import_module(module.name)).values():
            if isinstance(kind, type) and issubclass(kind, StrEnum):
                found |= {one.value for one in kind if one.value.isupper()}
    return frozenset(found)


@cache
def _english() -> frozenset[str]:
    """What the catalogues translate."""
    return frozenset(
        message.id
        for catalogue in catalogues(Language.VI)
        for message in catalogue
        if isinstance(message.id, str) and message.id and message.id != message.string
    )


def faults(texts: Iterable[str], typed: Iterable[str] = ()) -> list[str]:
    """Each text with what is wrong in it; what people have typed is theirs."""
    found = []
    for text in texts:
        told = _RULE.sub("", _PACK.sub("", text))
        for own in typed:
            told = told.replace(own, "")
        wrong = _wrong(told)
        if wrong and told.strip() not in _NAMES:
            found.append(f"{wrong} in «{told.strip()[:90]}»")
    return found


def _wrong(text: str) -> str:
    if text.strip() in _english():
        return "English"
    if found := next((one for one in _CAPITALS.findall(text) if one in _enums()), ""):
        return found
    for pattern in (_UUID, _ISO_DAY, _JOINED, _OF_A_PROGRAM, _EVENT, _ENGLISH):
        if (match := pattern.search(text)) and match.group() not in _NAMES:
            return match.group()
    return ""
