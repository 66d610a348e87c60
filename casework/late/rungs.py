"""A calendar is changed for days that are over: the rungs that fired by the old one before their time by the
new one are in question, and whatever ended because a time was over. Found by the owner of the clocks, and by
the rulebook for whoever is about to change the calendar."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Final
from uuid import UUID

from casework.calendars import edition_for
from casework.clocks.moves import MoveKind
from casework.late.questions import NewQuestion
from kit.db import Tx
from kit.rows import read_all
from language.cases import DoubtCause
from language.deadline.arithmetic import (
    LOCAL_ZONE,
    Extension,
    RunningClock,
    Suspension,
    SuspensionKind,
    local_day,
)
from language.deadline.calendars import ChangedDay, changed_days, unit_calendar, whole_calendar
from language.deadline.clock import OfficeCalendar
from language.deadline.doubt import FiredRung, fired_too_early
from language.deadline.editions import CalendarEdition
from language.plan.review_plan import Budget, RungRule

OWN_CLOCKS: Final = "fired_clocks_v1"
OWN_LAPSES: Final = "lapsed_terms_v1"
"""As a service reads its own clocks; and intake the terms of supplements."""
_AT_ONCE: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class _Moved:
    kind: MoveKind
    cause: SuspensionKind | None
    budget: Budget | None
    rule: str | None
    moved_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FiredClock:
    """A clock, running or closed, with what has moved it and which rungs of it have fired."""

    about_id: UUID
    subject_id: UUID
    subject_code: str
    unit_path: tuple[UUID, ...]
    opened_at: datetime
    budget: Budget
    ladder: tuple[RungRule, ...]
    fired: tuple[FiredRung, ...]
    moves: tuple[_Moved, ...]

    def running(self, calendar: OfficeCalendar) -> RunningClock:
        """As the rules of time take it."""
        suspensions: list[Suspension] = []
        extensions: list[Extension] = []
        for move in self.moves:
            if move.cause:
                suspensions.append(Suspension(kind=move.cause, since=move.moved_at, until=None, reason=""))
            elif move.kind is MoveKind.RESUMED:
                still = suspensions.pop()
                ended = Suspension(kind=still.kind, since=still.since, until=move.moved_at, reason="")
                suspensions.append(ended)
            elif move.budget:
                extensions.append(
                    Extension(budget=move.budget, given_at=move.moved_at, reason="", rule=move.rule or "")
                )
        return RunningClock(
            opened_at=self.opened_at,
            budget=self.budget,
            ladder=self.ladder,
            calendar=calendar,
            suspensions=tuple(suspensions),
            extensions=tuple(extensions),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlyRung:
    """A rung that was fired before its time, and the clock that it is of."""

    clock: FiredClock
    rung: FiredRung


@dataclass(frozen=True, slots=True, kw_only=True)
class LateEdition:
    """A version of the calendar under a unit, or everywhere, and the days of it that are over."""

    version: int
    unit_id: UUID | None
    days: tuple[ChangedDay, ...]


async def late_edition(
    tx: Tx, version: int, unit_path: Sequence[UUID], made_at: datetime
) -> LateEdition | None:
    """What this version changes of days that were over when it was made; None where it changes nothing of
    them."""
    if version <= 1:
        return None
    before, after = [
        whole_calendar(await edition_for(tx, unit_path, number), unit_path)
        for number in (version - 1, version)
    ]
    made_on = local_day(made_at)
    days = tuple(one for one in changed_days(before, after) if one.day < made_on)
    unit_id = unit_path[-1] if unit_path else None
    return LateEdition(version=version, unit_id=unit_id, days=days) if days else None


def _find(view: str) -> str:
    return f"""
    select about_id, subject_id, subject_code, unit_path, opened_at, budget, ladder, fired, moves
    from {view}
    where ($1::uuid is null or unit_path @> array[$1]) and opened_at <= $3 and runs_until >= $2
      and ($4::uuid is null or about_id > $4)
    order by about_id limit $5
    """


async def next_clocks(tx: Tx, view: str, edition: LateEdition, after: UUID | None) -> Sequence[FiredClock]:
    """The next clocks that ran on some of these days, by id."""
    first = datetime.combine(edition.days[0].day, time.min, LOCAL_ZONE)
    last = datetime.combine(edition.days[-1].day, time.max, LOCAL_ZONE)
    rows = await tx.conn.fetch(_find(view), edition.unit_id, first, last, after, _AT_ONCE)
    return read_all(FiredClock, rows)


async def early_rungs(tx: Tx, edition: LateEdition, clocks: Sequence[FiredClock]) -> list[EarlyRung]:
    """Of these clocks the rungs that fired before their time by this version, and not by the one before."""
    found: list[EarlyRung] = []
    known: dict[tuple[UUID, ...], tuple[CalendarEdition, CalendarEdition]] = {}
    for clock in clocks:
        path = clock.unit_path
        if path not in known:
            known[path] = (
                await edition_for(tx, path, edition.version - 1),
                await edition_for(tx, path, edition.version),
            )
        opened_on = local_day(clock.opened_at)
        before, after = [unit_calendar(one, path, opened_on) for one in known[path]]
        early = fired_too_early(clock.running(before), before, after, clock.fired)
        found.extend(EarlyRung(clock=clock, rung=rung) for rung in early)
    return found


async def all_early_rungs(tx: Tx, view: str, edition: LateEdition) -> list[EarlyRung]:
    """Of every clock that this version concerns."""
    found: list[EarlyRung] = []
    after: UUID | None = None
    while clocks := await next_clocks(tx, view, edition, after):
        found.extend(await early_rungs(tx, edition, clocks))
        after = clocks[-1].about_id
    return found


def of_rung(early: EarlyRung, change_id: UUID, edition: LateEdition) -> NewQuestion:
    """The question that a version of the calendar makes of a rung; the clock acted."""
    clock = early.clock
    return NewQuestion(
        change_id=change_id,
        doubt=DoubtCause.CALENDAR_CHANGED,
        first_day=edition.days[0].day,
        last_day=edition.days[-1].day,
        act_id=early.rung.event_id,
        act=early.rung.kind,
        acted_at=early.rung.fired_at,
        actor_id=None,
        on_behalf_of=None,
        post_id=None,
        subject_id=clock.subject_id,
        subject_code=clock.subject_code,
        unit_path=clock.unit_path,
    )
