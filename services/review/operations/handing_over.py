"""What review knows about its tasks when open work goes to whoever acts for a member or the decider."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from casework.hand_over import LeftOut, Owner
from casework.tasks import Task
from kit.db import Tx
from language.ids import PersonId, StageId
from services.review.domain.stage import TaskKind
from services.review.store import score_sheets, stages


async def _left_out(tx: Tx, given: Sequence[Task]) -> dict[UUID, LeftOut]:
    """Authors neither mark nor decide; who sits, or has sat, in the council takes no second seat."""
    stage_ids = [task.about_id for task in given]
    authors, seated = await stages.authors_of(tx, stage_ids), await score_sheets.seated_in(tx, stage_ids)
    return {
        task.id: LeftOut(excluded=authors.get(task.about_id, ()), barred=_seated_beside(task, seated))
        for task in given
    }


def _seated_beside(task: Task, seated: Mapping[UUID, Sequence[UUID]]) -> list[UUID]:
    if task.kind == TaskKind.DECIDE:
        return []
    return [person for person in seated.get(task.about_id, ()) if person != task.assignee_id]


async def _move(tx: Tx, task: Task, person_id: PersonId, on_behalf_of: PersonId | None) -> None:
    """The decision goes to the person; or the seat with its sheet, emptied: marks are a person's own
    judgement.

    A task to mark is pending only until the sheet is submitted, so no submitted sheet ever changes hands.
    """
    stage_id = StageId(task.about_id)
    if task.kind == TaskKind.DECIDE:
        await stages.pass_decision(tx, stage_id, person_id, on_behalf_of)
    else:
        await score_sheets.pass_seat(tx, stage_id, task.assignee_id, (person_id, on_behalf_of))


OWNER = Owner(lock=stages.lock_stage, left_out=_left_out, move=_move)
