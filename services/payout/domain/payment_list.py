"""Payment lists: who is to be paid how much, as one paper to the treasury."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class ListState(StrEnum):
    """CANCELLED: every award on it was reversed before the treasury had it."""

    DRAFT = "DRAFT"
    SENT = "SENT"
    CONFIRMED = "CONFIRMED"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentList:
    """Who is to be paid how much, as one paper to the treasury."""

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
    sent_at: datetime | None
    confirmed_at: datetime | None
    statement_reference: str | None
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One person's money of one award."""

    award_id: UUID
    person_id: UUID
    amount_dong: int
