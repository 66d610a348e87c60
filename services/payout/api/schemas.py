"""Bodies and answers of payout's API."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from kit.http.models import In, Line, Out, Prose
from language.messages.payout import AwardState
from services.payout.domain.booking import LedgerAccount
from services.payout.domain.payment_list import ListState


class ReasonIn(In):
    """Why."""

    reason: Prose


class PaymentListIn(In):
    """For which unit to make a list."""

    unit_id: UUID


class ConfirmationIn(In):
    """The reference of the treasury's statement."""

    statement_reference: Line


class AwardOut(Out):
    """An award as it stands."""

    id: UUID
    dossier_id: UUID
    dossier_code: str
    level: str
    unit_id: UUID
    decision_number: str
    amount_dong: int
    rule_version: str
    state: AwardState
    verified_by: UUID | None
    approved_by: UUID | None
    payment_list_id: UUID | None
    assessed_at: datetime
    due_at: datetime
    version: int


class ShareOut(Out):
    """An author's part. `outside`: not tied to a person of the organisation yet."""

    person_id: UUID
    percent: Decimal
    amount_dong: int
    outside: bool


class AwardDetailOut(AwardOut):
    """An award with its parts; a payee sees their own part only."""

    shares: list[ShareOut]


class PaymentListOut(Out):
    """A payment list."""

    id: UUID
    number: int
    year: int
    unit_id: UUID
    state: ListState
    total_dong: int
    made_by: UUID
    made_at: datetime
    due_at: datetime
    sent_at: datetime | None
    confirmed_at: datetime | None
    statement_reference: str | None
    version: int


class ItemOut(Out):
    """One person's money of one award."""

    award_id: UUID
    person_id: UUID
    amount_dong: int


class PaymentListDetailOut(PaymentListOut):
    """A payment list with its lines."""

    items: list[ItemOut]


class EntryOut(Out):
    """A booked line."""

    seq: int
    journal_id: UUID
    award_id: UUID
    account: LedgerAccount
    person_id: UUID | None
    debit_dong: int
    credit_dong: int
    booked_at: datetime


class BalanceOut(Out):
    """The turnover of an account."""

    account: LedgerAccount
    debit_dong: int
    credit_dong: int
