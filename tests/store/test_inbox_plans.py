"""An inbox reads what it shows and little more, however much was done in earlier years; its counts stop
where counting would take long."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from casework import alarms, inbox
from casework.about import Found
from casework.inbox import TaskFilter
from casework.naming import Days
from casework.tasks import TaskState
from kit.db import Tx
from kit.sorting import ListPlace, Order
from language.posts.kinds import PostKind
from services.review.app import SERVICE
from tests.conftest import ServiceOpener, TestService, vacuum
from tests.plan_cases import rows_read

ROOT, PERSON, UNIT, LONG_AGO = (UUID(int=number) for number in (1, 2, 3, 4))
PAGE = 51
# Nine tenths are over; a sixteenth is overdue, and that was opened before the rest. Few of the
# others are anybody's in particular, and few of one kind.
SEED = """
insert into tasks (id, kind, subject_id, subject_code, about_id, level, unit_id, unit_path, assignee_id,
  state, opened_at, due_at, closed_at, post_id, post_kind, unreachable_since, season_id)
select gen_random_uuid(), case when n % 1000 = 0 then 'DECIDE' else 'MARK' end,
  gen_random_uuid(), 'SK-' || n, gen_random_uuid(),
  case when n % 5000 = 0 then 'PROVINCE' else 'UNIT' end, u.id,
  array[$1, u.id],
  case when n % 300 = 1 then $2 else u.id end,
  case when n % 10 > 0 then 'DONE' when n % 100 = 0 then 'WAITING' else 'OPEN' end,
  now() + interval '1 minute' * (n - 2500) - interval '30 days', now() + interval '1 minute' * (n - 2500),
  case when n % 10 > 0 then now() end,
  gen_random_uuid(), case when n % 2 = 0 then 'INTAKE_OFFICER' end, case when n % 2000 = 0 then now() end,
  case when n between 20000 and 20400 then $4 when n % 50 > 0 then $1 end
from generate_series(1, 40000) n
cross join lateral (select case when n % 400 < 2 then $3 else md5((n % 400)::text)::uuid end as id) u
"""
_LATE = datetime.now(UTC).date() - timedelta(days=6)
"""Opened late among all: what is due first was opened before."""
SCOPES: dict[str, TaskFilter] = {
    "mine": TaskFilter(assignee_id=PERSON),
    "office": TaskFilter(offices=[(PostKind.INTAKE_OFFICER, UNIT)]),
    "unit": TaskFilter(unit_ids=[UNIT]),
    "all": TaskFilter(),
}
NARROWED: dict[str, dict[str, Any]] = {
    "as it is": {},
    "rare kind": {"kind": "DECIDE"},
    "no such kind": {"kind": "VERIFY_AWARD"},
    "rare level": {"level": "PROVINCE"},
    "waiting": {"states": (TaskState.WAITING,)},
    "waiting or open": {"states": (TaskState.WAITING, TaskState.OPEN)},
    "done": {"states": (TaskState.DONE,)},
    "cancelled": {"states": (TaskState.CANCELLED,)},
    "overdue": {"overdue": True},
    "not overdue": {"overdue": False},
    "opened on a day": {"opened": Days(first=_LATE, last=_LATE)},
    "of nobody": {"actor_id": UNIT},
    "of a season long ago": {"season_id": LONG_AGO},
    "done in a season long ago": {"season_id": LONG_AGO, "states": (TaskState.DONE,)},
    "of a season": {"season_id": ROOT},
    "about few": {"about": Found(dossier_ids=[UNIT, ROOT])},
    "nobody there": {"unreachable": True, "states": (TaskState.WAITING, TaskState.OPEN)},
}


@pytest.fixture(scope="module")
async def seeded(open_service: ServiceOpener) -> AsyncIterator[TestService]:
    async with open_service(SERVICE) as review:
        await review.database.pool.execute(SEED, ROOT, PERSON, UNIT, LONG_AGO)
        await vacuum(review.admin_url, "review.tasks")
        yield review


def _statement(service: TestService, wanted: TaskFilter, order: str = "due") -> tuple[str, list[Any]]:
    now = service.database.clock.now()
    asked = inbox.arguments(Tx(conn=None, now=now), wanted)  # type: ignore[arg-type]
    return inbox.list_statement(wanted, order), [*asked, None, None, PAGE]


@pytest.mark.parametrize("narrowed", NARROWED)
@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("order", inbox.SORTS.orders)
async def test_a_page_reads_little_more_than_it_shows(
    seeded: TestService, order: str, scope: str, narrowed: str
) -> None:
    query, arguments = _statement(seeded, replace(SCOPES[scope], **NARROWED[narrowed]), order)
    assert await rows_read(seeded, query, *arguments) <= 12 * PAGE


@pytest.mark.parametrize("narrowed", NARROWED)
@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("order", inbox.SORTS.orders.values(), ids=lambda order: order.word)
async def test_a_page_holds_what_a_plain_look_would_find(
    seeded: TestService, order: Order, scope: str, narrowed: str
) -> None:
    wanted = replace(SCOPES[scope], **NARROWED[narrowed])
    async with seeded.database.reading() as tx:
        plain = await tx.conn.fetch(
            f"select id from tasks where {inbox.MATCHES} {order.by()} limit $21",
            *inbox.arguments(tx, wanted),
            PAGE,
        )
        first = await inbox.list_tasks(tx, wanted, ListPlace(order=order.word), 20)
        assert [task.id for task in first] == [row["id"] for row in plain][:20]
        if len(plain) == PAGE:
            place = ListPlace(order=order.word, key=(order.sort.shown(first[-1]), first[-1].id))
            following = await inbox.list_tasks(tx, wanted, place, PAGE - 20)
            assert [task.id for task in following] == [row["id"] for row in plain][20:]


@pytest.mark.parametrize("narrowed", NARROWED)
@pytest.mark.parametrize("scope", SCOPES)
async def test_counts_are_exact_or_say_that_there_is_more(
    seeded: TestService, scope: str, narrowed: str
) -> None:
    wanted = replace(SCOPES[scope], **NARROWED[narrowed])
    async with seeded.database.reading() as tx:
        counted = await inbox.count_tasks(tx, wanted)
        plain = await tx.conn.fetch(
            f"select kind, level, state, count(*) as count from tasks where {inbox.MATCHES} group by 1, 2, 3",
            *inbox.arguments(tx, wanted),
        )
    there = {(row["kind"], row["level"], row["state"]): row["count"] for row in plain}
    assert {(one.kind, one.level, one.state) for one in counted} == there.keys()
    for one in counted:
        exact = there[one.kind, one.level, one.state]
        assert (one.count == exact) is not one.more
        assert one.count <= exact
        assert one.overdue <= one.count


async def test_counting_stops(seeded: TestService) -> None:
    now = seeded.database.clock.now()
    done = TaskFilter(states=(TaskState.DONE, TaskState.OPEN))
    asked = inbox.arguments(Tx(conn=None, now=now), done)  # type: ignore[arg-type]
    assert await rows_read(seeded, inbox.COUNT_OF_ALL, *asked, 100) <= 101 * 8
    under = inbox.arguments(Tx(conn=None, now=now), replace(done, unit_ids=[ROOT]))  # type: ignore[arg-type]
    assert await rows_read(seeded, inbox.COUNT, *under, 100) <= 250


@pytest.mark.parametrize("order", alarms.SORTS.orders)
async def test_the_alarm_list_of_all_is_read_in_its_order(seeded: TestService, order: str) -> None:
    arguments = ([ROOT], None, None, 6, None, None)
    assert await rows_read(seeded, alarms.LIST[order], *arguments) <= 12


async def test_a_person_with_no_task_reads_nothing(seeded: TestService) -> None:
    query, arguments = _statement(seeded, TaskFilter(assignee_id=uuid4(), states=tuple(TaskState)))
    assert await rows_read(seeded, query, *arguments) == 0
