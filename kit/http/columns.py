"""The columns of a list as a table: what each holds is told by the list's own description."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

import orjson

from kit.http.workbook import Cell
from language.deadline.arithmetic import LOCAL_ZONE
from language.words.base import Words
from language.words.columns import heading
from language.words.said import words_of
from language.words.values import LEVELS, say_number


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """What a field holds: days, instants or numbers (`form`), codes that people have words for, a small thing
    with fields of its own (`inner`), or none of these."""

    form: str = ""
    words: Mapping[str, Words] = field(default_factory=dict)
    inner: "Mapping[str, Column]" = field(default_factory=dict)

    def cell(self, value: Any) -> Cell:
        """A value of an answer as a cell: codes in words, instants in local time, lists in one line, things
        field by field."""
        if isinstance(value, list) and all(isinstance(one, str | int) for one in value):
            return ", ".join(self._said(str(one)) for one in value)
        if isinstance(value, list) and self.inner:
            return "\n".join(self._fields(one) for one in value)
        if isinstance(value, dict) and (self.inner or _is_flat(value)):
            return self._fields(value)
        if isinstance(value, list | dict):
            return orjson.dumps(value).decode()
        if isinstance(value, str):
            return self._read(value) if self.form else self._said(value)
        cell: Cell = value
        return cell

    def _said(self, text: str) -> str:
        return self.words[text].vi if text in self.words else text

    def _fields(self, value: Mapping[str, Any]) -> str:
        said = [
            (self._said(heading(name)), shown(self.inner.get(name, _PLAIN).cell(one)))
            for name, one in value.items()
            if not in_english_too(name)
        ]
        return "; ".join(f"{name}: {text}" for name, text in said if text)

    def _read(self, text: str) -> Cell:
        try:
            if self.form == "decimal":
                return Decimal(text)
            if self.form == "date-time":
                return datetime.fromisoformat(text).astimezone(LOCAL_ZONE)
            return date.fromisoformat(text)
        except OverflowError:
            return text


_PLAIN: Final = Column()
_NO_KINDS: Final[Mapping[str, Any]] = MappingProxyType({})
_FORMS: Final = frozenset({"date", "date-time", "decimal"})
_SCALARS: Final = (str, int, float, bool, type(None))


def shown(value: Cell) -> str:
    """A cell as Vietnamese text."""
    match value:
        case None:
            return ""
        case bool():
            return "có" if value else "không"
        case Decimal():
            return say_number(value).vi
        case datetime():
            return value.strftime("%d/%m/%Y %H:%M")
        case date():
            return value.strftime("%d/%m/%Y")
        case _:
            return str(value)


def in_english_too(name: str) -> bool:
    """The field says in English what another one says in Vietnamese."""
    return name == "en" or name.endswith("_en")


def columns_of(row: Mapping[str, Any], kinds: Mapping[str, Any] = _NO_KINDS) -> Mapping[str, Column]:
    """The fields of a row by its description, without those for readers of English; `kinds` are those that it
    refers to."""
    fields = {name: one for name, one in row["properties"].items() if not in_english_too(name)}
    return {name: _column(name, described, kinds) for name, described in fields.items()}


def _column(name: str, described: Mapping[str, Any], kinds: Mapping[str, Any]) -> Column:
    parts = parts_of(described)
    form = next((str(one["format"]) for one in parts if one.get("format") in _FORMS), "")
    names = [str(one["$ref"]).rpartition("/")[2] for one in parts if "$ref" in one]
    words = {code: said for kind in names for code, said in words_of(kind).items()}
    things = [kinds[kind] for kind in names if _has_plain_fields(kinds.get(kind, {}), kinds)]
    return Column(
        form=form,
        words=LEVELS if name == "level" or name.endswith("_level") else words,
        inner=columns_of(things[0], kinds) if len(things) == 1 else {},
    )


def _has_plain_fields(described: Mapping[str, Any], kinds: Mapping[str, Any]) -> bool:
    """A thing of which no field is a thing again."""
    parts = [part for one in described.get("properties", {}).values() for part in parts_of(one)]
    inner = [kinds.get(str(part["$ref"]).rpartition("/")[2], {}) for part in parts if "$ref" in part]
    return bool(parts) and not any("properties" in one for one in inner)


def _is_flat(value: Mapping[str, Any]) -> bool:
    return all(isinstance(one, _SCALARS) for one in value.values())


def parts_of(described: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """The description, of what may be missing or is listed that of each."""
    inner = [*described.get("anyOf", ()), *described.get("allOf", ())]
    if "propertyNames" in described:
        inner.append(described["propertyNames"])
    if "items" in described:
        inner.append(described["items"])
    return [described, *(part for one in inner for part in parts_of(one))]
