"""What moves a clock, kept with it: a move is written down with who and why, and everything that hangs on the
clock follows in one transaction.

The clock's new instants go to its row, to the tasks, to the owner's own due column, into the history, and to
the workflow that waits for its rungs."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import assert_never
from uuid import UUID

from casework import tasks
from casework.case import AnyCase
from casework.clocks.kept import KeptClock, save_ladder, some_clocks
from casework.history.record import record
from casework.notices import Matter, notify_of
from kit.db import Tx
from kit.inserts import Insert
from kit.outbox import signal_workflow
from kit.rows import read, read_all
from language.deadline.arithmetic import Extension, RunningClock, Suspension, SuspensionKind, project
from language.deadline.clock import OfficeCalendar, Rung
from language.events.actor import CLOCK_ACTED, Actor
from language.events.base import Change, Fact
from language.events.casework import (
    ClockCalendarChanged,
    ClockExtended,
    ClockResumed,
    ClockSuspended,
    GivenTime,
)
from language.ids import EventId
from language.messages.clock import CaseClock, ClockMoved, Revision, RungDue
from language.names import Signal
from language.plan.review_plan import Budget, RungRule

_COLUMNS = """kind, cause, budget, calendar_version, reason, rule, actor_id, post_id,
  on_behalf_of, moved_at, old_due_at, new_due_at"""


class MoveKind(StrEnum):
    """What happened to the clock."""

    SUSPENDED = "SUSPENDED"
    RESUMED = "RESUMED"
    EXTENDED = "EXTENDED"
    CALENDAR_CHANGED = "CALENDAR_CHANGED"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMove:
    """What moves a clock now: who, why, by which rule; the cause of a suspension, the budget of an extension,
    the calendar of a change."""

    kind: MoveKind
    reason: str
    actor: Actor = CLOCK_ACTED
    rule: str | None = None
    cause: SuspensionKind | None = None
    budget: Budget | None = None
    calendar: OfficeCalendar | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PastMove:
    """A move as read back, with the due instant before and after it."""

    kind: MoveKind
    cause: SuspensionKind | None
    budget: Budget | None
    calendar_version: int | None
    reason: str
    rule: str | None
    actor_id: UUID | None
    post_id: UUID | None
    on_behalf_of: UUID | None
    moved_at: datetime
    old_due_at: datetime
    new_due_at: datetime


LIST = f"select {_COLUMNS} from clock_moves where about_id = $1 order by seq"


async def moves_of(tx: Tx, about_id: UUID) -> list[PastMove]:
    """Everything that moved the clock, in order."""
    return read_all(PastMove, await tx.conn.fetch(LIST, about_id))


def running_clock(clock: KeptClock, moves: Collection[PastMove]) -> RunningClock:
    """The clock with what moved it, as the rules of time take it."""
    suspensions: list[Suspension] = []
    extensions: list[Extension] = []
    for move in moves:
        if move.cause:
            suspensions.append(
                Suspension(
                    kind=move.cause, since=move.moved_at, until=None, reason=move.reason, by=move.actor_id
                )
            )
        elif move.kind is MoveKind.RESUMED:
            suspensions[-1] = replace(suspensions[-1], until=move.moved_at)
        elif move.budget:
            extension = Extension(
                budget=move.budget,
                given_at=move.moved_at,
                reason=move.reason,
                rule=move.rule or "",
                by=move.actor_id,
            )
            extensions.append(extension)
    return RunningClock(
        opened_at=clock.opened_at,
        budget=clock.budget,
        ladder=clock.ladder,
        calendar=clock.calendar,
        suspensions=tuple(suspensions),
        extensions=tuple(extensions),
    )


LIST_OF_SOME = f"select about_id, {_COLUMNS} from clock_moves where about_id = any($1) order by seq"


async def past_clocks(tx: Tx, about_ids: Sequence[UUID]) -> dict[UUID, RunningClock]:
    """Each of these clocks, running or closed, with what moved it."""
    moves: dict[UUID, list[PastMove]] = {}
    for row in await tx.conn.fetch(LIST_OF_SOME, list(about_ids)):
        moves.setdefault(row["about_id"], []).append(read(PastMove, row))
    return {
        clock.about_id: running_clock(clock, moves.get(clock.about_id, ()))
        for clock in await some_clocks(tx, about_ids)
    }


INSERT = Insert("clock_moves", f"move_id, about_id, {_COLUMNS}")


async def move_clock(tx: Tx, kind: AnyCase, clock: KeptClock, move: NewMove) -> KeptClock:
    """Write the move down and let everything follow; call it under the lock of the thing whose clock it
    is."""
    moves = await moves_of(tx, clock.about_id)
    moved = replace(clock, calendar=move.calendar or clock.calendar)
    running = running_clock(moved, [*moves, _as_past(tx, clock, move)])
    kept = await _save(tx, kind, moved, running)
    fact = _fact(clock, kept, move)
    event_id = await record(
        tx,
        fact,
        about=kept.subject_id,
        actor=move.actor,
        rule_version=kept.rule_version,
        rule=move.rule,
    )
    past = replace(_as_past(tx, clock, move), new_due_at=kept.due_at)
    await tx.conn.execute(INSERT.statement, *INSERT.row(past, move_id=event_id, about_id=clock.about_id))
    await _tell_authors(tx, kind, kept, event_id, fact)
    await signal_moved(tx, event_id, kept)
    return kept


async def _tell_authors(tx: Tx, kind: AnyCase, clock: KeptClock, event_id: UUID, fact: Fact) -> None:
    """Of what somebody did to the deadline of their dossier or award; not of another calendar, which may move
    thousands."""
    if not isinstance(fact, ClockCalendarChanged):
        authors = await kind.told(tx, clock.about_id)
        matter = Matter(
            subject_id=clock.subject_id,
            subject_code=clock.subject_code,
            level=clock.level,
            due_at=None if clock.is_suspended else clock.due_at,
        )
        await notify_of(tx, event_id, fact, matter, authors)


async def signal_moved(tx: Tx, event_id: UUID, clock: KeptClock) -> None:
    """Tell the run that waits for the rungs how the clock stands now."""
    message = ClockMoved(event_id=EventId(event_id), clock=as_it_stands(clock))
    await signal_workflow(tx, event_id, clock.workflow_id, Signal.CLOCK_MOVED, message)


async def add_rung(tx: Tx, kind: AnyCase, clock: KeptClock, rule: RungRule) -> KeptClock:
    """Put one more rung at the end of the ladder; whoever waits for rungs must be told."""
    longer = replace(clock, ladder=(*clock.ladder, rule))
    await save_ladder(tx, clock.about_id, longer.ladder)
    return await _save(tx, kind, longer, running_clock(longer, await moves_of(tx, clock.about_id)))


async def give_calendar(tx: Tx, kind: AnyCase, clock: KeptClock, move: NewMove) -> bool:
    """Move the clock to another calendar; where that changes no instant, the calendar is kept and nobody is
    told."""
    changed = replace(clock, calendar=move.calendar or clock.calendar)
    running = running_clock(changed, await moves_of(tx, clock.about_id))
    projected = project(running, tx.now)
    if (projected.due_at, projected.rungs) == (clock.due_at, clock.rungs):
        await _save(tx, kind, changed, running)
        return False
    await move_clock(tx, kind, clock, move)
    return True


async def too_early(tx: Tx, kind: AnyCase, clock: KeptClock, rung: Rung) -> KeptClock | None:
    """The clock, when it is suspended or this rung is still to come by it; None when the rung is due.

    A suspended clock is projected anew, so that the rung is looked at again when its time would come if it
    went on today."""
    if clock.is_suspended:
        return await _save(tx, kind, clock, running_clock(clock, await moves_of(tx, clock.about_id)))
    return clock if rung.at > tx.now else None


def as_it_stands(clock: KeptClock) -> CaseClock:
    """What a run sleeps by."""
    return CaseClock(
        about_id=clock.about_id,
        revision=Revision(epoch=clock.epoch, number=clock.revision),
        due_at=clock.due_at,
        rungs=tuple(RungDue(id=rung.id, at=rung.at) for rung in clock.rungs),
        delay=clock.delay,
    )


SAVE = """
update clocks set due_at = $2, rungs = $3, calendar = $4, is_standing = $5, revision = revision + 1
  where about_id = $1 returning revision
"""


async def _save(tx: Tx, kind: AnyCase, clock: KeptClock, running: RunningClock) -> KeptClock:
    """The instants that follow now, in the clock's row, in the tasks and in the owner's own row."""
    projected = project(running, tx.now)
    revision = await tx.conn.fetchval(
        SAVE, clock.about_id, projected.due_at, projected.rungs, projected.calendar, running.is_suspended
    )
    if projected.due_at != clock.due_at:
        await tasks.move_due(tx, clock.about_id, kind.tasks, projected.due_at)
        await kind.save_due(tx, clock.about_id, projected.due_at)
    return replace(
        clock,
        due_at=projected.due_at,
        rungs=projected.rungs,
        is_suspended=running.is_suspended,
        revision=revision,
    )


def _as_past(tx: Tx, clock: KeptClock, move: NewMove) -> PastMove:
    return PastMove(
        kind=move.kind,
        cause=move.cause,
        budget=move.budget,
        calendar_version=move.calendar.version if move.calendar else None,
        reason=move.reason,
        rule=move.rule,
        actor_id=move.actor.person_id,
        post_id=move.actor.post_id,
        on_behalf_of=move.actor.on_behalf_of,
        moved_at=tx.now,
        old_due_at=clock.due_at,
        new_due_at=clock.due_at,
    )


def _fact(before: KeptClock, after: KeptClock, move: NewMove) -> Fact:
    """The move as its event. The table refuses a suspension without a cause, and an extension without a
    budget."""
    case, about_id, level = after.kind, after.about_id, after.level
    reason, due_at = move.reason, Change(old=before.due_at, new=after.due_at)
    match move.kind:
        case MoveKind.SUSPENDED:
            if move.cause is None:
                raise ValueError("a suspension has its cause")
            return ClockSuspended(
                case=case, about_id=about_id, level=level, cause=move.cause, reason=reason, due_at=due_at
            )
        case MoveKind.RESUMED:
            return ClockResumed(case=case, about_id=about_id, level=level, reason=reason, due_at=due_at)
        case MoveKind.EXTENDED:
            if move.budget is None:
                raise ValueError("an extension has its budget")
            given = GivenTime(amount=move.budget.amount, unit=move.budget.unit)
            return ClockExtended(
                case=case, about_id=about_id, level=level, budget=given, reason=reason, due_at=due_at
            )
        case MoveKind.CALENDAR_CHANGED:
            return ClockCalendarChanged(
                case=case,
                about_id=about_id,
                level=level,
                calendar_version=Change(old=before.calendar.version, new=after.calendar.version),
                reason=reason,
                due_at=due_at,
            )
        case _:
            assert_never(move.kind)
