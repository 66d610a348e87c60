"""Values as a page shows them: filters of the templates."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from jinja2 import Undefined

from language.deadline.arithmetic import LOCAL_ZONE
from language.telling import Language
from language.words.amounts import say_amount
from language.words.said import words_of
from language.words.values import say_day, say_level, say_money, say_number
from services.portal.showing.programs import program
from services.portal.showing.typed_back import typed_back

NOTHING: Final = "–"


class Values:
    """The filters in one language."""

    def __init__(self, language: Language) -> None:
        self._language = language

    def filters(self) -> dict[str, Any]:
        """By the names that templates use."""
        return {
            "day": self.day,
            "typed_day": typed_day,
            "typed_back": self.typed_back,
            "instant": self.instant,
            "money": self.money,
            "amount": self.amount,
            "number": self.number,
            "percent": self.percent,
            "cell": self.cell,
            "level": self.level,
            "words": self.words,
            "program": program,
        }

    def typed_back(self, fields: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
        """What somebody had typed into a form, with what its fields are called."""
        return typed_back(fields, self._language)

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
        """33,3 %, and of 70.00 it is 70 %."""
        if _is_nothing(value):
            return NOTHING
        said = str(value)
        return f"{self.number(said.rstrip('0').rstrip('.') if '.' in said else said)} %"

    def cell(self, value: object) -> str:
        """A cell as people point at it: L5 of the sheet Danh sách, where programs write Danh sách!L5."""
        sheet, _, place = str(value).rpartition("!")
        if not sheet:
            return str(value)
        return f"{place} (trang {sheet})" if self._language is Language.VI else f"{place} (sheet {sheet})"

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


def typed_day(value: object) -> str:
    """A day in a field, as people write days; whatever else was typed as it is."""
    text = "" if _is_nothing(value) else str(value)
    try:
        return say_day(date.fromisoformat(text)) if len(text) == len("2025-09-05") else text
    except ValueError:
        return text


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
