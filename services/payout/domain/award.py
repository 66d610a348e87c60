"""Awards, their shares and the steps they take."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from language.messages.payout import AwardState
from language.posts.kinds import PostKind
from services.payout.domain.booking import Payee


@dataclass(frozen=True, slots=True, kw_only=True)
class Award:
    """The money of one recognition. `verifier_post` and `approver_post` are the plan's: which posts sign."""

    id: UUID
    dossier_id: UUID
    dossier_code: str
    level: str
    unit_id: UUID
    unit_path: Sequence[UUID]
    decision_number: str
    amount_dong: int
    rule_version: str
    basis: dict[str, Any]
    verifier_post: PostKind
    approver_post: PostKind
    state: AwardState
    verified_by: UUID | None
    approved_by: UUID | None
    payment_list_id: UUID | None
    assessed_at: datetime
    moved_at: datetime
    due_at: datetime
    revision: int
    epoch: int
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardShare:
    """An author's part. `outside`: no accountant has said yet which person of the organisation it is."""

    person_id: UUID
    percent: Decimal
    amount_dong: int
    outside: bool = False

    @property
    def payee(self) -> Payee:
        """For booking."""
        return Payee(person_id=self.person_id, amount_dong=self.amount_dong)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Where an award goes, and who signed."""

    state: AwardState
    verified_by: UUID | None = None
    approved_by: UUID | None = None
    payment_list_id: UUID | None = None
