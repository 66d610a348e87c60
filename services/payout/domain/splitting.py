"""An amount split by shares so that the parts sum to it exactly."""

from collections.abc import Sequence
from decimal import Decimal

from services.payout.domain.refusals import AwardNotAssessable

_WHOLE = Decimal(100)


def split(amount_dong: int, percents: Sequence[Decimal]) -> list[int]:
    """Each part is its share rounded down; the đồng left over go to the largest remainders, the earlier first
    on a tie.

    Refuses nothing to split, and shares that are negative or do not sum to 100.
    """
    if amount_dong <= 0 or sum(percents, Decimal()) != _WHOLE or min(percents) < 0:
        raise AwardNotAssessable
    exact = [amount_dong * percent / _WHOLE for percent in percents]
    parts = [int(part) for part in exact]
    by_remainder = sorted(
        range(len(parts)), key=lambda position: (parts[position] - exact[position], position)
    )
    for position in by_remainder[: amount_dong - sum(parts)]:
        parts[position] += 1
    return parts
