"""The formal check as the owner of a clock."""

from collections.abc import Collection
from uuid import UUID

from casework.clocks.moves import ClockOwner
from kit.db import Tx
from services.intake.operations.moving import FORMAL_CHECK
from services.intake.operations.reading import require_readable
from services.intake.store import dossiers


async def _lock(tx: Tx, dossier_id: UUID) -> Collection[UUID]:
    return (await dossiers.lock_dossier(tx, dossier_id)).author_ids


OWNER = ClockOwner(
    task_kinds=(FORMAL_CHECK,),
    lock=_lock,
    save_due=dossiers.move_check_due,
    require_readable=require_readable,
)
