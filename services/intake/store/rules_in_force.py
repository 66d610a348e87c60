"""What the rulebook and the organisation publish of the rules for a filing, and the plans frozen from it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from kit.db import Tx
from kit.rows import read
from language.deadline.arithmetic import local_day
from language.plan.review_plan import ReviewPlan
from language.plan.versions import PLAN_VERSION
from language.views import LATER_PACK
from services.intake.domain.filing_time import FilingRound


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesInForce:
    """For a unit, a season and an instant: the unit's path with the level of each unit on it, the time in
    which the season and its rounds take dossiers, whether the unit may file late (also because one may that
    it succeeded), and the pack in force. None for what there is none of."""

    unit_path: tuple[UUID, ...]
    levels: tuple[str, ...]
    opens_at: datetime | None
    closes_at: datetime | None
    rounds: tuple[FilingRound, ...]
    may_file_late: bool
    pack: str | None
    pack_version: int | None


IN_FORCE = f"""
select u.path as unit_path,
  array(
    select a.level from unnest(u.path) with ordinality as step (id, place)
    join organisation.units_v1 a on a.id = step.id order by step.place
  ) as levels,
  s.opens_at, s.closes_at,
  (
    select coalesce(jsonb_agg(to_jsonb(r) order by r.opens_at, r.code), '[]')
    from rulebook.rounds_v1 r where r.season_id = $2
  ) as rounds,
  exists (
    select from rulebook.late_filings_v1 l
    where l.season_id = $2 and l.until >= $4 and (l.unit_id = any(u.path) or u.id = (
      select a.id from organisation.units_v1 e join organisation.units_v1 a on a.id = any(e.path)
      where e.id = l.unit_id and e.valid_to < $3 and e.successor_id is not null
        and a.valid_from <= $3 and (a.valid_to is null or a.valid_to >= $3)
      order by cardinality(a.path) desc limit 1
    ))
  ) as may_file_late,
  p.name as pack, p.version as pack_version
from organisation.units_v1 u
left join rulebook.seasons_v1 s on s.id = $2
left join lateral (
  select name, version from rulebook.packs_v1
  where effective_from <= $3 and (effective_to is null or effective_to >= $3)
  order by {LATER_PACK} limit 1
) p on true
where u.id = $1
"""


async def rules_in_force(tx: Tx, unit_id: UUID, season_id: UUID, at: datetime) -> RulesInForce | None:
    """One statement, so that it sees one state; None for a unit that is not there."""
    row = await tx.conn.fetchrow(IN_FORCE, unit_id, season_id, local_day(at), at)
    return read(RulesInForce, row) if row else None


PACK = "select content from rulebook.packs_v1 where name = $1 and version = $2"


async def pack_content(tx: Tx, name: str, version: int) -> dict[str, Any] | None:
    """A published pack."""
    content: dict[str, Any] | None = await tx.conn.fetchval(PACK, name, version)
    return content


IS_KEPT = "select exists (select from plans where hash = $1)"
KEEP = "insert into plans (hash, version, body, frozen_at) values ($1, $2, $3, $4) on conflict do nothing"


async def keep_plan(tx: Tx, plan_hash: str, plan: ReviewPlan) -> None:
    """A plan is kept once, however many dossiers were filed under it: its body, which is long, goes to the
    database for the first of them only."""
    if await tx.conn.fetchval(IS_KEPT, plan_hash):
        return
    await tx.conn.execute(KEEP, plan_hash, PLAN_VERSION, plan, tx.now)
