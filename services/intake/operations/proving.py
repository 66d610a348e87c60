"""The proof of a dossier: what all services have recorded of it, in one file that is verified anywhere."""

from typing import Any, Final
from uuid import UUID

from casework import rights
from casework.history.proof import prove
from kit.auth import Principal
from kit.db import Tx
from language.names import TaskQueue
from language.posts.kinds import PostKind
from services.intake.operations.reading import read_dossier

MONEY_READERS: Final = frozenset(
    {
        PostKind.ACCOUNTANT,
        PostKind.CHIEF_ACCOUNTANT,
        PostKind.UNIT_HEAD,
        PostKind.DEPUTY_HEAD,
        PostKind.AUDITOR,
        PostKind.ADMIN,
    }
)
"""Whose post opens the history of a dossier's money, as in payout itself; to authors it is open too."""


async def prove_dossier(tx: Tx, caller: Principal, dossier_id: UUID) -> dict[str, Any]:
    """The bundle, for whoever may read the dossier's history; money only for those who may read that."""
    dossier = await read_dossier(tx, caller, dossier_id)
    services = [TaskQueue.INTAKE, TaskQueue.REVIEW]
    if caller.person_id in dossier.author_ids or await rights.post_over(
        tx, caller, MONEY_READERS, dossier.unit_path
    ):
        services.append(TaskQueue.PAYOUT)
    return await prove(tx, tuple(services), dossier_id)
