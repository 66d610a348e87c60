"""An amount divided by shares to the đồng."""

from collections.abc import Sequence
from decimal import ROUND_DOWN, Decimal

from services.payout.domain.refusals import AmountInvalid, SharesInvalid

_WHOLE = Decimal(100)


def split_by_shares(amount_dong: int, percents: Sequence[Decimal]) -> tuple[int, ...]:
    """Largest remainder: all parts rounded down, then the đồng left over go one each to the largest remainders, the earlier position first."""
    if amount_dong <= 0:
        raise AmountInvalid
    total = sum(percents, Decimal(0))
    if total != _WHOLE or any(percent <= 0 for percent in percents):
        raise SharesInvalid(total=total)
    exact = [amount_dong * percent / _WHOLE for percent in percents]
    floors = [int(part.to_integral_value(ROUND_DOWN)) for part in exact]
    left_over = amount_dong - sum(floors)
    by_remainder = sorted(range(len(exact)), key=lambda position: (floors[position] - exact[position], position))
    favoured = set(by_remainder[:left_over])
    return tuple(floor + (position in favoured) for position, floor in enumerate(floors))
