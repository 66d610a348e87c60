"""`sort` and `after` of a list: which order is asked for, and where to read on in it."""

from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final, TypeVar
from uuid import UUID

from fastapi import Query

from kit.http.cursors import bounded, decode_cursor, plain_instant, plain_text
from kit.http.models import Cursor
from kit.http.refusals import SortUnknown
from kit.sorting import Key, ListPlace, Order, Sorts
from language.refusals import cut

T = TypeVar("T")
_READ: Final[Mapping[Key, Callable[[Any], object]]] = {
    Key.INSTANT: plain_instant,
    Key.TEXT: plain_text,
    Key.NUMBER: bounded,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedPage:
    """Which page is asked for: of which order, whether somebody said so, and behind which cursor."""

    order: Order
    is_said: bool
    place: ListPlace
    after: str | None

    def key(self, row: Any) -> tuple[object, ...]:
        """What the cursor behind this row of the answer holds."""
        return self.order.word, self.order.sort.shown(row), getattr(row, self.order.shown_id)

    def in_order(self, rows: Sequence[T]) -> list[T]:
        """A list that is short by its nature: as it is, or in the order that somebody asked for."""
        if not self.is_said:
            return list(rows)
        return sorted(rows, key=lambda row: self.key(row)[1:], reverse=self.order.down)


def sorted_by(sorts: Sorts) -> Callable[..., Coroutine[Any, Any, AskedPage]]:
    """What a list that can be sorted so takes, as a dependency of its endpoint."""
    words = list(sorts.orders)
    said = Query(
        description=f"The order; with `-` from the last to the first. Usually `{sorts.usual}`",
        json_schema_extra={"enum": list(words)},
    )

    async def asked_page(sort: Annotated[str | None, said] = None, after: Cursor = None) -> AskedPage:
        order = sorts.orders.get(sorts.usual if sort is None else sort)
        if order is None:
            raise SortUnknown(sort=cut(sort or sorts.usual), known=", ".join(words))
        key = None if after is None else decode_cursor(after, lambda *parts: _key_of(order, *parts))
        place = ListPlace(order=order.word, key=key)
        return AskedPage(order=order, is_said=sort is not None, place=place, after=after)

    return asked_page


def _key_of(order: Order, word: Any, value: Any, identifier: Any) -> tuple[object, UUID]:
    if word != order.word:
        raise ValueError("the cursor of another order")
    return _READ[order.sort.key](value), UUID(identifier)
