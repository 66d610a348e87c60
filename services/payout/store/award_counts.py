"""How much money is where: awards by level and state."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from kit.db import Tx
from kit.rows import read_all
from language.messages.payout import AwardState


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardCount:
    """How many awards of a level are in a state, and how much money they are."""

    level: str
    state: AwardState
    count: int
    amount_dong: int


COUNTS = """
select level, state, count(*)::int as count, sum(amount_dong)::bigint as amount_dong from awards
where ($1::uuid[] is null or unit_path && $1) and ($2::uuid is null or season_id = $2)
group by level, state order by level, state
"""


async def count_by_state(tx: Tx, unit_ids: Sequence[UUID] | None, season_id: UUID | None) -> list[AwardCount]:
    """The money of these units and those below them, of None all."""
    units = None if unit_ids is None else list(unit_ids)
    return read_all(AwardCount, await tx.conn.fetch(COUNTS, units, season_id))
