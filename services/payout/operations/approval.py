"""The approval of an award as a kind of case: two signatures of two people, and payees give none."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from casework import tasks
from casework.case import ClockOfCase, OfficeCase, Particulars
from casework.tasks import Task
from kit.auth import Principal
from kit.db import Tx
from language.cases import CaseType
from language.ids import DossierId
from language.names import case_workflow_id, initiative_workflow_id
from language.plan.review_plan import PayoutPlan
from language.posts.kinds import PostKind, PostTask
from services.payout.domain.award import Award
from services.payout.operations.reading import require_dossier_readable
from services.payout.store import awards


class AwardApproval(OfficeCase[Award]):
    """Verified, then approved."""

    type = CaseType.AWARD_APPROVAL
    tasks = (PostTask.VERIFY_AWARD, PostTask.APPROVE_AWARD)

    async def lock(self, tx: Tx, about_id: UUID) -> Award:
        """See the base."""
        return await awards.get_award(tx, about_id, lock=True)

    async def some(self, tx: Tx, about_ids: Sequence[UUID]) -> Sequence[Award]:
        """See the base."""
        return await awards.some_awards(tx, about_ids)

    def particulars(self, case: Award) -> Particulars:
        """The first award of a recognition is awaited by the journey; one that was taken up has a run of its
        own, for the journey may be over."""
        return Particulars(
            about_id=case.id,
            subject_id=case.dossier_id,
            subject_code=case.dossier_code,
            level=case.level,
            unit_id=case.unit_id,
            unit_path=case.unit_path,
            due_at=case.due_at,
            rule_version=case.rule_version,
            workflow_id=case_workflow_id(self.type, case.id)
            if case.replaces
            else initiative_workflow_id(DossierId(case.dossier_id)),
        )

    def clock_rules(self, plan: PayoutPlan) -> ClockOfCase:
        """How long the signers have."""
        return ClockOfCase(
            budget=plan.approval,
            basis=plan.approval_basis,
            ladder=plan.ladder,
            extension=plan.extension,
            spread_minutes=plan.spread_minutes,
        )

    def is_over(self, case: Award) -> bool:
        """See the base."""
        return case.state.is_approved

    def posts(self, case: Award) -> Sequence[PostKind]:
        """Who signs, by the plan."""
        return case.verifier_post, case.approver_post

    def wanted(self, case: Award) -> Mapping[PostTask, Collection[PostKind]]:
        """See the base."""
        approve = {PostTask.APPROVE_AWARD: (case.approver_post,)}
        return approve if case.verified_by else {PostTask.VERIFY_AWARD: (case.verifier_post,), **approve}

    async def out(self, tx: Tx, cases: Sequence[Award]) -> Mapping[UUID, Collection[UUID]]:
        """Payees, and who has verified."""
        payees = await awards.payees_of(tx, [award.id for award in cases])
        return {
            award.id: [*payees.get(award.id, ()), *((award.verified_by,) if award.verified_by else ())]
            for award in cases
        }

    async def excluded(self, tx: Tx, about_ids: Sequence[UUID]) -> Mapping[UUID, Collection[UUID]]:
        """Payees."""
        return await awards.payees_of(tx, about_ids)

    async def told(self, tx: Tx, about_id: UUID) -> Collection[UUID]:
        """Payees."""
        return dict.fromkeys(share.told_id for share in await awards.shares_of(tx, about_id) if share.told_id)

    async def barred(self, tx: Tx, given: Sequence[Task]) -> Mapping[UUID, Collection[UUID]]:
        """Nobody signs twice."""
        award_ids = [task.about_id for task in given]
        verifiers, assigned = (
            await awards.verifiers_of(tx, award_ids),
            await tasks.assigned_about(tx, award_ids),
        )
        return {
            task.id: [
                *verifiers.get(task.about_id, ()),
                *(person for about, other, person in assigned if about == task.about_id and other != task.id),
            ]
            for task in given
        }

    async def require_readable(self, tx: Tx, caller: Principal, subject_id: UUID) -> None:
        """See the base."""
        await require_dossier_readable(tx, caller, subject_id)

    async def save_due(self, tx: Tx, about_id: UUID, due_at: datetime) -> None:
        """See the base."""
        await awards.move_due(tx, about_id, due_at)


AWARD_APPROVAL: Final = AwardApproval()
