"""Open work goes to whoever acts in the post it was given through, or to the colleague who takes it: the same
steps in every service that has tasks.

A service gives an `Owner`: how it locks what a task is about, who is left out, and what else moves with a
task (a seat, the decision)."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from casework import tasks
from casework.history.journal import Event, record
from casework.notices import Matter, NewNotice, tell
from casework.roster import GivenWork, acting_for, hold_roster
from casework.tasks import NotYourTask, Task, TaskState
from kit.auth import Principal
from kit.db import Tx
from kit.ids import new_id
from language.events.actor import CLOCK_ACTED, Actor
from language.ids import PersonId, PostId
from language.messages.notices import NoticeKind
from language.posts.kinds import PostTask
from language.posts.substitution import Case, Substitution
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """What a service knows about its tasks. `left_out` answers for many at once, by task id. `move` takes
    along what hangs on the task: it gets the task as it was, the new person, and for whom."""

    lock: Callable[[Tx, UUID], Awaitable[object]]
    left_out: Callable[[Tx, Sequence[Task]], Awaitable[Mapping[UUID, LeftOut]]]
    move: Callable[[Tx, Task, PersonId, PersonId | None], Awaitable[None]]


async def works_of(tx: Tx, owner: Owner, given: Sequence[Task]) -> list[GivenWork]:
    """What the roster is asked about these tasks."""
    left_out = await owner.left_out(tx, given)
    return [_work(task, left_out[task.id]) for task in given if task.post_id]


def _work(task: Task, left_out: LeftOut) -> GivenWork:
    case = Case(
        task=PostTask(task.kind),
        level=task.level,
        excluded=[PersonId(person) for person in left_out.excluded],
        barred=[PersonId(person) for person in left_out.barred],
        is_office=task.post_kind is not None,
        assignee_id=PersonId(task.assignee_id),
        turn=task.id.int,
    )
    if task.post_id is None:
        raise AssertionError("a given task has its post")
    return GivenWork(id=task.id, post_id=PostId(task.post_id), holder_id=PersonId(task.holder_id), case=case)


async def look_at(tx: Tx, owner: Owner, about_ids: Sequence[UUID]) -> None:
    """Give the open work about these things to whoever acts now, and put on the alarm list what nobody is
    there for. Ends with the same rows however often it runs."""
    for about_id in sorted(about_ids):
        await owner.lock(tx, about_id)
    await hold_roster(tx)
    given = await tasks.given_about(tx, about_ids)
    # Who gets one task may be whom another stands in the way of (the other signature, the next seat): what
    # is left is asked for again after each move. Nobody is marked as missing before.
    for _ in given:
        acting = await acting_for(tx, await works_of(tx, owner, given), tx.now)
        if not await _move_first(tx, owner, given, acting):
            break
        given = await tasks.given_about(tx, about_ids)
    acting = await acting_for(tx, await works_of(tx, owner, given), tx.now)
    for task in given:
        if acting[task.id] is None:
            await _mark_unreachable(tx, task)
        elif task.unreachable_since:
            await tasks.give_task(tx, task.id, task.assignee_id, task.on_behalf_of)


async def _move_first(
    tx: Tx, owner: Owner, given: Sequence[Task], acting: Mapping[UUID, Substitution | None]
) -> bool:
    """Move the first task about each thing that is to move."""
    moved: set[UUID] = set()
    for task in given:
        found = acting[task.id]
        if found is None or task.about_id in moved or _has_it(task, found):
            continue
        await _hand_over(tx, owner, task, found)
        moved.add(task.about_id)
    return bool(moved)


def _has_it(task: Task, found: Substitution) -> bool:
    return (found.person_id, found.on_behalf_of) == (task.assignee_id, task.on_behalf_of)


async def _lock(tx: Tx, owner: Owner, task_id: UUID) -> Task | None:
    """The task, read again under the lock: it may have been done, or have gone to another post's holder."""
    seen = await tasks.find_given(tx, task_id)
    if seen is None:
        return None
    await owner.lock(tx, seen.about_id)
    return await tasks.find_given(tx, task_id)


async def _not_for(tx: Tx, owner: Owner, task: Task) -> set[UUID]:
    left_out = (await owner.left_out(tx, [task]))[task.id]
    return {*left_out.excluded, *left_out.barred}


async def take_task(tx: Tx, owner: Owner, caller: Principal, task_id: UUID) -> Task:
    """Work of an office passes to a colleague who wants it: the caller holds a post of the same kind in the
    same unit. A repeat changes nothing."""
    seen = await tasks.find_given(tx, task_id)
    if seen is None:
        raise NotFound
    post = caller.post_in({seen.post_kind}, seen.unit_id, tx.now) if seen.post_kind else None
    if post is None:
        raise NotYourTask if seen.assignee_id == caller.person_id else NotFound
    task = await _lock(tx, owner, task_id)
    if task is None or task.post_kind != seen.post_kind:
        raise TaskOver
    if task.assignee_id == caller.person_id:
        return task
    if caller.person_id in await _not_for(tx, owner, task):
        raise TaskNotForYou
    taken = await tasks.take_task(tx, task.id, caller.person_id, post.post_id)
    actor = Actor(person_id=caller.person_id, post_id=post.post_id)
    event_id = await _note(tx, task, "TaskTaken", {"from": task.assignee_id, "for": task.on_behalf_of}, actor)
    matter = Matter(subject_id=task.subject_id, subject_code=task.subject_code, level=task.level, due_at=None)
    told = NewNotice(
        event_id=event_id,
        person_id=task.assignee_id,
        kind=NoticeKind.TASK_TAKEN,
        matter=matter,
        detail=task.kind,
    )
    await tell(tx, [told])
    return taken


async def _hand_over(tx: Tx, owner: Owner, task: Task, found: Substitution) -> None:
    await owner.move(tx, task, found.person_id, found.on_behalf_of)
    await tasks.give_task(tx, task.id, found.person_id, found.on_behalf_of)
    detail = {
        "from": task.assignee_id,
        "to": found.person_id,
        "for": found.on_behalf_of,
        "chain": found.chain,
        "acts_as": found.acts_as,
    }
    event_id = await _note(tx, task, "TaskHandedOver", detail)
    if task.state is TaskState.OPEN:
        await tell(tx, [tasks.opened_notice(event_id, replace(task, assignee_id=found.person_id))])


async def _mark_unreachable(tx: Tx, task: Task) -> bool:
    marked = await tasks.mark_unreachable(tx, task.id)
    if marked:
        await _note(tx, task, "TaskUnreachable", {"stays_with": task.assignee_id, "for": task.on_behalf_of})
    return marked


async def _note(tx: Tx, task: Task, kind: str, detail: dict[str, Any], actor: Actor = CLOCK_ACTED) -> UUID:
    event_id = new_id()
    about = {"task": task.kind, "level": task.level, "post_id": task.post_id, "due_at": task.due_at}
    await record(
        tx,
        Event(
            event_id=event_id, subject_id=task.subject_id, kind=kind, actor=actor, detail={**about, **detail}
        ),
    )
    return event_id
