"""Payment lists: who is to be paid how much, as one paper to the treasury."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class ListState(StrEnum):
    """CANCELLED: it pays nothing, for nothing is left on it or somebody has said so."""

    DRAFT = "DRAFT"
    SENT = "SENT"
    CONFIRMED = "CONFIRMED"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentList:
    """Who is to be paid how much, as one paper to the treasury. With two `payment_people`, who sent it
    neither confirms nor cancels it."""

    id: UUID
    number: int
    year: int
    unit_id: UUID
    unit_path: Sequence[UUID]
    state: ListState
    total_dong: int
    made_by: UUID
    made_at: datetime
    due_at: datetime
    rule_version: str | None
    payment_people: int
    sent_by: UUID | None
    sent_at: datetime | None
    confirmed_at: datetime | None
    statement_reference: str | None
    version: int

    @property
    def barred_id(self) -> UUID | None:
        """Who may not take the next step, having taken the one before."""
        if self.state is ListState.DRAFT:
            return self.made_by
        return self.sent_by if self.payment_people > 1 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class AwaitedList:
    """Approved awards of a unit wait for a payment list, until one is made or none waits any more."""

    id: UUID
    unit_id: UUID
    unit_path: Sequence[UUID]
    opened_at: datetime
    due_at: datetime
    rule_version: str
    closed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One person's money of one award."""

    award_id: UUID
    person_id: UUID
    amount_dong: int
