"""The calendar of a unit, and the clock that starts by it, read from what the rulebook publishes in the
transaction of the act that asks.

An opening holds the calendar (`hold_calendar`) from before it reads it until its commit. Whoever brings a new
version to running clocks waits for those once before it looks for clocks: so a clock that is opened meanwhile
either has the new version, or is among those that run."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from kit.db import Tx
from kit.rows import read
from language.deadline.arithmetic import build_clock, local_day
from language.deadline.calendars import unit_calendar, whole_calendar
from language.deadline.clock import OfficeCalendar, StageClock
from language.deadline.editions import CalendarEdition
from language.plan.review_plan import Budget, RungRule
from language.refusals import Refusal
from language.views import View


class NoCalendar(Refusal):
    """No calendar was ever published."""

    status = 409
    vi = "Tỉnh chưa công bố lịch làm việc nên chưa tính được hạn. Hãy đề nghị quản trị tỉnh nhập lịch."
    en = "The province has published no calendar, so no deadline can be computed. Ask its administrators."


HOLD = "select pg_advisory_xact_lock_shared(hashtextextended('calendar:' || current_schema(), 0))"


async def hold_calendar(tx: Tx) -> None:
    """Until this transaction ends, no new version is brought to clocks without its being seen."""
    await tx.conn.execute(HOLD)


WAIT = "select pg_advisory_xact_lock(hashtextextended('calendar:' || current_schema(), 0))"


async def wait_for_openings(tx: Tx) -> None:
    """Wait until whatever was being opened by the calendar as it was is committed."""
    await tx.conn.execute(WAIT)


IN_FORCE = f"""
select c.version, c.holidays, c.make_up_days, (
  select coalesce(jsonb_agg(to_jsonb(b) || jsonb_build_object(
      'last_day', least(b.last_day, date '9999-12-31')
    ) order by b.first_day, b.id), '[]') from {View.BREAKS} b
  where b.unit_id = any($1::uuid[]) and b.since_version <= c.version
    and (b.ended_version is null or b.ended_version > c.version)
) as breaks
from {View.CALENDARS} c where $2::int is null or c.version = $2 order by c.version desc limit 1
"""


async def edition_for(tx: Tx, unit_path: Collection[UUID], version: int | None = None) -> CalendarEdition:
    """The calendar with the breaks that hold in the unit this path leads to: the newest, or this version."""
    row = await tx.conn.fetchrow(IN_FORCE, list(unit_path), version)
    if row is None:
        raise NoCalendar
    return read(CalendarEdition, row)


async def province_calendar(tx: Tx) -> OfficeCalendar:
    """All the years of the newest calendar as it holds everywhere, without the breaks of units."""
    return whole_calendar(await edition_for(tx, ()), ())


async def calendar_for(tx: Tx, unit_path: Collection[UUID], at: datetime) -> OfficeCalendar:
    """The newest calendar as it is in the unit, for a clock that starts now; holds the calendar.

    By the calendar in force now, not the one of the day of filing: a holiday decreed meanwhile counts for
    everything that starts after it."""
    await hold_calendar(tx)
    return unit_calendar(await edition_for(tx, unit_path), unit_path, local_day(at))


async def start_clock(
    tx: Tx, unit_path: Collection[UUID], budget: Budget, ladder: Sequence[RungRule], at: datetime
) -> StageClock:
    """The clock of what is opened in the unit at this instant."""
    return build_clock(at, budget, tuple(ladder), await calendar_for(tx, unit_path, at))
