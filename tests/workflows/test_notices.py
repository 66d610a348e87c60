"""Notices on their way to the postroom."""

from datetime import UTC, datetime
from uuid import uuid4

from temporalio.client import WorkflowExecutionStatus

from language.ids import DossierId, EventId, NoticeId, PersonId
from language.messages.notices import Notice, NoticeBatch, NoticeKind
from language.names import TaskQueue, notices_workflow_id
from tests.workflows.world import World
from workflows.notices import NoticesWorkflow


def batch() -> NoticeBatch:
    """Two notices of review."""
    notices = tuple(
        Notice(
            id=NoticeId(uuid4()),
            event_id=EventId(uuid4()),
            person_id=PersonId(uuid4()),
            kind=NoticeKind.STAGE_DECIDED,
            subject_id=DossierId(uuid4()),
            subject_code="SK-2026-00001",
            happened_at=datetime.now(UTC),
        )
        for _ in range(2)
    )
    return NoticeBatch(service="review", notices=notices)


async def test_a_batch_waits_for_the_postroom_and_arrives_once(world: World) -> None:
    sent = batch()
    world.office.times_away = 3
    workflow_id = notices_workflow_id(sent.service, sent.notices[0].id)
    handle = await world.env.client.start_workflow(
        NoticesWorkflow.run, sent, id=workflow_id, task_queue=TaskQueue.WORKFLOWS
    )
    await handle.result()
    assert (await handle.describe()).status is WorkflowExecutionStatus.COMPLETED
    assert [
        accepted for accepted in world.office.accepted if accepted.notices[0].id == sent.notices[0].id
    ] == [sent]
