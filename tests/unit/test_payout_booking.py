"""Every journal balances, and approval, payment and reversal together leave nothing."""

from collections import Counter
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from services.payout.domain.award import AwardShare
from services.payout.domain.booking import (
    LedgerAccount,
    Line,
    Payee,
    book_approval,
    book_payment,
    book_reversal,
)

AMOUNTS = st.lists(st.integers(0, 10**12), min_size=1, max_size=8).filter(any)
PAYEES = AMOUNTS.map(
    lambda amounts: [
        Payee(person_id=UUID(int=number), amount_dong=amount) for number, amount in enumerate(amounts)
    ]
)


def _balances(lines: list[Line]) -> Counter[tuple[LedgerAccount, UUID | None]]:
    sums: Counter[tuple[LedgerAccount, UUID | None]] = Counter()
    for line in lines:
        sums[line.account, line.person_id] += line.debit_dong - line.credit_dong
    return sums


@given(PAYEES)
@settings(max_examples=100)
def test_every_journal_balances_and_has_no_empty_line(payees: list[Payee]) -> None:
    for lines in (book_approval(payees), book_payment(payees), book_reversal(book_approval(payees))):
        assert sum(line.debit_dong for line in lines) == sum(line.credit_dong for line in lines) > 0
        assert all((line.debit_dong == 0) != (line.credit_dong == 0) for line in lines)


@given(PAYEES)
@settings(max_examples=100)
def test_after_the_payment_no_author_is_owed_anything(payees: list[Payee]) -> None:
    left = _balances([*book_approval(payees), *book_payment(payees)])
    total = sum(payee.amount_dong for payee in payees)
    assert {key: amount for key, amount in left.items() if amount} == {
        (LedgerAccount.AWARD_EXPENSE, None): total,
        (LedgerAccount.TREASURY, None): -total,
    }


@given(PAYEES)
@settings(max_examples=100)
def test_a_reversal_takes_back_every_account_of_every_person(payees: list[Payee]) -> None:
    booked = [*book_approval(payees), *book_payment(payees)]
    assert not any(_balances([*booked, *book_reversal(booked)]).values())


def test_a_share_of_nothing_is_booked_nowhere() -> None:
    payees = [Payee(person_id=UUID(int=1), amount_dong=5), Payee(person_id=UUID(int=2), amount_dong=0)]
    assert [line.person_id for line in book_approval(payees)] == [None, UUID(int=1)]
    assert UUID(int=2) not in {line.person_id for line in book_payment(payees)}


def test_who_is_paid_is_the_author_or_whom_an_accountant_has_named() -> None:
    author, named = UUID(int=1), UUID(int=2)
    share = AwardShare(person_id=author, percent=Decimal(100), amount_dong=7, outside=True)
    assert (share.payee_id, share.is_tied) == (author, False)
    tied = replace(share, paid_to=named)
    assert (tied.payee_id, tied.is_tied) == (named, True)
    assert replace(share, amount_dong=0).is_tied
    assert replace(share, outside=False).is_tied
    assert tied.payee == Payee(person_id=author, amount_dong=7)
