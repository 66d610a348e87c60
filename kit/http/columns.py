"""The columns of a list as a table: what each holds is told by the list's own description."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import orjson

from kit.http.workbook import Cell
from language.deadline.arithmetic import LOCAL_ZONE
from language.words.base import Words
from language.words.said import words_of
from language.words.values import LEVELS


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """What a field holds: days or instants (`form`), codes that people have words for, or neither."""

    form: str = ""
    words: Mapping[str, Words] = field(default_factory=dict)

    def cell(self, value: Any) -> Cell:
        """A value of an answer as a cell: codes in words, instants in local time, lists in one line."""
        if isinstance(value, list) and all(isinstance(one, str | int) for one in value):
            return ", ".join(self._said(str(one)) for one in value)
        if isinstance(value, list | dict):
            return orjson.dumps(value).decode()
        if isinstance(value, str):
            return self._moment(value) if self.form else self._said(value)
        cell: Cell = value
        return cell

    def _said(self, text: str) -> str:
        return self.words[text].vi if text in self.words else text

    def _moment(self, text: str) -> Cell:
        try:
            if self.form == "date-time":
                return datetime.fromisoformat(text).astimezone(LOCAL_ZONE)
            return date.fromisoformat(text)
        except OverflowError:
            return text


def columns_of(row: Mapping[str, Any]) -> Mapping[str, Column]:
    """The fields of a row by its description."""
    return {name: _column(name, described) for name, described in row["properties"].items()}


def _column(name: str, described: Mapping[str, Any]) -> Column:
    parts = _parts(described)
    form = next((str(one["format"]) for one in parts if one.get("format") in {"date", "date-time"}), "")
    kinds = [str(one["$ref"]).rpartition("/")[2] for one in parts if "$ref" in one]
    words: Mapping[str, Words] = next((found for kind in kinds if (found := words_of(kind))), {})
    return Column(form=form, words=LEVELS if name == "level" or name.endswith("_level") else words)


def _parts(described: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """The description, of what may be missing or is listed that of each."""
    inner = [*described.get("anyOf", ()), *described.get("allOf", ())]
    if "items" in described:
        inner.append(described["items"])
    return [described, *(part for one in inner for part in _parts(one))]
