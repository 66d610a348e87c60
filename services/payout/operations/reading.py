"""Who may see awards, lists and the ledger."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from casework import rights, tasks
from kit.auth import Principal
from kit.db import Tx
from language.posts.kinds import PostKind
from language.refusals import Forbidden, NotFound
from services.payout.domain.award import Award, AwardShare
from services.payout.domain.payment_list import AwaitedList, Item, PaymentList
from services.payout.store import awaited, awards, ledger, recognitions
from services.payout.store.awards import AwardFilter
from services.payout.store.ledger import ListFilter

MONEY_READERS = frozenset(
    {
        PostKind.ACCOUNTANT,
        PostKind.CHIEF_ACCOUNTANT,
        PostKind.UNIT_HEAD,
        PostKind.DEPUTY_HEAD,
        PostKind.AUDITOR,
        PostKind.ADMIN,
    }
)


async def read_award(tx: Tx, caller: Principal, award_id: UUID) -> tuple[Award, list[AwardShare]]:
    """The award with all parts for those who handle money or have to sign it; payees see their own part
    only."""
    award = await awards.get_award(tx, award_id)
    shares = await awards.shares_of(tx, award_id)
    if await rights.post_over(tx, caller, MONEY_READERS, award.unit_path) or await tasks.has_pending(
        tx, award_id, caller.person_id
    ):
        return award, shares
    own = [share for share in shares if share.payee_id == caller.person_id]
    if not own:
        raise NotFound
    return award, own


async def look_for_awards(
    tx: Tx, caller: Principal, unit_id: UUID | None, wanted: AwardFilter
) -> AwardFilter:
    """What was asked for, among those under the caller's money posts; without such a post, among those the
    caller is paid from."""
    units = await rights.units_of(tx, caller, MONEY_READERS)
    if units and unit_id:
        await rights.require_in(tx, caller, MONEY_READERS, unit_id)
    narrowed = [unit_id] if unit_id else units or None
    return replace(wanted, unit_ids=narrowed, payee_id=None if units else caller.person_id)


async def interested_in(tx: Tx, subject_id: UUID) -> Sequence[UUID]:
    """Whose matter a dossier's money, or a payment list, is: who is paid."""
    of_list = (await ledger.payees_of_lists(tx, [subject_id])).get(subject_id, [])
    return [*of_list, *await awards.payees_of_dossier(tx, subject_id)]


async def require_dossier_readable(tx: Tx, caller: Principal, dossier_id: UUID) -> None:
    """The money history of a dossier, for those who handle money over its unit or over one that pays for it,
    for payees, and for whoever has work about it; to others there is none, whether it has awards or not."""
    paths = [await recognitions.unit_path_of(tx, dossier_id)]
    payees: set[UUID] = set()
    for award in await awards.awards_of_dossier(tx, dossier_id):
        paths.append(award.unit_path)
        payees |= {share.payee_id for share in await awards.shares_of(tx, award.id)}
    if caller.person_id in payees or await tasks.has_pending_of(tx, dossier_id, caller.person_id):
        return
    for path in paths:
        if await rights.post_over(tx, caller, MONEY_READERS, path):
            return
    raise NotFound


async def read_list(tx: Tx, caller: Principal, list_id: UUID) -> tuple[PaymentList, list[Item]]:
    """A payment list with its lines, for those who handle money over the unit or have a task about it."""
    found = await ledger.get_list(tx, list_id)
    await require_readable(tx, caller, found)
    return found, await ledger.items_of(tx, list_id)


async def require_readable(tx: Tx, caller: Principal, found: PaymentList | AwaitedList) -> None:
    """`NotFound` for who neither handles money over its unit nor has a task about it."""
    if await rights.post_over(
        tx, caller, MONEY_READERS, found.unit_path
    ) is None and not await tasks.has_pending(tx, found.id, caller.person_id):
        raise NotFound


async def require_awaited_readable(tx: Tx, caller: Principal, awaited_id: UUID) -> None:
    """`NotFound` for who may not know that a list is awaited."""
    found = await awaited.some_awaited(tx, [awaited_id])
    if not found:
        raise NotFound
    await require_readable(tx, caller, found[0])


async def require_list_readable(tx: Tx, caller: Principal, list_id: UUID) -> None:
    """`NotFound` for who may not see the list."""
    await read_list(tx, caller, list_id)


async def look_for_lists(tx: Tx, caller: Principal, unit_id: UUID | None, wanted: ListFilter) -> ListFilter:
    """What was asked for, among payment lists under the caller's money posts."""
    if unit_id:
        await rights.require_in(tx, caller, MONEY_READERS, unit_id)
        return replace(wanted, unit_ids=[unit_id])
    units = await rights.units_of(tx, caller, MONEY_READERS)
    if not units:
        raise Forbidden
    return replace(wanted, unit_ids=units)


async def require_ledger(tx: Tx, caller: Principal, unit_id: UUID) -> None:
    """The ledger of a unit is for money posts in it or over it."""
    await rights.require_in(tx, caller, MONEY_READERS, unit_id)
