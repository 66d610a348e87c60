"""How awards leave a payment list, and how a list ends: confirmed, or cancelled because it pays nothing."""

from uuid import UUID

from casework import tasks
from casework.clocks.kept import close_clock
from casework.history.record import record
from kit.db import Tx
from kit.outbox import signal_workflow
from language.events.actor import Actor
from language.events.base import Fact
from language.events.payout import AwardTakenOff, PaymentListCancelled, PaymentListShortened
from language.ids import EventId
from language.messages.case import CaseEnded
from language.messages.payout import AwardState
from language.names import Signal
from services.payout.domain.award import Award, Step
from services.payout.domain.payment_list import ListState, PaymentList
from services.payout.operations.list_payment import PAYMENT_LIST
from services.payout.operations.moving import move_award
from services.payout.store import ledger


async def end_list(tx: Tx, ended: PaymentList, fact: Fact, actor: Actor) -> None:
    """Nothing is left to act on: no task, no clock, and its run is told."""
    case = PAYMENT_LIST.particulars(ended)
    await tasks.cancel_all_tasks(tx, ended.id)
    await close_clock(tx, ended.id)
    event_id = await record(tx, fact, about=ended.id, actor=actor, rule_version=ended.rule_version)
    message = CaseEnded(event_id=EventId(event_id), about_id=ended.id)
    await signal_workflow(tx, event_id, case.workflow_id, Signal.CASE_ENDED, message)


async def drop_from_list(tx: Tx, list_id: UUID, award: Award, actor: Actor, reason: str) -> PaymentList:
    """The award leaves the list; a list that loses its last award is cancelled."""
    await ledger.drop_from_list(tx, list_id, award)
    left = await ledger.get_list(tx, list_id)
    fact = PaymentListShortened(
        list_id=list_id, award_id=award.id, amount_dong=award.amount_dong, reason=reason
    )
    await record(tx, fact, about=list_id, actor=actor, rule_version=left.rule_version)
    if left.state is ListState.CANCELLED:
        await end_list(tx, left, PaymentListCancelled(list_id=list_id, reason=None), actor)
    return left


async def take_off(tx: Tx, award: Award, list_id: UUID, actor: Actor, reason: str) -> None:
    """The award waits for another list."""
    fact = AwardTakenOff(
        award_id=award.id,
        level=award.level,
        list_id=list_id,
        was_sent=award.state is AwardState.SENT,
        reason=reason,
    )
    await move_award(tx, award, Step(state=AwardState.APPROVED), fact, actor)
