"""A payment list: what goes to the State Treasury in one piece."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from uuid import UUID

from services.payout.domain.refusals import ListStateForbids


class ListState(StrEnum):
    """The life of a list. CANCELLED: every award on it was reversed before it was sent."""

    DRAFT = "DRAFT"
    SENT = "SENT"
    CONFIRMED = "CONFIRMED"
    CANCELLED = "CANCELLED"


MOVES: Final[Mapping[ListState, frozenset[ListState]]] = MappingProxyType({
    ListState.DRAFT: frozenset({ListState.SENT, ListState.CANCELLED}),
    ListState.SENT: frozenset({ListState.CONFIRMED}),
    ListState.CONFIRMED: frozenset(),
    ListState.CANCELLED: frozenset(),
})  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentList:
    """The list and its totals."""

    id: UUID
    number: str
    unit_id: UUID
    unit_path: tuple[UUID, ...]
    state: ListState
    total_dong: int
    award_count: int
    statement_reference: str | None
    version: int
    drafted_at: datetime

    def require_move(self, wanted: ListState) -> None:
        """`ListStateForbids` when the state does not allow it."""
        if wanted not in MOVES[self.state]:
            raise ListStateForbids(state=self.state, wanted=wanted)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentListItem:
    """What one person gets from one award on the list."""

    award_id: UUID
    dossier_code: str
    decision_number: str
    person_id: UUID
    amount_dong: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentListPreview:
    """What a list made now would hold."""

    unit_id: UUID
    award_count: int
    total_dong: int


def list_number(year: int, sequence: int) -> str:
    """The office's number, unique in its unit."""
    return f"{year}-{sequence:04d}"
