"""Open work is looked through at every change and every midnight, and only what changes is handed over."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from temporalio.client import WorkflowExecutionStatus

from language.ids import EventId, PersonId, PostId
from language.journey.hand_over import next_midnight
from language.messages.hand_over import GivenTask, PostsChanged
from language.posts.kinds import PostTask
from tests.workflows.world import Watched, World
from workflows.hand_over import HandOverWorkflow


def _task(number: int = 0) -> GivenTask:
    person = PersonId(uuid4())
    return GivenTask(
        task_id=UUID(int=1_000 + number),
        kind=PostTask.MARK,
        level="UNIT",
        post_id=PostId(uuid4()),
        holder_id=person,
        assignee_id=person,
        excluded=(),
        barred=(),
        is_unreachable=False,
    )


async def _tell(watched: Watched) -> None:
    change = PostsChanged(event_id=EventId(uuid4()), changed_at=datetime.now(UTC))
    await watched.handle.signal(HandOverWorkflow.posts_changed, change)
    await watched.settle()


@pytest.fixture
async def empty(world: World) -> AsyncIterator[World]:
    """The office without work left over from another test."""
    for given in world.office.given.values():
        given.clear()
    world.office.acting.clear()
    world.office.handed_over.clear()
    world.office.looks.clear()
    yield world
    for given in world.office.given.values():
        given.clear()


async def test_work_goes_to_whoever_acts_and_comes_back_by_itself(empty: World) -> None:
    office, task = empty.office, _task()
    office.given["review"].append(task)
    office.acting[task.task_id] = task.holder_id
    watched = await empty.hand_over()
    assert office.handed_over == []
    delegate = office.acting[task.task_id] = PersonId(uuid4())
    await _tell(watched)
    assert office.given["review"][0].assignee_id == delegate
    office.acting[task.task_id] = task.holder_id
    await watched.days(1)
    assert [answer.person_id for answer in office.handed_over] == [delegate, task.holder_id]
    await watched.handle.terminate()


async def test_a_task_nobody_is_there_for_goes_on_the_alarm_list_and_leaves_it_by_itself(
    empty: World,
) -> None:
    office, task = empty.office, _task()
    office.given["intake"].append(task)
    watched = await empty.hand_over()
    assert [answer.person_id for answer in office.handed_over] == [None]
    assert office.given["intake"][0].is_unreachable
    await _tell(watched)
    assert len(office.handed_over) == 1, "nothing has changed"
    office.acting[task.task_id] = task.holder_id
    await _tell(watched)
    assert (len(office.handed_over), office.given["intake"][0].is_unreachable) == (2, False)
    await watched.handle.terminate()


async def test_every_midnight_is_a_look_and_every_page_of_every_owner_is_seen(empty: World) -> None:
    office = empty.office
    office.given["payout"] += [_task(number) for number in range(250)]
    watched = await empty.hand_over()
    assert len(office.looks) == 3
    assert len(office.handed_over) == 250
    await watched.until(await watched.now() + timedelta(minutes=2))
    assert len(office.looks) > 3, "a second look follows a change"
    office.looks.clear()
    began = await watched.now()
    await watched.days(5)
    midnights = office.looks
    assert len(midnights) == 15
    assert abs((midnights[0] - next_midnight(began)).total_seconds()) < 5
    await watched.handle.terminate()


async def test_a_long_life_is_many_runs(empty: World) -> None:
    office = empty.office
    office.given["review"].append(_task())
    watched = await empty.hand_over()
    first = (await watched.handle.describe()).run_id
    await watched.days(12)
    described = await watched.handle.describe()
    assert (described.status, described.run_id == first) == (WorkflowExecutionStatus.RUNNING, False)
    before = len(office.looks)
    await _tell(watched)
    assert len(office.looks) > before
    await watched.handle.terminate()


async def test_the_run_never_ends_and_a_storm_of_changes_is_looked_at_together(empty: World) -> None:
    office, task = empty.office, _task()
    office.given["review"].append(task)
    watched = await empty.hand_over()
    before = len(office.looks)
    for _ in range(30):
        change = PostsChanged(event_id=EventId(uuid4()), changed_at=datetime.now(UTC))
        await watched.handle.signal(HandOverWorkflow.posts_changed, change)
    await watched.settle()
    assert 1 <= len(office.looks) - before <= 31
    assert (await watched.handle.describe()).status is WorkflowExecutionStatus.RUNNING
    await watched.handle.terminate()
