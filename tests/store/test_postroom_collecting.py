"""Notices reach the inbox from what services publish: each once, in order, none missed by a late commit, and
none lost when the leader dies or a service cannot be read."""

from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest

from casework.notices import Matter, NewNotice, notify
from casework.terms import forget_collected
from kit.clock import Clock
from kit.db import Database
from kit.leading import LeadershipLost, Lease, take_lead
from language.messages.notices import NoticeKind
from language.names import TaskQueue
from services.postroom.delivery.collecting import Collecting
from tests.conftest import Cluster

MATTER = Matter(subject_id=uuid4(), subject_code="SK-2026-00001", level="UNIT")


@dataclass
class Bed:
    """The postroom beside two services that tell people things."""

    postroom: Database
    review: Database
    payout: Database
    collecting: Collecting
    lease: Lease

    async def look(self) -> int:
        """One look of the leader."""
        return await self.collecting.look(self.lease)

    async def inbox(self) -> list[UUID]:
        """Whom the inbox has something for, in the order in which it came."""
        rows = await self.postroom.pool.fetch("select person_id from received_notices order by ctid")
        return [row["person_id"] for row in rows]

    async def place(self, service: TaskQueue) -> int | None:
        """How far the service has been read."""
        place: int | None = await self.postroom.pool.fetchval(
            "select position from cursors where name = $1", f"notices of {service}"
        )
        return place


def _new(person: UUID) -> NewNotice:
    return NewNotice(event_id=uuid4(), person_id=person, kind=NoticeKind.REMINDED, matter=MATTER)


async def _tell(database: Database, *people: UUID) -> None:
    async with database.transaction() as tx:
        await notify(tx, [_new(person) for person in people])


@pytest.fixture
async def bed(postgres: Cluster) -> AsyncIterator[Bed]:
    url = await postgres.fresh()
    postroom, review, payout = [
        await Database.open(postgres.url(url, name), schema=name, clock=Clock())
        for name in ("postroom", "review", "payout")
    ]
    async with postroom.connection() as conn:
        lease = await take_lead(conn, "collecting", uuid4())
        assert lease is not None
        yield Bed(postroom, review, payout, Collecting(postroom, mails_go_out=False), lease)
    for database in (postroom, review, payout):
        await database.close()


async def test_what_services_publish_is_in_the_inbox_once_and_in_order(bed: Bed) -> None:
    people = [uuid4() for _ in range(450)]
    await _tell(bed.review, *people)
    assert [await bed.look(), await bed.look()] == [450, 0]
    assert await bed.inbox() == people
    await _tell(bed.payout, people[0])
    await _tell(bed.review, people[1])
    assert await bed.look() == 2
    services = await bed.postroom.pool.fetch(
        "select service, count(*)::int as count from received_notices group by 1 order by 1"
    )
    assert [tuple(row) for row in services] == [("payout", 1), ("review", 451)]


async def test_a_notice_that_is_committed_after_a_later_one_is_not_missed(bed: Bed) -> None:
    late, early = uuid4(), uuid4()
    async with bed.review.transaction() as tx:
        await notify(tx, [_new(late)])
        await _tell(bed.review, early)
        assert await bed.look() == 0
        assert await bed.inbox() == []
    assert await bed.look() == 2
    assert await bed.inbox() == [late, early]


async def test_what_was_seen_waits_for_those_who_wrote_then_and_for_nobody_who_came_after(bed: Bed) -> None:
    first, second = uuid4(), uuid4()
    async with bed.payout.transaction() as older:
        await older.conn.execute("select pg_current_xact_id()")
        await _tell(bed.review, first)
        assert await bed.look() == 0
        younger = bed.review.transaction()
        tx = await younger.__aenter__()
        await notify(tx, [_new(second)])
    assert await bed.look() == 1
    assert await bed.inbox() == [first]
    await younger.__aexit__(None, None, None)
    assert await bed.look() == 1
    assert await bed.inbox() == [first, second]


async def test_a_place_is_kept_with_what_was_accepted_or_not_at_all(bed: Bed) -> None:
    await _tell(bed.review, uuid4())
    other = await bed.postroom.pool.acquire()
    await bed.postroom.pool.execute("update leaders set until = clock_timestamp() - interval '1 s'")
    await take_lead(other, "collecting", uuid4())
    with pytest.raises(LeadershipLost):
        await bed.look()
    assert (await bed.inbox(), await bed.place(TaskQueue.REVIEW)) == ([], None)
    await bed.postroom.pool.release(other)


async def test_what_was_accepted_before_is_not_told_again_when_the_place_was_lost(bed: Bed) -> None:
    await _tell(bed.review, uuid4(), uuid4())
    assert await bed.look() == 2
    await bed.postroom.pool.execute("delete from cursors")
    assert await bed.look() == 2
    assert len(await bed.inbox()) == 2


async def test_a_service_that_cannot_be_read_holds_up_no_other_and_loses_nothing(bed: Bed) -> None:
    strange, usual = uuid4(), uuid4()
    await _tell(bed.payout, strange)
    await bed.payout.pool.execute("update notices set kind = 'KIND_OF_TOMORROW'")
    await _tell(bed.review, usual)
    assert await bed.look() == 1
    assert await bed.inbox() == [usual]
    assert await bed.place(TaskQueue.PAYOUT) is None
    await bed.payout.pool.execute("update notices set kind = 'REMINDED'")
    assert await bed.look() == 1
    assert await bed.inbox() == [usual, strange]


async def test_a_position_that_was_taken_and_given_up_holds_up_nobody(bed: Bed) -> None:
    with suppress(ZeroDivisionError):
        async with bed.review.transaction() as tx:
            await notify(tx, [_new(uuid4())])
            raise ZeroDivisionError
    person = uuid4()
    await _tell(bed.review, person)
    assert await bed.look() == 1
    assert await bed.inbox() == [person]


async def test_the_postroom_may_only_read_what_others_tell(bed: Bed) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await bed.postroom.pool.execute("delete from review.notices")


async def test_what_the_postroom_has_read_is_removed_when_it_is_old_and_nothing_else(bed: Bed) -> None:
    await _tell(bed.review, uuid4(), uuid4())
    await bed.look()
    await _tell(bed.review, uuid4())
    await bed.review.pool.execute(
        "update notices set happened_at = now() - interval '100 days' where position <> 2"
    )
    async with bed.review.transaction() as tx:
        assert [await forget_collected(tx, timedelta(days=90), 1_000) for _ in range(2)] == [1, 0]
    left = await bed.review.pool.fetch("select position from notices order by position")
    assert [row["position"] for row in left] == [2, 3], "young, and old but not read yet"
