"""Double entry: what each event of an award posts. Debits equal credits in every journal."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.payout.domain.award import AwardShare


class Account(StrEnum):
    """The accounts of the ledger."""

    AWARD_EXPENSE = "AWARD_EXPENSE"
    AUTHORS_PAYABLE = "AUTHORS_PAYABLE"
    TREASURY = "TREASURY"


class JournalKind(StrEnum):
    """Why something was posted; each at most once an award."""

    APPROVAL = "APPROVAL"
    PAYMENT = "PAYMENT"
    REVERSAL = "REVERSAL"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One side of a posting; exactly one of the two amounts is above zero."""

    account: Account
    person_id: UUID | None = None
    debit_dong: int = 0
    credit_dong: int = 0

    def countered(self) -> "Line":
        """The line that takes this one back."""
        return Line(account=self.account, person_id=self.person_id, debit_dong=self.credit_dong, credit_dong=self.debit_dong)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A posted line."""

    id: int
    journal_id: UUID
    award_id: UUID
    kind: JournalKind
    posted_at: datetime
    account: Account
    person_id: UUID | None
    debit_dong: int
    credit_dong: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountBalance:
    """An account's sums and their difference, above zero on the debit side."""

    account: Account
    title_vi: str
    title_en: str
    debit_dong: int
    credit_dong: int

    @property
    def balance_dong(self) -> int:
        """Debits less credits."""
        return self.debit_dong - self.credit_dong


def _payable(shares: Sequence[AwardShare]) -> list[AwardShare]:
    return [share for share in shares if share.amount_dong > 0]


def approval_lines(shares: Sequence[AwardShare]) -> list[Line]:
    """The province owes each author the share."""
    owed = [
        Line(account=Account.AUTHORS_PAYABLE, person_id=share.person_id, credit_dong=share.amount_dong) for share in _payable(shares)
    ]
    return [Line(account=Account.AWARD_EXPENSE, debit_dong=sum(line.credit_dong for line in owed)), *owed]


def payment_lines(shares: Sequence[AwardShare]) -> list[Line]:
    """The treasury has paid each author the share."""
    settled = [
        Line(account=Account.AUTHORS_PAYABLE, person_id=share.person_id, debit_dong=share.amount_dong) for share in _payable(shares)
    ]
    return [*settled, Line(account=Account.TREASURY, credit_dong=sum(line.debit_dong for line in settled))]
