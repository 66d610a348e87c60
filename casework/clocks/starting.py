"""A clock that starts: by the calendar in force now, which the rulebook publishes, and the breaks of the
unit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from kit.db import Tx
from kit.rows import read
from language.deadline.arithmetic import build_clock, local_day
from language.deadline.calendars import unit_calendar
from language.deadline.clock import StageClock
from language.deadline.editions import Break, CalendarEdition
from language.plan.review_plan import Budget, RungRule
from language.refusals import NotFound
from language.views import View

IN_FORCE: Final = f"""
select c.version, c.holidays, c.make_up_days, c.reason,
  (select coalesce(jsonb_agg(to_jsonb(b) order by b.first_day, b.id), '[]') from {View.BREAKS} b
    where b.unit_id = any($1) and b.since_version <= c.version
      and (b.ended_version is null or b.ended_version > c.version)) as breaks
from {View.CALENDARS} c order by c.version desc limit 1
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _InForce:
    """A calendar with the breaks that hold on a unit's path."""

    version: int
    holidays: frozenset[date]
    make_up_days: frozenset[date]
    reason: str
    breaks: tuple[Break, ...]


async def start_clock(
    tx: Tx, budget: Budget, ladder: Sequence[RungRule], unit_path: Sequence[UUID], at: datetime
) -> StageClock:
    """The clock of a unit that starts at `at`. By the calendar in force now, not the one of the day of
    filing: a holiday decreed meanwhile counts for everything that starts after it."""
    row = await tx.conn.fetchrow(IN_FORCE, list(unit_path))
    if row is None:
        raise NotFound
    found = read(_InForce, row)
    edition = CalendarEdition(
        version=found.version,
        holidays=found.holidays,
        make_up_days=found.make_up_days,
        breaks=found.breaks,
        reason=found.reason,
    )
    return build_clock(at, budget, tuple(ladder), unit_calendar(edition, unit_path, local_day(at)))
