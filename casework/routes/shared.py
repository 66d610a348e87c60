"""Routes that every service with tasks and histories offers in the same shape."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response

from casework import hand_over, inbox
from casework.hand_over import Owner
from casework.history import journal
from casework.inbox import TaskFilter
from casework.tasks import TaskState
from kit.auth import Principal
from kit.db import Tx
from kit.http.commands import Caller, Commanded, Db
from kit.http.cursors import key_by_instant, key_by_number
from kit.http.models import Code, Cursor, Out, Page, PageSize, page_of
from language.posts.kinds import PostKind
from language.refusals import Forbidden

_ALL_POSTS: Final = frozenset(PostKind)
ALARMED: Final = frozenset({PostKind.ADMIN, PostKind.UNIT_HEAD, PostKind.DEPUTY_HEAD})


class Scope(StrEnum):
    """Whose tasks: the caller's, those of the caller's office (colleagues in like posts of the unit), those
    under the caller's units, or all under the caller's highest unit."""

    MINE = "mine"
    OFFICE = "office"
    UNIT = "unit"
    ALL = "all"


class TaskOut(Out):
    """A piece of work for one person. `subject_id` is the dossier, `about_id` the thing to work on, `post_id`
    the post it came through.

    `post_kind` marks work of an office: whoever holds such a post in the unit may take it (`POST
    /v1/tasks/{id}/taking`). `unreachable_since` is set while neither the holder of that post nor anybody
    acting for the holder is there: the alarm list."""

    id: UUID
    kind: str
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


class TaskCountOut(Out):
    """An exact count."""

    kind: str
    level: str | None
    state: TaskState
    count: int
    overdue: int


class EventOut(Out):
    """One thing that happened. `actor_id` is null when the clock acted; `rule` is the rule that made it."""

    seq: int
    event_id: UUID
    subject_id: UUID
    kind: str
    occurred_at: datetime
    recorded_at: datetime
    actor_id: UUID | None
    on_behalf_of: UUID | None
    post_id: UUID | None
    rule_version: str | None
    rule: str | None
    detail: dict[str, Any]


def tasks_router(watchers: frozenset[PostKind]) -> APIRouter:
    """The inbox. Scopes `unit` and `all` need a post of the watchers' kinds; both show what lies under the
    units of such posts.

    The alarm list (`unreachable=true`) is for those who can help: they name a deputy, a delegate or an acting
    holder."""
    router = APIRouter(prefix="/v1/tasks", tags=["tasks"])

    def wanted(tx: Tx, caller: Principal, scope: Scope, matching: TaskFilter) -> TaskFilter:
        if scope is Scope.MINE:
            return replace(matching, assignee_id=caller.person_id)
        if scope is Scope.OFFICE:
            return replace(
                matching, offices=[(post.kind, post.unit_id) for post in caller.posts_of(_ALL_POSTS, tx.now)]
            )
        units = caller.units_of(ALARMED if matching.unreachable else watchers, tx.now)
        if not units:
            raise Forbidden
        return replace(matching, unit_ids=units)

    async def matching(
        state: Annotated[list[TaskState] | None, Query()] = None,
        kind: Code | None = None,
        level: Code | None = None,
        overdue: bool | None = None,
        unreachable: Annotated[
            bool | None, Query(description="True: the alarm list, for administrators and heads of the unit")
        ] = None,
    ) -> TaskFilter:
        states = tuple(state or ((TaskState.OPEN, TaskState.WAITING) if unreachable else (TaskState.OPEN,)))
        return TaskFilter(states=states, kind=kind, level=level, overdue=overdue, unreachable=unreachable)

    Matching = Annotated[TaskFilter, Depends(matching)]

    @router.get("")
    async def list_tasks(
        caller: Caller,
        database: Db,
        match: Matching,
        scope: Scope = Scope.MINE,
        limit: PageSize = 50,
        after: Cursor = None,
    ) -> Page[TaskOut]:
        """Tasks by due date."""
        async with database.reading() as tx:
            found = await inbox.list_tasks(
                tx, wanted(tx, caller, scope, match), key_by_instant(after), limit + 1
            )
        return page_of([TaskOut.of(task) for task in found], limit, lambda task: (task.due_at, task.id))

    @router.get("/counts")
    async def count_tasks(
        caller: Caller, database: Db, match: Matching, scope: Scope = Scope.MINE
    ) -> list[TaskCountOut]:
        """How many of each kind, level and state."""
        async with database.reading() as tx:
            return [
                TaskCountOut.of(count)
                for count in await inbox.count_tasks(tx, wanted(tx, caller, scope, match))
            ]

    return router


def taking_router(owner: Owner) -> APIRouter:
    """Taking work of an office from a colleague, in services that have such work."""
    router = APIRouter(prefix="/v1/tasks", tags=["tasks"])

    @router.post("/{task_id}/taking", response_model=TaskOut)
    async def take_task(task_id: UUID, command: Commanded) -> Response:
        """Take over a task of the office (`scope=office`): it is the caller's from now on, and the colleague
        who had it is told."""
        return await command.run(
            lambda tx: hand_over.take_task(tx, owner, command.caller, task_id), TaskOut.of
        )

    return router


def history_router(may_read: Callable[[Tx, Principal, UUID], Awaitable[None]]) -> APIRouter:
    """The history of a dossier in this service. `may_read` refuses callers who may not know of it."""
    router = APIRouter(prefix="/v1/dossiers", tags=["history"])

    @router.get("/{dossier_id}/history")
    async def read_history(
        dossier_id: UUID, caller: Caller, database: Db, limit: PageSize = 200, after: Cursor = None
    ) -> Page[EventOut]:
        """Everything that happened here to the dossier, in order."""
        async with database.reading() as tx:
            await may_read(tx, caller, dossier_id)
            found = await journal.list_events(tx, dossier_id, after=key_by_number(after), limit=limit + 1)
        return page_of([EventOut.of(event) for event in found], limit, lambda event: (event.seq,))

    return router
