"""`sangkien rehearse`: a season on a private instance, or two of the same people under two packs, with a
report."""

import asyncio
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from rich.console import Console

from cli.policy import find_pack
from cli.province import MIDDLE, PROVINCE, SCHOOL, Staffing
from cli.sample import SAMPLE_LIST
from cli.spreadsheet import ListedDossier, read_list
from embedded import temporal_programs
from embedded.errors import WrongUsage
from embedded.servers import TemporalServer
from language.plan.rule_kinds import CheckRuleKind
from language.posts.kinds import PostKind
from packs.freezing import PolicyPack
from rehearsal.killing import SHORTEST_DAY_SECONDS
from rehearsal.playing import is_of_the_rules, play
from rehearsal.rearranging import in_more_communes
from rehearsal.reporting import print_comparison, print_report, print_violations
from rehearsal.rules_in_force import pack_in_force
from rehearsal.scene import Scene
from rehearsal.switching import FellBehind

_DEFAULT_DOSSIERS = 60
_SHORTEST_DAY, _DAYS_PER_DOSSIER = 0.35, 0.0065
_SHORTEST_DAY_OF_AN_ACT = 1.5
"""While parts are killed: an act has its day, and a part that starts again takes seconds."""
_TWO_TIERS_SINCE = date(2025, 7, 1)
_MIDDLE_LEVELS = ("DISTRICT", "COMMUNE")


class OptionsClash(WrongUsage):
    """Options that make no sense together."""


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
    switch_back_after: int | None = None
    policies: Sequence[str] = ()
    compare: bool = False
    succession: Path | None = None
    succession_on: date | None = None
    through_pages: int = 0
    server: TemporalServer = TemporalServer.DEVELOPMENT


def run(options: Options) -> int:
    """The exit code: 0 when nothing was violated."""
    _require_sense(options)
    _require_time_to_come_back(options)
    if options.server is TemporalServer.CLUSTER:
        temporal_programs.install(Console().print)
    packs = [find_pack(policy) for policy in options.policies]
    most = options.dossiers or (None if options.input else _DEFAULT_DOSSIERS)
    dossiers = as_many(read_list(options.input or SAMPLE_LIST), most)
    if options.succession:
        dossiers = in_more_communes(dossiers)
    if options.through_pages > len(dossiers):
        raise OptionsClash(
            f"--through-pages {options.through_pages}: the season has {len(dossiers)} dossiers (mùa chỉ có "
            f"{len(dossiers)} hồ sơ)."
        )
    has_day = options.kill and (options.succession or options.switch_tier_on)
    shortest = _SHORTEST_DAY_OF_AN_ACT if has_day else _SHORTEST_DAY
    day = options.day_seconds or max(shortest, _DAYS_PER_DOSSIER * len(dossiers))
    scene = Scene(
        dossiers=dossiers,
        day_seconds=day,
        silent=options.silent,
        leave=options.leave,
        seed=options.seed,
        kill=options.kill,
        keep=options.keep,
        switch_tier_on=options.switch_tier_on,
        switch_back_after=options.switch_back_after,
        succession=options.succession,
        succession_on=options.succession_on,
        through_pages=options.through_pages,
        server=options.server,
    )
    if options.succession_on and not packs:
        packs = [pack_in_force(options.succession_on)]
    if options.compare and len(packs) == 1:
        packs.insert(0, pack_in_force(scene.opens_on))
    scenes = [_under(scene, pack, packs) for pack in packs] or [
        replace(scene, middle_level=_middle_level(scene, None))
    ]
    console = Console()
    console.print(
        f"Diễn tập {len(dossiers)} hồ sơ, một ngày = {day:.2f} giây, {options.silent:.0%} thành "
        "viên im lặng, "
        f"{options.leave:.0%} nghỉ phép, seed {options.seed}."
    )
    alone = _alone if options.day_seconds else _alone_as_slow_as_it_takes
    report = asyncio.run(_compared(console, scenes) if options.compare else alone(console, scenes[0]))
    if options.report:
        options.report.write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return 1 if report["violations"] else 0


def as_many(listed: Sequence[ListedDossier], most: int | None) -> tuple[ListedDossier, ...]:
    """So many dossiers. A list that has fewer begins again, in districts of its own: a larger province of the
    same kind."""
    count = len(listed) if most is None else most
    return tuple(
        replace(one, number=place + 1, district=f"{one.district} {turn}")
        if (turn := place // len(listed))
        else one
        for place in range(count)
        for one in (listed[place % len(listed)],)
    )


def _require_time_to_come_back(options: Options) -> None:
    if options.kill and options.day_seconds and options.day_seconds < SHORTEST_DAY_SECONDS:
        raise OptionsClash(
            f"--kill --day {options.day_seconds:g}: việc dở của tiến trình bị giết chậm lâu hơn cả một mùa; "
            f"hãy đặt --day từ {SHORTEST_DAY_SECONDS:.2f} giây (what is killed would be away for longer than "
            "the season)."
        )


def _require_sense(options: Options) -> None:
    if options.switch_tier_on and options.policies:
        raise OptionsClash(
            "--switch-tier-on has its own packs: leave --policy out (bỏ --policy khi dùng --switch-tier-on)."
        )
    if options.switch_back_after is not None and not options.switch_tier_on:
        raise OptionsClash(
            "--switch-back-after needs --switch-tier-on (--switch-back-after cần --switch-tier-on)."
        )
    if (options.succession is None) is not (options.succession_on is None):
        raise OptionsClash("--succession needs --on, and --on --succession (--succession phải đi cùng --on).")
    if options.succession and (options.switch_tier_on or options.compare):
        raise OptionsClash(
            "--succession goes with neither --switch-tier-on nor --compare (--succession không dùng cùng "
            "--switch-tier-on hoặc --compare)."
        )
    if options.through_pages and options.compare:
        raise OptionsClash(
            "--through-pages does not go with --compare: a comparison measures rules, not pages "
            "(--through-pages không dùng cùng --compare)."
        )
    if options.compare and not 1 <= len(options.policies) <= 2:
        raise OptionsClash("--compare needs one or two --policy (--compare cần một hoặc hai --policy).")
    if not options.compare and len(options.policies) > 1:
        raise OptionsClash("Two --policy only with --compare (hai --policy chỉ dùng cùng --compare).")


def _under(scene: Scene, pack: PolicyPack, packs: Sequence[PolicyPack]) -> Scene:
    """The scene under this pack, with what the people of all the packs need."""
    return replace(
        scene,
        pack=pack,
        middle_level=_middle_level(scene, pack),
        staffing=staffing_for(packs),
        attachments=max((attachments_for(other) for other in packs), default=0),
    )


def _middle_level(scene: Scene, pack: PolicyPack | None) -> str:
    """What lies between school and province: what the pack says, else what there was at that time."""
    named = [level.unit_level for level in pack.levels if level.unit_level in _MIDDLE_LEVELS] if pack else []
    if len(set(named)) > 1:
        raise OptionsClash(
            f"{pack and pack.rule_version}: a rehearsal has one level between school and province "
            "(diễn tập chỉ có một cấp ở giữa)."
        )
    return named[0] if named else "DISTRICT" if scene.opens_on < _TWO_TIERS_SINCE else "COMMUNE"


def staffing_for(packs: Sequence[PolicyPack]) -> Staffing:
    """The posts that councils, officers and signers of these packs need in a unit of each tier."""
    needed = {tier: Counter[PostKind]() for tier in (SCHOOL, MIDDLE, PROVINCE)}
    for pack in packs:
        needed[SCHOOL] |= Counter([pack.formal_check.officers])
        for level in pack.levels:
            seats = Counter[PostKind]()
            for seat in level.seats:
                seats[seat.post] += seat.count
            tier = level.unit_level if level.unit_level in {SCHOOL, PROVINCE} else MIDDLE
            needed[tier] |= (seats + Counter([level.substitutes])) | Counter(
                [pack.payout.verifier, pack.payout.approver]
            )
    return needed


def attachments_for(pack: PolicyPack) -> int:
    """How many files a request needs to be accepted."""
    return max(
        (int(rule.limit) for rule in pack.formal_check.rules if rule.kind is CheckRuleKind.MIN_ATTACHMENTS),
        default=0,
    )


async def _alone(console: Console, scene: Scene) -> dict[str, Any]:
    report = await play(console, scene)
    print_report(console, report)
    return report


async def _alone_as_slow_as_it_takes(console: Console, scene: Scene) -> dict[str, Any]:
    """How long a day lasts was left to us: where the machine did not keep up, it lasts longer, once."""
    try:
        return await _alone(console, scene)
    except FellBehind as over:
        slower = scene.slower()
        console.print(
            f"[yellow]{over} Diễn tập lại, một ngày = {slower.day_seconds:.2f} giây (once more, slower).[/]",
            highlight=False,
        )
        return await _alone(console, slower)


async def _compared(console: Console, scenes: Sequence[Scene]) -> dict[str, Any]:
    """One after the other, so that each has the machine to itself. Dossiers that get stuck are a result here,
    not a violation."""
    reports = []
    for scene in scenes:
        pack = scene.pack.rule_version if scene.pack else ""
        console.print(f"[bold]{pack}[/]", highlight=False)
        reports.append(await play(console, scene) | {"pack": pack})
    print_comparison(console, *reports)
    violations = [
        f"{report['pack']}: {violation}"
        for report in reports
        for violation in report["violations"]
        if not is_of_the_rules(violation)
    ]
    print_violations(console, violations)
    return {"seasons": reports, "violations": violations}
