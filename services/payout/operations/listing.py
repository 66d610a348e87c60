"""Making a payment list: its clock starts with it, and it is given to whoever may send it."""

from collections.abc import Sequence
from uuid import UUID

from casework import rights
from casework.calendars import start_clock
from casework.case import ClockOfCase
from casework.clocks.kept import kept_clock, open_clock
from casework.clocks.moves import as_it_stands
from casework.history.record import record
from casework.ladder import give_out
from casework.runs.own import OwnRuns
from kit.auth import Principal
from kit.db import Tx
from kit.ids import new_id
from kit.outbox import WorkflowStart, start_workflow
from language.deadline.arithmetic import LOCAL_ZONE
from language.deadline.clock import StageClock
from language.events.actor import Actor
from language.events.payout import AwardListed, PaymentListMade
from language.ids import EventId
from language.messages.case import StartCase
from language.messages.payout import AwardState
from language.names import CASE_WORKFLOW, RECOGNISING_UNIT, TaskQueue
from language.refusals import NotFound
from language.time_scale import TimeScale
from services.payout.domain.award import Award, Step
from services.payout.domain.payment_list import ListState, PaymentList
from services.payout.domain.refusals import NothingToPay, OwnAward
from services.payout.operations.list_payment import ACCOUNTANTS, PAYMENT_LIST
from services.payout.operations.moving import move_award
from services.payout.store import awards, ledger


async def make_list(tx: Tx, caller: Principal, unit_id: UUID, scale: TimeScale | None) -> PaymentList:
    """Put every approved award of the unit on a new list, by an accountant who is paid from none of them."""
    actor = await rights.require_in(tx, caller, ACCOUNTANTS, unit_id)
    waiting = await awards.lock_approved(tx, unit_id)
    if not waiting:
        raise NothingToPay
    payees = await awards.payees_of(tx, [award.id for award in waiting])
    if any(caller.person_id in people for people in payees.values()):
        raise OwnAward
    newest = max(waiting, key=lambda award: award.assessed_at)
    rules = await awards.list_rules(tx, newest.id)
    clock = await start_clock(tx, newest.unit_path, rules.budget, rules.ladder, tx.now)
    made = await _insert(tx, caller, waiting, newest.rule_version, clock)
    for award in waiting:
        step = Step(state=AwardState.LISTED, payment_list_id=made.id)
        fact = AwardListed(award_id=award.id, level=award.level, list_id=made.id)
        await move_award(tx, award, step, fact, actor)
    await open_clock(tx, PAYMENT_LIST.particulars(made).clock(PAYMENT_LIST.type, rules, clock))
    event_id = await _record(tx, made, waiting, rules, actor)
    await give_out(tx, PAYMENT_LIST, made.id)
    await _start(tx, made, event_id, scale)
    return await ledger.get_list(tx, made.id)


async def _insert(
    tx: Tx, caller: Principal, listed: Sequence[Award], rule_version: str, clock: StageClock
) -> PaymentList:
    unit_id, year = listed[0].unit_id, tx.now.astimezone(LOCAL_ZONE).year
    made = PaymentList(
        id=new_id(),
        number=await ledger.next_list_number(tx, unit_id, year),
        year=year,
        unit_id=unit_id,
        unit_path=listed[0].unit_path,
        state=ListState.DRAFT,
        total_dong=sum(award.amount_dong for award in listed),
        made_by=caller.person_id,
        made_at=tx.now,
        due_at=clock.due_at,
        rule_version=rule_version,
        sent_at=None,
        confirmed_at=None,
        statement_reference=None,
        version=1,
    )
    await ledger.insert_list(tx, made, [award.id for award in listed])
    return made


async def _record(
    tx: Tx, made: PaymentList, listed: Sequence[Award], rules: ClockOfCase, actor: Actor
) -> UUID:
    fact = PaymentListMade(
        list_id=made.id,
        unit_id=made.unit_id,
        number=made.number,
        year=made.year,
        total_dong=made.total_dong,
        award_ids=tuple(award.id for award in listed),
        due_at=made.due_at,
    )
    rule = rules.basis.rule
    return await record(tx, fact, about=made.id, actor=actor, rule_version=made.rule_version, rule=rule)


async def _start(tx: Tx, made: PaymentList, event_id: UUID, scale: TimeScale | None) -> None:
    """Its run, with the clock as it stands when the work is given out."""
    await start_workflow(tx, await _run_of(tx, made, EventId(event_id), scale))


async def _run_of(tx: Tx, made: PaymentList, event_id: EventId, scale: TimeScale | None) -> WorkflowStart:
    message = StartCase(
        event_id=event_id,
        owner=TaskQueue.PAYOUT,
        case=PAYMENT_LIST.type,
        clock=as_it_stands(await kept_clock(tx, made.id)),
        time_scale=scale,
    )
    return WorkflowStart(
        event_id=event_id,
        workflow_id=PAYMENT_LIST.particulars(made).workflow_id,
        workflow=CASE_WORKFLOW,
        message=message,
        search_attributes={RECOGNISING_UNIT.name: str(made.unit_id)},
    )


async def start_anew(tx: Tx, list_id: UUID, event_id: EventId, scale: TimeScale | None) -> WorkflowStart:
    """The start of the run of a list that is not over: rungs that have fired, it finds done."""
    made = await ledger.get_list(tx, list_id, lock=True)
    if PAYMENT_LIST.is_over(made):
        raise NotFound
    return await _run_of(tx, made, event_id, scale)


async def still_open(tx: Tx, list_ids: Sequence[UUID]) -> set[UUID]:
    """Which of these are not over."""
    found = await ledger.some_lists(tx, list_ids)
    return {made.id for made in found if not PAYMENT_LIST.is_over(made)}


LIST_RUNS = OwnRuns(workflow=CASE_WORKFLOW, still_open=still_open, start=start_anew)
