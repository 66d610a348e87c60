"""`sangkien bench pages`: the main pages of each kind of reader over a province of many years, beside what
they ask of the services bare, and beside a page that asks nothing."""

import asyncio
import statistics
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from bench.instance import bench_bed
from bench.journey import one_case
from bench.lists import gigabytes, model_of, tokens_of
from bench.lists_seed import Size, seed
from bench.measuring import percentile
from bench.pages_asked import Opened, all_opened
from bench.pages_floor import STATIC, Floor
from bench.wire import Wire
from casework.history.keys import Signer
from cli.browsing import SESSION, Browser
from cli.first_start import give_passwords
from embedded.instance import Instance
from language.names import PORTAL

_WANTED_MS = 100.0
_WARM_UP = 6
"""The first calls of each kind fill caches, and are not counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """How long the pages of one kind took, their asking alone, and a page that asks nothing."""

    opened: Opened
    asked: int
    kilobytes: float
    ours: Sequence[float]
    asking: Sequence[float]
    static: Sequence[float]

    @property
    def floor(self) -> float:
        """The middle of both together."""
        return percentile(self.asking, 0.5) + percentile(self.static, 0.5)

    @property
    def ratio(self) -> float:
        """How many times the floor a page takes."""
        return percentile(self.ours, 0.5) / self.floor


def run(dossiers: int, calls: int) -> None:
    """Seed, sign in, and open."""
    asyncio.run(_run(dossiers, calls))


async def _run(dossiers: int, calls: int) -> None:
    console = Console()
    size = Size(dossiers=dossiers)
    async with bench_bed(pages=True) as bed:
        began = time.perf_counter()
        await one_case(bed)
        database = bed.instance.admin_database_url
        signer = Signer(bed.instance.history_keys["CHECKPOINT_KEY"])
        await seed(database, size, await model_of(database), signer)
        console.print(
            f"{dossiers} dossiers, {size.closed} of them closed: {await gigabytes(database):.1f} GB in "
            f"{time.perf_counter() - began:.0f} s"
        )
        _report(console, await open_all(bed.instance, all_opened(size), calls))


async def open_all(instance: Instance, opened: Sequence[Opened], calls: int) -> list[Measured]:
    """Each kind of page so many times, in turn with its floor."""
    accounts = {account for one in opened for account, _ in one.turns}
    sessions = await _sessions(instance, sorted(accounts))
    tokens = await tokens_of(instance, accounts)
    wire = await Wire.open(instance.ports.url(PORTAL))
    try:
        async with Floor.open(instance.environment(PORTAL), instance.urls) as floor:
            measured = []
            with Progress(transient=True) as progress:
                bar = progress.add_task("opening", total=len(opened))
                for one in opened:
                    progress.update(bar, description=one.name)
                    measured.append(await _measured(one, wire, floor, sessions, tokens, calls))
                    progress.advance(bar)
            floor.close()
            return measured
    finally:
        wire.close()


async def _sessions(instance: Instance, accounts: Sequence[str]) -> dict[str, str]:
    """Everybody signs in as people do."""
    passwords = await give_passwords(instance, accounts)
    sessions = {}
    for account in accounts:
        async with Browser(instance.ports.url(PORTAL)) as browser:
            await browser.sign_in(account, passwords[account], back="/help")
            sessions[account] = browser.session
    return sessions


async def _measured(
    opened: Opened,
    wire: Wire,
    floor: Floor,
    sessions: Mapping[str, str],
    tokens: Mapping[str, str],
    calls: int,
) -> Measured:
    ours: list[float] = []
    asking: list[float] = []
    static: list[float] = []
    caught = {}
    weight = 0
    for call in range(calls + _WARM_UP):
        account, path = opened.turns[call % len(opened.turns)]
        if (account, path) not in caught:
            caught[account, path] = await floor.calls(sessions[account], path)
        headers = {"Cookie": f"{SESSION}={sessions[account]}; language=vi", "Accept-Encoding": "gzip"}
        took, status, body = await wire.get(path, headers)
        if status != 200:
            raise RuntimeError(f"{path} as {account}: {status}")
        alone = await floor.time(tokens[account], caught[account, path])
        nothing, _, _ = await wire.get(STATIC, {"Accept-Encoding": "gzip"})
        if call >= _WARM_UP:
            ours.append(took)
            asking.append(alone)
            static.append(nothing)
            weight = max(weight, len(body))
    return Measured(
        opened=opened,
        asked=max(len(asked) for asked in caught.values()),
        kilobytes=weight / 1000,
        ours=ours,
        asking=asking,
        static=static,
    )


def _report(console: Console, measured: Sequence[Measured]) -> None:
    table = Table(title="Milliseconds a page")
    for column in ("page", "kB", "asked", "p50", "p95", "asking p50", "static p50", "ratio", ""):
        table.add_column(column, justify="left" if column in {"page", ""} else "right")
    for one in measured:
        p95 = percentile(one.ours, 0.95)
        table.add_row(
            one.opened.name,
            f"{one.kilobytes:.1f}",
            str(one.asked),
            f"{percentile(one.ours, 0.5):.0f}",
            f"{p95:.0f}",
            f"{percentile(one.asking, 0.5):.0f}",
            f"{percentile(one.static, 0.5):.0f}",
            f"{one.ratio:.2f}",
            "" if p95 <= _WANTED_MS else f"over {_WANTED_MS:.0f}",
        )
    console.print(table)
    over = [one for one in measured if percentile(one.ours, 0.95) > _WANTED_MS]
    middle = statistics.median(percentile(one.ours, 0.5) for one in measured)
    floor = statistics.median(one.floor for one in measured)
    console.print(
        f"{len(measured)} kinds of page, {len(over)} of them over {_WANTED_MS:.0f} ms p95; median of the "
        f"p50: {middle:.0f} ms, of their floor {floor:.0f} ms (ratio {middle / floor:.2f})"
    )
