"""What a season was like, in figures by which two seasons can be compared: read from the databases when it is
over."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import asyncpg

from kit.rows import read, read_all
from language.plan.rule_kinds import PaidRole, RateBasis
from packs.money import RateIn

STUCK = """
select coalesce(s.level, d.state) as place, count(*)::int as count from intake.dossiers d
left join review.stages s on s.dossier_id = d.id and s.state = 'OPEN'
where d.filed_at is not null and d.closed_at is null group by 1 order by 1
"""
WORK = """
select s.rule_version, s.level, s.unit_id::text, s.id::text as stage_id, m.person_id::text, c.role,
  (coalesce(s.decided_at, m.submitted_at) at time zone 'Asia/Ho_Chi_Minh')::date as day
from review.stages s join review.score_sheets m on m.stage_id = s.id and m.state = 'SUBMITTED'
join review.seats c on c.stage_id = m.stage_id and c.person_id = m.person_id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """How many calendar days a step took."""

    count: int
    median: float
    longest: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One submitted sheet: whose work it was, in which council, and the local day on which that council
    decided (or, undecided, it came in)."""

    rule_version: str
    level: str
    unit_id: str
    stage_id: str
    person_id: str
    role: PaidRole
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """`days` by step, WHOLE from filing to the end; `stuck` by where dossiers stand that will never end;
    `without_quorum` by level: councils that decided, or still sit, with fewer sheets than the quorum of their
    plan asks for."""

    days: Mapping[str, Days]
    stuck: Mapping[str, int]
    without_quorum: Mapping[str, int]
    sheets: tuple[Sheet, ...]


DAYS = """
select step, count(*)::int as count, percentile_cont(0.5) within group (order by days) as median,
  max(days) as longest from (
  select kind as step, extract(epoch from closed_at - opened_at)::float8 / 86400 as days
  from intake.clocks where closed_at is not null
  union all
  select level, extract(epoch from decided_at - opened_at)::float8 / 86400 from review.stages
  where state = 'DECIDED'
  union all
  select 'PAYOUT', extract(epoch from moved_at - assessed_at)::float8 / 86400 from payout.awards
  where state = 'PAID'
  union all
  select 'WHOLE', extract(epoch from closed_at - filed_at)::float8 / 86400 from intake.dossiers
  where closed_at is not null and filed_at is not null
) spans group by step
"""
WITHOUT_QUORUM = """
select level, count(*)::int as count from (
  select s.level, (s.plan -> 'quorum' ->> 'numerator')::int as share,
  (s.plan -> 'quorum' ->> 'denominator')::int as whole,
    case s.plan -> 'quorum' ->> 'counted_over' when 'SEATS'
      then (select sum((seat ->> 'count')::int) from jsonb_array_elements(s.plan -> 'seats') seat)
      else (select count(*) from review.seats c where c.stage_id = s.id and c.state = 'ACTIVE')
      end as members,
    (select count(*) from review.score_sheets m where m.stage_id = s.id and m.state = 'SUBMITTED') as sheets
  from review.stages s where s.state in ('DECIDED', 'OPEN')) councils
where sheets * whole < share * members group by level order by level
"""


async def read_figures(admin_url: str) -> Figures:
    """The figures of the season in this database."""
    conn = await asyncpg.connect(admin_url)
    try:
        return Figures(
            days={row["step"]: read(Days, row) for row in await conn.fetch(DAYS)},
            stuck={row["place"]: row["count"] for row in await conn.fetch(STUCK)},
            without_quorum={row["level"]: row["count"] for row in await conn.fetch(WITHOUT_QUORUM)},
            sheets=tuple(read_all(Sheet, await conn.fetch(WORK))),
        )
    finally:
        await conn.close()


def council_cost(sheets: Sequence[Sheet], rates: Mapping[str, Sequence[RateIn]]) -> int | None:
    """What the councils' work comes to in đồng by the rates of each pack version; None where no pack has a
    rate.

    A rate of the very level goes before one for all levels. PER_SHEET and PER_DOSSIER pay each sheet;
    PER_SESSION pays a person once, by the highest rate, for all that a unit's council decided on one day:
    meetings are not kept yet. Guests, reviewers and administrative secretaries have no seat and are left out.
    """
    if not any(rates.values()):
        return None
    each, sessions = 0, dict[tuple[str, str, str, date], int]()
    for sheet in sheets:
        for rate in _rates_for(sheet, rates.get(sheet.rule_version, ())):
            if rate.per is RateBasis.PER_SESSION:
                sitting = (sheet.unit_id, sheet.level, sheet.person_id, sheet.day)
                sessions[sitting] = max(sessions.get(sitting, 0), rate.amount_dong)
            else:
                each += rate.amount_dong
    return each + sum(sessions.values())


def _rates_for(sheet: Sheet, rates: Sequence[RateIn]) -> Iterable[RateIn]:
    """At most one rate of each kind: the level's own, else the general one, of those that hold on the day."""
    holding = [
        rate
        for rate in rates
        if rate.role == sheet.role
        and rate.level in {None, sheet.level}
        and rate.valid_from <= sheet.day <= (rate.valid_to or date.max)
    ]
    return {rate.per: rate for rate in sorted(holding, key=lambda rate: rate.level is not None)}.values()
