"""A complaint as a kind of case: one task, of the post that the rules name or of the head above. Authors,
whoever answered before, and as a rule whoever decided, do not settle it."""

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
from language.plan.review_plan import ComplaintRule
from language.posts.kinds import PostKind, PostTask
from services.review.domain.complaint import Complaint
from services.review.operations.reading import may_read_history
from services.review.store import complaints, rejected_requests, stages
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

    def clock_rules(self, rule: ComplaintRule, spread_minutes: int) -> ClockOfCase:
        """How long whoever settles it has."""
        return ClockOfCase(
            budget=rule.settling,
            basis=rule.basis,
            ladder=rule.ladder,
            extension=rule.extension,
            spread_minutes=spread_minutes,
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
        """Authors, whoever stays out of the dossier, and who has answered before."""
        left_out = await _left_out_of(tx, cases)
        barred = await complaints.barred_from(tx, [case.id for case in cases])
        return {case.id: [*left_out.get(case.id, ()), *barred.get(case.id, ())] for case in cases}

    async def excluded(self, tx: Tx, about_ids: Sequence[UUID]) -> Mapping[UUID, Collection[UUID]]:
        """Authors, and whoever stays out of the dossier."""
        return await _left_out_of(tx, await complaints.some_complaints(tx, about_ids))

    async def told(self, tx: Tx, about_id: UUID) -> Collection[UUID]:
        """Authors."""
        complaint = await complaints.get_complaint(tx, about_id)
        if complaint.stage_id:
            return await authors_told(tx, await stages.get_stage(tx, complaint.stage_id))
        request = await rejected_requests.get_request(tx, complaint.dossier_id)
        return await rejected_requests.authors_told(tx, request)

    async def barred(self, tx: Tx, given: Sequence[Task]) -> Mapping[UUID, Collection[UUID]]:
        """Who has decided, or answered before."""
        barred = await complaints.barred_from(tx, [task.about_id for task in given])
        return {task.id: barred.get(task.about_id, ()) for task in given}

    async def answers_for(self, tx: Tx, about_id: UUID) -> Collection[UUID]:
        """Who has decided, or answered before."""
        return (await complaints.barred_from(tx, [about_id])).get(about_id, ())

    async def require_readable(self, tx: Tx, caller: Principal, subject_id: UUID) -> None:
        """See the base."""
        await may_read_history(tx, caller, subject_id)

    async def save_due(self, tx: Tx, about_id: UUID, due_at: datetime) -> None:
        """See the base."""
        await complaints.move_due(tx, about_id, due_at)


async def _left_out_of(tx: Tx, cases: Sequence[Complaint]) -> dict[UUID, list[UUID]]:
    """Authors, and whoever recused themselves from the stage, by the complaint."""
    of_stages = await stages.left_out_of(tx, [case.stage_id for case in cases if case.stage_id])
    requests = [case.dossier_id for case in cases if case.stage_id is None]
    authors = await rejected_requests.authors_of_all(tx, requests) if requests else {}
    return {
        case.id: of_stages.get(case.stage_id, []) if case.stage_id else authors.get(case.dossier_id, [])
        for case in cases
    }


COMPLAINT: Final = ComplaintCase()
