"""`sangkien bench lists`: every list of the API over a province of many years, through HTTP, beside the same
statements bare."""

import asyncio
import statistics
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import asyncpg
import httpx
import orjson
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from bench.instance import Bed, bench_bed
from bench.journey import one_case
from bench.lists_asked import Asked, Province, all_asked, own_id
from bench.lists_floor import Floors
from bench.lists_hand_over import hand_over
from bench.lists_seed import Model, Size, seed
from bench.lists_sorted import all_sorted
from bench.measuring import percentile
from bench.wire import Wire
from casework.history.keys import Signer
from cli.signing_in import exchange_form
from embedded.instance import Instance
from kit.clock import Clock
from kit.rows import read

_WANTED_MS = 50.0
_WARM_UP = 6
"""The first calls of each kind fill caches, and are not counted."""
_PATIENCE_SECONDS = 20
"""What takes longer is asked for less often."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """How long the answers to one kind of request took, and its statements bare."""

    asked: Asked
    items: int
    statements: int
    ours: Sequence[float]
    floor: Sequence[float]


def run(dossiers: int, calls: int) -> None:
    """Seed, ask, and hand a head's work over."""
    asyncio.run(_run(dossiers, calls))


async def _run(dossiers: int, calls: int) -> None:
    console = Console()
    size = Size(dossiers=dossiers)
    async with bench_bed() as bed:
        began = time.perf_counter()
        await one_case(bed)
        database = bed.instance.admin_database_url
        signer = Signer(bed.instance.history_keys["CHECKPOINT_KEY"])
        await seed(database, size, await model_of(database), signer)
        size_now = await gigabytes(database)
        console.print(
            f"{dossiers} dossiers, {size.closed} of them closed: {size_now:.1f} GB in "
            f"{time.perf_counter() - began:.0f} s"
        )
        season = Clock().now().year - 2
        asked = [*all_asked(size, season), *all_sorted(Province(size), str(own_id(17, season)))]
        measured = await ask_all(bed.instance, asked, calls)
        _report(console, measured)
        console.print(await _handed_over(bed))


MODEL = """
select s.dossier_id as dossier, s.id as stage, a.id as award
from review.stages s join payout.awards a on a.dossier_id = s.dossier_id and a.level = s.level
where s.level = 'UNIT' order by s.opened_at limit 1
"""
GIGABYTES = "select pg_database_size(current_database()) / 1e9::float8"


async def model_of(admin_url: str) -> Model:
    """The dossier that went the whole way."""
    conn = await asyncpg.connect(admin_url)
    try:
        row = await conn.fetchrow(MODEL)
    finally:
        await conn.close()
    if row is None:
        raise RuntimeError("no dossier went the whole way")
    return read(Model, row)


async def gigabytes(admin_url: str) -> float:
    """How large the database is."""
    conn = await asyncpg.connect(admin_url)
    try:
        return float(await conn.fetchval(GIGABYTES))
    finally:
        await conn.close()


async def ask_all(instance: Instance, asked: Sequence[Asked], calls: int) -> list[Measured]:
    """Each kind of request so many times, alternating with its statements bare."""
    services = sorted({one.service for one in asked})
    environments = {service: instance.environment(service) for service in services}
    accounts = {account for one in asked for account, _ in one.turns}
    tokens = await tokens_of(instance, accounts)
    wires = {service: await Wire.open(instance.urls[service]) for service in services}
    try:
        async with Floors.open(environments) as floors:
            with Progress(transient=True) as progress:
                bar = progress.add_task("asking", total=len(asked))
                measured = []
                for one in asked:
                    progress.update(bar, description=f"{one.service}: {one.name}")
                    measured.append(await _ask(one, wires[one.service], floors, tokens, calls))
                    progress.advance(bar)
                return measured
    finally:
        for wire in wires.values():
            wire.close()


async def tokens_of(instance: Instance, accounts: set[str]) -> dict[str, str]:
    """A token for each account."""
    tokens: dict[str, str] = {}
    async with httpx.AsyncClient(base_url=instance.urls["organisation"], timeout=30) as http:
        for account in sorted(accounts):
            form = exchange_form(instance.secrets["cli_client_secret"], account)
            answer = await http.post("/oauth2/token", data=form)
            answer.raise_for_status()
            tokens[account] = answer.json()["access_token"]
    return tokens


async def _ask(asked: Asked, wire: Wire, floors: Floors, tokens: Mapping[str, str], calls: int) -> Measured:
    ours: list[float] = []
    bare: list[float] = []
    items = statements = 0
    floor = floors.of[asked.service]
    caught = {}
    begun_at = time.perf_counter()
    for call in range(calls + _WARM_UP):
        if call > 2 * _WARM_UP and time.perf_counter() - begun_at > _PATIENCE_SECONDS:
            break
        account, path = asked.turns[call % len(asked.turns)]
        headers = {"Authorization": f"Bearer {tokens[account]}"}
        if (account, path) not in caught:
            caught[account, path] = await floor.statements(path, headers)
        milliseconds, status, body = await wire.get(path, headers)
        if status != 200:
            raise RuntimeError(f"{asked.service} {path} as {account}: {status} {body[:300]!r}")
        floor_milliseconds = await floor.time(caught[account, path])
        if call >= _WARM_UP:
            ours.append(milliseconds)
            bare.append(floor_milliseconds)
            items = max(items, _items(orjson.loads(body)))
            statements = max(statements, len(caught[account, path]))
    return Measured(asked=asked, items=items, statements=statements, ours=ours, floor=bare)


def _items(answer: Any) -> int:
    if isinstance(answer, list):
        return len(answer)
    return len(answer["items"]) if "items" in answer else 1


def _report(console: Console, measured: Sequence[Measured]) -> None:
    table = Table(title="Milliseconds an answer")
    columns = ("service", "request", "items", "p50", "p99", "statements", "bare p50", "bare p99", "")
    for column in columns:
        table.add_column(column, justify="left" if column in {"service", "request", ""} else "right")
    for one in measured:
        p99 = percentile(one.ours, 0.99)
        table.add_row(
            one.asked.service,
            one.asked.name,
            str(one.items),
            f"{percentile(one.ours, 0.5):.1f}",
            f"{p99:.1f}",
            str(one.statements),
            f"{percentile(one.floor, 0.5):.1f}",
            f"{percentile(one.floor, 0.99):.1f}",
            "" if p99 <= _WANTED_MS else f"over {_WANTED_MS:.0f}",
        )
    console.print(table)
    over = [one for one in measured if percentile(one.ours, 0.99) > _WANTED_MS]
    middle = statistics.median(percentile(one.ours, 0.5) for one in measured)
    bare = statistics.median(percentile(one.floor, 0.5) for one in measured)
    console.print(
        f"{len(measured)} kinds of request, {len(over)} of them over {_WANTED_MS:.0f} ms p99; "
        f"median of the p50: {middle:.1f} ms, of their statements bare {bare:.1f} ms"
    )


async def _handed_over(bed: Bed) -> str:
    done = await hand_over(bed.api)
    return (
        f"hand-over: {done.tasks} decisions of a head who goes on leave are the deputy's after "
        f"{done.seconds:.1f} s ({done.tasks / done.seconds:.0f}/s); the click took {done.click_ms:.0f} ms"
    )
