"""Open work goes to whoever acts in the post it was given through, or to the colleague who takes it: the same
steps for every kind of case."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from casework import tasks
from casework.case import AnyCase, Cases
from casework.history.record import record
from casework.notices import Matter, notify, notify_of
from casework.tasks import NotYourTask, Task, TaskState
from kit.auth import Principal
from kit.db import Tx
from language.events.actor import Actor
from language.events.casework import TaskHandedOver, TaskTaken, TaskUnreachable
from language.ids import PersonId, PostId
from language.messages.hand_over import (
    GivenTask,
    GivenTasks,
    HandOverTasks,
    ListGivenTasks,
    TaskResolved,
    TasksHandedOver,
)
from language.posts.kinds import PostTask
from language.refusals import NotFound, Refusal


class TaskOver(Refusal):
    """The work was done, or has gone elsewhere, while it was being taken."""

    status = 409
    vi = "Việc này vừa có người làm xong hoặc đã chuyển đi nơi khác. Hãy tải lại danh sách việc."
    en = "Somebody has just done this task, or it has gone elsewhere. Load the list of tasks again."


class TaskNotForYou(Refusal):
    """The caller is an author or payee of the dossier, or has signed or will sign the same award."""

    status = 403
    vi = (
        "Bạn không nhận được việc này: bạn là tác giả của hồ sơ, hoặc đã giữ một chữ ký khác của khoản "
        "này. Hãy để đồng nghiệp khác nhận."
    )
    en = (
        "You cannot take this task: you are an author of the dossier, or have another signature of this "
        "award. Leave it to another colleague."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """`excluded` may not act in the matter at all (its authors), `barred` not have this task as well."""

    excluded: Collection[UUID]
    barred: Collection[UUID] = ()


def _post_of(task: Task) -> tuple[PostTask, UUID]:
    """What it is, and the post it was given through; only such tasks are looked at here."""
    if task.post_id is None:
        raise AssertionError("a given task has its post")
    return PostTask(task.kind), task.post_id


async def _left_out(tx: Tx, cases: Cases, found: Sequence[Task]) -> Mapping[UUID, LeftOut]:
    """Who is left out of each of these tasks: one look for each kind of case."""
    by_kind: dict[AnyCase, list[Task]] = {}
    for task in found:
        by_kind.setdefault(cases.of_task(PostTask(task.kind)), []).append(task)
    left_out: dict[UUID, LeftOut] = {}
    for kind, given in by_kind.items():
        excluded, barred = (
            await kind.excluded(tx, [task.about_id for task in given]),
            await kind.barred(tx, given),
        )
        for task in given:
            left_out[task.id] = LeftOut(
                excluded=excluded.get(task.about_id, ()), barred=barred.get(task.id, ())
            )
    return left_out


async def list_given_tasks(tx: Tx, cases: Cases, command: ListGivenTasks) -> GivenTasks:
    """A page of the open work, with everything the organisation needs to say who acts."""
    found = await tasks.given_tasks(tx, cases.given_tasks, command.after, command.limit)
    left_out = await _left_out(tx, cases, found)
    given = [_given(task, left_out[task.id]) for task in found]
    return GivenTasks(tasks=tuple(given), next=found[-1].id if len(found) == command.limit else None)


def _given(task: Task, left_out: LeftOut) -> GivenTask:
    kind, post_id = _post_of(task)
    return GivenTask(
        task_id=task.id,
        kind=kind,
        level=task.level,
        post_id=PostId(post_id),
        holder_id=PersonId(task.holder_id),
        assignee_id=PersonId(task.assignee_id),
        excluded=tuple(PersonId(person) for person in left_out.excluded),
        barred=tuple(PersonId(person) for person in left_out.barred),
        is_unreachable=task.unreachable_since is not None,
        is_office=task.post_kind is not None,
    )


async def hand_over_tasks(tx: Tx, cases: Cases, command: HandOverTasks) -> TasksHandedOver:
    """Each under the lock of what it is about; what was done meanwhile stays done. Ends with the same rows
    however often it runs."""
    handed_over = unreachable = 0
    for resolved in command.tasks:
        task = await _lock(tx, cases, resolved.task_id)
        if task is None or _is_stale(task, resolved):
            continue
        person = resolved.person_id
        if person is None:
            unreachable += await _mark_unreachable(tx, task)
        elif person in await _not_for(tx, cases, task):
            continue
        elif (person, resolved.on_behalf_of) != (task.assignee_id, task.on_behalf_of):
            await _hand_over(tx, cases, task, resolved, person)
            handed_over += 1
        elif task.unreachable_since:
            await tasks.give_task(tx, task.id, task.assignee_id, task.on_behalf_of)
    return TasksHandedOver(handed_over=handed_over, unreachable=unreachable)


def _is_stale(task: Task, resolved: TaskResolved) -> bool:
    """The task was taken by a colleague, or given to somebody else, after the organisation was asked. Older
    answers do not say what was asked."""
    return resolved.post_id is not None and (resolved.post_id, resolved.assignee_id) != (
        task.post_id,
        task.assignee_id,
    )


async def _lock(tx: Tx, cases: Cases, task_id: UUID) -> Task | None:
    """The task, read again under the lock: it may have been done, or have gone to another post's holder."""
    seen = await tasks.find_given(tx, task_id)
    if seen is None:
        return None
    await cases.of_task(PostTask(seen.kind)).lock(tx, seen.about_id)
    return await tasks.find_given(tx, task_id)


async def _not_for(tx: Tx, cases: Cases, task: Task) -> set[UUID]:
    left_out = (await _left_out(tx, cases, [task]))[task.id]
    return {*left_out.excluded, *left_out.barred}


async def take_task(tx: Tx, cases: Cases, caller: Principal, task_id: UUID) -> Task:
    """Work of an office passes to a colleague who wants it: the caller holds a post of the same kind in the
    same unit. A repeat changes nothing."""
    seen = await tasks.find_given(tx, task_id)
    if seen is None:
        raise NotFound
    post = caller.post_in({seen.post_kind}, seen.unit_id, tx.now) if seen.post_kind else None
    if post is None:
        raise NotYourTask if seen.assignee_id == caller.person_id else NotFound
    task = await _lock(tx, cases, task_id)
    if task is None or task.post_kind != seen.post_kind:
        raise TaskOver
    if task.assignee_id == caller.person_id:
        return task
    if caller.person_id in await _not_for(tx, cases, task):
        raise TaskNotForYou
    taken = await tasks.take_task(tx, task.id, caller.person_id, post.post_id)
    kind, post_id = _post_of(task)
    fact = TaskTaken(
        task=kind,
        about_id=task.about_id,
        level=task.level,
        post_id=post_id,
        due_at=task.due_at,
        from_id=task.assignee_id,
        to_id=caller.person_id,
        on_behalf_of=task.on_behalf_of,
    )
    actor = Actor(person_id=caller.person_id, post_id=post.post_id)
    event_id = await record(tx, fact, about=task.subject_id, actor=actor)
    matter = Matter(subject_id=task.subject_id, subject_code=task.subject_code, level=task.level, due_at=None)
    await notify_of(tx, event_id, fact, matter)
    return taken


async def _hand_over(tx: Tx, cases: Cases, task: Task, resolved: TaskResolved, person: PersonId) -> None:
    kind, post_id = _post_of(task)
    await cases.of_task(kind).move_along(tx, task, person, resolved.on_behalf_of)
    await tasks.give_task(tx, task.id, person, resolved.on_behalf_of)
    fact = TaskHandedOver(
        task=kind,
        about_id=task.about_id,
        level=task.level,
        post_id=post_id,
        due_at=task.due_at,
        from_id=task.assignee_id,
        to_id=person,
        on_behalf_of=resolved.on_behalf_of,
        chain=resolved.chain,
        acts_as=resolved.acts_as,
    )
    event_id = await record(tx, fact, about=task.subject_id)
    if task.state is TaskState.OPEN:
        await notify(tx, [tasks.opened_notice(event_id, replace(task, assignee_id=person))])


async def _mark_unreachable(tx: Tx, task: Task) -> bool:
    marked = await tasks.mark_unreachable(tx, task.id)
    if marked:
        kind, post_id = _post_of(task)
        fact = TaskUnreachable(
            task=kind,
            about_id=task.about_id,
            level=task.level,
            post_id=post_id,
            due_at=task.due_at,
            person_id=task.assignee_id,
            on_behalf_of=task.on_behalf_of,
        )
        await record(tx, fact, about=task.subject_id)
    return marked
