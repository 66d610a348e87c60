"""What journeys ask: the rules in force on a day, and who acts in which post with which clock."""

from datetime import datetime

from kit.db import Tx
from language.deadline.arithmetic import build_clock, local_day
from language.deadline.calendars import unit_calendar
from language.deadline.clock import StageClock
from language.ids import UnitId
from language.messages.directory import ClockRules, FreezePlan, PostsResolved, ResolvePosts
from language.plan.review_plan import ReviewPlan
from language.posts import holders
from language.posts.holders import Matter
from packs.freezing import Filing, PolicyPack, freeze
from services.directory.domain.refusals import NoPolicyInForce, UnitUnknown
from services.directory.operations.calendars import edition_for_clock
from services.directory.store import packs, units
from services.directory.store.delegations import roster_on


async def freeze_plan(tx: Tx, command: FreezePlan) -> ReviewPlan:
    """The plan of the pack in force on the local day of filing."""
    unit = await units.find_unit(tx, command.unit_id)
    if unit is None:
        raise UnitUnknown
    day = local_day(command.filed_at)
    content = await packs.pack_on(tx, day)
    if content is None:
        raise NoPolicyInForce(day=day)
    filing = Filing(
        unit_id=unit.id,
        units_by_level=await units.levels_on_path(tx, unit.path),
        season_id=command.season_id,
        at=command.filed_at,
    )
    plan = freeze(PolicyPack.model_validate(content), filing)
    if not plan.levels:
        raise NoPolicyInForce(day=day)
    return plan


async def resolve_posts(tx: Tx, command: ResolvePosts) -> PostsResolved:
    """Who acts in the unit's posts, who stands above, and the clock that starts at `command.at`."""
    unit = await units.find_unit(tx, command.unit_id)
    if unit is None:
        raise UnitUnknown
    path = tuple(UnitId(part) for part in unit.path)
    day = local_day(command.at)
    roster = await roster_on(tx, path, day)
    matter = Matter(level=command.level, excluded=command.excluded)
    return PostsResolved(
        unit_id=command.unit_id,
        unit_path=path,
        holders=holders.holders_in(command.unit_id, command.posts, roster, matter),
        superiors=holders.superiors_of(path, roster, matter),
        clock=await _start_clock(tx, command.clock, path, command.at) if command.clock else None,
    )


async def _start_clock(tx: Tx, asked: ClockRules, path: tuple[UnitId, ...], at: datetime) -> StageClock:
    """By the calendar in force now, not the one of the day of filing: a holiday decreed meanwhile counts for
    everything that starts after it."""
    edition = await edition_for_clock(tx, list(path))
    return build_clock(at, asked.budget, asked.ladder, unit_calendar(edition, path, local_day(at)))
