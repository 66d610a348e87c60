"""Payment lists: sent to the treasury, confirmed as far as it has paid, shortened, cancelled."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final
from uuid import UUID

from casework import rights, tasks
from casework.clocks.kept import kept_clock
from casework.clocks.moves import signal_moved
from casework.hand_over import acting_on
from casework.history.record import record
from casework.ladder import give_out
from casework.units import SuccessionUnderWay, require_settled
from kit.auth import Principal
from kit.db import Tx
from kit.ids import new_id
from language.events.actor import Actor
from language.events.payout import (
    AwardPaid,
    AwardSent,
    PaymentListCancelled,
    PaymentListConfirmed,
    PaymentListSent,
)
from language.messages.payout import AwardState
from language.posts.kinds import PostKind, PostTask
from language.time_scale import TimeScale
from services.payout.domain.award import Award, Step
from services.payout.domain.booking import book_payment
from services.payout.domain.payment_list import ListState, PaymentList
from services.payout.domain.refusals import (
    AwardNotOnList,
    ListNotThere,
    NothingPaid,
    OwnAward,
    SamePersonTwice,
    SenderConfirms,
)
from services.payout.operations.awaiting import look_for_awaited
from services.payout.operations.ending_lists import drop_from_list, end_list, take_off
from services.payout.operations.list_payment import ACCOUNTANTS, PAYMENT_LIST, SENDERS
from services.payout.operations.moving import move_award
from services.payout.operations.reading import require_readable
from services.payout.store import awaited, awards, ledger

_TASK: Final[Mapping[ListState, PostTask]] = MappingProxyType(
    {ListState.DRAFT: PostTask.SEND_LIST, ListState.SENT: PostTask.CONFIRM_LIST}
)
_ON_LIST: Final[Mapping[ListState, AwardState]] = MappingProxyType(
    {ListState.DRAFT: AwardState.LISTED, ListState.SENT: AwardState.SENT}
)


async def _lock_list(
    tx: Tx, caller: Principal, list_id: UUID, kinds: frozenset[PostKind], *states: ListState
) -> tuple[PaymentList, Actor, UUID]:
    """The list for whoever has its task, or holds a post of these kinds over the unit; a payee never. It is
    not there for who may not read it. With the unit that owes what is on it, whose turn is taken."""
    owing = await ledger.unit_owing(tx, list_id)
    await awaited.take_turn(tx, owing)
    found = await ledger.get_list(tx, list_id, lock=True)
    if await ledger.unit_owing(tx, list_id) != owing:
        raise SuccessionUnderWay
    given = [task for state in states for task in await tasks.pending_tasks(tx, list_id, _TASK[state])]
    own = next((one for one in given if one.assignee_id == caller.person_id), None)
    if own is None:
        await require_readable(tx, caller, found)
    actor = (
        await acting_on(tx, PAYMENT_LIST, own)
        if own
        else await rights.require(tx, caller, kinds, found.unit_path)
    )
    if caller.person_id in (await ledger.payees_of_lists(tx, [list_id])).get(list_id, ()):
        raise OwnAward
    if found.state not in states:
        raise ListNotThere(state=found.state)
    return found, actor, owing


async def send_list(tx: Tx, caller: Principal, list_id: UUID) -> PaymentList:
    """A chief accountant who did not make the list sends it to the treasury; from then on it waits to be
    confirmed."""
    found, actor, _ = await _lock_list(tx, caller, list_id, SENDERS, ListState.DRAFT)
    if found.made_by == caller.person_id:
        raise SamePersonTwice
    await ledger.mark_sent(tx, list_id, caller.person_id)
    for award in await awards.lock_listed(tx, list_id, AwardState.LISTED):
        fact = AwardSent(award_id=award.id, level=award.level, list_id=list_id)
        await move_award(tx, award, Step(state=AwardState.SENT), fact, actor)
    await tasks.finish_tasks(tx, list_id, PostTask.SEND_LIST)
    sent = PaymentListSent(list_id=list_id)
    await record(tx, sent, about=list_id, actor=actor, rule_version=found.rule_version)
    if (await give_out(tx, PAYMENT_LIST, list_id)).clock:
        await signal_moved(tx, new_id(), await kept_clock(tx, list_id))
    return await ledger.get_list(tx, list_id)


def _require_another(caller: Principal, sent: PaymentList) -> None:
    if sent.barred_id == caller.person_id:
        raise SenderConfirms


async def confirm_list(
    tx: Tx,
    caller: Principal,
    list_id: UUID,
    reference: str,
    unpaid: Mapping[UUID, str],
    scale: TimeScale | None,
) -> PaymentList:
    """The treasury's statement shows the list paid, says somebody who did not send it; what it has not paid
    (by award, with the reason) leaves the list and waits for another."""
    found, actor, owing = await _lock_list(tx, caller, list_id, ACCOUNTANTS, ListState.SENT)
    _require_another(caller, found)
    sent = await awards.lock_listed(tx, list_id, AwardState.SENT)
    if not {award.id for award in sent}.issuperset(unpaid):
        raise AwardNotOnList
    if len(unpaid) == len(sent):
        raise NothingPaid
    await require_settled(tx, owing)
    for award in sent:
        if award.id in unpaid:
            await take_off(tx, award, list_id, actor, unpaid[award.id])
            await drop_from_list(tx, list_id, award, actor, unpaid[award.id])
        else:
            await _pay(tx, award, list_id, reference, actor)
    await ledger.mark_confirmed(tx, list_id, reference)
    await tasks.finish_tasks(tx, list_id, PostTask.CONFIRM_LIST)
    confirmed = PaymentListConfirmed(list_id=list_id, statement_reference=reference)
    await end_list(tx, found, confirmed, actor)
    await look_for_awaited(tx, owing, scale)
    return await ledger.get_list(tx, list_id)


async def _pay(tx: Tx, award: Award, list_id: UUID, reference: str, actor: Actor) -> None:
    payees = [share.payee for share in await awards.shares_of(tx, award.id)]
    await ledger.book(tx, new_id(), award, book_payment(payees))
    fact = AwardPaid(
        award_id=award.id,
        level=award.level,
        list_id=list_id,
        decision_number=award.decision_number,
        statement_reference=reference,
    )
    await move_award(tx, award, Step(state=AwardState.PAID), fact, actor)


async def shorten_list(
    tx: Tx, caller: Principal, list_id: UUID, award_id: UUID, reason: str, scale: TimeScale | None
) -> PaymentList:
    """Take an award off a list that was not sent yet: it waits for another. A list that loses its last award
    is cancelled."""
    _, actor, owing = await _lock_list(tx, caller, list_id, ACCOUNTANTS, ListState.DRAFT)
    listed = await awards.lock_listed(tx, list_id, AwardState.LISTED)
    award = next((one for one in listed if one.id == award_id), None)
    if award is None:
        raise AwardNotOnList
    await take_off(tx, award, list_id, actor, reason)
    await drop_from_list(tx, list_id, award, actor, reason)
    await look_for_awaited(tx, owing, scale)
    return await ledger.get_list(tx, list_id)


async def cancel_list(
    tx: Tx, caller: Principal, list_id: UUID, reason: str, scale: TimeScale | None
) -> PaymentList:
    """The list pays nothing: a draft is given up, or the treasury has given all of it back, which whoever
    sent it does not say alone: its awards wait for another list, to be paid again."""
    found, actor, owing = await _lock_list(tx, caller, list_id, ACCOUNTANTS, ListState.DRAFT, ListState.SENT)
    if found.state is ListState.SENT:
        _require_another(caller, found)
    for award in await awards.lock_listed(tx, list_id, _ON_LIST[found.state]):
        await take_off(tx, award, list_id, actor, reason)
    await ledger.mark_cancelled(tx, list_id)
    await end_list(tx, found, PaymentListCancelled(list_id=list_id, reason=reason), actor)
    await look_for_awaited(tx, owing, scale)
    return await ledger.get_list(tx, list_id)
