"""The bookings of an award: balanced journals of debits and credits in đồng."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class LedgerAccount(StrEnum):
    """The accounts of the ledger."""

    AWARD_EXPENSE = "AWARD_EXPENSE"
    AUTHORS_PAYABLE = "AUTHORS_PAYABLE"
    TREASURY = "TREASURY"


@dataclass(frozen=True, slots=True, kw_only=True)
class Payee:
    """Who gets how much."""

    person_id: UUID
    amount_dong: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a journal: a debit or a credit."""

    account: LedgerAccount
    person_id: UUID | None
    debit_dong: int = 0
    credit_dong: int = 0

    @property
    def reversed(self) -> "Line":
        """The counter entry."""
        return Line(
            account=self.account,
            person_id=self.person_id,
            debit_dong=self.credit_dong,
            credit_dong=self.debit_dong,
        )


def _with_money(payees: Sequence[Payee]) -> list[Payee]:
    return [payee for payee in payees if payee.amount_dong > 0]


def book_approval(payees: Sequence[Payee]) -> list[Line]:
    """The unit owes the authors."""
    total = sum(payee.amount_dong for payee in payees)
    owed = [
        Line(account=LedgerAccount.AUTHORS_PAYABLE, person_id=payee.person_id, credit_dong=payee.amount_dong)
        for payee in _with_money(payees)
    ]
    return [Line(account=LedgerAccount.AWARD_EXPENSE, person_id=None, debit_dong=total), *owed]


def book_payment(payees: Sequence[Payee]) -> list[Line]:
    """The treasury has paid the authors."""
    total = sum(payee.amount_dong for payee in payees)
    paid = [
        Line(account=LedgerAccount.AUTHORS_PAYABLE, person_id=payee.person_id, debit_dong=payee.amount_dong)
        for payee in _with_money(payees)
    ]
    return [*paid, Line(account=LedgerAccount.TREASURY, person_id=None, credit_dong=total)]


def book_reversal(lines: Sequence[Line]) -> list[Line]:
    """Everything booked so far, the other way round."""
    return [line.reversed for line in lines]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A booked line."""

    seq: int
    journal_id: UUID
    award_id: UUID
    account: LedgerAccount
    person_id: UUID | None
    debit_dong: int
    credit_dong: int
    booked_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """The turnover of an account."""

    account: LedgerAccount
    debit_dong: int
    credit_dong: int
