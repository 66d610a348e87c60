"""`sangkien bench storm`: many deadlines in the same second of the law, against bare Temporal timers with an
empty activity."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

import asyncpg
from rich.console import Console
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client
from temporalio.service import GrpcCompression
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from bench.instance import Bed, bench_bed
from bench.measuring import Round, processor_time, report, report_processor_time
from bench.storm_flow import FLOOR_QUEUE, QUEUE, BareTimer, Floor, StormStage
from casework.plans import hash_of, route_of
from embedded.servers import TemporalServer
from kit.clock import Clock
from kit.db import to_json
from kit.wire import data_converter
from language.deadline.arithmetic import LOCAL_ZONE, end_of_local_day, local_day
from language.deadline.jitter import delay_of
from language.ids import DossierId, SeasonId, UnitId
from language.messages.journey import Journey
from language.plan.review_plan import Basis, BudgetUnit, ReviewPlan, RungAction, RungRule
from language.plan.rule_kinds import RungAnchor
from language.plan.versions import PLAN_VERSION
from language.time_scale import TimeScale
from packs.freezing import Filing, freeze
from processes.bootstrap import shipped_packs
from processes.worker import MISSED_AFTER

_AT_ONCE = 32
_COLD = 20
_WANTED = 0.7
_DAY: Final = {TemporalServer.DEVELOPMENT: 90.0, TemporalServer.CLUSTER: 150.0}
_DAY_PER_DEADLINE: Final = {TemporalServer.DEVELOPMENT: 0.2, TemporalServer.CLUSTER: 0.4}
"""A domain day is long enough to start the instance and to open every stage before it ends; at its end all
are due."""
_FLOOR_LEAD: Final = 8.0
_FLOOR_STARTS_PER_SECOND: Final = {TemporalServer.DEVELOPMENT: 25, TemporalServer.CLUSTER: 10}
_LOOK_EVERY = 0.5
_SETTLES_WITHIN = 2.0
_LATEST = timedelta(minutes=10)
_FIRED = """
select clocks.subject_id, fired_at from review.rungs_fired join review.clocks using (about_id)
  where finding = 'FIRED'
"""
_OPENED = "select count(*) from review.stages"
_FREEZE = """
insert into intake.plans (hash, version, body, frozen_at) values ($1, $2, $3::text::jsonb, now())
on conflict do nothing
"""
_FILE = """
with filed as (
  insert into intake.dossiers (id, code, state, season_id, unit_id, unit_path, created_by, created_at,
    content, filed_at, plan_hash)
  select dossier, 'SK-' || dossier, 'ACCEPTED', $2, $3, path, $4, now(), '{}', now(), $5
  from organisation.units, unnest($1::uuid[]) as dossier
  where organisation.units.id = $3 returning id
)
insert into intake.dossier_authors (dossier_id, position, person_id, percent) select id, 0, $4, 100 from filed
"""


class StormFailed(Exception):
    """What was measured would say nothing: stages opened after their deadline, or rungs that never fired."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Storm:
    bed: Bed
    client: Client
    scale: TimeScale
    count: int
    action: RungAction
    spent: dict[str, tuple[Counter[str], int]] = field(default_factory=dict)

    @asynccontextmanager
    async def counting(self, name: str) -> AsyncIterator[None]:
        """Count what the processes use meanwhile, and a moment longer: what follows a rung belongs to it."""
        before = processor_time(self.bed.instance)
        yield
        await asyncio.sleep(_SETTLES_WITHIN)
        spent, rungs = self.spent.get(name, (Counter(), 0))
        self.spent[name] = spent + (processor_time(self.bed.instance) - before), rungs + self.count

    def lag(self, fired_at: datetime, instant: datetime, dossier_id: UUID) -> timedelta:
        """Real time from when the dossier's rung should fire to when it did."""
        return fired_at - self.scale.to_real(instant + delay_of(dossier_id))


def run(deadlines: int, action: str, server: TemporalServer, *, cold: bool) -> None:
    """Ours, then twice the floor. Cold: all but one run in twenty have left the worker's cache before they
    are due, as in life, where weeks pass."""
    cached = deadlines // _COLD if cold else 2 * deadlines
    asyncio.run(_run(deadlines, RungAction(action), server, cached))


async def _run(count: int, action: RungAction, server: TemporalServer, cached: int) -> None:
    now = Clock().real_now()
    midnight = datetime.combine(local_day(now), datetime.min.time(), LOCAL_ZONE)
    day = _DAY[server] + _DAY_PER_DEADLINE[server] * count
    scale = TimeScale(real_origin=now, domain_origin=midnight, day_seconds=day)
    async with bench_bed(scale, server=server) as bed:
        client = await Client.connect(
            bed.instance.temporal_address,
            data_converter=data_converter(),
            grpc_compression=GrpcCompression.NONE,
        )
        storm = _Storm(bed=bed, client=client, scale=scale, count=count, action=action)
        async with _workers(client, cached) as floor:
            ours = await _ours(storm, end_of_local_day(local_day(scale.to_domain(Clock().real_now()))))
            missed = await _missed(client)
            first, second = await _floor(storm, floor), await _floor(storm, floor)
    kept = f"{cached} runs cached" if cached < count else "all runs cached"
    report(f"{count} deadlines in one second, {action}, {kept}", "rungs/s", [first, second], [ours], _WANTED)
    rounds = (("floor", first), ("floor", second), ("ours", ours))
    Console().print(
        "last: " + ", ".join(f"{name} {max(round_.latencies_ms) / 1000:.2f} s" for name, round_ in rounds)
    )
    report_processor_time("rung", storm.spent)
    Console().print(
        f"ours: {missed} steps were not taken within {MISSED_AFTER.total_seconds():g} s, and replayed"
    )


@asynccontextmanager
async def _workers(client: Client, cached: int) -> AsyncIterator[Floor]:
    floor = Floor()
    async with (
        Worker(
            client,
            task_queue=QUEUE,
            workflows=[StormStage, BareTimer],
            max_cached_workflows=cached,
            # As in operation.
            workflow_runner=UnsandboxedWorkflowRunner(),
            sticky_queue_schedule_to_start_timeout=MISSED_AFTER,
        ),
        Worker(client, task_queue=FLOOR_QUEUE, activities=[floor.fire]),
    ):
        yield floor


async def _all(count: int, one: Callable[[int], Coroutine[Any, Any, Any]]) -> None:
    limit = asyncio.Semaphore(_AT_ONCE)

    async def limited(number: int) -> None:
        async with limit:
            await one(number)

    await asyncio.gather(*(limited(number) for number in range(count)))


def _round(lags: Iterable[timedelta], first_due: datetime, last_fired: datetime) -> Round:
    latencies = tuple(lag.total_seconds() * 1000 for lag in lags)
    return Round(per_second=len(latencies) / (last_fired - first_due).total_seconds(), latencies_ms=latencies)


async def _missed(client: Client) -> int:
    """How many steps of our stages the worker that had them in memory did not take in time."""
    missed = 0
    async for run in client.list_workflows(f"WorkflowType = '{StormStage.__name__}'"):
        history = await client.get_workflow_handle(run.id, run_id=run.run_id).fetch_history()
        missed += sum(
            event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT for event in history.events
        )
    return missed


async def _floor(storm: _Storm, floor: Floor) -> Round:
    """Timers to the same second, each with the delay that a dossier would have, and an activity after
    each."""
    floor.fired.clear()
    dossiers = {f"storm-floor:{dossier}": dossier for dossier in (uuid4() for _ in range(storm.count))}
    ids = list(dossiers)
    starting = storm.count / _FLOOR_STARTS_PER_SECOND[storm.bed.instance.server]
    instant = Clock().real_now() + timedelta(seconds=_FLOOR_LEAD + starting)
    shift = instant - storm.scale.to_real(storm.scale.domain_origin)

    def due(dossier_id: UUID) -> datetime:
        return storm.scale.to_real(storm.scale.domain_origin + delay_of(dossier_id)) + shift

    async def start(number: int) -> None:
        await storm.client.start_workflow(
            BareTimer.run, due(dossiers[ids[number]]), id=ids[number], task_queue=QUEUE
        )

    await _all(storm.count, start)
    if Clock().real_now() > instant:
        raise StormFailed("the floor's timers were started after their time")
    await asyncio.sleep(max(0.0, (instant - Clock().real_now()).total_seconds()))
    async with storm.counting("floor"):
        await _until(lambda: _enough(len(floor.fired), storm.count), instant + _LATEST)
    return _round(
        [at - due(dossiers[name]) for name, at in floor.fired.items()], instant, max(floor.fired.values())
    )


async def _enough(found: int, wanted: int) -> bool:
    return found >= wanted


async def _until(holds: Callable[[], Coroutine[Any, Any, bool]], latest: datetime) -> None:
    while not await holds():
        if Clock().real_now() > latest:
            raise StormFailed("not all deadlines were worked off")
        await asyncio.sleep(_LOOK_EVERY)


async def _ours(storm: _Storm, instant: datetime) -> Round:
    """Real stages of real councils, whose rung comes at the end of this domain day."""
    due = storm.scale.to_real(instant)
    database = await asyncpg.connect(storm.bed.instance.admin_database_url)
    try:
        journeys = await _filed(database, storm)
        await _all(storm.count, lambda number: _start(storm, journeys[number]))
        await _until(lambda: _counted(database, _OPENED, storm.count), due)
        await asyncio.sleep(max(0.0, (due - Clock().real_now()).total_seconds()))
        async with storm.counting("ours"):
            await _until(
                lambda: _counted(database, f"select count(*) from ({_FIRED}) fired", storm.count),
                due + _LATEST,
            )
        fired = [
            (row["subject_id"], storm.scale.to_real(row["fired_at"])) for row in await database.fetch(_FIRED)
        ]
    finally:
        await database.close()
    return _round([storm.lag(at, instant, dossier) for dossier, at in fired], due, max(at for _, at in fired))


async def _filed(database: "asyncpg.Connection[asyncpg.Record]", storm: _Storm) -> list[Journey]:
    """Accepted dossiers, spread over the schools, as intake has them."""
    plans, journeys = _plans(storm), []
    for place, plan in enumerate(plans):
        plan_hash = hash_of(plan)
        dossiers = [DossierId(uuid4()) for _ in range(place, storm.count, len(plans))]
        await database.execute(_FREEZE, plan_hash, PLAN_VERSION, to_json(plan).decode())
        await database.execute(_FILE, dossiers, plan.season_id, plan.formal_check.unit_id, uuid4(), plan_hash)
        journeys += [
            Journey(
                dossier_id=dossier,
                dossier_code="SK-STORM",
                season_id=plan.season_id,
                route=route_of(plan, plan_hash),
                time_scale=storm.scale,
            )
            for dossier in dossiers
        ]
    return journeys


async def _counted(database: "asyncpg.Connection[asyncpg.Record]", query: str, wanted: int) -> bool:
    return int(await database.fetchval(query)) >= wanted


async def _start(storm: _Storm, journey: Journey) -> None:
    await storm.client.start_workflow(
        StormStage.run, journey, id=f"storm:{journey.dossier_id}", task_queue=QUEUE
    )


def _plans(storm: _Storm) -> list[ReviewPlan]:
    """The shipped rules at the schools' level with one rung, at the end of the opening day."""
    units, pack = storm.bed.imported.unit_ids, shipped_packs()[-1]
    rung = RungRule(
        id="storm",
        action=storm.action,
        anchor=RungAnchor.START,
        offset=0,
        unit=BudgetUnit.CALENDAR_DAYS,
        basis=Basis(rule="UNIT.ladder.storm", document="bench", sample=True),
    )
    found = []
    for unit in storm.bed.province.body["units"]:
        if unit["level"] == "SCHOOL":
            school = UnitId(UUID(units[unit["code"]]))
            season = SeasonId(UUID(storm.bed.imported.season_id))
            plan = freeze(pack, Filing(unit_id=school, units_by_level={"SCHOOL": school}, season_id=season))
            found.append(replace(plan, levels=(replace(plan.levels[0], ladder=(rung,)),)))
    return found
