"""The kinds of case that payout has."""

from typing import Final

from casework.case import Cases
from casework.succession_watch import UnitRows
from services.payout.operations.approval import AWARD_APPROVAL
from services.payout.operations.list_making import LIST_MAKING
from services.payout.operations.list_payment import PAYMENT_LIST

CASES: Final = Cases(AWARD_APPROVAL, PAYMENT_LIST, LIST_MAKING)
UNIT_ROWS: Final = (
    UnitRows(table="awards", passed_on="state not in ('PAID', 'REJECTED', 'REVERSED')"),
    UnitRows(table="payment_lists"),
    UnitRows(table="awaited_lists"),
)
"""What a unit owes its successor pays; a list keeps the unit that gave it its number."""
