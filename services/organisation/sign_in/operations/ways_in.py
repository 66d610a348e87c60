"""Who may open a way into somebody's account: nobody who has given its holder a post that decides, signs or
appoints, else one person would be both."""

from uuid import UUID

from kit.db import Tx
from language.deadline.arithmetic import local_day
from services.organisation.domain.act_refusals import BeingJoined
from services.organisation.domain.levels import FROM_ABOVE
from services.organisation.domain.refusals import AppointedByYou
from services.organisation.store import joinings, people


async def require_not_appointed_by(tx: Tx, giver_id: UUID, person_id: UUID) -> None:
    """`AppointedByYou` where the giver gave this person a post that decides, signs or appoints;
    `BeingJoined` where the sign-in may become that of somebody who holds one."""
    both = await joinings.with_those_to_be_joined(tx, [person_id])
    if len(both) > 1 and await joinings.hold_any(tx, both, FROM_ABOVE, local_day(tx.now)):
        raise BeingJoined
    if await people.was_appointed_by(tx, person_id, giver_id, FROM_ABOVE, local_day(tx.now)):
        raise AppointedByYou
