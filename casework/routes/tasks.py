"""The inbox, in every service with tasks in the same shape."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Final
from uuid import UUID

from fastapi import Depends, Query
from fastapi.responses import Response

from casework import hand_over, inbox, rights
from casework.about import About, find
from casework.case import Cases
from casework.inbox import TaskFilter
from casework.naming import Days, NamedOut, named, people_names
from casework.routes.about import AskedAbout
from casework.routes.shared import ALARMED
from casework.tasks import Task, TaskState
from casework.waiting import who_waits
from kit.auth import Principal
from kit.counting import count_if_first
from kit.db import Tx
from kit.http.commands import Caller, Commanded, Db
from kit.http.models import Code, Day, Line, Out, Page, PageSize, UnitFilter, page_of, whole
from kit.http.routers import Router
from kit.http.sorts import AskedPage, sorted_by
from language.posts.kinds import PostKind, TaskKind
from language.refusals import Forbidden, NotFound

_ALL_POSTS: Final = frozenset(PostKind)


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


class TaskLineOut(TaskOut, NamedOut):
    """A task in a list, with what it is about and whose work it is."""

    assignee_name: str | None = None


class WaitingOut(Out):
    """Open work of one kind that one person has in a unit, how much of it is overdue, and since when the
    oldest is open. `waiting_units`: from how many units dossiers wait for it; some of these by name."""

    assignee_id: UUID
    assignee_name: str | None
    unit_id: UUID
    unit_name: str | None
    kind: TaskKind
    count: int
    overdue: int
    since: datetime
    waiting_units: int
    waiting_unit_names: list[str]


class TaskCountOut(Out):
    """How many there are, and how many of them are overdue: exact, or, with `more`, at least so many."""

    kind: TaskKind
    level: str | None
    state: TaskState
    count: int
    more: bool
    overdue: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """Whose tasks, in which unit and those under it, and which."""

    scope: Scope
    unit_id: UUID | None
    match: TaskFilter
    about: About


async def _matching(
    state: Annotated[list[TaskState] | None, Query()] = None,
    kind: TaskKind | None = None,
    level: Code | None = None,
    overdue: bool | None = None,
    unreachable: Annotated[
        bool | None, Query(description="True: the alarm list, for administrators and heads of the unit")
    ] = None,
    code: Annotated[Line | None, Query(description="The code of the dossier or list")] = None,
    due_from: Day | None = None,
    due_until: Day | None = None,
    opened_from: Day | None = None,
    opened_until: Day | None = None,
    actor_id: Annotated[UUID | None, Query(description="Whose work it is")] = None,
    season_id: Annotated[UUID | None, Query(description="In which the dossier was filed")] = None,
) -> TaskFilter:
    states = tuple(state or ((TaskState.OPEN, TaskState.WAITING) if unreachable else (TaskState.OPEN,)))
    return TaskFilter(
        states=states,
        kind=kind,
        level=level,
        overdue=overdue,
        unreachable=unreachable,
        code=code,
        due=Days(first=due_from, last=due_until),
        opened=Days(first=opened_from, last=opened_until),
        actor_id=actor_id,
        season_id=season_id,
    )


async def _asked(
    match: Annotated[TaskFilter, Depends(_matching)],
    about: AskedAbout,
    scope: Scope = Scope.MINE,
    unit_id: UnitFilter = None,
) -> _Asked:
    if unit_id:
        match = replace(match, unit_ids=[unit_id])
    return _Asked(scope=scope, unit_id=unit_id, match=match, about=about)


async def _wanted(tx: Tx, caller: Principal, watchers: frozenset[PostKind], asked: _Asked) -> TaskFilter:
    """What was asked for, as far as the caller may see it."""
    seen = await _seen(tx, caller, watchers, asked)
    return replace(seen, about=await find(tx, asked.about))


async def _seen(tx: Tx, caller: Principal, watchers: frozenset[PostKind], asked: _Asked) -> TaskFilter:
    if asked.scope is Scope.MINE:
        return replace(asked.match, assignee_id=caller.person_id)
    if asked.scope is Scope.OFFICE:
        posts = await rights.posts_of(tx, caller, _ALL_POSTS)
        return replace(asked.match, offices=[(post.kind, post.unit_id) for post in posts])
    kinds = ALARMED if asked.match.unreachable else watchers
    if asked.unit_id:
        await rights.require_in(tx, caller, kinds, asked.unit_id)
        return asked.match
    units = await rights.units_of(tx, caller, kinds)
    if not units:
        raise Forbidden
    # Everything lies under the root: nothing has to be looked for under it.
    is_all = await rights.root_of(tx, caller, kinds) is not None
    return replace(asked.match, unit_ids=None if is_all else units)


Asked = Annotated[_Asked, Depends(_asked)]


def tasks_router(watchers: frozenset[PostKind]) -> Router:
    """The inbox. Scopes `unit` and `all` need a post of the watchers' kinds; both show what lies under the
    units of such posts.

    The alarm list (`unreachable=true`) is for those who can help: they name a deputy, a delegate or an acting
    holder."""
    router = Router(prefix="/v1/tasks", tags=["tasks"])

    @router.get("")
    async def list_tasks(
        caller: Caller,
        database: Db,
        asked: Asked,
        page: Annotated[AskedPage, Depends(sorted_by(inbox.SORTS))],
        limit: PageSize = 50,
    ) -> Page[TaskLineOut]:
        """Tasks, those that are due first before the others."""
        async with database.reading() as tx:
            filtered = await _wanted(tx, caller, watchers, asked)
            found = await inbox.list_tasks(tx, filtered, page.place, limit + 1)
            counted = await count_if_first(page.after, found, limit, lambda: inbox.count_all(tx, filtered))
            lines = await _lines(tx, found)
        return page_of(lines, limit, page.key, page.after, counted)

    @router.get("/counts")
    async def count_tasks(
        caller: Caller,
        database: Db,
        asked: Asked,
    ) -> Page[TaskCountOut]:
        """How many of each kind, level and state."""
        async with database.reading() as tx:
            found = await inbox.count_tasks(tx, await _wanted(tx, caller, watchers, asked))
        return whole([TaskCountOut.of(count) for count in found])

    @router.get("/waiting")
    async def list_waiting(caller: Caller, database: Db, unit_id: UnitFilter = None) -> Page[WaitingOut]:
        """Who waits for whom: open work under the caller's units by the person who has it. Those first for
        whom most is overdue, at most 200 lines."""
        async with database.reading() as tx:
            everywhere = _Asked(scope=Scope.ALL, unit_id=unit_id, match=TaskFilter(), about=About())
            seen = await _seen(tx, caller, watchers, everywhere)
            units = [unit_id] if unit_id else seen.unit_ids
            found = await who_waits(tx, units)
        return whole([WaitingOut.of(one) for one in found])

    @router.get("/{task_id}")
    async def read_task(task_id: UUID, caller: Caller, database: Db) -> TaskLineOut:
        """One task, also one that is over: for who has it, the office, and the watchers over its unit."""
        async with database.reading() as tx:
            task = await _readable(tx, caller, watchers, task_id)
            [line] = await _lines(tx, [task])
        return line

    return router


async def _lines(tx: Tx, tasks: Sequence[Task]) -> list[TaskLineOut]:
    """With what each is about, and whose it is, by name."""
    people = await people_names(tx, (task.assignee_id for task in tasks))
    lines = [
        TaskLineOut.of(task).model_copy(update={"assignee_name": people.get(task.assignee_id)})
        for task in tasks
    ]
    return await named(tx, lines, "subject_id")


async def _readable(tx: Tx, caller: Principal, watchers: frozenset[PostKind], task_id: UUID) -> Task:
    task, unit_path = await inbox.get_task(tx, task_id)
    if caller.person_id in {task.assignee_id, task.on_behalf_of}:
        return task
    posts = await rights.posts_of(tx, caller, _ALL_POSTS)
    is_of_office = (task.post_kind, task.unit_id) in {(post.kind, post.unit_id) for post in posts}
    if not is_of_office and await rights.post_over(tx, caller, watchers, unit_path) is None:
        raise NotFound
    return task


def taking_router(cases: Cases) -> Router:
    """Taking work of an office from a colleague, in services that have such work."""
    router = Router(prefix="/v1/tasks", tags=["tasks"])

    @router.post("/{task_id}/taking", response_model=TaskOut)
    async def take_task(task_id: UUID, command: Commanded) -> Response:
        """Take over a task of the office (`scope=office`): it is the caller's from now on, and the colleague
        who had it is told."""
        return await command.run(
            lambda tx: hand_over.take_task(tx, cases, command.caller, task_id), TaskOut.of
        )

    return router
