"""The examination of a stage as the owner of a clock."""

from collections.abc import Collection
from uuid import UUID

from casework.clocks.moves import ClockOwner
from kit.db import Tx
from services.review.domain.stage import TaskKind
from services.review.operations.reading import may_read_history
from services.review.store import stages


async def _lock(tx: Tx, stage_id: UUID) -> Collection[UUID]:
    return (await stages.lock_stage(tx, stage_id)).author_ids


OWNER = ClockOwner(
    task_kinds=tuple(TaskKind), lock=_lock, save_due=stages.move_due, require_readable=may_read_history
)
