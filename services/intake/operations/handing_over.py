"""What intake knows about its tasks when open work goes to whoever acts for an officer."""

from collections.abc import Sequence
from uuid import UUID

from casework.hand_over import LeftOut, Owner
from casework.tasks import Task
from kit.db import Tx
from language.ids import PersonId
from services.intake.store import dossiers


async def _left_out(tx: Tx, given: Sequence[Task]) -> dict[UUID, LeftOut]:
    authors = await dossiers.authors_of(tx, [task.about_id for task in given])
    return {task.id: LeftOut(excluded=authors.get(task.about_id, ())) for task in given}


async def _move(tx: Tx, task: Task, person_id: PersonId, on_behalf_of: PersonId | None) -> None:
    """Nothing hangs on a check but its task."""


OWNER = Owner(lock=dossiers.lock_dossier, left_out=_left_out, move=_move)
