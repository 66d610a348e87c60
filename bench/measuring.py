"""Rounds, percentiles, processor time, and the tables that benchmarks print."""

import asyncio
import os
import statistics
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from embedded.instance import Instance
from embedded.processes import processor_seconds, with_descendants

_MILLISECONDS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One round: how many per second, and how long each took in milliseconds."""

    per_second: float
    latencies_ms: tuple[float, ...]


async def run_round(count: int, at_once: int, one: Callable[[int], Awaitable[None]]) -> Round:
    """Run `one` for each number, `at_once` at the same time."""
    limit = asyncio.Semaphore(at_once)
    latencies: list[float] = []

    async def timed(number: int) -> None:
        async with limit:
            began = time.perf_counter()
            await one(number)
            latencies.append((time.perf_counter() - began) * _MILLISECONDS)

    began = time.perf_counter()
    await asyncio.gather(*(timed(number) for number in range(count)))
    return Round(per_second=count / (time.perf_counter() - began), latencies_ms=tuple(latencies))


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which this share of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def report(
    title: str, unit: str, floor: Sequence[Round], ours: Sequence[Round], wanted: float | None
) -> None:
    """Floor, ours, ratio of the medians, p50 and p99."""
    table = Table(title=title)
    for column in ("", unit, "lowest", "highest", "p50 ms", "p99 ms"):
        table.add_column(column, justify="right")
    for name, rounds in (("floor", floor), ("ours", ours)):
        rates = [round_.per_second for round_ in rounds]
        latencies = [value for round_ in rounds for value in round_.latencies_ms]
        cells = (
            statistics.median(rates),
            min(rates),
            max(rates),
            percentile(latencies, 0.5),
            percentile(latencies, 0.99),
        )
        table.add_row(name, *(f"{cell:.1f}" for cell in cells))
    ratio = statistics.median([round_.per_second for round_ in ours]) / statistics.median(
        [round_.per_second for round_ in floor]
    )
    console = Console()
    console.print(table)
    console.print(f"ratio {ratio:.2f}" + (f" (wanted ≥ {wanted})" if wanted else ""))


def processor_time(instance: Instance) -> Counter[str]:
    """Processor milliseconds by process until now; the benchmark's own hold load generator and the floor's
    workers."""
    processes = {**instance.processes, "benchmark": os.getpid()}
    own = {name: with_descendants([pid]) if name == "postgres" else {pid} for name, pid in processes.items()}
    return Counter(
        {
            name: round(sum(processor_seconds(pid) for pid in pids) * _MILLISECONDS)
            for name, pids in own.items()
        }
    )


def report_processor_time(unit: str, spent: Mapping[str, tuple[Counter[str], int]]) -> None:
    """What each process used for a unit of work: the figure that other work on the machine disturbs least."""
    table = Table(title=f"Processor milliseconds a {unit}")
    for column in ("", *spent):
        table.add_column(column, justify="right")
    names = [name for name in next(iter(spent.values()))[0] if any(used[name] for used, _ in spent.values())]
    for name in names:
        table.add_row(name, *(f"{used[name] / count:.1f}" for used, count in spent.values()))
    table.add_row("together", *(f"{used.total() / count:.1f}" for used, count in spent.values()))
    Console().print(table)
