"""An author from outside is paid as a person of the organisation: the accountant who verifies says which."""

from uuid import UUID

from casework.hand_over import look_at, require_acting
from kit.auth import Principal
from kit.db import Tx
from language.events.payout import PayeeTied
from language.messages.payout import AwardState
from language.posts.kinds import PostTask
from language.refusals import NotFound
from services.payout.domain.award import Award, AwardShare
from services.payout.domain.refusals import AwardNotThere, OwnAward, PayeeUnknown
from services.payout.operations.approval import AWARD_APPROVAL
from services.payout.operations.cases import CASES
from services.payout.operations.moving import record_of
from services.payout.operations.signing import lock_award
from services.payout.store import awards, recognitions


async def tie_payee(
    tx: Tx, caller: Principal, award_id: UUID, outside_id: UUID, person_id: UUID
) -> tuple[Award, list[AwardShare]]:
    """The part of this author from outside is that person's. The second pair of eyes sees it before anything
    is owed; whoever is tied signs nothing of the award."""
    award, _ = await lock_award(tx, caller, award_id)
    if award.state is not AwardState.ASSESSED:
        raise AwardNotThere(state=award.state)
    actor = await require_acting(tx, AWARD_APPROVAL, caller, award_id, PostTask.VERIFY_AWARD)
    if person_id == caller.person_id:
        raise OwnAward
    if not await recognitions.is_known(tx, person_id):
        raise PayeeUnknown
    if not await awards.tie_share(tx, award_id, outside_id, person_id):
        raise NotFound
    fact = PayeeTied(award_id=award.id, level=award.level, outside_id=outside_id, person_id=person_id)
    await record_of(tx, award, fact, actor)
    await look_at(tx, CASES, [award_id])
    return award, await awards.shares_of(tx, award_id)
