"""A calendar changes after its days: which rungs have fired before their time by it; pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from language.deadline.arithmetic import RunningClock, project
from language.deadline.clock import OfficeCalendar


@dataclass(frozen=True, slots=True, kw_only=True)
class FiredRung:
    """A rung that has fired, and the event of this kind that says so."""

    rung_id: str
    kind: str
    event_id: UUID
    fired_at: datetime


def as_of(clock: RunningClock, instant: datetime) -> RunningClock:
    """The clock as it stood at the instant: what has moved it later is not there yet."""
    suspensions = (
        replace(one, until=one.until if one.until and one.until <= instant else None)
        for one in clock.suspensions
        if one.since <= instant
    )
    return replace(
        clock,
        suspensions=tuple(suspensions),
        extensions=tuple(one for one in clock.extensions if one.given_at <= instant),
    )


def fired_too_early(
    clock: RunningClock, before: OfficeCalendar, after: OfficeCalendar, fired: Sequence[FiredRung]
) -> tuple[FiredRung, ...]:
    """Those of which it was time by the calendar before, and was not yet by the one after."""
    return tuple(
        rung for rung in fired if not _is_early(clock, before, rung) and _is_early(clock, after, rung)
    )


def _is_early(clock: RunningClock, calendar: OfficeCalendar, fired: FiredRung) -> bool:
    stood = as_of(replace(clock, calendar=calendar), fired.fired_at)
    planned = {rung.id: rung.at for rung in project(stood, fired.fired_at).rungs}
    return fired.rung_id in planned and planned[fired.rung_id] > fired.fired_at
