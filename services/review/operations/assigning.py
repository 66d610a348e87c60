"""Who is given which work of a stage."""

from collections.abc import Sequence

from casework import tasks
from casework.notices import Matter
from casework.tasks import NewTask, TaskState
from kit.db import Tx
from language.posts.holders import PostHolder
from services.review.domain.stage import Seat, Stage, TaskKind
from services.review.store import score_sheets, stages


def matter_of(stage: Stage) -> Matter:
    """What people are told a stage is."""
    return Matter(
        subject_id=stage.dossier_id, subject_code=stage.dossier_code, level=stage.level, due_at=stage.due_at
    )


async def seat_members(tx: Tx, stage: Stage, seats: Sequence[Seat]) -> None:
    """Each takes a seat and gets an empty sheet and the task to fill it in."""
    await score_sheets.insert_seats(tx, stage.id, seats)
    await tasks.open_tasks(tx, [_task(stage, TaskKind.MARK, seat, TaskState.OPEN) for seat in seats])


async def assign_decision(tx: Tx, stage: Stage, decider: Seat | PostHolder, state: TaskState) -> None:
    """Give the decision to this person; whoever had it before loses it."""
    await tasks.cancel_tasks(tx, stage.id, TaskKind.DECIDE)
    await stages.set_decider(tx, stage.id, decider)
    await tasks.open_task(tx, _task(stage, TaskKind.DECIDE, decider, state))


def _task(stage: Stage, kind: TaskKind, person: Seat | PostHolder, state: TaskState) -> NewTask:
    return NewTask(
        kind=kind,
        subject_id=stage.dossier_id,
        subject_code=stage.dossier_code,
        about_id=stage.id,
        level=stage.level,
        unit_id=stage.unit_id,
        unit_path=stage.unit_path,
        assignee_id=person.person_id,
        on_behalf_of=person.on_behalf_of,
        due_at=stage.due_at,
        state=state,
        post_id=person.post_id,
    )
