"""One season on a private instance: people act, it is watched while it runs, and checked and measured when it
is over."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager, nullcontext, suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import asyncpg
from rich.console import Console
from rich.live import Live
from temporalio.service import RPCError

from cli.filing import Filed, Imported, import_province
from cli.first_start import complete_first_start
from cli.people_api import PeopleApi, Refused
from cli.province import Province
from embedded.errors import CommandFailed
from embedded.instance import Instance
from embedded.layout import free_ports
from kit.clock import Clock
from kit.db import OUTAGES
from language.time_scale import TimeScale
from rehearsal import checking
from rehearsal.histories import what_does_not_hold
from rehearsal.killing import LOST_FOR_SECONDS, Killing
from rehearsal.leave import Leave, plan_absences
from rehearsal.measuring import council_cost, read_figures
from rehearsal.rearranging import Rearranging
from rehearsal.reporting import progress_table
from rehearsal.rules_in_force import put_in_force, rates_of
from rehearsal.scene import Scene
from rehearsal.season import Progress, Season
from rehearsal.succession_checks import left_behind
from rehearsal.switching import FellBehind, Switch, sleep_until
from rehearsal.together import acting_together
from rehearsal.visiting import Log, Pages, open_pages

NOTHING_FILED = "not one dossier of the list was filed"
_PATIENCE_TRIES = 200
_LOOK_EVERY = 0.5
_SETTLED_LOOKS, _SETTLED_LOOKS_AFTER_KILLING = 10, round(2 * LOST_FOR_SECONDS / _LOOK_EVERY)
_SERVER_AWAY = (*OUTAGES, OSError, RuntimeError, RPCError, asyncpg.PostgresError)
"""How a server shows that was killed under our hands, or is not back yet."""
_PATIENT_LOOKS, _PATIENT_LOOKS_WHILE_KILLING = 15, 30


class SeasonBrokenOff(CommandFailed):
    """Somebody was refused what the people of a season never are: it cannot go on, nor be judged."""

    exit_code = 47


async def play(console: Console, scene: Scene) -> dict[str, Any]:
    """The report of the season, with what the independent check found."""
    began = asyncio.get_running_loop().time()
    folder = Path(tempfile.mkdtemp(prefix="sangkien-rehearsal-"))
    scale = scene.scale()
    try:
        async with Instance(
            data=folder,
            ports=free_ports(),
            scale=scale,
            private=True,
            pages=scene.through_pages > 0,
            server=scene.server,
            say=console.log,
        ) as instance:
            await complete_first_start(instance, empty=True)
            report = await _season(console, scene, instance, scale)
    except Refused as refused:
        raise SeasonBrokenOff(
            f"Mùa diễn tập dừng giữa chừng: {refused.asked or 'một việc trên trang'} bị từ chối: "
            f"{refused.status} {refused.code}, {refused.detail} (the season broke off: nobody of it had "
            "foreseen this refusal)."
        ) from refused
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
    pages = None
    try:
        imported = await _set_the_stage(console, scene, api, province)
        if scene.through_pages:
            pages = await open_pages(instance, [person["code"] for person in province.body["people"]])
        late_by = _late_by(scene, Clock(scale).now())
        killer = Killing(instance.children, scene.day_seconds, console.log) if scene.kill else None
        season = Season(api, province, leave, scene.troupe(province, late_by), pages, killer)
        _say_late(console, late_by)
        await sleep_until(scene.opens_at, scale)
        async with (
            _watching(console, season.progress, instance, midway),
            killer or nullcontext(),
            acting_together() as group,
        ):
            playing = group.create_task(season.run(imported, list(scene.dossiers)))
            switching = group.create_task(switch.run(imported) if switch else _nothing())
            rearranging = group.create_task(change.run(imported, scene.dossiers) if change else _nothing())
        filed, switched, rearranged = playing.result(), switching.result(), rearranging.result()
        findings = await _words_delivered(instance, Settling(scene.kill))
        figures = await read_figures(instance.admin_database_url)
        rates = await rates_of(api, {sheet.rule_version for sheet in figures.sheets})
    finally:
        await api.close()
        if pages:
            await pages.close()
    return {
        "rules": sorted(rates),
        **_found(findings, len(filed), season.progress),
        "days": {step: asdict(days) for step, days in figures.days.items()},
        "overdue_acts": season.progress.overdue_acts,
        "machine_late_days": round(median(season.progress.late_days or [0.0]), 2),
        "stuck": figures.stuck,
        "without_quorum": figures.without_quorum,
        "council": {"sheets": len(figures.sheets), "cost_dong": council_cost(figures.sheets, rates)},
        "requests": api.requests,
        **(killer.told() if killer else {}),
        **({"switch": switched} if switched else {}),
        **({"succession": rearranged} if rearranged else {}),
        **({"through_pages": _through_pages(scene, filed, pages)} if pages else {}),
        "violations": sorted(
            {
                *midway.violations,
                *findings.violations,
                *_given_up(season.progress),
                *_nothing_filed(season.progress),
                *_other_rules(scene, rates),
                *_of_these(change, pages.log if pages else None),
            }
        ),
    }


def _of_these(*watched: Rearranging | Log | None) -> set[str]:
    """What was seen in the part of a season that not every season has."""
    return {violation for one in watched if one for violation in one.violations}


def _found(findings: checking.Findings, filed: int, progress: Progress) -> dict[str, Any]:
    """What the independent check counted."""
    return {
        "dossiers": filed,
        "closed": findings.closed,
        "outcomes": checking.outcomes_with_filing(findings, filed, progress.refused),
        "rungs_fired": findings.rungs_fired,
        "awards": {"count": findings.award_count, "net_dong": findings.award_dong},
        "told": {"notices": findings.notices, "mails": findings.mails},
        "handed_over": findings.handed_over,
    }


def _late_by(scene: Scene, now: datetime) -> timedelta:
    """How late the season opens, if it still can."""
    if now >= scene.opens_at_latest:
        raise FellBehind(
            f"Máy không theo kịp: khi hệ thống sẵn sàng đã là ngày {now:%d/%m/%Y}, mùa phải mở trước "
            f"{scene.opens_at_latest:%d/%m/%Y}. Hãy tăng --day (machine too slow: raise --day)."
        )
    return max(now - scene.opens_at, timedelta())


def _say_late(console: Console, late_by: timedelta) -> None:
    if late_by:
        days = late_by / timedelta(days=1)
        console.log(f"[yellow]Máy chậm: mùa mở muộn {days:.0f} ngày (the season opens late).[/]")


def _through_pages(scene: Scene, filed: Mapping[str, Filed], pages: Pages) -> dict[str, Any]:
    """How many dossiers were filed on the pages, what was done there, and how long a page took."""
    count = sum(one.listed.number in scene.numbers_through_pages for one in filed.values())
    return {"dossiers": count, **pages.log.told()}


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


def _nothing_filed(progress: Progress) -> list[str]:
    """A season without a dossier shows nothing."""
    return [NOTHING_FILED] if progress.listed and not progress.filed else []


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


async def _words_delivered(instance: Instance, settling: "Settling") -> checking.Findings:
    """Give the last signals and workflow tasks a moment; what is still missing then is a violation."""
    for _ in range(_PATIENCE_TRIES):
        with suppress(*_SERVER_AWAY):
            findings = await _check(instance)
            if settling.is_over(findings.violations):
                return findings
        await asyncio.sleep(_LOOK_EVERY)
    return await _check(instance)


@dataclass(slots=True)
class Settling:
    """Whether all that is on its way has arrived. What was left by the rules stays so for some looks: an
    award that is settled in these seconds, whose run has not heard of it yet, is waited for; for as long as
    what was `killed` last may be away."""

    killed: bool = False
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
        return not left or self._looks >= (_SETTLED_LOOKS_AFTER_KILLING if self.killed else _SETTLED_LOOKS)


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
