"""What an event holds as people read it, in either language: names for ids, local time, words for enums."""

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final
from uuid import UUID

from language.deadline.arithmetic import LOCAL_ZONE
from language.events.base import Change, Erased, Fact
from language.events.casework import RungFired
from language.journey.transition import SENTENCES
from language.messages.transition import TransitionReason
from language.telling import Language
from language.words.base import Words
from language.words.content import CONTENT
from language.words.event_fields import FIELDS, UNSAID
from language.words.events import PARTS, say_event
from language.words.said import say
from language.words.values import say_level, say_money, say_number

_A_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_IN_THE_HEADLINE: Final = frozenset({"case", "rung_id", "action", "finding"})
_ERASED: Final = Words("(đã xóa theo quy định)", "(erased as the law demands)")
_YES, _NO = Words("có", "yes"), Words("không", "no")


def local_time(text: str) -> str:
    """An instant or a day as people in Vietnam write it; other text as it is."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return text
    if instant.tzinfo:
        return instant.astimezone(LOCAL_ZONE).strftime("%d/%m/%Y %H:%M:%S")
    return instant.strftime("%d/%m/%Y") if _A_DAY.fullmatch(text) else text


class Details:
    """Says facts in one language; `names` are those of the people whose ids may stand in them."""

    def __init__(self, names: Mapping[str, str], language: Language) -> None:
        self._names = names
        self._is_vi = language is Language.VI

    def _in(self, words: Words) -> str:
        return words.vi if self._is_vi else words.en

    def headline(self, fact: Fact) -> str:
        """What happened; of a rung also which, and what it did."""
        said = self._in(say_event(type(fact)))
        if not isinstance(fact, RungFired):
            return said
        action, finding = self._in(say(fact.action)), self._in(say(fact.finding))
        return f"{said} “{fact.rung_id}”: {action}: {finding}"

    def lines(self, fact: Fact) -> list[tuple[str, str]]:
        """Everything else that it holds and that says something to people: what it is called, and the
        value."""
        hidden = UNSAID | (_IN_THE_HEADLINE if isinstance(fact, RungFired) else frozenset())
        shown = {field.name: getattr(fact, field.name) for field in fields(fact) if field.name not in hidden}
        return [
            (self._in(FIELDS[name]), self._plain(value, name))
            for name, value in shown.items()
            if value not in (None, (), {}) and not self._is_nameless(value)
        ]

    def _is_nameless(self, value: object) -> bool:
        """An id of something that has no name here says nothing to people."""
        return isinstance(value, UUID) and str(value) not in self._names

    def _plain(self, value: object, field: str = "") -> str:  # noqa: C901, PLR0911 - a flat dispatch
        match value:
            case bool():
                return self._in(_YES if value else _NO)
            case Change(old=old, new=new):
                return f"{self._plain(old, field)} → {self._plain(new, field)}"
            case tuple():
                return "; ".join(self._plain(item, field) for item in value)
            case TransitionReason():
                return self._in(Words(*SENTENCES[value]))
            case StrEnum():
                return self._in(say(value))
            case datetime() | date():
                return local_time(value.isoformat())
            case int() | Decimal():
                is_money = field.endswith("_dong")
                return say_money(int(value)) if is_money else self._in(say_number(Decimal(value)))
            case _ if is_dataclass(value):
                return self._compound(value)
            case _:
                return self._text(str(value), field)

    def _text(self, text: str, field: str) -> str:
        if field.rpartition("_")[2] in {"level", "levels"}:
            return self._in(say_level(text))
        if field in {"content_field", "field", "fields"} and text in CONTENT:
            return self._in(CONTENT[text])
        return self._names.get(text, "–" if text == "None" or _is_id(text) else text)

    def _compound(self, value: object) -> str:
        """Names, roles and results speak for themselves; all else needs its word."""
        if isinstance(value, Erased):
            return self._in(_ERASED)
        parts = {field.name: getattr(value, field.name) for field in fields(value)}  # type: ignore[arg-type]
        did = parts.pop("did", None)
        said = [self._labelled(name, part) for name, part in parts.items() if part not in (None, ())]
        return f"{self._in(PARTS[did])}: {', '.join(said)}" if did else ", ".join(said)

    def _labelled(self, name: str, value: object) -> str:
        shown = self._plain(value, name)
        speaks = isinstance(value, StrEnum) or str(value) in self._names
        return shown if speaks else f"{self._in(FIELDS[name])} {shown}"


def _is_id(value: str) -> bool:
    try:
        UUID(value)
    except ValueError:
        return False
    return True
