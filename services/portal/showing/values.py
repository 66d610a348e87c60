"""Values as a page shows them: filters of the templates."""

from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from jinja2 import Undefined

from language.deadline.arithmetic import LOCAL_ZONE
from language.telling import Language
from language.words.amounts import say_amount
from language.words.said import words_of
from language.words.values import say_day, say_level, say_money, say_number

NOTHING: Final = "–"
_BROWSERS: Final = {
    "coc_coc": "Cốc Cốc",
    "Edg": "Microsoft Edge",
    "OPR/": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "Firefox/": "Firefox",
    "FxiOS": "Firefox",
    "Chrome/": "Chrome",
    "CriOS": "Chrome",
    "Safari/": "Safari",
}
_SYSTEMS: Final = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS X": "macOS",
    "Linux": "Linux",
}
"""By what stands in the names that browsers give themselves; those that many take on come last."""


class Values:
    """The filters in one language."""

    def __init__(self, language: Language) -> None:
        self._language = language

    def filters(self) -> dict[str, Any]:
        """By the names that templates use."""
        return {
            "day": self.day,
            "instant": self.instant,
            "money": self.money,
            "amount": self.amount,
            "number": self.number,
            "percent": self.percent,
            "level": self.level,
            "words": self.words,
            "program": program,
        }

    def day(self, value: object) -> str:
        """05/09/2025, of a day or an instant."""
        moment = _moment(value)
        return say_day(moment) if moment else NOTHING

    def instant(self, value: object) -> str:
        """05/09/2025 23:59, in Vietnamese time."""
        moment = _moment(value)
        if not isinstance(moment, datetime):
            return self.day(value)
        return f"{moment:%d/%m/%Y %H:%M}"

    def money(self, value: object) -> str:
        """1.000.000 đ."""
        return NOTHING if _is_nothing(value) else say_money(int(str(value)))

    def amount(self, value: object) -> str:
        """Money in words."""
        if _is_nothing(value):
            return NOTHING
        said = say_amount(int(str(value)))
        return said.vi if self._language is Language.VI else said.en

    def number(self, value: object) -> str:
        """99,99 in Vietnamese, 99.99 in English."""
        if _is_nothing(value):
            return NOTHING
        try:
            said = say_number(Decimal(str(value)))
        except InvalidOperation:
            return str(value)
        return said.vi if self._language is Language.VI else said.en

    def percent(self, value: object) -> str:
        """33,3 %."""
        return NOTHING if _is_nothing(value) else f"{self.number(value)} %"

    def level(self, value: object) -> str:
        """A level as people call it."""
        if _is_nothing(value):
            return NOTHING
        said = say_level(str(value))
        return said.vi if self._language is Language.VI else said.en

    def words(self, value: object, kind: str) -> str:
        """A value of the enum of this name, as people call it."""
        if _is_nothing(value):
            return NOTHING
        known = words_of(kind).get(str(value))
        if known is None:
            return str(value)
        return known.vi if self._language is Language.VI else known.en


def _is_nothing(value: object) -> bool:
    return value is None or value == "" or isinstance(value, Undefined)


def _moment(value: object) -> date | datetime | None:
    if _is_nothing(value):
        return None
    if isinstance(value, str):
        value = datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
    if isinstance(value, datetime):
        return value.astimezone(LOCAL_ZONE)
    return value if isinstance(value, date) else None


def program(agent: object) -> str:
    """What people call a browser that calls itself so: Chrome · Android."""
    text = str(agent)
    browser = next((name for sign, name in _BROWSERS.items() if sign in text), text[:60])
    system = next((name for sign, name in _SYSTEMS.items() if sign in text), "")
    return " · ".join(part for part in (browser, system) if part) or NOTHING
