"""Routes that every service with tasks and histories offers in the same shape."""

from dataclasses import asdict, replace
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Final, Self
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response
from pydantic import JsonValue

from casework import alarms, hand_over, inbox, rights
from casework.alarms import Alarm
from casework.case import Cases
from casework.history.past import list_events
from casework.inbox import TaskFilter
from casework.reading import MayRead
from casework.tasks import TaskState
from kit.auth import Principal
from kit.db import Tx
from kit.http.commands import Caller, Commanded, Db
from kit.http.cursors import key_by_instant, key_by_number
from kit.http.models import Code, Cursor, Out, Page, PageSize, page_of
from language.cases import AlarmKind
from language.posts.kinds import PostKind, TaskKind
from language.refusals import Forbidden
from language.words.said import say, say_remedy

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


class TaskCountOut(Out):
    """How many there are, and how many of them are overdue: exact, or, with `more`, at least so many."""

    kind: TaskKind
    level: str | None
    state: TaskState
    count: int
    more: bool
    overdue: int


class EventOut(Out):
    """One thing that happened: docs/events.md says what `detail` holds for each kind and version. `actor_id`
    is null when the clock acted; `rule` is the rule that made it. `through` is what gave the right to act in
    the post: the ids of the holding, the delegation, the leave of who is stood in for."""

    seq: int
    event_id: UUID
    subject_id: UUID
    kind: str
    version: int
    occurred_at: datetime
    recorded_at: datetime
    actor_id: UUID | None
    on_behalf_of: UUID | None
    post_id: UUID | None
    through: dict[str, JsonValue] | None
    rule_version: str | None
    rule: str | None
    detail: dict[str, JsonValue]


def tasks_router(watchers: frozenset[PostKind]) -> APIRouter:
    """The inbox. Scopes `unit` and `all` need a post of the watchers' kinds; both show what lies under the
    units of such posts.

    The alarm list (`unreachable=true`) is for those who can help: they name a deputy, a delegate or an acting
    holder."""
    router = APIRouter(prefix="/v1/tasks", tags=["tasks"])

    async def wanted(tx: Tx, caller: Principal, scope: Scope, matching: TaskFilter) -> TaskFilter:
        if scope is Scope.MINE:
            return replace(matching, assignee_id=caller.person_id)
        if scope is Scope.OFFICE:
            posts = await rights.posts_of(tx, caller, _ALL_POSTS)
            return replace(matching, offices=[(post.kind, post.unit_id) for post in posts])
        kinds = ALARMED if matching.unreachable else watchers
        units = await rights.units_of(tx, caller, kinds)
        if not units:
            raise Forbidden
        # Everything lies under the root: nothing has to be looked for under it.
        is_all = await rights.root_of(tx, caller, kinds) is not None
        return replace(matching, unit_ids=None if is_all else units)

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
                tx, await wanted(tx, caller, scope, match), key_by_instant(after), limit + 1
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
                for count in await inbox.count_tasks(tx, await wanted(tx, caller, scope, match))
            ]

    return router


def taking_router(cases: Cases) -> APIRouter:
    """Taking work of an office from a colleague, in services that have such work."""
    router = APIRouter(prefix="/v1/tasks", tags=["tasks"])

    @router.post("/{task_id}/taking", response_model=TaskOut)
    async def take_task(task_id: UUID, command: Commanded) -> Response:
        """Take over a task of the office (`scope=office`): it is the caller's from now on, and the colleague
        who had it is told."""
        return await command.run(
            lambda tx: hand_over.take_task(tx, cases, command.caller, task_id), TaskOut.of
        )

    return router


async def page_of_history(tx: Tx, subject_id: UUID, after: str | None, limit: int) -> Page[EventOut]:
    """A page of what happened here to a subject, in order."""
    found = await list_events(tx, subject_id, after=key_by_number(after), limit=limit + 1)
    return page_of([EventOut.of(event) for event in found], limit, lambda event: (event.seq,))


def history_router(may_read: MayRead) -> APIRouter:
    """The history of a dossier in this service. `may_read` refuses callers who may not know of it."""
    router = APIRouter(prefix="/v1/dossiers", tags=["history"])

    @router.get("/{dossier_id}/history")
    async def read_history(
        dossier_id: UUID, caller: Caller, database: Db, limit: PageSize = 200, after: Cursor = None
    ) -> Page[EventOut]:
        """Everything that happened here to the dossier, in order."""
        async with database.reading() as tx:
            await may_read(tx, caller, dossier_id)
            return await page_of_history(tx, dossier_id, after, limit)

    return router


class AlarmOut(Out):
    """Something that cannot go on by itself, in words and with what can be done. Of work that nobody is there
    for, `task` is what it is and `person_id` with whom it stays. Of the history, `about_id` is the event or
    stands for the checkpoint, and `subject_code` says the service and what was found. Of a run, `about_id` is
    the dossier, payment list or change of rules it is about, and `found` a code that says more."""

    id: UUID
    kind: AlarmKind
    about_id: UUID
    subject_id: UUID
    subject_code: str
    level: str | None
    unit_id: UUID
    since: datetime
    task: TaskKind | None
    person_id: UUID | None
    found: str | None
    vi: str
    en: str
    what_to_do_vi: str
    what_to_do_en: str

    @classmethod
    def of(cls, value: Alarm) -> Self:
        """The alarm in words."""
        said, remedy = say(value.kind), say_remedy(value.kind)
        return cls(**asdict(value), vi=said.vi, en=said.en, what_to_do_vi=remedy.vi, what_to_do_en=remedy.en)


def alarms_router() -> APIRouter:
    """What cannot go on by itself, for those who can help."""
    router = APIRouter(prefix="/v1/alarms", tags=["alarms"])

    @router.get("")
    async def list_alarms(
        caller: Caller, database: Db, limit: PageSize = 50, after: Cursor = None
    ) -> Page[AlarmOut]:
        """Every alarm under the caller's units that stands, oldest first; those of the history for who has
        such a post in the root unit."""
        async with database.reading() as tx:
            units = await rights.units_of(tx, caller, ALARMED)
            if not units:
                raise Forbidden
            root = await rights.root_of(tx, caller, ALARMED)
            found = await alarms.list_alarms(tx, units, root, key_by_instant(after), limit + 1)
        return page_of([AlarmOut.of(alarm) for alarm in found], limit, lambda alarm: (alarm.since, alarm.id))

    return router
