"""The money of a recognition that was cancelled: what nobody has approved is rejected; what is owed or paid
is an alarm until a chief accountant has reversed it."""

from casework import alarms, tasks
from casework.annulments import Annulment
from casework.roster import resolve
from kit.db import Tx
from language.cases import AlarmKind
from language.events.actor import CLOCK_ACTED
from language.events.payout import AwardRejected
from language.ids import PersonId
from language.messages.payout import AwardState
from language.plan.rule_kinds import DecisionActKind
from language.posts.kinds import PostKind
from services.payout.domain.award import Award, Step
from services.payout.operations.approval import AWARD_APPROVAL
from services.payout.operations.moving import move_award
from services.payout.store import awards

_OVER = frozenset({AwardState.REJECTED, AwardState.REVERSED})


async def follow_annulment(tx: Tx, annulment: Annulment) -> bool:
    """Stop the money of this level, or have it claimed back. A refusal brought none."""
    if annulment.kind is not DecisionActKind.CANCELLATION:
        return True
    # One that was taken up again stands beside the first, which is over: what is owed may be any of them.
    for award_id in await awards.ids_of_level(tx, annulment.dossier_id, annulment.level):
        award = await awards.get_award(tx, award_id, lock=True)
        if award.state in _OVER:
            continue
        if award.state.is_approved:
            await _claim_back(tx, award)
        else:
            await _stop(tx, award, f"{annulment.decision_number}: {annulment.reason}")
    return True


async def _stop(tx: Tx, award: Award, reason: str) -> None:
    await tasks.cancel_all_tasks(tx, award.id)
    fact = AwardRejected(award_id=award.id, level=award.level, reason=reason)
    await move_award(tx, award, Step(state=AwardState.REJECTED), fact, CLOCK_ACTED)


async def _claim_back(tx: Tx, award: Award) -> None:
    """Those who can reverse it are told, and the head above."""
    payees = [PersonId(share.payee_id) for share in await awards.shares_of(tx, award.id)]
    posts = await resolve(tx, award.unit_id, [PostKind.CHIEF_ACCOUNTANT], tx.now, excluded=payees)
    people = [holder.person_id for holder in (*posts.holders, *posts.superiors[:1])]
    particulars = AWARD_APPROVAL.particulars(award)
    await alarms.raise_alarm(
        tx, AlarmKind.MONEY_TO_CLAIM_BACK, AWARD_APPROVAL.type, particulars, list(dict.fromkeys(people))
    )


async def claimed_back(tx: Tx, award: Award) -> None:
    """The award was reversed: nothing is left to claim back."""
    particulars = AWARD_APPROVAL.particulars(award)
    await alarms.clear_alarm(tx, AlarmKind.MONEY_TO_CLAIM_BACK, AWARD_APPROVAL.type, particulars)
