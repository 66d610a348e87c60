"""Approved awards that wait for a payment list as a kind of case: one a unit, an accountant's work until the
list is made. Who is paid from all of them does not have it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from casework.case import OfficeCase, Particulars
from kit.auth import Principal
from kit.db import Tx
from language.cases import CaseType
from language.deadline.arithmetic import local_day
from language.names import case_workflow_id
from language.posts.kinds import PostKind, PostTask
from services.payout.domain.payment_list import AwaitedList
from services.payout.operations.reading import require_awaited_readable
from services.payout.store import awaited

# Given to an accountant, not to a chief: a chief who made a list could not send it.
_MAKERS: Final = (PostKind.ACCOUNTANT,)


class ListMaking(OfficeCase[AwaitedList]):
    """One task: to make the list."""

    type = CaseType.LIST_MAKING
    tasks = (PostTask.MAKE_LIST,)

    async def lock(self, tx: Tx, about_id: UUID) -> AwaitedList:
        """See the base."""
        return await awaited.lock_awaited(tx, about_id)

    async def some(self, tx: Tx, about_ids: Sequence[UUID]) -> Sequence[AwaitedList]:
        """See the base."""
        return await awaited.some_awaited(tx, about_ids)

    def particulars(self, case: AwaitedList) -> Particulars:
        """It lies in no dossier and has no number yet: people know it by the year."""
        return Particulars(
            about_id=case.id,
            subject_id=case.id,
            subject_code=f"DSCT-{local_day(case.opened_at).year}",
            level=None,
            unit_id=case.unit_id,
            unit_path=case.unit_path,
            due_at=case.due_at,
            rule_version=case.rule_version,
            workflow_id=case_workflow_id(self.type, case.id),
        )

    def is_over(self, case: AwaitedList) -> bool:
        """See the base."""
        return case.closed_at is not None

    def posts(self, case: AwaitedList) -> Sequence[PostKind]:
        """See the base."""
        return _MAKERS

    def wanted(self, case: AwaitedList) -> Mapping[PostTask, Collection[PostKind]]:
        """See the base."""
        return {PostTask.MAKE_LIST: _MAKERS}

    async def out(self, tx: Tx, cases: Sequence[AwaitedList]) -> Mapping[UUID, Collection[UUID]]:
        """See `excluded`."""
        ids = [case.id for case in cases]
        found = await self.excluded(tx, ids)
        return {case_id: found.get(case_id, ()) for case_id in ids}

    async def excluded(self, tx: Tx, about_ids: Sequence[UUID]) -> Mapping[UUID, Collection[UUID]]:
        """Who is paid from every award that waits: others leave the own ones out."""
        return await awaited.paid_from_all(tx, about_ids)

    async def require_readable(self, tx: Tx, caller: Principal, subject_id: UUID) -> None:
        """See the base."""
        await require_awaited_readable(tx, caller, subject_id)

    async def save_due(self, tx: Tx, about_id: UUID, due_at: datetime) -> None:
        """See the base."""
        await awaited.move_due(tx, about_id, due_at)


LIST_MAKING: Final = ListMaking()
