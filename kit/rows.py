"""Rows become typed values here and nowhere else: a column that does not fit fails where it is read, not
where it is used.

The driver gives text where a type has an enum, and plain lists and mappings (jsonb) where it has values of
its own. A splat lets both pass, and `is` is then false for ever."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import Field, fields
from functools import cache
from typing import Any, ClassVar, Protocol, TypeVar

from pydantic import TypeAdapter, ValidationError

from kit.db import Row


class _Dataclass(Protocol):
    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]


T = TypeVar("T", bound=_Dataclass)


class RowDoesNotFit(Exception):
    """The statement, the type or the data is at fault, not the caller. Names type and columns, never what
    they hold."""

    def __init__(self, kind: type[object], faults: Mapping[str, str]) -> None:
        self.faults = faults
        named = ", ".join(f"{column} ({fault})" for column, fault in sorted(faults.items()))
        super().__init__(f"{kind.__name__}: {named}")


def read(kind: type[T], row: Row | Mapping[str, Any], /, **more: object) -> T:
    """The value in a row whose columns are named like the fields; `more` gives what is no column of its own.

    `more` goes before the row. Every field needs its column, also one with a default, lest a misnamed column
    be read as its default. A row may have more columns than the type has fields: that of a join holds several
    values."""
    validate, names = _reader(kind)
    values: dict[str, object] = dict(row)
    values.update(more)
    if not names <= values.keys():
        raise RowDoesNotFit(kind, dict.fromkeys(names - values.keys(), "missing"))
    try:
        value: T = validate(values)
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False, include_input=False)
        faults = {str(fault["loc"][0]): fault["type"] for fault in found}
    else:
        return value
    # Raised out here, for pydantic's error quotes the values and would be logged as the cause.
    raise RowDoesNotFit(kind, faults)


def read_all(kind: type[T], rows: Iterable[Row], /) -> list[T]:
    """The values in these rows."""
    return [read(kind, row) for row in rows]


@cache
def _reader(kind: type[T]) -> tuple[Callable[[object], T], frozenset[str]]:
    return TypeAdapter(kind).validator.validate_python, frozenset(field.name for field in fields(kind))
