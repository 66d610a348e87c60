"""Four eyes over an award: verify, approve, reject, reverse."""

from uuid import UUID

from casework import rights, tasks
from casework.hand_over import require_acting
from casework.units import SuccessionUnderWay, require_settled
from kit.auth import Principal
from kit.db import Tx
from kit.ids import new_id
from language.events.payout import AwardApproved, AwardRejected, AwardReversed, AwardVerified
from language.messages.payout import AwardState
from language.posts.kinds import PostKind, PostTask
from language.refusals import NotFound
from language.time_scale import TimeScale
from services.payout.domain.award import Award, AwardShare, Step, require_way
from services.payout.domain.booking import book_approval, book_reversal
from services.payout.domain.refusals import OwnAward, SamePersonTwice
from services.payout.operations.approval import AWARD_APPROVAL
from services.payout.operations.awaiting import look_for_awaited
from services.payout.operations.claiming_back import claimed_back
from services.payout.operations.ending_lists import drop_from_list
from services.payout.operations.moving import move_award
from services.payout.operations.reading import MONEY_READERS
from services.payout.store import awaited, awards, ledger

_CHIEFS = frozenset({PostKind.CHIEF_ACCOUNTANT})


async def lock_award(tx: Tx, caller: Principal, award_id: UUID) -> tuple[Award, list[AwardShare]]:
    """The award for who handles money over its unit or has to sign it; a payee never. To others it is not
    there."""
    award = await awards.get_award(tx, award_id, lock=True)
    shares = await awards.shares_of(tx, award_id)
    payees = {share.payee_id for share in shares}
    signs = {
        task.assignee_id
        for kind in (PostTask.VERIFY_AWARD, PostTask.APPROVE_AWARD)
        for task in await tasks.pending_tasks(tx, award_id, kind)
    }
    if caller.person_id in payees:
        raise OwnAward
    if (
        caller.person_id not in signs
        and await rights.post_over(tx, caller, MONEY_READERS, award.unit_path) is None
    ):
        raise NotFound
    return award, shares


async def verify(tx: Tx, caller: Principal, award_id: UUID) -> Award:
    """The first pair of eyes: the accountant finds amount, decision and payees right."""
    award, _ = await lock_award(tx, caller, award_id)
    require_way(award.state, AwardState.VERIFIED)
    actor = await require_acting(tx, AWARD_APPROVAL, caller, award_id, PostTask.VERIFY_AWARD)
    await tasks.finish_tasks(tx, award_id, PostTask.VERIFY_AWARD)
    await tasks.activate_tasks(tx, award_id, PostTask.APPROVE_AWARD)
    step = Step(state=AwardState.VERIFIED, verified_by=caller.person_id)
    return await move_award(tx, award, step, AwardVerified(award_id=award.id, level=award.level), actor)


async def _lock_in_turn(tx: Tx, caller: Principal, award_id: UUID) -> tuple[Award, list[AwardShare]]:
    """The award, after the turn of its unit: what is approved or reversed may change what waits for a list.
    What went over to another unit in that moment is asked for again."""
    seen = await awards.get_award(tx, award_id)
    await awaited.take_turn(tx, seen.unit_id)
    award, shares = await lock_award(tx, caller, award_id)
    if award.unit_id != seen.unit_id:
        raise SuccessionUnderWay
    return award, shares


async def approve(tx: Tx, caller: Principal, award_id: UUID, scale: TimeScale | None) -> Award:
    """The second pair of eyes; from now on the unit owes the money, and a payment list is awaited."""
    award, shares = await _lock_in_turn(tx, caller, award_id)
    require_way(award.state, AwardState.APPROVED)
    if award.verified_by == caller.person_id:
        raise SamePersonTwice
    actor = await require_acting(tx, AWARD_APPROVAL, caller, award_id, PostTask.APPROVE_AWARD)
    await require_settled(tx, award.unit_id)
    await tasks.finish_tasks(tx, award_id, PostTask.APPROVE_AWARD)
    await ledger.book(tx, new_id(), award, book_approval([share.payee for share in shares]))
    step = Step(state=AwardState.APPROVED, approved_by=caller.person_id)
    fact = AwardApproved(award_id=award.id, level=award.level, decision_number=award.decision_number)
    moved = await move_award(tx, award, step, fact, actor)
    await look_for_awaited(tx, award.unit_id, scale)
    return moved


async def reject(tx: Tx, caller: Principal, award_id: UUID, reason: str) -> Award:
    """Whoever has to sign may refuse, with a reason; nothing was booked yet."""
    award, _ = await lock_award(tx, caller, award_id)
    require_way(award.state, AwardState.REJECTED)
    awaited = PostTask.VERIFY_AWARD if award.state is AwardState.ASSESSED else PostTask.APPROVE_AWARD
    actor = await require_acting(tx, AWARD_APPROVAL, caller, award_id, awaited)
    await tasks.cancel_all_tasks(tx, award_id)
    fact = AwardRejected(award_id=award.id, level=award.level, reason=reason)
    step = Step(state=AwardState.REJECTED, ended_by=caller.person_id)
    return await move_award(tx, award, step, fact, actor)


async def reverse(tx: Tx, caller: Principal, award_id: UUID, reason: str, scale: TimeScale | None) -> Award:
    """Book everything the other way round; by a chief accountant who did not approve it."""
    award, _ = await _lock_in_turn(tx, caller, award_id)
    actor = await rights.require(tx, caller, _CHIEFS, award.unit_path)
    require_way(award.state, AwardState.REVERSED)
    if award.approved_by == caller.person_id:
        raise SamePersonTwice
    if award.state is AwardState.LISTED and award.payment_list_id:
        await drop_from_list(tx, award.payment_list_id, award, actor, reason)
    await ledger.book(tx, new_id(), award, book_reversal(await ledger.lines_of_award(tx, award_id)))
    await claimed_back(tx, award)
    fact = AwardReversed(award_id=award.id, level=award.level, reason=reason)
    step = Step(state=AwardState.REVERSED, ended_by=caller.person_id)
    moved = await move_award(tx, award, step, fact, actor)
    await look_for_awaited(tx, award.unit_id, scale)
    return moved
