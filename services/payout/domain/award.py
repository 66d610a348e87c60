"""Awards, their shares and the steps they take."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from language.authors import can_be_told
from language.messages.payout import AwardState
from language.posts.kinds import PostKind
from services.payout.domain.booking import Payee
from services.payout.domain.refusals import AlreadySent, AwardNotThere

_S = AwardState
WAYS: Final[Mapping[AwardState, frozenset[AwardState]]] = MappingProxyType(
    {
        _S.ASSESSED: frozenset({_S.VERIFIED, _S.REJECTED}),
        _S.VERIFIED: frozenset({_S.APPROVED, _S.REJECTED}),
        _S.APPROVED: frozenset({_S.LISTED, _S.REVERSED}),
        _S.LISTED: frozenset({_S.SENT, _S.APPROVED, _S.REVERSED}),
        _S.SENT: frozenset({_S.PAID, _S.APPROVED}),
        _S.PAID: frozenset({_S.REVERSED}),
        _S.REJECTED: frozenset(),
        _S.REVERSED: frozenset(),
    }
)
"""Where an award may go from each state. What was rejected or reversed stays so: taken up again, another
award stands in its place (`TAKEN_UP_FROM`)."""
TAKEN_UP_FROM: Final = frozenset({_S.REJECTED, _S.REVERSED})


def require_way(state: AwardState, to: AwardState) -> None:
    """Refuse what cannot be done from here."""
    if state is _S.SENT and to is _S.REVERSED:
        raise AlreadySent
    if to not in WAYS[state]:
        raise AwardNotThere(state=state)


@dataclass(frozen=True, slots=True, kw_only=True)
class Award:
    """The money of one recognition. `verifier_post` and `approver_post` are the plan's: which posts sign.
    `ended_by` has rejected or reversed it; `replaces` was, and stands here taken up again. So many
    `payment_people` send and confirm a list that has it on it."""

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
    ended_by: UUID | None
    replaces: UUID | None
    payment_people: int
    assessed_at: datetime
    moved_at: datetime
    due_at: datetime
    revision: int
    epoch: int
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardShare:
    """An author's part. Of an author whom the organisation does not know (`outside`) an accountant says who
    is paid (`paid_to`); so is the record that stands for the author's, once two of one person were joined."""

    person_id: UUID
    percent: Decimal
    amount_dong: int
    outside: bool = False
    paid_to: UUID | None = None

    @property
    def payee_id(self) -> UUID:
        """Whose money it is."""
        return self.paid_to or self.person_id

    @property
    def told_id(self) -> UUID | None:
        """Who is told what becomes of it; nobody, as long as an author from outside is tied to nobody."""
        return self.paid_to or (self.person_id if can_be_told(self) else None)

    @property
    def is_tied(self) -> bool:
        """It is known who is paid."""
        return self.amount_dong == 0 or not self.outside or self.paid_to is not None

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
    ended_by: UUID | None = None
