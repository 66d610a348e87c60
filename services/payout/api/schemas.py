"""Bodies and answers of payout's API."""

from datetime import datetime
from decimal import Decimal
from typing import Self
from uuid import UUID

from pydantic import Field, model_validator

from casework.naming import NamedOut
from kit.http.models import In, Line, Out, Prose
from language.messages.payout import AwardState
from language.unfit import Unfit
from services.payout.domain.booking import LedgerAccount
from services.payout.domain.payment_list import ListState


class ReasonIn(In):
    """Why."""

    reason: Prose


class PayeeIn(In):
    """Who is paid for an author outside the organisation, and by what that is known."""

    author_id: UUID
    person_id: UUID
    reason: Prose


class PaymentListIn(In):
    """For which unit to make a list, and which approved awards are left out of it. With `only` it holds
    exactly those, and none that was approved meanwhile."""

    unit_id: UUID
    leave_out: list[UUID] = Field(default_factory=list, max_length=2_000)
    only: list[UUID] | None = Field(default=None, min_length=1, max_length=2_000)


class LeavingIn(In):
    """An award that leaves a list, and why."""

    award_id: UUID
    reason: Prose


class ConfirmationIn(In):
    """The reference of the treasury's statement, and which awards of the list it has not paid."""

    statement_reference: Line
    unpaid: list[LeavingIn] = Field(default_factory=list, max_length=2_000)

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        if len({line.award_id for line in self.unpaid}) < len(self.unpaid):
            raise Unfit("an award is named twice", "một khoản thưởng được nêu hai lần")
        return self

    @property
    def reasons(self) -> dict[UUID, str]:
        """Why each was not paid, by award."""
        return {line.award_id: line.reason for line in self.unpaid}


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
    replaces: UUID | None
    assessed_at: datetime
    due_at: datetime
    version: int


class AwardLineOut(AwardOut, NamedOut):
    """An award in a list, with what it is about."""


class AwardCountOut(Out):
    """How many awards of a level are in a state, and how much money they are."""

    level: str
    state: AwardState
    count: int
    amount_dong: int


class ShareOut(Out):
    """An author's part. `outside`: the organisation does not know the author; `paid_to` says who is paid, and
    then `full_name` is that person's."""

    person_id: UUID
    full_name: str | None = None
    percent: Decimal
    amount_dong: int
    outside: bool
    paid_to: UUID | None


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
    sent_by: UUID | None
    sent_at: datetime | None
    confirmed_at: datetime | None
    statement_reference: str | None
    version: int


class PaymentListLineOut(PaymentListOut, NamedOut):
    """A payment list in a list of them, with its unit's name."""


class ItemOut(Out):
    """One person's money of one award, with what people call both."""

    award_id: UUID
    dossier_code: str | None = None
    decision_number: str | None = None
    person_id: UUID
    full_name: str | None = None
    amount_dong: int


class PaymentListDetailOut(PaymentListOut):
    """A payment list with its lines."""

    items: list[ItemOut]


class EntryOut(Out):
    """A booked line."""

    seq: int
    journal_id: UUID
    award_id: UUID
    dossier_code: str | None = None
    decision_number: str | None = None
    account: LedgerAccount
    person_id: UUID | None
    full_name: str | None = None
    debit_dong: int
    credit_dong: int
    booked_at: datetime


class BalanceOut(Out):
    """The turnover of an account."""

    account: LedgerAccount
    debit_dong: int
    credit_dong: int
