"""Payment lists: made, sent, confirmed by the treasury's statement."""

from uuid import UUID

from kit.auth import Principal
from kit.db import Tx
from kit.ids import new_id
from language.deadline.arithmetic import LOCAL_ZONE
from language.events.actor import Actor
from language.messages.payout import AwardState
from language.posts.kinds import PostKind
from language.refusals import Forbidden
from services.payout.domain.booking import book_payment
from services.payout.domain.refusals import ListNotThere, NothingToPay, SamePersonTwice
from services.payout.operations.moving import Occasion, move_award
from services.payout.store import awards, ledger
from services.payout.store.awards import Step
from services.payout.store.ledger import ListState, PaymentList

ACCOUNTANTS = frozenset({PostKind.ACCOUNTANT, PostKind.CHIEF_ACCOUNTANT})
_CHIEFS = frozenset({PostKind.CHIEF_ACCOUNTANT})


async def make_list(tx: Tx, caller: Principal, unit_id: UUID) -> PaymentList:
    """Put every approved award of the unit on a new list."""
    if not caller.posts_of(ACCOUNTANTS, tx.now):
        raise Forbidden
    waiting = await awards.lock_approved(tx, unit_id)
    if not waiting:
        raise NothingToPay
    actor = caller.require(ACCOUNTANTS, waiting[0].unit_path, tx.now)
    year = tx.now.astimezone(LOCAL_ZONE).year
    made = PaymentList(
        id=new_id(),
        number=await ledger.next_list_number(tx, unit_id, year),
        year=year,
        unit_id=unit_id,
        unit_path=waiting[0].unit_path,
        state=ListState.DRAFT,
        total_dong=sum(award.amount_dong for award in waiting),
        made_by=caller.person_id,
        made_at=tx.now,
        sent_at=None,
        confirmed_at=None,
        statement_reference=None,
        version=1,
    )
    await ledger.insert_list(tx, made, [award.id for award in waiting])
    for award in waiting:
        step = Step(state=AwardState.LISTED, payment_list_id=made.id)
        await move_award(
            tx, award, step, Occasion(kind="AwardListed", actor=actor, detail={"list_id": made.id})
        )
    return made


async def _lock_list(
    tx: Tx, caller: Principal, list_id: UUID, kinds: frozenset[PostKind], state: ListState
) -> tuple[PaymentList, Actor]:
    found = await ledger.get_list(tx, list_id, lock=True)
    actor = caller.require(kinds, found.unit_path, tx.now)
    if found.state is not state:
        raise ListNotThere(state=found.state)
    return found, actor


async def send_list(tx: Tx, caller: Principal, list_id: UUID) -> PaymentList:
    """A chief accountant who did not make the list sends it to the treasury."""
    found, actor = await _lock_list(tx, caller, list_id, _CHIEFS, ListState.DRAFT)
    if found.made_by == caller.person_id:
        raise SamePersonTwice
    await ledger.mark_sent(tx, list_id)
    for award in await awards.lock_listed(tx, list_id, AwardState.LISTED):
        await move_award(
            tx,
            award,
            Step(state=AwardState.SENT),
            Occasion(kind="AwardSent", actor=actor, detail={"list_id": list_id}),
        )
    return await ledger.get_list(tx, list_id)


async def confirm_list(tx: Tx, caller: Principal, list_id: UUID, reference: str) -> PaymentList:
    """The treasury's statement shows the list paid."""
    _, actor = await _lock_list(tx, caller, list_id, ACCOUNTANTS, ListState.SENT)
    await ledger.mark_confirmed(tx, list_id, reference)
    for award in await awards.lock_listed(tx, list_id, AwardState.SENT):
        payees = [share.payee for share in await awards.shares_of(tx, award.id)]
        await ledger.book(tx, new_id(), award, book_payment(payees))
        detail = {"list_id": list_id, "statement_reference": reference}
        await move_award(
            tx, award, Step(state=AwardState.PAID), Occasion(kind="AwardPaid", actor=actor, detail=detail)
        )
    return await ledger.get_list(tx, list_id)
