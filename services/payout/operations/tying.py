"""An author whom the organisation does not know (retired, outside) is tied to a person before being paid."""

from typing import Final
from uuid import UUID

from casework import rights
from casework.hand_over import look_at
from casework.joined import stand_for
from casework.notices import Matter, notify_of
from kit.auth import Principal
from kit.db import Tx
from language.events.payout import PayeeTied
from language.messages.payout import AwardState
from services.payout.domain.award import Award
from services.payout.domain.refusals import AwardNotThere, NotOutside, OwnAward, PayeeUnknown
from services.payout.operations.cases import CASES
from services.payout.operations.list_payment import ACCOUNTANTS
from services.payout.operations.moving import record_of
from services.payout.operations.signing import lock_award
from services.payout.store import awards

_BEFORE_A_LIST: Final = frozenset({AwardState.ASSESSED, AwardState.VERIFIED, AwardState.APPROVED})


async def tie_payee(
    tx: Tx, caller: Principal, award_id: UUID, author_id: UUID, person_id: UUID, reason: str
) -> Award:
    """An accountant says who is paid for the author, until the award is on a list; never themselves."""
    award, shares = await lock_award(tx, caller, award_id)
    actor = await rights.require(tx, caller, ACCOUNTANTS, award.unit_path)
    if award.state not in _BEFORE_A_LIST:
        raise AwardNotThere(state=award.state)
    if author_id not in {share.person_id for share in shares if share.outside}:
        raise NotOutside
    person_id = (await stand_for(tx, [person_id]))[person_id]
    if person_id == caller.person_id:
        raise OwnAward
    others = {share.payee_id for share in shares if share.person_id != author_id}
    if person_id in others or not await awards.is_known(tx, person_id):
        raise PayeeUnknown
    await awards.tie_payee(tx, award_id, author_id, person_id)
    fact = PayeeTied(
        award_id=award_id, level=award.level, author_id=author_id, person_id=person_id, reason=reason
    )
    event_id = await record_of(tx, award, fact, actor)
    await look_at(tx, CASES, [award_id])
    matter = Matter(subject_id=award.dossier_id, subject_code=award.dossier_code, level=award.level)
    await notify_of(tx, event_id, fact, matter)
    return await awards.get_award(tx, award_id)
