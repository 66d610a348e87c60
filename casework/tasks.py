"""The inbox in the same shape everywhere: tasks opened and closed in the transaction of the fact, listed
exactly."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from casework.about import SEASON_OF
from casework.notices import Matter, NewNotice, notify
from kit.auth import Principal
from kit.db import Row, Tx
from kit.ids import new_id
from kit.inserts import Insert
from kit.rows import read
from language.messages.notices import NoticeKind
from language.posts.holders import PostHolder, PostsResolved
from language.posts.kinds import PostKind, TaskKind
from language.refusals import Refusal


class TaskState(StrEnum):
    """WAITING tasks are seen but cannot be done yet; OPEN ones can; the rest are over."""

    WAITING = "WAITING"
    OPEN = "OPEN"
    DONE = "DONE"
    CANCELLED = "CANCELLED"


class NotYourTask(Refusal):
    """The work is another person's."""

    status = 403
    vi = "Việc này đang giao cho người khác. Hãy mở hộp việc của bạn để xem việc được giao."
    en = "This task belongs to somebody else. Open your inbox to see yours."


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTask:
    """A piece of work for one person. `about_id` is the thing worked on (stage, check, award), `subject_id`
    the dossier, `post_id` the post through which it was given; None for work that is the person's own.
    `post_kind` for work of an office: whoever holds such a post in the unit may take it.

    The person is told of it, unless `is_told` is off because another notice of the same fact says it.
    """

    kind: TaskKind
    subject_id: UUID
    subject_code: str
    about_id: UUID
    level: str | None
    unit_id: UUID
    unit_path: Sequence[UUID]
    assignee_id: UUID
    on_behalf_of: UUID | None
    due_at: datetime
    state: TaskState = TaskState.OPEN
    post_id: UUID | None = None
    post_kind: PostKind | None = None
    is_told: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A task as read back. `is_overdue` is told by the reader's clock; `unreachable_since`: nobody is there
    to do it."""

    id: UUID
    kind: TaskKind
    subject_id: UUID
    subject_code: str
    about_id: UUID
    level: str | None
    unit_id: UUID
    assignee_id: UUID
    on_behalf_of: UUID | None
    state: TaskState
    opened_at: datetime
    due_at: datetime
    closed_at: datetime | None
    post_id: UUID | None
    post_kind: PostKind | None
    unreachable_since: datetime | None
    is_overdue: bool

    @property
    def holder_id(self) -> UUID:
        """For whom the work is done."""
        return self.on_behalf_of or self.assignee_id


COLUMNS = """id, kind, subject_id, subject_code, about_id, level, unit_id, assignee_id, on_behalf_of,
  state, opened_at, due_at, closed_at,
  post_id, post_kind, unreachable_since"""
INSERT = Insert(
    "tasks",
    "id, kind, subject_id, subject_code, about_id, level, unit_id, unit_path, assignee_id, on_behalf_of, "
    "state, opened_at, due_at, post_id, post_kind",
    found={"season_id": SEASON_OF.format("{subject_id}")},
)


async def open_tasks(tx: Tx, new: Sequence[NewTask]) -> None:
    """Put tasks into people's inboxes."""
    numbered = [(new_id(), task) for task in new]
    rows = [INSERT.row(task, id=task_id, opened_at=tx.now) for task_id, task in numbered]
    await tx.conn.executemany(INSERT.statement, rows)
    await notify(
        tx,
        [
            opened_notice(task_id, task)
            for task_id, task in numbered
            if task.is_told and task.state is TaskState.OPEN
        ],
    )


def office_of(holder: PostHolder, posts: PostsResolved) -> PostKind | None:
    """The kind of post whose holders in the unit may take this work from each other; None for what fell to a
    head above."""
    return holder.kind if holder in posts.holders else None


def opened_notice(event_id: UUID, task: NewTask | Task) -> NewNotice:
    """What the person is told who has got the task."""
    matter = Matter(
        subject_id=task.subject_id, subject_code=task.subject_code, level=task.level, due_at=task.due_at
    )
    return NewNotice(
        event_id=event_id,
        person_id=task.assignee_id,
        kind=NoticeKind.TASK_OPENED,
        matter=matter,
        detail=task.kind,
    )


async def open_task(tx: Tx, task: NewTask) -> None:
    """Put one task into its person's inbox."""
    await open_tasks(tx, [task])


FIND_ABOUT = (
    f"select {COLUMNS} from tasks where about_id = $1 and kind = $2 and state in ('WAITING', 'OPEN') "
    "order by id"
)


async def pending_tasks(tx: Tx, about_id: UUID, kind: TaskKind) -> list[Task]:
    """The tasks of a kind about a thing that are not over."""
    return [_pending(tx, row) for row in await tx.conn.fetch(FIND_ABOUT, about_id, kind)]


def _pending(tx: Tx, row: Row) -> Task:
    return read(Task, row, is_overdue=row["due_at"] < tx.now)


GIVEN_ABOUT = f"""
select {COLUMNS} from tasks
where about_id = any($1) and state in ('WAITING', 'OPEN') and post_id is not null order by about_id, id
"""


async def given_about(tx: Tx, about_ids: Collection[UUID]) -> list[Task]:
    """The pending tasks about these things that were given through a post."""
    return [_pending(tx, row) for row in await tx.conn.fetch(GIVEN_ABOUT, list(about_ids))]


GIVEN_THROUGH = """
select about_id, count(*)::int as pending from tasks
where post_id = any($1) and state in ('WAITING', 'OPEN') and post_id is not null
group by about_id order by about_id
"""


async def given_through(tx: Tx, post_ids: Collection[UUID]) -> list[tuple[UUID, int]]:
    """What the pending tasks that were given through these posts are about, and how many there are about
    each."""
    rows = await tx.conn.fetch(GIVEN_THROUGH, list(post_ids))
    return [(row["about_id"], row["pending"]) for row in rows]


FIND_GIVEN = (
    f"select {COLUMNS} from tasks where id = $1 and state in ('WAITING', 'OPEN') and post_id is not null"
)


async def find_given(tx: Tx, task_id: UUID) -> Task | None:
    """The task if it was given through a post and is not over."""
    row = await tx.conn.fetchrow(FIND_GIVEN, task_id)
    return _pending(tx, row) if row else None


GIVE = "update tasks set assignee_id = $2, on_behalf_of = $3, unreachable_since = null where id = $1"


async def give_task(tx: Tx, task_id: UUID, assignee_id: UUID, on_behalf_of: UUID | None) -> None:
    """The task is this person's from now on; with somebody there it leaves the alarm list."""
    await tx.conn.execute(GIVE, task_id, assignee_id, on_behalf_of)


TAKE = f"""
update tasks set assignee_id = $2, on_behalf_of = null, post_id = $3, unreachable_since = null
  where id = $1 returning {COLUMNS}
"""


async def take_task(tx: Tx, task_id: UUID, assignee_id: UUID, post_id: UUID) -> Task:
    """The task is this person's in their own post from now on."""
    [row] = await tx.conn.fetch(TAKE, task_id, assignee_id, post_id)
    return _pending(tx, row)


MARK_UNREACHABLE = (
    "update tasks set unreachable_since = $2 where id = $1 and unreachable_since is null returning true"
)


async def mark_unreachable(tx: Tx, task_id: UUID) -> bool:
    """Put the task on the alarm list; False when it is there already."""
    return bool(await tx.conn.fetchval(MARK_UNREACHABLE, task_id, tx.now))


PENDING_OF = """
select assignee_id, count(*)::int as pending from tasks where assignee_id = any($1) and state in ('WAITING',
  'OPEN') group by assignee_id
"""


async def count_pending(tx: Tx, person_ids: Sequence[UUID]) -> dict[UUID, int]:
    """How much each of these people has to do in this service."""
    return {row["assignee_id"]: row["pending"] for row in await tx.conn.fetch(PENDING_OF, list(person_ids))}


WAITED_FOR = """
select about_id, kind, assignee_id, opened_at from tasks where about_id = any($1) and state in ('WAITING',
  'OPEN') order by id
"""


async def waited_for(tx: Tx, about_ids: Sequence[UUID]) -> dict[tuple[UUID, TaskKind], dict[UUID, datetime]]:
    """Who is waited for, and since when: by thing and kind of task."""
    found: dict[tuple[UUID, TaskKind], dict[UUID, datetime]] = {}
    for row in await tx.conn.fetch(WAITED_FOR, list(about_ids)):
        found.setdefault((row["about_id"], row["kind"]), {})[row["assignee_id"]] = row["opened_at"]
    return found


ASKED = """
select about_id, kind, array_agg(distinct post_id) as post_ids from tasks
where about_id = any($1) and post_id is not null group by about_id, kind
"""


async def posts_asked(tx: Tx, about_ids: Sequence[UUID]) -> dict[tuple[UUID, TaskKind], list[UUID]]:
    """The posts that each kind of work about these things has ever been given through."""
    rows = await tx.conn.fetch(ASKED, list(about_ids))
    return {(row["about_id"], row["kind"]): row["post_ids"] for row in rows}


LAST_GIVEN = f"""
select {COLUMNS} from tasks
where about_id = $1 and kind = any($2) and assignee_id = $3 and state <> 'CANCELLED' and post_id is not null
order by id desc limit 1
"""


async def last_given(tx: Tx, about_id: UUID, kinds: Collection[TaskKind], assignee_id: UUID) -> Task | None:
    """The person's last task of these kinds about the thing that was given through a post, also one that is
    done."""
    row = await tx.conn.fetchrow(LAST_GIVEN, about_id, list(kinds), assignee_id)
    return _pending(tx, row) if row else None


ACTIVATE = (
    "update tasks set state = 'OPEN' where about_id = $1 and kind = $2 and state = 'WAITING' returning "
    f"{COLUMNS}"
)


async def activate_tasks(tx: Tx, about_id: UUID, kind: TaskKind) -> None:
    """Waiting tasks become open: what they waited for has come."""
    opened = [_pending(tx, row) for row in await tx.conn.fetch(ACTIVATE, about_id, kind)]
    await notify(tx, [opened_notice(new_id(), task) for task in opened])


SUSPEND = "update tasks set state = 'WAITING' where about_id = $1 and kind = $2 and state = 'OPEN'"


async def suspend_tasks(tx: Tx, about_id: UUID, kind: TaskKind) -> None:
    """Open tasks wait: their clock stands still."""
    await tx.conn.execute(SUSPEND, about_id, kind)


CLOSE_OF = """
update tasks set state = $4, closed_at = $5
where about_id = $1 and kind = $2 and ($3::uuid is null or assignee_id = $3) and state in ('WAITING', 'OPEN')
"""


async def finish_tasks(tx: Tx, about_id: UUID, kind: TaskKind, assignee_id: UUID | None = None) -> None:
    """The work is done (by this person, or whoever had it)."""
    await tx.conn.execute(CLOSE_OF, about_id, kind, assignee_id, TaskState.DONE, tx.now)


async def cancel_tasks(tx: Tx, about_id: UUID, kind: TaskKind, assignee_id: UUID | None = None) -> None:
    """The work is taken from this person, or from all."""
    await tx.conn.execute(CLOSE_OF, about_id, kind, assignee_id, TaskState.CANCELLED, tx.now)


CLOSE_ALL = (
    "update tasks set state = 'CANCELLED', closed_at = $2 where about_id = $1 and state in ('WAITING', "
    "'OPEN')"
)


async def cancel_all_tasks(tx: Tx, about_id: UUID) -> None:
    """Nothing is left to do about this."""
    await tx.conn.execute(CLOSE_ALL, about_id, tx.now)


MOVE_DUE = (
    "update tasks set due_at = $3 where about_id = $1 and kind = any($2) and state in ('WAITING', 'OPEN')"
)


async def move_due(tx: Tx, about_id: UUID, kinds: Collection[TaskKind], due_at: datetime) -> None:
    """The clock of these tasks moved."""
    await tx.conn.execute(MOVE_DUE, about_id, list(kinds), due_at)


ASSIGNED = (
    "select about_id, id, assignee_id from tasks where about_id = any($1) and state in ('WAITING', 'OPEN')"
)


async def assigned_about(tx: Tx, about_ids: Sequence[UUID]) -> list[tuple[UUID, UUID, UUID]]:
    """The pending tasks about these things: what it is about, its id, who has it."""
    return [
        (row["about_id"], row["id"], row["assignee_id"])
        for row in await tx.conn.fetch(ASSIGNED, list(about_ids))
    ]


HAS_PENDING = (
    "select exists (select 1 from tasks where about_id = $1 and assignee_id = $2 and state in "
    "('WAITING', 'OPEN'))"
)


async def has_pending(tx: Tx, about_id: UUID, assignee_id: UUID) -> bool:
    """The person has something to do about this thing."""
    return bool(await tx.conn.fetchval(HAS_PENDING, about_id, assignee_id))


HAS_PENDING_OF = (
    "select exists (select 1 from tasks where subject_id = $1 and assignee_id = $2 and state in "
    "('WAITING', 'OPEN'))"
)


async def has_pending_of(tx: Tx, subject_id: UUID, assignee_id: UUID) -> bool:
    """The person has something to do in this service about the dossier."""
    return bool(await tx.conn.fetchval(HAS_PENDING_OF, subject_id, assignee_id))


async def require_assignee(tx: Tx, principal: Principal, about_id: UUID, kind: TaskKind) -> Task:
    """The caller's pending task of this kind about this thing; `NotYourTask` when there is none."""
    for task in await pending_tasks(tx, about_id, kind):
        if task.assignee_id == principal.person_id:
            return task
    raise NotYourTask(kind=kind)
