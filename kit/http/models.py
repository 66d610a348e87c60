"""What API schemas are made of: strict models, safe text, keyset pages."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from math import isfinite
from typing import Annotated, Any, Final, Generic, Protocol, Self, TypeVar, cast, get_args, get_origin
from uuid import UUID

from fastapi import Query
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    GetJsonSchemaHandler,
    StringConstraints,
    ValidationInfo,
    field_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from kit.counting import Counted
from kit.http.cursors import encode_cursor
from language import text, written
from language.refusals import NotFound
from language.unfit import Unfit

T = TypeVar("T")


def _no_null(value: str | None) -> str | None:
    if value and "\x00" in value:
        raise Unfit("null bytes are not allowed", "không được có ký tự rỗng")
    return value


def _cleaned(clean: Callable[[str], str]) -> BeforeValidator:
    # Before the constraints: they measure what is kept, in which letters are composed and blanks are gone.
    def apply(value: Any) -> Any:
        return clean(cast(str, _no_null(value))) if isinstance(value, str) else value

    return BeforeValidator(apply)


NoNull = AfterValidator(_no_null)
"""For what is no text that people write: names for programs, addresses, passwords."""
OneLine = _cleaned(text.one_line)
"""For text in one line that is limited otherwise than a `Line`."""
Line = Annotated[str, StringConstraints(min_length=1, max_length=500), OneLine]
"""One line of text that people read."""
OptionalLine = Annotated[str, StringConstraints(max_length=500), OneLine]
"""The same, or nothing."""
Lines = _cleaned(text.prose)
"""For text of several lines that is limited otherwise than `Prose`."""
Prose = Annotated[str, StringConstraints(min_length=1, max_length=20_000), Lines]
"""A description or reasons."""
OptionalProse = Annotated[str, StringConstraints(max_length=20_000), Lines]
"""The same, or nothing."""


def _leaves(value: Any, read: Callable[[Any], Any]) -> Any:
    if isinstance(value, list | tuple):
        return [_leaves(one, read) for one in value]
    if isinstance(value, dict):
        return {name: _leaves(one, read) for name, one in value.items()}
    return read(value)


def _number(value: Any) -> Any:
    if isinstance(value, float) and isfinite(value):
        return Decimal(repr(value)) + 0
    return written.plain_number(value) if isinstance(value, str) else _no_truth(value)


def _whole_number(value: Any) -> Any:
    return written.whole_number(value) if isinstance(value, str) else _no_truth(value)


def _no_truth(value: Any) -> Any:
    if isinstance(value, bool):
        raise Unfit("a number is wanted, not true or false", "cần một số")
    return value


def _day(value: Any) -> Any:
    if isinstance(value, str):
        return written.plain_day(value)
    if value is not None and not isinstance(value, date):
        raise Unfit("a day is wanted, like 2026-09-05", "cần một ngày, ví dụ 2026-09-05")
    return value


def _instant(value: Any) -> Any:
    if value is None or isinstance(value, datetime) or (isinstance(value, str) and "T" in value.upper()):
        return value
    raise Unfit("a moment is wanted, like 2026-09-05T08:00:00+07:00", "cần một thời điểm")


_READ: Final[Mapping[type, Callable[[Any], Any]]] = {Decimal: _number, int: _whole_number, date: _day}


def _types_in(annotation: Any) -> set[type]:
    """The types of the values that a field holds, in lists and as values of mappings too."""
    inner = get_args(annotation)
    if get_origin(annotation) is Annotated:
        return _types_in(inner[0])
    if get_origin(annotation) in {dict, Mapping}:
        return _types_in(inner[1])
    if inner:
        return set().union(*(_types_in(one) for one in inner))
    return {annotation} if isinstance(annotation, type) else set()


@cache
def _reader_of(kind: type[BaseModel], field: str) -> Callable[[Any], Any] | None:
    found = _types_in(kind.model_fields[field].annotation)
    return next((read for wanted, read in _READ.items() if wanted in found and str not in found), None)


def as_written(kind: type[BaseModel], value: Any, info: ValidationInfo) -> Any:
    """For every field of a model: numbers and days are written in one way each, and nothing else is taken for
    them."""
    read = _reader_of(kind, info.field_name or "")
    return _leaves(value, read) if read else value


def as_asked(kind: type[BaseModel], value: Any, info: ValidationInfo) -> Any:
    """The same for what somebody asks for now: its days lie in time."""
    read = as_written(kind, value, info)
    return _leaves(read, _in_time) if _reader_of(kind, info.field_name or "") is _day else read


def _in_time(value: Any) -> Any:
    return written.day_in_time(value) if isinstance(value, date) else value


InDigits = BeforeValidator(_whole_number)
"""For a whole number in an address, after what limits it; in bodies every `int` is one."""
Day = Annotated[date, AfterValidator(written.day_in_time), BeforeValidator(_day)]
"""A day in an address; in bodies every `date` is one."""


Instant = Annotated[AwareDatetime, AfterValidator(written.instant_in_time), BeforeValidator(_instant)]
"""A moment, given with its time zone."""
Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,64}$")]
"""A short name for programs."""
MailAddress = Annotated[
    str,
    StringConstraints(
        pattern=r"^[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63}){0,8}$", max_length=254
    ),
    NoNull,
]
"""Where somebody is mailed."""


def in_order(first: date, last: date | None) -> None:
    """Refuse a span that ends before it begins."""
    if last is not None and last < first:
        raise Unfit("the last day lies before the first", "ngày cuối trước ngày đầu")


class In(BaseModel):
    """A request body: unknown fields are refused, not ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    _as_asked = field_validator("*", mode="before")(classmethod(as_asked))


class Out(BaseModel):
    """An answer, made from a domain value or a row's dataclass with the same field names."""

    model_config = ConfigDict(from_attributes=True)

    @classmethod
    def of(cls, value: Any) -> Self:
        """The answer that shows this value."""
        return cls.model_validate(value)

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Numbers that are written as text, so that no reader rounds them, say that they are numbers."""
        schema = handler(core)
        described = handler.resolve_ref_schema(schema).get("properties", {})
        for name, field in cls.model_fields.items():
            if Decimal in {field.annotation, *get_args(field.annotation)} and name in described:
                texts = [described[name], *described[name].get("anyOf", ())]
                for text_of in (one for one in texts if one.get("type") == "string"):
                    text_of["format"] = "decimal"
        return schema


class Page(BaseModel, Generic[T]):
    """A list, or a page of it in a stable order. `next` is the cursor of the following page, null on the
    last. `count`, on the first page only, is how many there are in all: exactly, or with `more` at least."""

    items: list[T]
    next: str | None
    count: int | None = None
    more: bool = False


PageSize = Annotated[int, Query(ge=1, le=200, description="Items a page"), InDigits]
DryRun = Annotated[
    bool, Query(description="Say what would change, by the same rights and refusals, and write nothing")
]
UnitFilter = Annotated[UUID | None, Query(description="Only of this unit and those under it")]
Cursor = Annotated[
    str | None,
    Query(
        max_length=4_000,
        description="`next` of the previous page",
        json_schema_extra={"pattern": "^[A-Za-z0-9_-]*$"},
    ),
]


_NOT_TOLD: Final = ""


def page_of(
    items: Sequence[T], limit: int, key: Any, after: str | None = _NOT_TOLD, counted: Counted | None = None
) -> Page[T]:
    """The page, given up to `limit` + 1 items and a function from an item to its keyset key. The first one
    (without `after`) says how many there are: as counted, or what can be seen of it."""
    shown = list(items[:limit])
    goes_on = len(items) > limit
    if counted is None and after is None:
        counted = Counted(count=len(shown), more=goes_on)
    return Page(
        items=shown,
        next=encode_cursor(*key(shown[-1])) if goes_on else None,
        count=counted.count if counted else None,
        more=counted is not None and counted.more,
    )


def whole(items: Sequence[T]) -> Page[T]:
    """A list that is short by its nature, on one page."""
    return Page(items=list(items), next=None, count=len(items))


class _WithId(Protocol):
    @property
    def id(self) -> UUID: ...


OneT = TypeVar("OneT", bound=_WithId)


def of_id(found: Iterable[OneT], asked: UUID) -> OneT:
    """The one of this id, out of a short list that the caller may see; `NotFound` without one."""
    one = next((one for one in found if one.id == asked), None)
    if one is None:
        raise NotFound
    return one
