"""What payout knows about its tasks when open work goes to whoever acts for a signer."""

from collections.abc import Sequence
from uuid import UUID

from casework import tasks
from casework.hand_over import LeftOut, Owner
from casework.tasks import Task
from kit.db import Tx
from language.ids import PersonId
from services.payout.store import awards
from services.payout.store.awards import Award


async def _lock(tx: Tx, award_id: UUID) -> Award:
    return await awards.get_award(tx, award_id, lock=True)


async def _left_out(tx: Tx, given: Sequence[Task]) -> dict[UUID, LeftOut]:
    """Payees never sign, and nobody signs twice."""
    award_ids = [task.about_id for task in given]
    payees, verifiers = await awards.payees_of(tx, award_ids), await awards.verifiers_of(tx, award_ids)
    assigned = await tasks.assigned_about(tx, award_ids)
    return {
        task.id: LeftOut(
            excluded=payees.get(task.about_id, ()),
            barred=[
                *verifiers.get(task.about_id, ()),
                *(
                    person
                    for about_id, other, person in assigned
                    if about_id == task.about_id and other != task.id
                ),
            ],
        )
        for task in given
    }


async def _move(tx: Tx, task: Task, person_id: PersonId, on_behalf_of: PersonId | None) -> None:
    """Nothing hangs on a signature but its task."""


OWNER = Owner(lock=_lock, left_out=_left_out, move=_move)
