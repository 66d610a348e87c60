"""The organisation's part in handing open work over: it says that something about posts has changed, and who
acts for a task now."""

from dataclasses import replace

from kit.db import Tx
from kit.ids import new_id
from kit.outbox import WorkflowStart, find_start, signal_workflow, start_workflow
from language.deadline.arithmetic import local_day
from language.ids import EventId
from language.messages.hand_over import (
    GivenTask,
    PostsChanged,
    ResolveTasks,
    StartHandOver,
    TaskResolved,
    TasksResolved,
)
from language.names import HAND_OVER_WORKFLOW, HAND_OVER_WORKFLOW_ID, Signal
from language.posts.substitution import Case, Roster, who_acts_for
from language.time_scale import TimeScale
from services.organisation.store.delegations import roster_on, units_of_posts


async def start_hand_over(tx: Tx, scale: TimeScale | None) -> None:
    """Ask once for the province's run; it goes on for as long as the province does."""
    if await find_start(tx, HAND_OVER_WORKFLOW_ID):
        return
    event_id = EventId(new_id())
    message = StartHandOver(event_id=event_id, time_scale=scale)
    start = WorkflowStart(
        event_id=event_id,
        workflow_id=HAND_OVER_WORKFLOW_ID,
        workflow=HAND_OVER_WORKFLOW,
        message=message,
        search_attributes={},
    )
    await start_workflow(tx, start)


async def tell_posts_changed(tx: Tx) -> None:
    """A leave, a delegation or a holding was made, changed or ended: the open work is looked through."""
    event_id = EventId(new_id())
    await signal_workflow(
        tx,
        event_id,
        HAND_OVER_WORKFLOW_ID,
        Signal.POSTS_CHANGED,
        PostsChanged(event_id=event_id, changed_at=tx.now),
    )


async def resolve_tasks(tx: Tx, command: ResolveTasks) -> TasksResolved:
    """Who acts for each task on the local day."""
    units = await units_of_posts(tx, {task.post_id for task in command.tasks})
    roster = await roster_on(tx, units, local_day(command.at))
    return TasksResolved(tasks=tuple(_resolve(roster, task) for task in command.tasks))


def _resolve(roster: Roster, task: GivenTask) -> TaskResolved:
    place = roster.places.get(task.post_id)
    case = Case(
        task=task.kind,
        level=task.level,
        excluded=task.excluded,
        barred=task.barred,
        is_office=task.is_office,
        assignee_id=task.assignee_id,
        turn=task.task_id.int,
    )
    found = who_acts_for(roster, place, task.holder_id, case) if place else None
    asked = TaskResolved(
        task_id=task.task_id, person_id=None, post_id=task.post_id, assignee_id=task.assignee_id
    )
    if found is None:
        return asked
    return replace(
        asked,
        person_id=found.person_id,
        on_behalf_of=found.on_behalf_of,
        chain=found.chain,
        acts_as=found.acts_as,
    )
