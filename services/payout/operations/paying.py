"""Payment lists: sent to the treasury, confirmed by its statement."""

from uuid import UUID

from casework import rights, tasks
from casework.clocks.kept import kept_clock
from casework.clocks.moves import signal_moved
from casework.hand_over import acting_on
from casework.history.record import record
from casework.ladder import give_out
from kit.auth import Principal
from kit.db import Tx
from kit.ids import new_id
from language.events.actor import Actor
from language.events.payout import AwardPaid, AwardSent, PaymentListConfirmed, PaymentListSent
from language.messages.payout import AwardState
from language.posts.kinds import PostKind, PostTask
from services.payout.domain.award import Step
from services.payout.domain.booking import book_payment
from services.payout.domain.payment_list import ListState, PaymentList
from services.payout.domain.refusals import ListNotThere, OwnAward, SamePersonTwice
from services.payout.operations.ending_lists import end_list
from services.payout.operations.list_payment import ACCOUNTANTS, PAYMENT_LIST, SENDERS
from services.payout.operations.moving import move_award
from services.payout.operations.reading import require_readable
from services.payout.store import awards, ledger


async def _lock_list(
    tx: Tx, caller: Principal, list_id: UUID, task: PostTask, kinds: frozenset[PostKind], state: ListState
) -> tuple[PaymentList, Actor]:
    """The list for whoever has the task, or holds a post of these kinds over the unit; a payee never. It is
    not there for who may not read it."""
    found = await ledger.get_list(tx, list_id, lock=True)
    given = await tasks.pending_tasks(tx, list_id, task)
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
    if found.state is not state:
        raise ListNotThere(state=found.state)
    return found, actor


async def send_list(tx: Tx, caller: Principal, list_id: UUID) -> PaymentList:
    """A chief accountant who did not make the list sends it to the treasury; from then on it waits to be
    confirmed."""
    found, actor = await _lock_list(tx, caller, list_id, PostTask.SEND_LIST, SENDERS, ListState.DRAFT)
    if found.made_by == caller.person_id:
        raise SamePersonTwice
    await ledger.mark_sent(tx, list_id)
    for award in await awards.lock_listed(tx, list_id, AwardState.LISTED):
        fact = AwardSent(award_id=award.id, level=award.level, list_id=list_id)
        await move_award(tx, award, Step(state=AwardState.SENT), fact, actor)
    await tasks.finish_tasks(tx, list_id, PostTask.SEND_LIST)
    sent = PaymentListSent(list_id=list_id)
    await record(tx, sent, about=list_id, actor=actor, rule_version=found.rule_version)
    if (await give_out(tx, PAYMENT_LIST, list_id)).clock:
        await signal_moved(tx, new_id(), await kept_clock(tx, list_id))
    return await ledger.get_list(tx, list_id)


async def confirm_list(tx: Tx, caller: Principal, list_id: UUID, reference: str) -> PaymentList:
    """The treasury's statement shows the list paid."""
    found, actor = await _lock_list(tx, caller, list_id, PostTask.CONFIRM_LIST, ACCOUNTANTS, ListState.SENT)
    await ledger.mark_confirmed(tx, list_id, reference)
    for award in await awards.lock_listed(tx, list_id, AwardState.SENT):
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
    await tasks.finish_tasks(tx, list_id, PostTask.CONFIRM_LIST)
    confirmed = PaymentListConfirmed(list_id=list_id, statement_reference=reference)
    await end_list(tx, found, confirmed, actor)
    return await ledger.get_list(tx, list_id)
