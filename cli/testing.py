"""`sangkien test` and `sangkien lock`."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from enum import Enum
from functools import partial
from itertools import takewhile
from pathlib import Path
from time import monotonic

import typer

from cli import api_server
from cli.tally import Ran, Tally, read_tally
from embedded import temporal_programs
from embedded.errors import CommandFailed

ROOT = Path(__file__).resolve().parents[1]


class Manner(Enum):
    """How the tests of a part run."""

    BESIDE = "beside those of other parts, in workers that take from one another"
    BY_FILE = "beside no other part, each file in one worker: its tests share a running system"
    SEASONS = "as by file, but beside no browser, which would have people on a scaled clock late"
    ALONE = "one after the other: what is killed and started again makes people on a scaled clock late"
    MEANWHILE = "with what those that run alone leave of the machine: there is no clock and no server in it"


@dataclass(frozen=True, kw_only=True)
class Part:
    """A folder of tests, and the seconds that all of its tests may take one after the other. Where some of
    them only wait, it is worth half as many workers again as there are cores. `prepare` gets what they run
    on, where it can be had; it says what it does, and is not on the clock."""

    name: str
    budget: int
    manner: Manner = Manner.BESIDE
    waits: bool = False
    prepare: tuple[Callable[[Callable[[str], None]], object], ...] = ()


_ALL = (
    Part(name="architecture", budget=50, manner=Manner.MEANWHILE),
    Part(name="unit", budget=230, manner=Manner.MEANWHILE),
    Part(name="store", budget=570, waits=True),
    Part(name="api", budget=1000, waits=True),
    Part(name="workflows", budget=120, waits=True),
    Part(name="replay", budget=30),
    Part(name="pages", budget=1150, manner=Manner.BY_FILE),
    Part(name="e2e", budget=1500, manner=Manner.SEASONS, waits=True),
    Part(name="durability", budget=100, manner=Manner.ALONE),
    Part(
        name="cluster",
        budget=190,
        manner=Manner.ALONE,
        prepare=(temporal_programs.install, api_server.install),
    ),
    Part(name="upgrade", budget=210, manner=Manner.SEASONS, waits=True),
    Part(name="containers", budget=330, manner=Manner.ALONE, prepare=(temporal_programs.install,)),
)
PARTS = {part.name: part for part in _ALL}
BEFORE_A_COMMIT = frozenset({"architecture", "unit", "replay"})
GOALS = {frozenset(PARTS): 40 * 60, BEFORE_A_COMMIT: 155}
"""What these parts together may take on the clock."""

_WORTH_WORKERS = 60
_MOST_WORKERS = 8
_INTERRUPTED, _NOTHING_RAN = 2, 5  # pytest's exit codes
_STOPPING = ("-x", "--exitfirst", "--maxfail")


@dataclass(frozen=True)
class Call:
    """One call of pytest: these parts, side by side in so many workers; 0 is without workers, one test after
    the other. `meanwhile` has what it leaves of the machine, and no more."""

    parts: tuple[str, ...]
    workers: int
    by_file: bool = False
    meanwhile: "Call | None" = None

    def command(self, tally: Path, extra: Sequence[str]) -> list[str]:
        """The command line. Each worker has servers of its own, so a worker takes tests that lie together as
        long as it can."""
        options = ["-q", "-rs", "-p", "no:cacheprovider", "-p", "cli.tally", f"--tally={tally}"]
        if self.workers:
            # By file in the order of tests/conftest.py; else files of one long test would come last.
            how = ["loadfile", "--no-loadscope-reorder"] if self.by_file else ["worksteal"]
            options += ["-n", str(self.workers), "--dist", *how]
        return [
            sys.executable,
            "-P",
            "-m",
            "pytest",
            *options,
            *(f"tests/{name}" for name in self.parts),
            *extra,
        ]


def run_tests(part: str, arguments: list[str]) -> None:
    """All parts, or those that are named; the rest of the words goes to pytest. Fails if any part fails or
    holds no test."""
    words = [part, *arguments] if part else arguments
    chosen, extra = choose(words)
    bare = [name for name in chosen if not any((ROOT / "tests" / name).rglob("test_*.py"))]
    if bare:
        raise CommandFailed(f"Các phần không có bài kiểm thử nào: {', '.join(bare)} (no tests).")
    for name in chosen:
        prepare(PARTS[name])
    began, ran, codes = monotonic(), dict[str, Ran](), list[int]()
    for call in plan(chosen, extra, len(os.sched_getaffinity(0))):
        ended = _run(call, extra)
        codes += [code for code, _ in ended]
        for _, tally in ended:
            ran |= tally.parts if tally else {}
        if _INTERRUPTED in codes or (any(codes) and stops_early(extra)):
            break
    print(table(chosen, ran, monotonic() - began))
    raise typer.Exit(verdict(codes))


def prepare(part: Part) -> None:
    """What cannot be had is told here; the tests that need it are skipped, and counted."""
    for get in part.prepare:
        try:
            get(partial(print, flush=True))
        except CommandFailed as missing:
            print(f"{part.name}: {missing}")


def choose(words: list[str]) -> tuple[list[str], list[str]]:
    """The parts that are named first, or all; and what is left."""
    named = list(takewhile(PARTS.__contains__, words))
    extra = words[len(named) :]
    if extra and not named and not extra[0].startswith("-"):
        raise CommandFailed(f"Không có phần {extra[0]}; các phần là: {', '.join(PARTS)} (no such part).")
    return [name for name in PARTS if name in named or not named], extra


def plan(chosen: Sequence[str], extra: Sequence[str], cores: int) -> list[Call]:
    """A call for each manner. What can run side by side comes first, what runs by file follows; what has to
    run alone is last, with none of the others' servers beside it; what needs none goes with it.

    Workers cost some seconds and hide the terminal from a debugger: a single part that is small or has a
    choice of its own goes without."""
    has_own_choice = "--pdb" in extra or (len(chosen) == 1 and bool(extra))

    def call(manner: Manner, parts: Sequence[str]) -> Call:
        is_worth_it = sum(PARTS[name].budget for name in parts) > _WORTH_WORKERS and not has_own_choice
        has_workers = is_worth_it and cores > 1 and manner is not Manner.ALONE
        wanted = cores + cores // 2 if any(PARTS[name].waits for name in parts) else cores
        workers = min(wanted, _MOST_WORKERS) if has_workers else 0
        return Call(tuple(parts), workers, by_file=manner in {Manner.BY_FILE, Manner.SEASONS})

    # A debugger is talked to, so nothing runs behind anybody's back.
    meanwhile = [] if "--pdb" in extra else [name for name in chosen if _runs_meanwhile(name, chosen)]
    by_manner: dict[Manner, list[str]] = {manner: [] for manner in Manner}
    for name in chosen:
        manner = PARTS[name].manner
        if name not in meanwhile:
            by_manner[Manner.BESIDE if manner is Manner.MEANWHILE else manner].append(name)
    calls = [call(manner, parts) for manner, parts in by_manner.items() if parts]
    if meanwhile:
        calls[-1] = replace(calls[-1], meanwhile=call(Manner.MEANWHILE, meanwhile))
    return calls


def _runs_meanwhile(name: str, chosen: Sequence[str]) -> bool:
    """Only where something runs alone, beside which there is room."""
    return PARTS[name].manner is Manner.MEANWHILE and any(
        PARTS[other].manner is Manner.ALONE for other in chosen
    )


def stops_early(extra: Sequence[str]) -> bool:
    """Whoever starts the tests wants to see the first failure only."""
    return any(word.startswith(_STOPPING) for word in extra)


Ended = tuple[int, Tally | None]
"""The exit code, and what was counted."""


def _run(call: Call, extra: Sequence[str]) -> list[Ended]:
    """The call, and then what ran meanwhile: its words are told when it is over, not between the others'."""
    with tempfile.TemporaryDirectory(prefix="sangkien-tally-") as folder:
        file = Path(folder) / "tally.json"
        with _meanwhile(call.meanwhile, Path(folder), extra) as others:
            code = subprocess.call(call.command(file, extra), cwd=ROOT, env=_environment())
            ended = [_ended(code, file)]
            if others is not None:
                ended.append(others())
        return ended


@contextmanager
def _meanwhile(call: Call | None, folder: Path, extra: Sequence[str]) -> Iterator[Callable[[], Ended] | None]:
    """Starts the call with the least right to the machine; gives what waits for its end."""
    if call is None:
        yield None
        return
    tally, said = folder / "meanwhile.json", folder / "meanwhile.log"
    with said.open("wb") as output:
        command = ["nice", "-n", "19", *call.command(tally, extra)]
        running = subprocess.Popen(
            command,
            cwd=ROOT,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    # Linux shares the processors between sessions first, and by `nice` only within one.
    with suppress(OSError):
        Path(f"/proc/{running.pid}/autogroup").write_text("19", encoding="ascii")

    def end() -> Ended:
        code = running.wait()
        print(said.read_text(encoding="utf-8", errors="replace"), end="", flush=True)
        return _ended(code, tally)

    try:
        yield end
    finally:
        if running.poll() is None:
            os.killpg(running.pid, signal.SIGTERM)
            running.wait()


def _ended(code: int, file: Path) -> Ended:
    tally = read_tally(file)
    return exit_code(code, tally), tally


def _environment() -> dict[str, str]:
    """Ours, but what is compiled is kept: pytest rewrites every module of the tests, else in each worker and
    in each call anew."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def exit_code(code: int, tally: Tally | None) -> int:
    """Temporal's SDK can abort an interpreter that is ending: where pytest had ended before, what pytest said
    counts."""
    if code == -signal.SIGABRT and tally:
        return tally.status
    return code if code >= 0 else 128 - code


def verdict(codes: Sequence[int]) -> int:
    """0 if every call ended well; a call in which nothing was to be run spoils nothing beside one in which
    something was."""
    bad = [code for code in codes if code not in {0, _NOTHING_RAN}]
    return bad[0] if bad else min(codes)


def table(chosen: Sequence[str], ran: dict[str, Ran], seconds: float) -> str:
    """A line a part. Skipped tests are among its tests; its seconds are those of its tests one after the
    other, the last line's are those that passed. What had only what others left is held to no budget."""
    lines = [f"\n{'part':<14}{'tests':>7}{'skipped':>9}{'seconds':>9}{'budget':>8}"]
    parts = [ran.get(name, Ran()) for name in chosen]
    for name, part in zip(chosen, parts, strict=True):
        lines.append(_line(name, part, None if _runs_meanwhile(name, chosen) else PARTS[name].budget))
    tests, skipped = sum(part.tests for part in parts), sum(part.skipped for part in parts)
    lines.append(_line("on the clock", Ran(tests, skipped, seconds), GOALS.get(frozenset(chosen))))
    return "\n".join(lines)


def _line(name: str, ran: Ran, budget: int | None) -> str:
    over = "  over the budget" if budget is not None and ran.seconds > budget else ""
    told = f"{ran.tests:>7}{ran.skipped:>9}{ran.seconds:>9.0f}"
    return f"{name:<14}{told}{budget if budget is not None else '':>8}{over}"


def lock_requirements() -> None:
    """Resolve for every Python from 3.11 on; the file names hashes and no host."""
    uv = Path(sys.executable).parent / "uv"
    options = ["--universal", "--generate-hashes", "--no-header", "--python-version", "3.11", "--upgrade"]
    environment = {**os.environ, "UV_PYTHON_DOWNLOADS": "never"}
    command = [str(uv), "pip", "compile", *options, "-q", "-o", "requirements.lock", "requirements.in"]
    raise typer.Exit(subprocess.call(command, cwd=ROOT, env=environment))
