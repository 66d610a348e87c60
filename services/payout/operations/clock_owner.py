"""The approval of an award as the owner of a clock."""

from collections.abc import Collection
from uuid import UUID

from casework.clocks.moves import ClockOwner
from kit.db import Tx
from services.payout.domain.ladder import APPROVE_AWARD, VERIFY_AWARD
from services.payout.operations.reading import require_dossier_readable
from services.payout.store import awards


async def _lock(tx: Tx, award_id: UUID) -> Collection[UUID]:
    await awards.get_award(tx, award_id, lock=True)
    return [share.person_id for share in await awards.shares_of(tx, award_id)]


OWNER = ClockOwner(
    task_kinds=(VERIFY_AWARD, APPROVE_AWARD),
    lock=_lock,
    save_due=awards.move_due,
    require_readable=require_dossier_readable,
)
