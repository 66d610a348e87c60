"""The formal check as a kind of case: an officer's work, which falls to the head above where there is
none."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from casework.case import Cases, ClockOfCase, OfficeCase, Particulars
from casework.succession_watch import UnitRows
from kit.auth import Principal
from kit.db import Tx
from language.cases import CaseType
from language.ids import DossierId
from language.names import initiative_workflow_id
from language.plan.review_plan import FormalCheckPlan
from language.posts.kinds import PostKind, PostTask
from services.intake.domain.dossier import UNDER_CHECK, Dossier
from services.intake.operations.reading import require_readable
from services.intake.store import dossiers


class FormalCheck(OfficeCase[Dossier]):
    """One task; nothing hangs on it."""

    type = CaseType.FORMAL_CHECK
    tasks = (PostTask.FORMAL_CHECK,)

    async def lock(self, tx: Tx, about_id: UUID) -> Dossier:
        """See the base."""
        return await dossiers.lock_of_check(tx, about_id)

    async def some(self, tx: Tx, about_ids: Sequence[UUID]) -> Sequence[Dossier]:
        """See the base."""
        return await dossiers.some_of_checks(tx, about_ids)

    def particulars(self, case: Dossier) -> Particulars:
        """See the base."""
        return Particulars(
            about_id=case.check_id,
            subject_id=case.id,
            subject_code=case.code or "",
            level=None,
            unit_id=case.unit_id,
            unit_path=case.unit_path,
            due_at=case.check_due_at or case.created_at,
            rule_version=case.rule_version,
            workflow_id=initiative_workflow_id(DossierId(case.id)),
        )

    def clock_rules(self, plan: FormalCheckPlan) -> ClockOfCase:
        """How long the office has."""
        return ClockOfCase(
            budget=plan.check,
            basis=plan.check_basis,
            ladder=plan.ladder,
            extension=plan.extension,
            spread_minutes=plan.spread_minutes,
        )

    def is_over(self, case: Dossier) -> bool:
        """See the base."""
        return case.state not in UNDER_CHECK

    def wanted(self, case: Dossier) -> Mapping[PostTask, Collection[PostKind]]:
        """One task, for whoever holds the post that the plan names."""
        return {PostTask.FORMAL_CHECK: self.posts(case)}

    def posts(self, case: Dossier) -> Sequence[PostKind]:
        """See the base."""
        return (case.check_officers,) if case.check_officers else ()

    async def out(self, tx: Tx, cases: Sequence[Dossier]) -> Mapping[UUID, Collection[UUID]]:
        """Authors, and whoever hands in for them."""
        return {dossier.check_id: dossier.interested_ids for dossier in cases}

    async def excluded(self, tx: Tx, about_ids: Sequence[UUID]) -> Mapping[UUID, Collection[UUID]]:
        """Authors, and whoever hands in for them."""
        return await dossiers.interested_in(tx, about_ids)

    async def told(self, tx: Tx, about_id: UUID) -> Collection[UUID]:
        """Authors, and whoever hands in for them."""
        told: list[UUID] = []
        for dossier in await dossiers.some_of_checks(tx, [about_id]):
            handed_in = (dossier.taken_over_by, dossier.handed_in_by)
            told += [*dossier.told_ids, *(person for person in handed_in if person)]
        return dict.fromkeys(told)

    async def require_readable(self, tx: Tx, caller: Principal, subject_id: UUID) -> None:
        """See the base."""
        await require_readable(tx, caller, subject_id)

    async def save_due(self, tx: Tx, about_id: UUID, due_at: datetime) -> None:
        """See the base."""
        await dossiers.move_check_due(tx, about_id, due_at)


FORMAL_CHECK: Final = FormalCheck()
CASES: Final = Cases(FORMAL_CHECK)
UNIT_ROWS: Final = (UnitRows(table="dossiers"),)
"""A dossier keeps the unit in whose register it is."""
