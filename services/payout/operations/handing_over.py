"""What payout knows about its tasks when open work goes to whoever acts for a signer."""

from uuid import UUID

from services.kit import tasks
from services.kit.db import Tx
from services.kit.hand_over import LeftOut, Owner
from services.kit.tasks import Task
from services.payout.operations.moving import APPROVE_AWARD, VERIFY_AWARD
from services.payout.store import awards
from services.payout.store.awards import Award
from workflows.contracts.hand_over import TaskResolved


async def _lock(tx: Tx, award_id: UUID) -> Award:
    return await awards.get_award(tx, award_id, lock=True)


async def _left_out(tx: Tx, task: Task) -> LeftOut:
    """Payees never sign, and nobody signs twice."""
    award = await awards.get_award(tx, task.about_id)
    others = [other for kind in (VERIFY_AWARD, APPROVE_AWARD) for other in await tasks.pending_tasks(tx, award.id, kind) if other.id != task.id]
    barred = [person for person in (award.verified_by, *(other.assignee_id for other in others)) if person]
    return LeftOut(excluded=[share.person_id for share in await awards.shares_of(tx, award.id)], barred=barred)


async def _move(tx: Tx, task: Task, resolved: TaskResolved) -> None:
    """Nothing hangs on a signature but its task."""


OWNER = Owner(lock=_lock, left_out=_left_out, move=_move)
