"""An award: whose money it is, where it stands, and which moves its state allows."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Final, Self
from uuid import UUID

from services.payout.domain.refusals import AwardStateForbids, OwnAward, SharesInvalid
from services.payout.domain.splitting import split_by_shares
from workflows.contracts.ids import AwardId, DossierId, EventId, PersonId, UnitId
from workflows.contracts.journey import AuthorShare
from workflows.contracts.payout import AwardMoved, AwardState
from workflows.contracts.plan import Basis, PostKind

MOVES: Final[Mapping[AwardState, frozenset[AwardState]]] = MappingProxyType({
    AwardState.ASSESSED: frozenset({AwardState.VERIFIED, AwardState.REJECTED}),
    AwardState.VERIFIED: frozenset({AwardState.APPROVED, AwardState.REJECTED}),
    AwardState.APPROVED: frozenset({AwardState.LISTED, AwardState.REVERSED}),
    AwardState.LISTED: frozenset({AwardState.SENT, AwardState.REVERSED}),
    AwardState.SENT: frozenset({AwardState.PAID}),
    AwardState.PAID: frozenset({AwardState.REVERSED}),
    AwardState.REJECTED: frozenset(),
    AwardState.REVERSED: frozenset(),
})  # fmt: skip
"""What may follow what. A list that was sent is in the treasury's hands: its awards wait for the statement."""

AWAITED_BY_WORKFLOW: Final = frozenset({AwardState.APPROVED, AwardState.REJECTED, AwardState.PAID, AwardState.REVERSED})
"""The moves that are signalled; the workflow waits for no other."""


class TaskKind(StrEnum):
    """The two signatures an award needs."""

    VERIFY_AWARD = "VERIFY_AWARD"
    APPROVE_AWARD = "APPROVE_AWARD"


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardShare:
    """What one author gets."""

    person_id: PersonId
    percent: Decimal
    amount_dong: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Award:
    """The money of one recognition. `version` grows with every move; it is the revision that the workflow is told."""

    id: AwardId
    dossier_id: DossierId
    dossier_code: str
    level: str
    unit_id: UnitId
    unit_path: tuple[UUID, ...]
    decision_number: str
    amount_dong: int
    rule_version: str
    basis: Basis
    verifier_kind: PostKind
    approver_kind: PostKind
    state: AwardState
    version: int
    assessed_at: datetime
    due_at: datetime
    moved_at: datetime
    moved_event_id: EventId
    verified_by: PersonId | None
    approved_by: PersonId | None
    shares: tuple[AwardShare, ...]

    @property
    def payees(self) -> frozenset[UUID]:
        """Who gets money and therefore signs nothing here."""
        return frozenset(share.person_id for share in self.shares)

    @property
    def awaited_step(self) -> TaskKind | None:
        """The signature that the award waits for; None when it has been judged."""
        match self.state:
            case AwardState.ASSESSED:
                return TaskKind.VERIFY_AWARD
            case AwardState.VERIFIED:
                return TaskKind.APPROVE_AWARD
            case _:
                return None

    def require_move(self, wanted: AwardState) -> None:
        """`AwardStateForbids` when the state does not allow it."""
        if wanted not in MOVES[self.state]:
            raise AwardStateForbids(state=self.state, wanted=wanted)

    def require_stranger(self, person_id: UUID) -> None:
        """`OwnAward` for a payee."""
        if person_id in self.payees:
            raise OwnAward

    def kind_of(self, step: TaskKind) -> PostKind:
        """The post whose holders sign this step."""
        return self.verifier_kind if step is TaskKind.VERIFY_AWARD else self.approver_kind

    def told(self) -> AwardMoved:
        """Where the award stands, as the workflow is told."""
        return AwardMoved(
            event_id=self.moved_event_id, award_id=self.id, dossier_id=self.dossier_id, level=self.level, state=self.state,
            revision=self.version, moved_at=self.moved_at,
        )  # fmt: skip

    def as_seen_by(self, person_id: UUID) -> Self:
        """The same award with this payee's share alone."""
        return replace(self, shares=tuple(share for share in self.shares if share.person_id == person_id))


def share_out(amount_dong: int, authors: tuple[AuthorShare, ...]) -> tuple[AwardShare, ...]:
    """Each author's part, in the authors' order; the parts sum to the amount."""
    if len({author.person_id for author in authors}) != len(authors):
        raise SharesInvalid(total=sum(author.percent for author in authors))
    amounts = split_by_shares(amount_dong, [author.percent for author in authors])
    return tuple(
        AwardShare(person_id=author.person_id, percent=author.percent, amount_dong=amount)
        for author, amount in zip(authors, amounts, strict=True)
    )
