"""Open work goes to whoever acts in the post it was given through, or to the colleague who takes it: the same
steps for every kind of case."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from casework import rights, tasks
from casework.case import AnyCase, Cases
from casework.history.record import record
from casework.notices import Matter, notify, notify_of
from casework.roster import GivenWork, acting_for, hold_roster
from casework.tasks import NotYourTask, Task, TaskState
from kit.auth import Principal
from kit.db import Tx
from language.events.actor import Actor
from language.events.casework import TaskHandedOver, TaskTaken, TaskUnreachable
from language.ids import PersonId, PostId
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


class NoLongerActing(Refusal):
    """The caller has the task, but does not act in its post today: it was given up, or its work passed on."""

    status = 403
    vi = (
        "Hôm nay bạn không còn giữ (hoặc không còn thay mặt ai giữ) chức vụ được giao việc này, nên không "
        "làm được nữa. Việc sẽ tự chuyển cho người đang giữ chức vụ."
    )
    en = (
        "Today you neither hold the post this task was given through nor act for whoever does, so you can no "
        "longer do it. It goes to whoever acts now by itself."
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


async def works_of(tx: Tx, cases: Cases, given: Sequence[Task]) -> list[GivenWork]:
    """What the roster is asked about these tasks."""
    left_out = await _left_out(tx, cases, given)
    return [_work(task, left_out[task.id]) for task in given]


def _work(task: Task, left_out: LeftOut) -> GivenWork:
    kind, post_id = _post_of(task)
    case = Case(
        task=kind,
        level=task.level,
        excluded=[PersonId(person) for person in left_out.excluded],
        barred=[PersonId(person) for person in left_out.barred],
        is_office=task.post_kind is not None,
        assignee_id=PersonId(task.assignee_id),
        turn=task.id.int,
    )
    return GivenWork(id=task.id, post_id=PostId(post_id), holder_id=PersonId(task.holder_id), case=case)


async def look_at(tx: Tx, cases: Cases, about_ids: Sequence[UUID]) -> None:
    """Give the open work about these things to whoever acts now, and put on the alarm list what nobody is
    there for. Ends with the same rows however often it runs."""
    for task in await tasks.given_about(tx, about_ids):
        await cases.of_task(PostTask(task.kind)).lock(tx, task.about_id)
    await hold_roster(tx)
    given = await tasks.given_about(tx, about_ids)
    # Who gets one task may be whom another stands in the way of (the other signature, the next seat): what
    # is left is asked for again after each move. Nobody is marked as missing before.
    for _ in given:
        acting = await acting_for(tx, await works_of(tx, cases, given), tx.now)
        if not await _move_first(tx, cases, given, acting):
            break
        given = await tasks.given_about(tx, about_ids)
    acting = await acting_for(tx, await works_of(tx, cases, given), tx.now)
    for task in given:
        if acting[task.id] is None:
            await _mark_unreachable(tx, task)
            await cases.of_task(PostTask(task.kind)).reached(tx, task, is_there=False)
        elif task.unreachable_since:
            await tasks.give_task(tx, task.id, task.assignee_id, task.on_behalf_of)
            await cases.of_task(PostTask(task.kind)).reached(tx, task, is_there=True)


async def _move_first(
    tx: Tx, cases: Cases, given: Sequence[Task], acting: Mapping[UUID, Substitution | None]
) -> bool:
    """Move the first task about each thing that is to move."""
    moved: set[UUID] = set()
    for task in given:
        found = acting[task.id]
        if found is None or task.about_id in moved or _has_it(task, found):
            continue
        await _hand_over(tx, cases, task, found)
        moved.add(task.about_id)
    return bool(moved)


def _has_it(task: Task, found: Substitution) -> bool:
    return (found.person_id, found.on_behalf_of) == (task.assignee_id, task.on_behalf_of)


async def require_acting(
    tx: Tx, kind: AnyCase, caller: Principal, about_id: UUID, task_kind: PostTask
) -> Actor:
    """The caller doing the own pending task of this kind, through a post in which the caller acts today.
    Asked under the lock of the case: the organisation's word of this moment counts, not that of when the task
    was given."""
    return await acting_on(tx, kind, await tasks.require_assignee(tx, caller, about_id, task_kind))


async def acting_on(tx: Tx, kind: AnyCase, task: Task) -> Actor:
    """Whoever has the task, acting in its post today, and by what right; else `NoLongerActing`."""
    acting = await acting_for(tx, await works_of(tx, Cases(kind), [task]), tx.now)
    found = acting[task.id]
    if found is None or found.person_id != task.assignee_id:
        raise NoLongerActing
    return Actor(
        person_id=found.person_id,
        post_id=task.post_id,
        on_behalf_of=found.on_behalf_of,
        through=found.through,
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
    post = await rights.post_in(tx, caller, {seen.post_kind}, seen.unit_id) if seen.post_kind else None
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
    actor = rights.in_post(caller, post)
    event_id = await record(tx, fact, about=task.subject_id, actor=actor)
    matter = Matter(subject_id=task.subject_id, subject_code=task.subject_code, level=task.level, due_at=None)
    await notify_of(tx, event_id, fact, matter)
    return taken


async def _hand_over(tx: Tx, cases: Cases, task: Task, found: Substitution) -> None:
    kind, post_id = _post_of(task)
    person = found.person_id
    await cases.of_task(kind).move_along(tx, task, person, found.on_behalf_of)
    await tasks.give_task(tx, task.id, person, found.on_behalf_of)
    fact = TaskHandedOver(
        task=kind,
        about_id=task.about_id,
        level=task.level,
        post_id=post_id,
        due_at=task.due_at,
        from_id=task.assignee_id,
        to_id=person,
        on_behalf_of=found.on_behalf_of,
        chain=found.chain,
        acts_as=found.acts_as,
    )
    event_id = await record(tx, fact, about=task.subject_id)
    if task.state is TaskState.OPEN:
        await notify(tx, [tasks.opened_notice(event_id, replace(task, assignee_id=person))])


async def _mark_unreachable(tx: Tx, task: Task) -> None:
    if await tasks.mark_unreachable(tx, task.id):
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
