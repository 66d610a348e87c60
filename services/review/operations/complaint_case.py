"""A complaint as a kind of case: one task, of the post that the rules name or of the head above. Authors, and
as a rule whoever decided, do not settle it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from casework.case import ClockOfCase, OfficeCase, Particulars
from casework.tasks import Task
from kit.auth import Principal
from kit.db import Tx
from language.cases import CaseType
from language.names import case_workflow_id
from language.plan.act_rules import complaint_rule
from language.plan.review_plan import LevelPlan
from language.posts.kinds import PostKind, PostTask
from services.review.domain.complaint import Complaint
from services.review.operations.reading import may_read_history
from services.review.store import complaints, stages
from services.review.store.filed_dossiers import authors_told


class ComplaintCase(OfficeCase[Complaint]):
    """One task; nothing hangs on it."""

    type = CaseType.COMPLAINT
    tasks = (PostTask.SETTLE_COMPLAINT,)

    async def lock(self, tx: Tx, about_id: UUID) -> Complaint:
        """See the base."""
        return await complaints.get_complaint(tx, about_id, lock=True)

    async def some(self, tx: Tx, about_ids: Sequence[UUID]) -> Sequence[Complaint]:
        """See the base."""
        return await complaints.some_complaints(tx, about_ids)

    def particulars(self, case: Complaint) -> Particulars:
        """The journey of its dossier is over, so it has a run of its own."""
        return Particulars(
            about_id=case.id,
            subject_id=case.dossier_id,
            subject_code=case.dossier_code,
            level=case.level,
            unit_id=case.unit_id,
            unit_path=case.unit_path,
            due_at=case.due_at,
            rule_version=case.rule_version,
            workflow_id=case_workflow_id(self.type, case.id),
        )

    def clock_rules(self, plan: LevelPlan) -> ClockOfCase:
        """How long whoever settles it has."""
        rule = complaint_rule(plan)
        return ClockOfCase(
            budget=rule.settling,
            basis=rule.basis,
            ladder=rule.ladder,
            extension=rule.extension,
            spread_minutes=plan.spread_minutes,
        )

    def is_over(self, case: Complaint) -> bool:
        """See the base."""
        return not case.is_open

    def posts(self, case: Complaint) -> Sequence[PostKind]:
        """See the base."""
        return (case.settler_post,)

    def wanted(self, case: Complaint) -> Mapping[PostTask, Collection[PostKind]]:
        """See the base."""
        return {PostTask.SETTLE_COMPLAINT: self.posts(case)}

    async def out(self, tx: Tx, cases: Sequence[Complaint]) -> Mapping[UUID, Collection[UUID]]:
        """Authors, whoever stays out of the dossier, and who decided."""
        left_out = await stages.left_out_of(tx, [case.stage_id for case in cases])
        return {
            case.id: [*left_out.get(case.stage_id, ()), *((case.barred_id,) if case.barred_id else ())]
            for case in cases
        }

    async def excluded(self, tx: Tx, about_ids: Sequence[UUID]) -> Mapping[UUID, Collection[UUID]]:
        """Authors, and whoever stays out of the dossier."""
        cases = await complaints.some_complaints(tx, about_ids)
        left_out = await stages.left_out_of(tx, [case.stage_id for case in cases])
        return {case.id: left_out.get(case.stage_id, ()) for case in cases}

    async def told(self, tx: Tx, about_id: UUID) -> Collection[UUID]:
        """Authors."""
        complaint = await complaints.get_complaint(tx, about_id)
        return await authors_told(tx, await stages.get_stage(tx, complaint.stage_id))

    async def barred(self, tx: Tx, given: Sequence[Task]) -> Mapping[UUID, Collection[UUID]]:
        """Who decided."""
        cases = await complaints.some_complaints(tx, [task.about_id for task in given])
        deciders = {case.id: case.barred_id for case in cases}
        return {task.id: [person] for task in given if (person := deciders.get(task.about_id))}

    async def require_readable(self, tx: Tx, caller: Principal, subject_id: UUID) -> None:
        """See the base."""
        await may_read_history(tx, caller, subject_id)

    async def save_due(self, tx: Tx, about_id: UUID, due_at: datetime) -> None:
        """See the base."""
        await complaints.move_due(tx, about_id, due_at)


COMPLAINT: Final = ComplaintCase()
