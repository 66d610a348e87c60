"""What stands under the record of a person that was joined to another: who is paid, who signed."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from casework.joined import Joined
from casework.joining_watch import PersonColumn
from kit.db import Tx
from language.events.casework import StandsUnderKept
from language.joined import JoinedAs
from services.payout.domain.payment_list import ListState
from services.payout.operations.moving import record_of
from services.payout.store import awards, joined_records, ledger


class ListsInTheMaking:
    """Payment lists that nobody has sent yet; one that went to the treasury stays as it was sent."""

    async def things(self, tx: Tx, joined: Joined) -> Sequence[UUID]:
        """See the base."""
        return await joined_records.lists_of(tx, joined.joined_id)

    async def carry_over(self, tx: Tx, joined: Joined, thing_id: UUID) -> None:
        """Its lines, under the list's lock; those of each award together."""
        found = await ledger.get_list(tx, thing_id, lock=True)
        if found.state is ListState.DRAFT:
            await joined_records.pass_items(tx, found.id, joined.kept_id, joined.joined_id)


class Awards:
    """Awards that are paid to the joined record, or signed under it."""

    async def things(self, tx: Tx, joined: Joined) -> Sequence[UUID]:
        """See the base."""
        return await joined_records.awards_of(tx, joined.joined_id)

    async def carry_over(self, tx: Tx, joined: Joined, thing_id: UUID) -> None:
        """The person is paid under the kept record, and is a payee and a signer under both."""
        award = await awards.get_award(tx, thing_id, lock=True)
        kept_id, joined_id = joined.kept_id, joined.joined_id
        payees = {share.payee_id for share in await awards.shares_of(tx, award.id)}
        signers = {award.verified_by, award.approved_by, award.ended_by}
        roles: list[JoinedAs] = []
        if await joined_records.pass_shares(tx, award.id, kept_id, joined_id):
            roles.append(JoinedAs.PAYEE)
        if await joined_records.pass_signatures(tx, award.id, kept_id, joined_id):
            roles.append(JoinedAs.SIGNER)
        if roles:
            fact = StandsUnderKept(
                kept_id=kept_id,
                joined_id=joined_id,
                about_id=award.id,
                level=award.level,
                joined_as=tuple(roles),
                was_both=any({kept_id, joined_id} <= people for people in (payees, signers)),
            )
            await record_of(tx, award, fact)


FOLLOWERS: Final = (Awards(), ListsInTheMaking())
"""A list that is made meanwhile pays by the shares as they are then."""
COLUMNS: Final = tuple(PersonColumn(table="payment_lists", column=one) for one in ("made_by", "sent_by"))
