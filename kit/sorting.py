"""In which order a list is read: by a column of its rows, and by their id where they are equal in it.

A list has one statement for each of its orders, made once: an index leads a statement only in an order that
stands in it. The cursor of a page carries the key of its last row, so that the next one goes on behind that
row, whatever came or went meanwhile."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

_DOWN: Final = "-"
"""Before a name: from the last to the first."""
NEVER: Final = datetime.fromisoformat("9999-12-30T00:00:00+00:00")
"""Stands for an instant that has not come yet: behind all others."""


class Key(StrEnum):
    """What a list can be sorted by, as PostgreSQL calls it."""

    INSTANT = "timestamptz"
    TEXT = "text"
    NUMBER = "bigint"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sort:
    """Something a list can be sorted by: a column that is never null. `shown` reads from a row of the answer
    what the key holds, and `made` makes of that what the column holds, where it is not the same."""

    name: str
    column: str
    shown: Callable[[Any], object]
    key: Key = Key.INSTANT
    made: str = "{}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A sort in a direction, as a statement says it; `shown_id` is what the answer calls the row's id."""

    sort: Sort
    down: bool
    row_id: str
    shown_id: str

    @property
    def word(self) -> str:
        """As people ask for it: `due`, or `-due` from the last to the first."""
        return f"{_DOWN if self.down else ''}{self.sort.name}"

    def by(self, column: str | None = None) -> str:
        """The end of the statement; `column` where it is called otherwise than in the list."""
        way = " desc" if self.down else ""
        return f"order by {column or self.sort.column}{way}, {self.row_id}{way}"

    def behind(self, first: int, column: str | None = None) -> str:
        """The condition that goes on behind a key, given as the parameters `first` and the one after it; null
        for the beginning."""
        row = f"({column or self.sort.column}, {self.row_id})"
        sign = "<" if self.down else ">"
        made = self.sort.made.format(f"${first}")
        return f"(${first}::{self.sort.key} is null or {row} {sign} ({made}, ${first + 1}::uuid))"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPlace:
    """Where to read on in a list: the word of its order, and the key of the last row that was read."""

    order: str
    key: tuple[object, UUID] | None = None

    @property
    def arguments(self) -> tuple[object, object]:
        """The two parameters of `Order.behind`."""
        return self.key or (None, None)


class Sorts:
    """What a list can be sorted by, and how it is when nobody asks."""

    def __init__(self, usual: str, *sorts: Sort, row_id: str = "id", shown_id: str = "id") -> None:
        self.usual = usual
        orders = [
            Order(sort=sort, down=down, row_id=row_id, shown_id=shown_id)
            for sort in sorts
            for down in (False, True)
        ]
        self.orders: Mapping[str, Order] = {order.word: order for order in orders}

    @property
    def beginning(self) -> ListPlace:
        """Of the list as it is when nobody asks."""
        return ListPlace(order=self.usual)

    def statements(self, write: Callable[[Order], str]) -> Mapping[str, str]:
        """The list's statement in each of its orders."""
        return {word: write(order) for word, order in self.orders.items()}
