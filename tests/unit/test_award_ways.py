"""Where an award may go: every pair of states, against the list written by hand."""

from decimal import Decimal
from itertools import product
from uuid import UUID

import pytest

from language.messages.payout import AwardState
from services.payout.domain.award import AwardShare, require_way
from services.payout.domain.refusals import AlreadySent, AwardNotThere

ALLOWED = """
ASSESSED VERIFIED
ASSESSED REJECTED
VERIFIED APPROVED
VERIFIED REJECTED
APPROVED LISTED
APPROVED REVERSED
LISTED SENT
LISTED APPROVED
LISTED REVERSED
SENT PAID
SENT APPROVED
PAID REVERSED
"""
WAYS = {tuple(line.split()) for line in ALLOWED.split("\n") if line}


@pytest.mark.parametrize(("state", "to"), list(product(AwardState, AwardState)))
def test_an_award_goes_only_where_it_may(state: AwardState, to: AwardState) -> None:
    if (state, to) in WAYS:
        require_way(state, to)
        return
    if (state, to) == (AwardState.SENT, AwardState.REVERSED):
        with pytest.raises(AlreadySent):
            require_way(state, to)
        return
    with pytest.raises(AwardNotThere) as refused:
        require_way(state, to)
    assert refused.value.facts["state"] == state


def _share(amount: int, *, outside: bool = False, paid_to: UUID | None = None) -> AwardShare:
    return AwardShare(
        person_id=UUID(int=1), percent=Decimal(50), amount_dong=amount, outside=outside, paid_to=paid_to
    )


def test_whose_money_it_is() -> None:
    other = UUID(int=2)
    assert _share(1).payee_id == UUID(int=1)
    assert _share(1, outside=True, paid_to=other).payee_id == other
    assert _share(1).is_tied
    assert not _share(1, outside=True).is_tied
    assert _share(0, outside=True).is_tied
    assert _share(1, outside=True, paid_to=other).is_tied
    booked = _share(7, outside=True, paid_to=other).payee
    assert (booked.person_id, booked.amount_dong) == (UUID(int=1), 7)
