"""Notices on a real database: written once, gathered into batches that never change, told by what a rung
did."""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import suppress
from uuid import UUID, uuid4

import pytest

from casework.notices import BATCH, Matter, NewNotice, gather, notify, notify_of
from kit.clock import Clock
from kit.db import Database, Row
from language.cases import CaseType
from language.events.casework import RungFired
from language.events.rungs import (
    Did,
    HandedUp,
    MembersReplaced,
    Reminded,
    Replacement,
    SilenceReported,
    SuperiorTold,
    WorkGiven,
)
from language.ids import PersonId
from language.messages.notices import NoticeKind
from language.messages.rung import RungFinding
from language.plan.review_plan import RungAction
from language.posts.kinds import PostTask
from tests.conftest import Cluster

MATTER = Matter(subject_id=uuid4(), subject_code="SK-2026-00001", level="UNIT")


@pytest.fixture
async def database(postgres: Cluster) -> AsyncIterator[Database]:
    opened = await Database.open(
        postgres.url(await postgres.fresh(), "intake"), schema="intake", clock=Clock()
    )
    yield opened
    await opened.close()


def _new(
    kind: NoticeKind = NoticeKind.REMINDED, event_id: UUID | None = None, person: UUID | None = None
) -> NewNotice:
    return NewNotice(event_id=event_id or uuid4(), person_id=person or uuid4(), kind=kind, matter=MATTER)


async def _batches(database: Database) -> list[Row]:
    return await database.pool.fetch("select workflow_id, name, event_id, payload from outbox order by id")


async def test_one_event_tells_one_person_of_a_kind_once(database: Database) -> None:
    event, person = uuid4(), uuid4()
    async with database.transaction() as tx:
        for _ in range(2):
            await notify(tx, [_new(event_id=event, person=person), _new(event_id=event, person=person)])
        await notify(tx, [_new(NoticeKind.SUPERIOR_TOLD, event, person), _new(event_id=event)])
    assert await database.pool.fetchval("select count(*) from notices") == 3


async def test_a_fact_that_is_rolled_back_tells_nobody(database: Database) -> None:
    with suppress(ZeroDivisionError):
        async with database.transaction() as tx:
            await notify(tx, [_new()])
            raise ZeroDivisionError
    assert await database.pool.fetchval("select count(*) from notices") == 0


async def test_what_waits_is_gathered_in_batches_each_notice_in_exactly_one(database: Database) -> None:
    async with database.transaction() as tx:
        await notify(tx, [_new() for _ in range(450)])
    gathered = BATCH
    while gathered == BATCH:
        async with database.transaction() as tx:
            gathered = await gather(tx)
    batches = await _batches(database)
    assert [len(row["payload"]["notices"]) for row in batches] == [200, 200, 50]
    carried = Counter(notice["id"] for row in batches for notice in row["payload"]["notices"])
    written = {str(row["id"]) for row in await database.pool.fetch("select id from notices")}
    assert set(carried) == written
    assert set(carried.values()) == {1}
    for row in batches:
        assert row["name"] == "NoticesWorkflow"
        assert row["workflow_id"] == f"notices:intake:{row['payload']['notices'][0]['id']}"
        assert row["payload"]["service"] == "intake"


async def test_a_batch_that_was_not_committed_is_gathered_again(database: Database) -> None:
    async with database.transaction() as tx:
        await notify(tx, [_new()])
    with suppress(ZeroDivisionError):
        async with database.transaction() as tx:
            await gather(tx)
            raise ZeroDivisionError
    assert await _batches(database) == []
    async with database.transaction() as tx:
        await gather(tx)
        await gather(tx)
    assert len(await _batches(database)) == 1


async def test_a_rung_tells_whom_its_event_names_and_not_who_keeps_the_work(database: Database) -> None:
    reminded, head, replaced, by, before, kept = (PersonId(uuid4()) for _ in range(6))
    decide = PostTask.DECIDE
    parts: list[Did] = [
        Reminded(person_ids=(reminded,)),
        SuperiorTold(superior_id=head, silent_ids=(reminded,)),
        SilenceReported(to_id=head, silent=()),
        MembersReplaced(replaced=(Replacement(from_id=replaced, to_id=by),), kept_ids=()),
        HandedUp(task=decide, from_ids=(before,), to_id=by),
        HandedUp(task=decide, from_ids=(kept,), to_id=kept, waives_quorum=True),
        HandedUp(task=decide, from_ids=(before, kept), to_id=kept),
        WorkGiven(task=decide, to_id=by),
        HandedUp(task=decide, from_ids=(), to_id=by),
    ]
    async with database.transaction() as tx:
        for part in parts:
            fact = RungFired(
                case=CaseType.EXAMINATION,
                about_id=uuid4(),
                level="UNIT",
                rung_id="rung",
                action=RungAction.REMIND,
                finding=RungFinding.FIRED,
                planned_at=tx.now,
                did=(part,),
            )
            await notify_of(tx, uuid4(), fact, MATTER)
    told = Counter(
        (row["kind"], row["person_id"])
        for row in await database.pool.fetch("select kind, person_id from notices")
    )
    assert told == {
        ("REMINDED", reminded): 1,
        ("SUPERIOR_TOLD", head): 2,
        ("MEMBER_REPLACED", replaced): 1,
        ("DECISION_HANDED_UP", before): 2,
    }
