"""The kinds of case that payout has."""

from typing import Final

from casework.case import Cases
from services.payout.operations.approval import AWARD_APPROVAL
from services.payout.operations.list_making import LIST_MAKING
from services.payout.operations.list_payment import PAYMENT_LIST

CASES: Final = Cases(AWARD_APPROVAL, PAYMENT_LIST, LIST_MAKING)
