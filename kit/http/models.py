"""What API schemas are made of: strict models, safe text, keyset pages."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Annotated, Any, Final, Generic, Self, TypeVar
from uuid import UUID

from fastapi import Query
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, StringConstraints

from kit.counting import Counted
from kit.http.cursors import encode_cursor

T = TypeVar("T")


def _no_null(value: str | None) -> str | None:
    # After the constraints: before them, pydantic would measure the text unstripped and blanks would pass as
    # text.
    if value and "\x00" in value:
        raise ValueError("null bytes are not allowed (không được có ký tự rỗng)")
    return value


NoNull = AfterValidator(_no_null)
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500), NoNull]
"""One line of text that people read."""
Prose = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000), NoNull]
"""A description or reasons."""


def _in_utc(instant: datetime) -> datetime:
    try:
        return instant.astimezone(UTC)
    except OverflowError:
        raise ValueError(
            "the instant lies outside the years 1 to 9999 (thời điểm nằm ngoài các năm 1 đến 9999)"
        ) from None


Instant = Annotated[AwareDatetime, AfterValidator(_in_utc)]
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
        raise ValueError("the last day lies before the first (ngày cuối trước ngày đầu)")


class In(BaseModel):
    """A request body: unknown fields are refused, not ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Out(BaseModel):
    """An answer, made from a domain value or a row's dataclass with the same field names."""

    model_config = ConfigDict(from_attributes=True)

    @classmethod
    def of(cls, value: Any) -> Self:
        """The answer that shows this value."""
        return cls.model_validate(value)


class Page(BaseModel, Generic[T]):
    """A list, or a page of it in a stable order. `next` is the cursor of the following page, null on the
    last. `count`, on the first page only, is how many there are in all: exactly, or with `more` at least."""

    items: list[T]
    next: str | None
    count: int | None = None
    more: bool = False


PageSize = Annotated[int, Query(ge=1, le=200, description="Items a page")]
DryRun = Annotated[
    bool, Query(description="Say what would change, by the same rights and refusals, and write nothing")
]
UnitFilter = Annotated[UUID | None, Query(description="Only of this unit and those under it")]
Cursor = Annotated[str | None, Query(max_length=500, description="`next` of the previous page")]


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
