"""What review knows about its tasks when open work goes to whoever acts for a member or the decider."""

from services.kit.db import Tx
from services.kit.hand_over import LeftOut, Owner
from services.kit.tasks import Task
from services.review.domain.stage import TaskKind
from services.review.store import score_sheets, stages
from workflows.contracts.hand_over import TaskResolved
from workflows.contracts.ids import StageId


async def _left_out(tx: Tx, task: Task) -> LeftOut:
    """Authors neither mark nor decide; who sits, or has sat, in the council takes no second seat."""
    stage = await stages.get_stage(tx, task.about_id)
    if task.kind == TaskKind.DECIDE:
        return LeftOut(excluded=stage.author_ids)
    seated = [sheet.person_id for sheet in await score_sheets.list_sheets(tx, stage.id) if sheet.person_id != task.assignee_id]
    return LeftOut(excluded=stage.author_ids, barred=seated)


async def _move(tx: Tx, task: Task, resolved: TaskResolved) -> None:
    """The decision goes to the person; or the seat with its sheet, emptied: marks are a person's own judgement.

    A task to mark is pending only until the sheet is submitted, so no submitted sheet ever changes hands.
    """
    stage_id = StageId(task.about_id)
    if resolved.person_id is None:
        raise AssertionError("work is handed to somebody")
    if task.kind == TaskKind.DECIDE:
        await stages.pass_decision(tx, stage_id, resolved.person_id, resolved.on_behalf_of)
    else:
        await score_sheets.pass_seat(tx, stage_id, task.assignee_id, (resolved.person_id, resolved.on_behalf_of))


OWNER = Owner(lock=stages.lock_stage, left_out=_left_out, move=_move)
