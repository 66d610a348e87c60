"""One season on a private instance: people act, it is watched while it runs, and checked and measured when it
is over."""

import asyncio
import math
import os
import random
import shutil
import tempfile
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import asyncpg
from rich.console import Console
from rich.live import Live
from temporalio.service import RPCError

from cli.filing import Imported, Manner, import_province
from cli.first_start import complete_first_start
from cli.people_api import PeopleApi
from cli.province import Province, Staffing, build_province
from cli.spreadsheet import ListedDossier
from embedded.instance import Instance
from embedded.layout import free_ports
from kit.clock import Clock
from kit.db import OUTAGES
from language.deadline.arithmetic import LOCAL_ZONE
from language.time_scale import TimeScale
from packs.freezing import PolicyPack
from rehearsal import checking, rearranging
from rehearsal.histories import what_does_not_hold
from rehearsal.leave import Leave, plan_absences
from rehearsal.measuring import council_cost, read_figures
from rehearsal.rearranging import Rearranging, successors_of
from rehearsal.reporting import progress_table
from rehearsal.rules_in_force import as_rehearsed, put_in_force, rates_of
from rehearsal.season import Progress, Season, Troupe
from rehearsal.succession_checks import left_behind
from rehearsal.switching import BEFORE_SWITCH, FILING_DAYS, Switch, sleep_until

_STARTING_SECONDS, _STARTING_SECONDS_BEFORE_A_SWITCH = 25.0, 45.0
"""What an instance and its province take to start, with something to spare: time runs already, and the season
opens when it is over, or when they are ready. A season with a day that matters may not open late."""
_AFTER_LAST_APPLICATION = timedelta(days=12)
_YEAR, _YEAR_AND_A_HALF = timedelta(days=365), timedelta(days=547)
_KILL_EVERY = (3.0, 6.0)
_PATIENCE_TRIES = 200
_SETTLED_LOOKS = 10
_SERVER_AWAY = (*OUTAGES, OSError, RuntimeError, RPCError, asyncpg.PostgresError)
"""How a server shows that was killed under our hands, or is not back yet."""
_PATIENT_LOOKS, _PATIENT_LOOKS_WHILE_KILLING = 15, 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What a season is played with. `pack` None: whatever is in force. What holds for a `pack` that is tried
    (attachments, more posts) holds for all seasons it is compared with: the people are the same."""

    dossiers: tuple[ListedDossier, ...]
    day_seconds: float
    silent: float
    leave: float
    seed: int
    kill: bool = False
    keep: bool = False
    switch_tier_on: date | None = None
    switch_back_after: int | None = None
    succession: Path | None = None
    succession_on: date | None = None
    pack: PolicyPack | None = None
    middle_level: str = ""
    staffing: Staffing = field(default_factory=dict)
    attachments: int = 0

    @property
    def last_applied_on(self) -> date:
        """When the last initiative of the list was first applied."""
        return max(dossier.first_applied_on for dossier in self.dossiers)

    @property
    def turning_day(self) -> date | None:
        """The day in the middle of the season that matters, if there is one."""
        return self.switch_tier_on or self.succession_on

    @property
    def opens_on(self) -> date:
        """Soon after the last initiative of the list was first applied, or so long before the day that
        matters that dossiers are everywhere."""
        return (
            self.turning_day - BEFORE_SWITCH
            if self.turning_day
            else self.last_applied_on + _AFTER_LAST_APPLICATION
        )

    @property
    def packs_tried(self) -> list[PolicyPack]:
        """The pack from the season's first day on; and again from the day on which units are rearranged, for
        a sample pack may come into force then."""
        if self.pack is None:
            return []
        first = as_rehearsed(self.pack, self.opens_on)
        if self.succession_on is None:
            return [first]
        later = as_rehearsed(self.pack, self.succession_on)
        return [first, later.model_copy(update={"version": first.version + 1})]

    @property
    def opens_at(self) -> datetime:
        """The morning of that day."""
        return datetime.combine(self.opens_on, time(8), LOCAL_ZONE)

    @property
    def closes_on(self) -> date:
        """The season's last day. What is opened anew in the middle has its whole time again."""
        return self.opens_on + (_YEAR_AND_A_HALF if self.succession else _YEAR)

    def scale(self) -> TimeScale:
        """Time that begins now, so long before the opening as an instance takes to start."""
        seconds = _STARTING_SECONDS_BEFORE_A_SWITCH if self.turning_day else _STARTING_SECONDS
        before = timedelta(days=seconds / self.day_seconds)
        return TimeScale(
            real_origin=Clock().real_now(), domain_origin=self.opens_at - before, day_seconds=self.day_seconds
        )

    def province(self) -> Province:
        """Who is where."""
        return build_province(
            self.dossiers,
            middle_level=self.middle_level,
            season=(self.opens_on, self.closes_on),
            ending=self.switch_tier_on is not None,
            staffing=self.staffing,
        )

    def troupe(self, province: Province, late_by: timedelta = timedelta()) -> Troupe:
        """Who is silent, and how the list is filed: its dates are moved so that the last was applied shortly
        before the season opens, which it does when the instance is ready, however late that is."""
        accounts = sorted(province.council_accounts)
        silent = frozenset(random.Random(self.seed).sample(accounts, round(len(accounts) * self.silent)))
        late = timedelta(days=math.ceil(late_by / timedelta(days=1)))
        shift = self.opens_on + late - _AFTER_LAST_APPLICATION - self.last_applied_on
        troupe = Troupe(
            real_day=self.day_seconds,
            silent=silent,
            seed=self.seed,
            closes_on=self.closes_on + late,
            manner=Manner(shift=shift, attachments=self.attachments),
        )
        if self.succession:
            successors = successors_of(self.succession, province)
            return replace(troupe, filing_days=rearranging.FILING_DAYS, successors=successors)
        return replace(troupe, filing_days=FILING_DAYS) if self.switch_tier_on else troupe


async def play(console: Console, scene: Scene) -> dict[str, Any]:
    """The report of the season, with what the independent check found."""
    began = asyncio.get_running_loop().time()
    folder = Path(tempfile.mkdtemp(prefix="sangkien-rehearsal-"))
    scale = scene.scale()
    try:
        async with Instance(
            data=folder, ports=free_ports(), scale=scale, private=True, say=console.log
        ) as instance:
            await complete_first_start(instance, empty=True)
            report = await _season(console, scene, instance, scale)
    finally:
        if scene.keep:
            console.print(f"Dữ liệu được giữ ở {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    return report | {"seconds": round(asyncio.get_running_loop().time() - began, 1)}


async def _season(console: Console, scene: Scene, instance: Instance, scale: TimeScale) -> dict[str, Any]:
    province = scene.province()
    api = PeopleApi(instance.urls, instance.secrets["cli_client_secret"])
    leave = Leave(api, Clock(scale), plan_absences(province, scene.leave, scene.seed))
    switch, change = _turns(scene, api, province, scale)
    midway = Midway(leave=leave, patience=_PATIENT_LOOKS_WHILE_KILLING if scene.kill else _PATIENT_LOOKS)
    try:
        imported = await _set_the_stage(console, scene, api, province)
        late_by = max(Clock(scale).now() - scene.opens_at, timedelta())
        season = Season(api, province, leave, scene.troupe(province, late_by))
        if late_by:
            console.log(
                f"[yellow]Máy chậm: mùa mở muộn {late_by / timedelta(days=1):.0f} ngày (the "
                "season opens late).[/]"
            )
        await sleep_until(scene.opens_at, scale)
        async with _watching(console, season.progress, instance, midway), _killing(scene, instance, console):
            filed, switched, rearranged = await asyncio.gather(
                season.run(imported, list(scene.dossiers)),
                switch.run(imported) if switch else _nothing(),
                change.run(imported, scene.dossiers) if change else _nothing(),
            )
        findings = await _words_delivered(instance)
        figures = await read_figures(instance.admin_database_url)
        rates = await rates_of(api, {sheet.rule_version for sheet in figures.sheets})
    finally:
        await api.close()
    return {
        "rules": sorted(rates),
        "dossiers": len(filed),
        "closed": findings.closed,
        "outcomes": checking.outcomes_with_filing(findings, len(filed), season.progress.refused),
        "days": {step: asdict(days) for step, days in figures.days.items()},
        "rungs_fired": findings.rungs_fired,
        "overdue_acts": season.progress.overdue_acts,
        "machine_late_days": round(median(season.progress.late_days or [0.0]), 2),
        "stuck": figures.stuck,
        "without_quorum": figures.without_quorum,
        "council": {"sheets": len(figures.sheets), "cost_dong": council_cost(figures.sheets, rates)},
        "awards": {"count": findings.award_count, "net_dong": findings.award_dong},
        "told": {"notices": findings.notices, "mails": findings.mails},
        "requests": api.requests,
        "handed_over": findings.handed_over,
        **({"switch": switched} if switched else {}),
        **({"succession": rearranged} if rearranged else {}),
        "violations": sorted(
            {
                *midway.violations,
                *findings.violations,
                *_given_up(season.progress),
                *_other_rules(scene, rates),
                *(change.violations if change else ()),
            }
        ),
    }


def _turns(
    scene: Scene, api: PeopleApi, province: Province, scale: TimeScale
) -> tuple[Switch | None, Rearranging | None]:
    """What happens in the middle of the season, if anything does."""
    switch = (
        Switch(api, province, scale, scene.switch_tier_on, scene.switch_back_after)
        if scene.switch_tier_on
        else None
    )
    change = (
        Rearranging(
            api, province, scale, scene.succession, scene.succession_on, scene.troupe(province).manner
        )
        if scene.succession and scene.succession_on
        else None
    )
    return switch, change


async def _set_the_stage(console: Console, scene: Scene, api: PeopleApi, province: Province) -> Imported:
    imported = await import_province(api, province)
    for pack in scene.packs_tried:
        for warning in await put_in_force(api, pack):
            console.print(f"[yellow]{pack.rule_version}: {warning}[/]", highlight=False)
    return imported


def _given_up(progress: Progress) -> list[str]:
    return [f"somebody was refused their own task again and again: {task}" for task in progress.given_up]


def _other_rules(scene: Scene, rules: Collection[str]) -> list[str]:
    """A sample pack that comes into force in the middle of the season would take the dossiers filed from that
    day on."""
    tried = {pack.rule_version for pack in scene.packs_tried}
    return [
        f"dossiers were filed under other rules than the ones tried: {other}"
        for other in rules
        if tried and other not in tried
    ]


async def _nothing() -> dict[str, Any]:
    return {}


async def _words_delivered(instance: Instance) -> checking.Findings:
    """Give the last signals and workflow tasks a moment; what is still missing then is a violation."""
    settling = Settling()
    for _ in range(_PATIENCE_TRIES):
        with suppress(*_SERVER_AWAY):
            findings = await _check(instance)
            if settling.is_over(findings.violations):
                return findings
        await asyncio.sleep(0.5)
    return await _check(instance)


@dataclass(slots=True)
class Settling:
    """Whether all that is on its way has arrived. What was left by the rules stays so for some looks: an
    award that is settled in these seconds, whose run has not heard of it yet, is waited for."""

    _left: frozenset[str] | None = None
    _looks: int = 0

    def is_over(self, violations: Collection[str]) -> bool:
        """Nothing is wrong, or the same things were left by the rules at all the last looks."""
        if not all(is_of_the_rules(violation) for violation in violations):
            self._left = None
            return False
        left = frozenset(violations)
        self._looks = self._looks + 1 if left == self._left else 0
        self._left = left
        return not left or self._looks >= _SETTLED_LOOKS


async def _check(instance: Instance) -> checking.Findings:
    findings = await checking.check_end(
        instance.admin_database_url, instance.temporal_address, instance.mail_folder
    )
    findings.violations += await what_does_not_hold(instance.admin_database_url, instance.history_keys)
    return findings


def is_of_the_rules(violation: str) -> bool:
    """Something was left that never ends: rules without a way out do that, however well they are carried
    out."""
    return violation.startswith((checking.STUCK, checking.PAYOUT_STUCK))


@dataclass(slots=True)
class Midway:
    """What was seen while the season ran. Work may stay with somebody who is away for as long as the word of
    it is on its way, no longer."""

    leave: Leave
    patience: int
    violations: set[str] = field(default_factory=set)
    _looks: dict[str, int] = field(default_factory=dict)

    def note_left(self, absent: Sequence[str], ended: Sequence[str] = ()) -> None:
        """Count the looks at which a task was still with somebody on leave, and on no alarm list; or in a
        unit that has ended."""
        left = [f"open work stayed with somebody on leave: {task}" for task in absent]
        left += [f"open work stayed in a unit that has ended: {task}" for task in ended]
        self._looks = {task: self._looks.get(task, 0) + 1 for task in left}
        self.violations.update(task for task, looks in self._looks.items() if looks > self.patience)


@asynccontextmanager
async def _watching(
    console: Console, progress: Progress, instance: Instance, midway: Midway
) -> AsyncIterator[None]:
    """Live progress for people; the checks that must hold at any time run along."""

    async def watch(live: Live) -> None:
        # A connection that breaks may raise in place of the cancellation.
        while not (task := asyncio.current_task()) or not task.cancelling():
            rungs: Mapping[str, int] = {}
            with suppress(*_SERVER_AWAY):
                rungs = await checking.rungs_so_far(instance.admin_database_url)
                midway.violations.update(await checking.check_midway(instance.admin_database_url))
                url, today = instance.admin_database_url, midway.leave.today()
                midway.note_left(
                    await checking.left_with_the_absent(url, today), await left_behind(url, today)
                )
            live.update(progress_table(progress, rungs))
            await asyncio.sleep(1)

    with Live(progress_table(progress, {}), console=console, transient=True, refresh_per_second=4) as live:
        watcher = asyncio.create_task(watch(live))
        try:
            yield
        finally:
            watcher.cancel()
            with suppress(asyncio.CancelledError):
                await watcher


@asynccontextmanager
async def _killing(scene: Scene, instance: Instance, console: Console) -> AsyncIterator[None]:
    """kill -9 a random process every few seconds; the supervisor starts it again."""

    async def kill_on_and_on() -> None:
        luck = random.Random(os.urandom(8))
        while True:
            await asyncio.sleep(luck.uniform(*_KILL_EVERY))
            victim = luck.choice(sorted(instance.children))
            console.log(f"kill -9 {victim}")
            instance.children[victim].kill()

    killer = asyncio.create_task(kill_on_and_on()) if scene.kill else None
    try:
        yield
    finally:
        if killer:
            killer.cancel()
            with suppress(asyncio.CancelledError):
                await killer
