"""Making a payment list: its clock starts with it, and it is given to whoever may send it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from casework import rights, tasks
from casework.calendars import start_clock
from casework.case import ClockOfCase
from casework.clocks.kept import open_clock
from casework.hand_over import acting_on
from casework.history.record import record
from casework.ladder import give_out
from casework.units import require_settled
from kit.auth import Principal
from kit.db import Tx
from kit.ids import new_id
from language.deadline.arithmetic import LOCAL_ZONE
from language.deadline.clock import StageClock
from language.events.actor import Actor
from language.events.payout import AwardListed, PaymentListMade
from language.messages.payout import AwardState
from language.posts.kinds import PostTask
from language.time_scale import TimeScale
from services.payout.domain.award import Award, Step
from services.payout.domain.payment_list import ListState, PaymentList
from services.payout.domain.refusals import AwardNotWaiting, NothingToPay, OwnAward, PayeesNotTied
from services.payout.operations.awaiting import look_for_awaited
from services.payout.operations.list_making import LIST_MAKING
from services.payout.operations.list_payment import ACCOUNTANTS, PAYMENT_LIST
from services.payout.operations.moving import move_award
from services.payout.operations.runs import start_run
from services.payout.store import awaited, awards, ledger

_CODES_SHOWN: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which of the approved awards go on a list: all but some, or `only` some."""

    left_out: frozenset[UUID] = frozenset()
    only: frozenset[UUID] = frozenset()

    def of(self, waiting: Sequence[Award]) -> list[Award]:
        """Those of the awards that wait; refused when one that is spoken of does not."""
        if not {award.id for award in waiting}.issuperset(self.left_out | self.only):
            raise AwardNotWaiting
        named = self.only or {award.id for award in waiting}
        return [award for award in waiting if award.id in named - self.left_out]


async def make_list(
    tx: Tx, caller: Principal, unit_id: UUID, wanted: Wanted, scale: TimeScale | None
) -> PaymentList:
    """Put the approved awards of the unit that are wanted on a new list: by whoever has the task,
    or an accountant, who is paid from none of them. What is left out waits for another list."""
    actor = await _maker(tx, caller, unit_id)
    await awaited.take_turn(tx, unit_id)
    waiting = await awards.lock_approved(tx, unit_id)
    listed = wanted.of(waiting)
    if not listed:
        raise NothingToPay
    payees = await awards.payees_of(tx, [award.id for award in listed])
    if any(caller.person_id in people for people in payees.values()):
        raise OwnAward
    if codes := await awards.codes_of_untied(tx, [award.id for award in listed]):
        raise PayeesNotTied(codes=", ".join(codes[:_CODES_SHOWN]), count=len(codes))
    await require_settled(tx, unit_id)
    newest = max(listed, key=lambda award: award.assessed_at)
    rules = await awards.list_rules(tx, newest.id)
    clock = await start_clock(tx, newest.unit_path, rules.budget, rules.ladder, tx.now)
    made = await _insert(tx, caller, listed, newest.rule_version, clock)
    for award in listed:
        step = Step(state=AwardState.LISTED, payment_list_id=made.id)
        fact = AwardListed(award_id=award.id, level=award.level, list_id=made.id)
        await move_award(tx, award, step, fact, actor)
    await open_clock(tx, PAYMENT_LIST.particulars(made).clock(PAYMENT_LIST.type, rules, clock))
    event_id = await _record(tx, made, listed, rules, actor)
    await give_out(tx, PAYMENT_LIST, made.id)
    await start_run(tx, PAYMENT_LIST, made.id, event_id, scale)
    await look_for_awaited(tx, unit_id, scale, made_by=actor)
    return await ledger.get_list(tx, made.id)


async def _maker(tx: Tx, caller: Principal, unit_id: UUID) -> Actor:
    """By the own task where there is one, else by a post. Rights come before rows: to anybody else nothing
    waits here that could be counted."""
    standing = await awaited.open_of(tx, unit_id)
    given = await tasks.pending_tasks(tx, standing.id, PostTask.MAKE_LIST) if standing else []
    own = next((task for task in given if task.assignee_id == caller.person_id), None)
    if own is None:
        return await rights.require_in(tx, caller, ACCOUNTANTS, unit_id)
    return await acting_on(tx, LIST_MAKING, own)


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
        payment_people=max(award.payment_people for award in listed),
        sent_by=None,
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
