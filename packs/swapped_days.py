"""Working days that were swapped for weekend days, each with its document."""

from datetime import date
from itertools import chain
from pathlib import Path
from typing import Final, Literal, Self

from pydantic import TypeAdapter, model_validator

from packs.faults import FieldFault, require_unique
from packs.form import Strict, Text
from packs.freezing import read_yaml

_SATURDAY: Final = 5


class SwappedDay(Strict):
    """A weekday that was off, and the weekend day on which its work was made up for."""

    day_off: date
    worked: date
    document: Text
    confidence: Literal["V", "V2", "L", "U"]

    @model_validator(mode="after")
    def _a_weekday_for_a_weekend_day(self) -> Self:
        if self.day_off.weekday() >= _SATURDAY or self.worked.weekday() < _SATURDAY:
            raise FieldFault(
                "a weekday is swapped for a day of a weekend",
                "đổi ngày trong tuần lấy ngày cuối tuần",
                "worked",
            )
        return self


_TABLE: Final = TypeAdapter(list[SwappedDay])


def read_swapped_days(file: Path) -> list[SwappedDay]:
    """The table in this file."""
    found = _TABLE.validate_python(read_yaml(file.read_text(encoding="utf-8")))
    days = chain.from_iterable((swap.day_off.isoformat(), swap.worked.isoformat()) for swap in found)
    require_unique(days, "a day is swapped twice", "một ngày hoán đổi hai lần")
    return found
