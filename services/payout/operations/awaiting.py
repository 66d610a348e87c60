"""What waits for a payment list is somebody's work: the unit's case opens with the first approved award, and
ends when a list is made or nothing waits any more."""

from uuid import UUID

from casework import tasks
from casework.calendars import start_clock
from casework.clocks.kept import close_clock, open_clock
from casework.history.record import record
from casework.ladder import give_out
from kit.db import Tx
from kit.ids import new_id
from kit.outbox import signal_workflow
from language.events.actor import CLOCK_ACTED, Actor
from language.events.payout import ListAwaited, ListAwaitedNoMore
from language.ids import EventId
from language.messages.case import CaseEnded
from language.names import Signal
from language.posts.kinds import PostTask
from language.time_scale import TimeScale
from services.payout.domain.award import Award
from services.payout.domain.payment_list import AwaitedList
from services.payout.operations.list_making import LIST_MAKING
from services.payout.operations.runs import start_run
from services.payout.store import awaited, awards


async def look_for_awaited(
    tx: Tx, unit_id: UUID, scale: TimeScale | None, made_by: Actor | None = None
) -> None:
    """Bring the unit's case to what waits now; `made_by` has just put some of it on a list, and what was left
    out waits anew. For whoever has the unit's turn (`awaited.take_turn`)."""
    standing, newest = await awaited.open_of(tx, unit_id), await awards.newest_approved(tx, unit_id)
    if standing and (made_by or newest is None):
        await _end(tx, standing, made_by)
        standing = None
    if standing is None and newest:
        await _open(tx, newest, scale)


async def _open(tx: Tx, newest: Award, scale: TimeScale | None) -> None:
    """By the rules of a payment list with the newest award on it: a list may take as long to be made as it
    may take to be paid."""
    rules = await awards.list_rules(tx, newest.id)
    clock = await start_clock(tx, newest.unit_path, rules.budget, rules.ladder, tx.now)
    new = AwaitedList(
        id=new_id(),
        unit_id=newest.unit_id,
        unit_path=newest.unit_path,
        opened_at=tx.now,
        due_at=clock.due_at,
        rule_version=newest.rule_version,
        closed_at=None,
    )
    await awaited.insert_awaited(tx, new)
    await open_clock(tx, LIST_MAKING.particulars(new).clock(LIST_MAKING.type, rules, clock))
    fact = ListAwaited(unit_id=new.unit_id, award_id=newest.id, due_at=new.due_at)
    event_id = await record(tx, fact, about=new.id, rule_version=new.rule_version, rule=rules.basis.rule)
    await give_out(tx, LIST_MAKING, new.id)
    await start_run(tx, LIST_MAKING, new.id, event_id, scale)


async def _end(tx: Tx, standing: AwaitedList, made_by: Actor | None) -> None:
    if made_by:
        await tasks.finish_tasks(tx, standing.id, PostTask.MAKE_LIST)
    await tasks.cancel_all_tasks(tx, standing.id)
    await awaited.close_awaited(tx, standing.id)
    await close_clock(tx, standing.id)
    fact = ListAwaitedNoMore(unit_id=standing.unit_id, was_made=made_by is not None)
    event_id = await record(
        tx, fact, about=standing.id, actor=made_by or CLOCK_ACTED, rule_version=standing.rule_version
    )
    workflow_id = LIST_MAKING.particulars(standing).workflow_id
    message = CaseEnded(event_id=EventId(event_id), about_id=standing.id)
    await signal_workflow(tx, event_id, workflow_id, Signal.CASE_ENDED, message)
