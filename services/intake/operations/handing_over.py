"""What intake knows about its tasks when open work goes to whoever acts for an officer."""

from collections.abc import Sequence
from uuid import UUID

from services.intake.store import dossiers
from services.kit.db import Tx
from services.kit.hand_over import LeftOut, Owner
from services.kit.tasks import Task
from workflows.contracts.hand_over import TaskResolved


async def _left_out(tx: Tx, given: Sequence[Task]) -> dict[UUID, LeftOut]:
    authors = await dossiers.authors_of(tx, [task.about_id for task in given])
    return {task.id: LeftOut(excluded=authors.get(task.about_id, ())) for task in given}


async def _move(tx: Tx, task: Task, resolved: TaskResolved) -> None:
    """Nothing hangs on a check but its task."""


OWNER = Owner(lock=dossiers.lock_dossier, left_out=_left_out, move=_move)
