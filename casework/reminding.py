"""Whoever answers for a unit reminds somebody of a task there: told at once, and not more than once a day."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from casework import rights
from casework.case import Cases
from casework.hand_over import TaskNotForYou, TaskOver
from casework.history.record import record
from casework.notices import Matter, notify_of
from casework.tasks import COLUMNS, Task, TaskState
from kit.auth import Principal
from kit.db import Tx
from kit.rows import read
from language.events.casework import TaskReminded
from language.posts.kinds import PostKind, PostTask
from language.refusals import NotFound, Refusal

REMINDERS: Final = frozenset({PostKind.ADMIN, PostKind.UNIT_HEAD, PostKind.DEPUTY_HEAD})
OF_COUNCILS: Final = frozenset({PostKind.COUNCIL_CHAIR, PostKind.COUNCIL_SECRETARY})
"""Who runs a council reminds its members of their sheets, in the unit of the council and nowhere else."""
_AT_MOST_EACH: Final = timedelta(days=1)


class RemindedAlready(Refusal):
    """Somebody has reminded of this task within a day."""

    status = 409
    vi = "Việc này vừa được nhắc trong vòng một ngày. Hãy chờ, hoặc giao việc cho người khác."
    en = "Somebody reminded of this task within a day. Wait, or have it given to somebody else."


class TaskWaits(Refusal):
    """What the task waits for has not come yet: nobody can do it."""

    status = 409
    vi = "Việc này chưa đến lượt nên chưa thể làm; không cần nhắc."
    en = "This task cannot be done yet, so there is nothing to remind of."


FIND = f"select {COLUMNS}, unit_path from tasks where id = $1"
MARK = """
update tasks set reminded_at = $2
where id = $1 and state = 'OPEN' and (reminded_at is null or reminded_at <= $3) returning true
"""


async def remind(tx: Tx, cases: Cases, caller: Principal, task_id: UUID) -> Task:
    """For who administers or heads the unit or one above it, or runs the council whose sheet is owed, and is
    no author or payee of the matter."""
    row = await tx.conn.fetchrow(FIND, task_id)
    post = await rights.post_over(tx, caller, REMINDERS, row["unit_path"]) if row else None
    if row and post is None and row["kind"] == PostTask.MARK:
        post = await rights.post_in(tx, caller, OF_COUNCILS, row["unit_id"])
    if row is None or post is None:
        raise NotFound
    task = read(Task, row, is_overdue=row["due_at"] < tx.now)
    if isinstance(task.kind, PostTask):
        excluded = await cases.of_task(task.kind).excluded(tx, [task.about_id])
        if caller.person_id in excluded.get(task.about_id, ()):
            raise TaskNotForYou
    if task.state is not TaskState.OPEN:
        raise TaskWaits if task.state is TaskState.WAITING else TaskOver
    if not await tx.conn.fetchval(MARK, task_id, tx.now, tx.now - _AT_MOST_EACH):
        raise RemindedAlready
    fact = TaskReminded(
        task=task.kind,
        about_id=task.about_id,
        level=task.level,
        person_id=task.assignee_id,
        due_at=task.due_at,
    )
    event_id = await record(tx, fact, about=task.subject_id, actor=rights.in_post(caller, post))
    matter = Matter(
        subject_id=task.subject_id, subject_code=task.subject_code, level=task.level, due_at=task.due_at
    )
    await notify_of(tx, event_id, fact, matter)
    return task
