"""`sangkien bench migrate`: a change of rules planned over open dossiers, against the same pages read and the
same rows written by bare asyncpg."""

import asyncio
import time
from uuid import UUID, uuid4

import asyncpg
from rich.console import Console

from bench.instance import Bed, bench_bed
from services.rulebook.store.organisation import ROUTES
from services.rulebook.store.positions import LIST_OPEN
from services.rulebook.store.positions import STAGES as STAGES_SEEN
from services.rulebook.store.transitions import INSERT_DOSSIER

_PACK = {"pack": "two-tier-since-2025-07-01", "version": 1}
_REPLACES = "three-tier-until-2025-06-30"
_PAGE = 500
_LOOK_EVERY = 0.5
_WANTED_SECONDS, _WANTED_DOSSIERS = 300, 100_000
DOSSIERS = """
with plan as (
  insert into intake.plans (hash, version, body, frozen_at) values ('bench', 1, '{}', now()) returning hash
)
insert into intake.dossiers (id, code, state, season_id, unit_id, unit_path, created_by, created_at, content,
  filed_at, moved_at, plan_hash, rule_version)
select gen_random_uuid(), 'BENCH-' || n, case n % 3 when 0 then 'FILED' else 'ACCEPTED' end, $2, u.id, u.path,
  gen_random_uuid(), now(), '{}',
  now(), now(), plan.hash, $3 || '@1'
from plan cross join generate_series(1, $1) n
join (select id, path, row_number() over (order by id) - 1 as number, count(*) over () as units
  from organisation.units where level = 'SCHOOL') u
  on u.number = n % u.units
"""
STAGES = """
insert into review.stages (id, dossier_id, dossier_code, level, unit_id, unit_path, plan, plan_hash,
  rule_version, last_level, opened_at, due_at, state,
  outcome, decision_number, proposed, decision_event_id, decided_at)
select gen_random_uuid(), d.id, d.code, s.level, d.unit_id, d.unit_path, '{}', d.plan_hash, d.rule_version,
  false,
  s.opened_at, now(), s.state, s.outcome,
  case when s.state = 'DECIDED' then d.code end, s.state = 'DECIDED',
  case when s.state = 'DECIDED' then gen_random_uuid() end, case when s.state = 'DECIDED' then now() end
from intake.dossiers d cross join lateral (
  select 'UNIT' as level, case when right(d.id::text, 1) < '8' then 'OPEN' else 'DECIDED' end as state,
    case when right(d.id::text, 1) < '8' then null else 'RECOGNISED' end as outcome,
    now() - interval '9 days' as opened_at
  union all select 'DISTRICT', 'OPEN', null, now() where right(d.id::text, 1) >= '8') s
where d.state = 'ACCEPTED' and d.code like 'BENCH-%'
"""
SEATS = """
insert into review.seats (stage_id, seat_no, role, person_id, post_id)
select s.id, n, 'MEMBER', gen_random_uuid(), gen_random_uuid() from review.stages s cross
  join generate_series(1, 5) n
"""
SHEETS = """
insert into review.score_sheets (id, stage_id, person_id, state, vote, total, submitted_at)
select gen_random_uuid(), stage_id, person_id, case when seat_no < 3 then 'SUBMITTED' else 'DRAFT' end,
  case when seat_no < 3 then 'APPROVE' end, case when seat_no < 3 then 80 end,
  case when seat_no < 3 then now() end from review.seats
"""
ANALYZE = "analyze intake.dossiers; analyze review.stages; analyze review.score_sheets"
FLOOR_PLAN = """
insert into rulebook.transitions (id, from_pack, to_pack, to_version, level_moves, state, made_by, made_at,
  settled_by, settled_at)
values ($1, 'x', 'x', 1, '[]', 'CANCELLED', $2, now(), $2, now())
"""


def run(dossiers: int) -> None:
    """Ours through the real workflow and activities, then the floor on the same tables."""
    asyncio.run(_run(dossiers))


async def _run(dossiers: int) -> None:
    console = Console()
    async with bench_bed() as bed:
        conn = await asyncpg.connect(bed.instance.admin_database_url)
        await conn.execute(DOSSIERS, dossiers, UUID(bed.imported.season_id), _REPLACES)
        for statement in (STAGES, SEATS, SHEETS, ANALYZE):
            await conn.execute(statement)
        console.print(f"{dossiers} open dossiers: under check, at school, at district, half marked.")
        ours = await _plan(bed, dossiers)
        floor = await _floor(conn)
        await conn.close()
    console.print(f"ours:  {dossiers / ours:8.0f} dossiers/s, {ours:.1f} s in all")
    console.print(
        f"floor: {dossiers / floor:8.0f} dossiers/s, {floor:.1f} s in all; ratio {floor / ours:.2f}"
    )
    whole = ours * _WANTED_DOSSIERS / dossiers
    console.print(f"{_WANTED_DOSSIERS} at this rate: {whole:.0f} s (wanted ≤ {_WANTED_SECONDS} s)")


async def _plan(bed: Bed, dossiers: int) -> float:
    """Seconds from the administrator's command until every dossier is sorted."""
    began = time.perf_counter()
    made = await bed.api.post("admin", "rulebook", "/v1/transitions", _PACK)
    while True:
        found = await bed.api.get("admin", "rulebook", f"/v1/transitions/{made['id']}")
        if found["planned_at"]:
            break
        await asyncio.sleep(_LOOK_EVERY)
    seconds = time.perf_counter() - began
    if sum(count["count"] for count in found["counts"]) != dossiers:
        raise RuntimeError(f"not every dossier is in the plan: {found['counts']}")
    return seconds


async def _floor(conn: "asyncpg.Connection[asyncpg.Record]") -> float:
    """The same statements, one after another on one connection."""
    plan = uuid4()
    await conn.execute(FLOOR_PLAN, plan, uuid4())
    await conn.execute("set search_path = rulebook, public")
    after = UUID(int=0)
    began = time.perf_counter()
    while True:
        page = await conn.fetch(LIST_OPEN, _REPLACES, after, _PAGE)
        if not page:
            return time.perf_counter() - began
        ids, units = [row["dossier_id"] for row in page], [row["unit_id"] for row in page]
        await conn.fetch(STAGES_SEEN, ids)
        await conn.fetch(ROUTES, list(set(units)))
        sorted_as = {
            "class": "MOVED",
            "reason": "LEVEL_MOVES",
            "stage": "MOVED",
            "step": "EXAMINATION",
            "marks": "SOME",
            "from_level": "DISTRICT",
            "to_level": "COMMUNE",
            "choices": [],
        }
        rows = [
            INSERT_DOSSIER.row(
                transition_id=plan,
                dossier_id=row["dossier_id"],
                code=row["code"],
                unit_id=row["unit_id"],
                season_id=row["season_id"],
                **sorted_as,
            )
            for row in page
        ]
        await conn.executemany(INSERT_DOSSIER.statement, rows)
        after = ids[-1]
