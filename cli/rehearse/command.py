"""`sangkien rehearse`: a private instance, a season on it, a report, and the independent check."""

import asyncio
import json
import os
import random
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import asyncpg
from rich.console import Console
from rich.live import Live
from rich.table import Table
from temporalio.service import RPCError

from cli.embedded.instance import Instance
from cli.embedded.layout import free_ports
from cli.filing import import_province
from cli.first_start import complete_first_start
from cli.people_api import PeopleApi
from cli.province import Province, build_province
from cli.rehearse import checking
from cli.rehearse.leave import Leave, plan_absences
from cli.rehearse.season import Progress, Season, Troupe
from cli.rehearse.switching import BEFORE_SWITCH, FILING_DAYS, STARTING_SECONDS, Switch, sleep_until, switch_lines
from cli.sample import SAMPLE_LIST
from cli.spreadsheet import ListedDossier, read_list
from services.kit.clock import Clock
from services.kit.db import OUTAGES
from workflows.contracts.time_scale import TimeScale
from workflows.rules.stage_clock import LOCAL_ZONE

_DEFAULT_DOSSIERS = 60
_AFTER_LAST_APPLICATION = timedelta(days=12)
_SHORTEST_DAY, _DAYS_PER_DOSSIER = 0.35, 0.0065
_KILL_EVERY = (3.0, 6.0)
_PATIENCE_TRIES = 200
_SERVER_AWAY = (*OUTAGES, OSError, RuntimeError, RPCError, asyncpg.PostgresError)
"""How a server shows that was killed under our hands, or is not back yet."""
_PATIENT_LOOKS, _PATIENT_LOOKS_WHILE_KILLING = 8, 30
_LEVELS = ("CHECK", "UNIT", "DISTRICT", "COMMUNE", "PROVINCE")


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the command line asked for."""

    input: Path | None
    dossiers: int | None
    silent: float
    leave: float
    seed: int
    day_seconds: float | None
    report: Path | None
    kill: bool
    keep: bool
    switch_tier_on: date | None = None


def run(options: Options) -> int:
    """The exit code: 0 when nothing was violated."""
    return asyncio.run(_run(options))


async def _run(options: Options) -> int:
    console = Console()
    most = options.dossiers or (None if options.input else _DEFAULT_DOSSIERS)
    dossiers = read_list(options.input or SAMPLE_LIST, most)
    day = options.day_seconds or max(_SHORTEST_DAY, _DAYS_PER_DOSSIER * len(dossiers))
    folder = Path(tempfile.mkdtemp(prefix="sangkien-rehearsal-"))
    console.print(
        f"Diễn tập {len(dossiers)} hồ sơ, một ngày = {day:.2f} giây, {options.silent:.0%} thành viên im lặng, "
        f"{options.leave:.0%} nghỉ phép, seed {options.seed}."
    )
    began = asyncio.get_running_loop().time()
    try:
        opening = _opening(dossiers, options.switch_tier_on)
        # The instance starts while time runs: a season with a day that matters begins its time that much earlier.
        starts_before = timedelta(days=STARTING_SECONDS / day) if options.switch_tier_on else timedelta()
        scale = TimeScale(real_origin=Clock().real_now(), domain_origin=opening - starts_before, day_seconds=day)
        async with Instance(data=folder, ports=free_ports(), scale=scale, private=True, say=console.log) as instance:
            await complete_first_start(instance, empty=True)
            report = await _season(console, options, instance, dossiers)
            report["seconds"] = round(asyncio.get_running_loop().time() - began, 1)
            if options.keep:
                console.print(f"Dữ liệu được giữ ở {folder}")
    finally:
        if not options.keep:
            shutil.rmtree(folder, ignore_errors=True)
    _print_report(console, report)
    if options.report:
        options.report.write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return 1 if report["violations"] else 0


def _last_applied(dossiers: list[ListedDossier]) -> date:
    return max(dossier.first_applied_on for dossier in dossiers)


def _opening(dossiers: list[ListedDossier], switch_tier_on: date | None) -> datetime:
    """The season opens soon after the last initiative of the list was first applied, or so long before the switch that dossiers are everywhere."""
    opens_on = switch_tier_on - BEFORE_SWITCH if switch_tier_on else _last_applied(dossiers) + _AFTER_LAST_APPLICATION
    return datetime.combine(opens_on, time(8), LOCAL_ZONE)


def _silent_people(province: Province, share: float, seed: int) -> frozenset[str]:
    accounts = sorted(province.council_accounts)
    return frozenset(random.Random(seed).sample(accounts, round(len(accounts) * share)))


def _troupe(options: Options, province: Province, dossiers: list[ListedDossier], scale: TimeScale) -> Troupe:
    """Before a switch the list is filed over some weeks, as if it had been applied that much earlier or later."""
    silent = _silent_people(province, options.silent, options.seed)
    if options.switch_tier_on is None:
        return Troupe(real_day=scale.day_seconds, silent=silent, seed=options.seed)
    shift = _opening(dossiers, options.switch_tier_on).date() - _AFTER_LAST_APPLICATION - _last_applied(dossiers)
    return Troupe(real_day=scale.day_seconds, silent=silent, seed=options.seed, shift=shift, filing_days=FILING_DAYS)


async def _season(console: Console, options: Options, instance: Instance, dossiers: list[ListedDossier]) -> dict[str, Any]:
    scale, switch_on = instance.scale, options.switch_tier_on
    if scale is None:
        raise ValueError("a rehearsal has its own scale of time")
    opens = _opening(dossiers, switch_on).date()
    middle = "DISTRICT" if opens < date(2025, 7, 1) else "COMMUNE"
    province = build_province(dossiers, middle_level=middle, season=(opens, opens + timedelta(days=365)), ending=switch_on is not None)
    api = PeopleApi(instance.urls, instance.secrets["cli_client_secret"])
    leave = Leave(api, Clock(scale), plan_absences(province, options.leave, options.seed))
    season = Season(api, province, leave, _troupe(options, province, dossiers, scale))
    switch = Switch(api, province, scale, switch_on) if switch_on else None
    midway = Midway(leave=leave, patience=_PATIENT_LOOKS_WHILE_KILLING if options.kill else _PATIENT_LOOKS)
    try:
        imported = await import_province(api, province)
        await sleep_until(_opening(dossiers, switch_on), scale)
        async with _watching(console, season.progress, instance, midway), _killing(options, instance, console):
            filed, switched = await asyncio.gather(season.run(imported, dossiers), switch.run(imported) if switch else _nothing())
        await _words_delivered(instance)
        findings = await checking.check_end(instance.admin_database_url, instance.temporal_address, instance.mail_folder)
    finally:
        await api.close()
    return {
        "dossiers": len(filed),
        "closed": findings.closed,
        "outcomes": checking.outcomes_with_filing(findings, len(filed), season.progress.refused),
        "rungs_fired": findings.rungs_fired,
        "overdue_acts": season.progress.overdue_acts,
        "awards": {"count": findings.award_count, "net_dong": findings.award_dong},
        "told": {"notices": findings.notices, "mails": findings.mails},
        "requests": api.requests,
        "handed_over": findings.handed_over,
        **({"switch": switched} if switched else {}),
        "violations": sorted({*midway.violations, *findings.violations}),
        "seconds": 0.0,
    }


async def _nothing() -> dict[str, Any]:
    return {}


async def _words_delivered(instance: Instance) -> None:
    """Give the last signals and workflow tasks a moment; what is still missing then is a violation."""
    for _ in range(_PATIENCE_TRIES):
        with suppress(*_SERVER_AWAY):
            if not (await checking.check_end(instance.admin_database_url, instance.temporal_address, instance.mail_folder)).violations:
                return
        await asyncio.sleep(0.5)


@dataclass(slots=True)
class Midway:
    """What was seen while the season ran. Work may stay with somebody who is away for as long as the word of it is on its way, no longer."""

    leave: Leave
    patience: int
    violations: set[str] = field(default_factory=set)
    _looks: dict[str, int] = field(default_factory=dict)

    def note_left(self, tasks: list[str]) -> None:
        """Count the looks at which a task was still with somebody on leave, and on no alarm list."""
        self._looks = {task: self._looks.get(task, 0) + 1 for task in tasks}
        late = [task for task, looks in self._looks.items() if looks > self.patience]
        self.violations.update(f"open work stayed with somebody on leave: {task}" for task in late)


@asynccontextmanager
async def _watching(console: Console, progress: Progress, instance: Instance, midway: "Midway") -> AsyncIterator[None]:
    """Live progress for people; the checks that must hold at any time run along."""

    async def watch(live: Live) -> None:
        # A connection that breaks may raise in place of the cancellation.
        while not (task := asyncio.current_task()) or not task.cancelling():
            rungs: dict[str, int] = {}
            with suppress(*_SERVER_AWAY):
                rungs = await checking.rungs_so_far(instance.admin_database_url)
                midway.violations.update(await checking.check_midway(instance.admin_database_url))
                midway.note_left(await checking.left_with_the_absent(instance.admin_database_url, midway.leave.today()))
            live.update(_progress_table(progress, rungs))
            await asyncio.sleep(1)

    with Live(_progress_table(progress, {}), console=console, transient=True, refresh_per_second=4) as live:
        watcher = asyncio.create_task(watch(live))
        try:
            yield
        finally:
            watcher.cancel()
            with suppress(asyncio.CancelledError):
                await watcher


@asynccontextmanager
async def _killing(options: Options, instance: Instance, console: Console) -> AsyncIterator[None]:
    """kill -9 a random process every few seconds; the supervisor starts it again."""

    async def kill_on_and_on() -> None:
        luck = random.Random(os.urandom(8))
        while True:
            await asyncio.sleep(luck.uniform(*_KILL_EVERY))
            victim = luck.choice(sorted(instance.children))
            console.log(f"kill -9 {victim}")
            instance.children[victim].kill()

    killer = asyncio.create_task(kill_on_and_on()) if options.kill else None
    try:
        yield
    finally:
        if killer:
            killer.cancel()
            with suppress(asyncio.CancelledError):
                await killer


def _progress_table(progress: Progress, rungs: dict[str, int]) -> Table:
    table = Table(title="Diễn tập mùa xét sáng kiến", expand=False)
    table.add_column("Cấp / việc đang chờ")
    table.add_column("Số việc", justify="right")
    for level in _LEVELS:
        for (found, kind), count in sorted(progress.waiting.items()):
            if found == level:
                table.add_row(f"{level} · {kind}", str(count))
    closed = sum(count for state, count in progress.states.items() if state in {"RECOGNISED", "REFUSED", "WITHDRAWN", "REQUEST_REJECTED"})
    table.add_section()
    table.add_row("Đã nộp / danh sách", f"{progress.filed} / {progress.listed}")
    table.add_row("Đã kết thúc", str(closed))
    table.add_row("Quá hạn", str(progress.overdue))
    table.add_row("Bậc đã kích hoạt", ", ".join(f"{action} {count}" for action, count in rungs.items()) or "0")
    table.add_row("Khoản thưởng", ", ".join(f"{state} {count}" for state, count in sorted(progress.awards.items())) or "0")
    table.add_row("Việc đã làm", str(progress.acts))
    return table


def _print_report(console: Console, report: dict[str, Any]) -> None:
    table = Table(title="Kết quả diễn tập")
    table.add_column("Cấp")
    table.add_column("Kết quả")
    for level, outcomes in report["outcomes"].items():
        table.add_row(level, ", ".join(f"{outcome} {count}" for outcome, count in sorted(outcomes.items())))
    console.print(table)
    if "switch" in report:
        console.print("\n".join(switch_lines(report["switch"])), highlight=False)
    seconds = report["seconds"]
    console.print(f"Hồ sơ: {report['dossiers']} nộp, {report['closed']} kết thúc trong {seconds:.0f} s ({report['dossiers'] / seconds:.2f} hồ sơ/s).")
    console.print(f"Bậc nhắc việc đã kích hoạt: {report['rungs_fired']}; việc làm sau hạn: {report['overdue_acts']}.")
    console.print(f"Việc được giao lại vì nghỉ phép hoặc ủy quyền: {report['handed_over']}.")
    console.print(f"Đã chi trả {report['awards']['count']} khoản, {report['awards']['net_dong']:,} đồng.".replace(",", "."))
    console.print(f"Đã báo {report['told']['notices']} thông báo, gửi {report['told']['mails']} thư.")
    if report["violations"]:
        console.print(f"[bold red]✗ {len(report['violations'])} vi phạm (violations):[/]")
        for violation in report["violations"][:50]:
            console.print(f"  {violation}", highlight=False)
    else:
        console.print("[bold green]✓ Kiểm tra độc lập: không có vi phạm (no violation).[/]")
