"""An order as it is asked for, and as a statement says it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from uuid import UUID

import pytest

from kit.http.cursors import encode_cursor
from kit.http.refusals import CursorInvalid, SortUnknown
from kit.http.sorts import sorted_by
from kit.sorting import ListPlace, Sort, Sorts

NOW = datetime(2026, 3, 2, tzinfo=UTC)
SORTS = Sorts("-due", Sort(name="due", column="due_at", shown=attrgetter("due_at")))


@dataclass(frozen=True)
class Row:
    """A row of an answer."""

    id: UUID
    due_at: datetime


ROWS = [Row(UUID(int=number), NOW + timedelta(days=days)) for number, days in ((1, 2), (2, 1), (3, 2))]


def test_a_statement_goes_on_behind_the_last_row_in_its_direction() -> None:
    up, down = SORTS.orders["due"], SORTS.orders["-due"]
    assert up.by() == "order by due_at, id"
    assert down.by("raised_at") == "order by raised_at desc, id desc"
    assert up.behind(3) == "($3::timestamptz is null or (due_at, id) > ($3, $4::uuid))"
    assert down.behind(3) == "($3::timestamptz is null or (due_at, id) < ($3, $4::uuid))"
    assert SORTS.statements(lambda order: order.word) == {"due": "due", "-due": "-due"}
    assert SORTS.beginning == ListPlace(order="-due")
    assert SORTS.beginning.arguments == (None, None)


async def test_a_cursor_leads_behind_its_row() -> None:
    page = await sorted_by(SORTS)(sort="due")
    cursor = encode_cursor(*page.key(ROWS[0]))
    following = await sorted_by(SORTS)(sort="due", after=cursor)
    assert following.place == ListPlace(order="due", key=(ROWS[0].due_at, ROWS[0].id))
    with pytest.raises(CursorInvalid):
        await sorted_by(SORTS)(after=cursor)
    with pytest.raises(SortUnknown):
        await sorted_by(SORTS)(sort="id")


@pytest.mark.parametrize(("sort", "order"), [(None, [1, 2, 3]), ("due", [2, 1, 3]), ("-due", [3, 1, 2])])
async def test_a_short_list_stays_as_it_is_until_somebody_asks(
    sort: str | None, order: Sequence[int]
) -> None:
    page = await sorted_by(SORTS)(sort=sort)
    assert [row.id for row in page.in_order(ROWS)] == [UUID(int=number) for number in order]
