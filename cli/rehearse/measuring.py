"""What a season was like, in figures that two seasons can be compared by: read from the databases when it is over."""

from dataclasses import dataclass, field

import asyncpg

DAYS_BY_LEVEL = """
select level, percentile_cont(0.5) within group (order by days) as median, max(days) as most from (
  select 'FORMAL_CHECK' as level, extract(epoch from closed_at - opened_at)::float8 / 86400 as days from intake.clocks where closed_at is not null
  union all
  select level, extract(epoch from decided_at - opened_at)::float8 / 86400 from review.stages where outcome in ('RECOGNISED', 'REFUSED')
  union all
  select 'WHOLE', extract(epoch from closed_at - filed_at)::float8 / 86400 from intake.dossiers where closed_at is not null and filed_at is not null
) spans group by level order by level
"""
STUCK = "select count(*)::int from intake.dossiers where filed_at is not null and closed_at is null"
QUORUM_FAILURES = """
select count(*)::int from review.events
where kind = 'StageDecided' and (detail -> 'quorum' ->> 'sheets')::int < (detail -> 'quorum' ->> 'needed')::int
"""
SHEETS = "select count(*)::int from review.score_sheets where state = 'SUBMITTED'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """How many days it took: the median and the longest."""

    median: float
    most: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """Days to the end by level (`WHOLE` from filing to the end), dossiers that did not end, decisions without a quorum, sheets submitted."""

    days: dict[str, Days] = field(default_factory=dict)
    stuck: int = 0
    quorum_failures: int = 0
    sheets: int = 0


async def measure(admin_url: str) -> Measures:
    """The figures of the season in this database."""
    conn = await asyncpg.connect(admin_url)
    try:
        rows = await conn.fetch(DAYS_BY_LEVEL)
        return Measures(
            days={row["level"]: Days(median=round(row["median"], 1), most=round(row["most"], 1)) for row in rows},
            stuck=await conn.fetchval(STUCK),
            quorum_failures=await conn.fetchval(QUORUM_FAILURES),
            sheets=await conn.fetchval(SHEETS),
        )
    finally:
        await conn.close()
