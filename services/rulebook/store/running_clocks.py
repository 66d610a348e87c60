"""Clocks that run, as intake, review and payout publish them."""

from datetime import date, timedelta
from typing import Final
from uuid import UUID

from kit.db import Tx
from language.deadline.arithmetic import end_of_local_day
from language.views import View

_DAY: Final = timedelta(days=1)
COUNT_TOUCHED = " union all ".join(
    f"""
select count(*)::int as touched from {view}
where ($1::uuid is null or unit_path @> array[$1]) and opened_at <= $3 and runs_until > $2
"""
    for view in (View.INTAKE_CLOCKS, View.REVIEW_CLOCKS, View.PAYOUT_CLOCKS)
)


async def count_touched(tx: Tx, under: UUID | None, first: date, last: date) -> int:
    """How many clocks under the unit, or everywhere, run on some of these days; both ends included."""
    between = (end_of_local_day(first - _DAY), end_of_local_day(last))
    return sum(row["touched"] for row in await tx.conn.fetch(COUNT_TOUCHED, under, *between))
