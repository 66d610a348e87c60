"""When open work is looked through, and which of it has to move."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from language.deadline.arithmetic import LOCAL_ZONE, local_day
from language.messages.hand_over import GivenTask, TaskResolved

_DAY = timedelta(days=1)


def next_midnight(at: datetime) -> datetime:
    """The first instant of the next local day: leave and delegations begin and end by the day."""
    return datetime.combine(local_day(at) + _DAY, time(), LOCAL_ZONE)


def moves(tasks: Sequence[GivenTask], resolved: Sequence[TaskResolved]) -> tuple[TaskResolved, ...]:
    """The answers that change something: another person acts, nobody does, or somebody does again."""
    asked = {task.task_id: task for task in tasks}
    return tuple(answer for answer in resolved if _changes(asked[answer.task_id], answer))


def _changes(task: GivenTask, answer: TaskResolved) -> bool:
    if answer.person_id is None:
        return not task.is_unreachable
    stays = (
        answer.person_id == task.assignee_id and (answer.on_behalf_of or answer.person_id) == task.holder_id
    )
    return task.is_unreachable or not stays
