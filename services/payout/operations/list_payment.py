"""A payment list as a kind of case: it is sent by a chief accountant who did not make it, and confirmed by
somebody else when the treasury has paid. Payees do neither."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from casework.case import OfficeCase, Particulars
from casework.tasks import Task
from kit.auth import Principal
from kit.db import Tx
from language.cases import CaseType
from language.names import case_workflow_id
from language.posts.kinds import PostKind, PostTask
from services.payout.domain.payment_list import ListState, PaymentList
from services.payout.operations.reading import require_list_readable
from services.payout.store import ledger

SENDERS: Final = frozenset({PostKind.CHIEF_ACCOUNTANT})
ACCOUNTANTS: Final = frozenset({PostKind.ACCOUNTANT, PostKind.CHIEF_ACCOUNTANT})
_WANTED: Final[Mapping[ListState, Mapping[PostTask, Collection[PostKind]]]] = {
    ListState.DRAFT: {PostTask.SEND_LIST: SENDERS},
    ListState.SENT: {PostTask.CONFIRM_LIST: ACCOUNTANTS},
}


class ListPayment(OfficeCase[PaymentList]):
    """One task at a time: to send it, then to confirm it."""

    type = CaseType.PAYMENT_LIST
    tasks = (PostTask.SEND_LIST, PostTask.CONFIRM_LIST)

    async def lock(self, tx: Tx, about_id: UUID) -> PaymentList:
        """See the base."""
        return await ledger.get_list(tx, about_id, lock=True)

    async def some(self, tx: Tx, about_ids: Sequence[UUID]) -> Sequence[PaymentList]:
        """See the base."""
        return await ledger.some_lists(tx, about_ids)

    def particulars(self, case: PaymentList) -> Particulars:
        """A list lies in no dossier: people know it by its own number."""
        return Particulars(
            about_id=case.id,
            subject_id=case.id,
            subject_code=f"DSCT-{case.year}-{case.number:03d}",
            level=None,
            unit_id=case.unit_id,
            unit_path=case.unit_path,
            due_at=case.due_at,
            rule_version=case.rule_version,
            workflow_id=case_workflow_id(self.type, case.id),
        )

    def is_over(self, case: PaymentList) -> bool:
        """See the base."""
        return case.state not in _WANTED

    def posts(self, case: PaymentList) -> Sequence[PostKind]:
        """See the base."""
        return sorted(ACCOUNTANTS)

    def wanted(self, case: PaymentList) -> Mapping[PostTask, Collection[PostKind]]:
        """See the base."""
        return _WANTED[case.state]

    async def out(self, tx: Tx, cases: Sequence[PaymentList]) -> Mapping[UUID, Collection[UUID]]:
        """Payees, and who took the step before."""
        payees = await ledger.payees_of_lists(tx, [found.id for found in cases])
        return {
            found.id: [
                *payees.get(found.id, ()),
                *((found.barred_id,) if found.barred_id else ()),
            ]
            for found in cases
        }

    async def excluded(self, tx: Tx, about_ids: Sequence[UUID]) -> Mapping[UUID, Collection[UUID]]:
        """Payees."""
        return await ledger.payees_of_lists(tx, about_ids)

    async def barred(self, tx: Tx, given: Sequence[Task]) -> Mapping[UUID, Collection[UUID]]:
        """Who made a list does not send it, and who sent it does not confirm it."""
        lists = await ledger.some_lists(tx, [task.about_id for task in given])
        barred = {found.id: found.barred_id for found in lists}
        return {task.id: [person] for task in given if (person := barred.get(task.about_id))}

    async def require_readable(self, tx: Tx, caller: Principal, subject_id: UUID) -> None:
        """See the base."""
        await require_list_readable(tx, caller, subject_id)

    async def save_due(self, tx: Tx, about_id: UUID, due_at: datetime) -> None:
        """See the base."""
        await ledger.move_list_due(tx, about_id, due_at)


PAYMENT_LIST: Final = ListPayment()
