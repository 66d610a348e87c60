"""What lets somebody into an account, or keeps its holder out, is done by two where one must not be alone: a
password or another provider's account for an administrator of the province, the closing and opening of such
an account, the end of somebody's one-time codes."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from casework import rights
from casework.history.record import record
from kit.auth import Principal
from kit.db import Tx
from kit.ids import new_id
from language.cases import AccountAct
from language.deadline.arithmetic import local_day
from language.events.accounts import AccountActApproved, AccountActProposalDropped, AccountActProposed
from language.events.actor import Actor
from language.posts.kinds import ADMINS
from language.refusals import Forbidden
from services.organisation.domain.account_proposal import AccountProposal
from services.organisation.domain.refusals import NoAccount, OwnProposal, ProposalClosed
from services.organisation.operations.accounts import (
    write_closed,
    write_password,
    write_reopened,
)
from services.organisation.operations.identities import (
    Elsewhere,
    Linking,
    linked_to,
    require_trusted,
    write_link,
    write_unlink,
)
from services.organisation.operations.rights import another_admin_over
from services.organisation.sign_in.domain.account import Account
from services.organisation.sign_in.domain.refusals import NoOneTimeCodes
from services.organisation.sign_in.operations import one_time_codes, passwords
from services.organisation.sign_in.operations.telling import Done, tell_anyway
from services.organisation.sign_in.operations.ways_in import require_not_appointed_by
from services.organisation.sign_in.store import accounts
from services.organisation.sign_in.store.one_time_codes import are_in_use
from services.organisation.store import account_proposals, people


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What shall be done, why, and with what: a password, or an account elsewhere."""

    act: AccountAct
    reason: str
    password: str | None = field(default=None, repr=False)
    elsewhere: Elsewhere | None = None


async def propose(
    tx: Tx, caller: Principal, person_id: UUID, wanted: Wanted, linking: Linking
) -> AccountProposal:
    """An administrator over the person's units says what shall be done to the account."""
    await people.get_person(tx, person_id, lock=True)
    actor = await another_admin_over(tx, caller, person_id)
    account = await accounts.lock_account_of(tx, person_id)
    if account is None:
        raise NoAccount
    password_hash = await _looked_at(tx, caller, account, wanted, linking)
    new = AccountProposal(
        id=new_id(),
        person_id=person_id,
        act=wanted.act,
        reason=wanted.reason,
        password_hash=password_hash,
        issuer=wanted.elsewhere.issuer if wanted.elsewhere else None,
        subject=wanted.elsewhere.subject if wanted.elsewhere else None,
        proposed_by=caller.person_id,
        proposed_at=tx.now,
        closed_at=None,
        approved_by=None,
    )
    await account_proposals.insert_proposal(tx, new)
    fact = AccountActProposed(proposal_id=new.id, act=new.act, reason=new.reason)
    await tell_anyway(tx, person_id, fact, actor, Done(f"{new.act}_PROPOSED"))
    return new


async def _looked_at(
    tx: Tx, caller: Principal, account: Account, wanted: Wanted, linking: Linking
) -> str | None:
    """What could not be approved is not proposed. The hash, where a password is."""
    if wanted.act is AccountAct.REMOVE_CODES and not await are_in_use(tx, account.person_id):
        raise NoOneTimeCodes
    if wanted.elsewhere is not None and wanted.act is AccountAct.UNLINK_IDENTITY:
        await linked_to(tx, account.person_id, wanted.elsewhere)
    elif wanted.elsewhere is not None:
        require_trusted(wanted.elsewhere, linking.trusted)
        await require_not_appointed_by(tx, caller.person_id, account.person_id)
    if wanted.password is None:
        return None
    await require_not_appointed_by(tx, caller.person_id, account.person_id)
    passwords.require_hard(wanted.password, account.username)
    return await passwords.hash_password(wanted.password)


async def approve(tx: Tx, caller: Principal, proposal_id: UUID, now: datetime) -> AccountProposal:
    """Another administrator over the person's units has it done: neither who proposed it nor the holder."""
    proposal, actor = await _open_to(tx, caller, proposal_id)
    if proposal.proposed_by == caller.person_id:
        raise OwnProposal
    if proposal.act is not AccountAct.REMOVE_CODES:
        # Who proposed may have given the holder such a post since.
        await require_not_appointed_by(tx, proposal.proposed_by, proposal.person_id)
    fact = AccountActApproved(proposal_id=proposal_id, act=proposal.act)
    await record(tx, fact, about=proposal.person_id, actor=actor)
    await account_proposals.close_proposal(tx, proposal_id, caller.person_id)
    await _carry_out(tx, actor, proposal, now)
    return replace(proposal, closed_at=tx.now, approved_by=caller.person_id)


async def _carry_out(tx: Tx, actor: Actor, proposal: AccountProposal, now: datetime) -> None:
    person_id = proposal.person_id
    account = await accounts.lock_account_of(tx, person_id)
    if account is None:
        raise NoAccount
    elsewhere = Elsewhere(issuer=proposal.issuer or "", subject=proposal.subject or "")
    match proposal.act:
        case AccountAct.REMOVE_CODES:
            await one_time_codes.remove(tx, person_id, actor, proposal.id)
        case AccountAct.LINK_IDENTITY:
            await write_link(tx, actor, person_id, elsewhere, linked_by=proposal.proposed_by)
        case AccountAct.UNLINK_IDENTITY:
            await write_unlink(tx, actor, person_id, (await linked_to(tx, person_id, elsewhere)).id)
        case AccountAct.CLOSE_ACCOUNT:
            await write_closed(tx, actor, account, proposal.reason)
        case AccountAct.REOPEN_ACCOUNT:
            await write_reopened(tx, actor, account, proposal.reason, now)
        case AccountAct.SET_PASSWORD:
            # Who proposed it is who knows it.
            await write_password(
                tx, actor, account, proposal.password_hash or "", set_by=proposal.proposed_by
            )


async def drop(tx: Tx, caller: Principal, proposal_id: UUID) -> AccountProposal:
    """An administrator over the person's units, also who proposed it, takes it off."""
    proposal, actor = await _open_to(tx, caller, proposal_id)
    await account_proposals.close_proposal(tx, proposal_id, None)
    fact = AccountActProposalDropped(proposal_id=proposal_id, act=proposal.act)
    await tell_anyway(tx, proposal.person_id, fact, actor, Done.PROPOSAL_DROPPED)
    return replace(proposal, closed_at=tx.now)


async def _open_to(tx: Tx, caller: Principal, proposal_id: UUID) -> tuple[AccountProposal, Actor]:
    """The proposal, locked after the person, as whoever proposes locks them; `ProposalClosed` where it no
    longer waits."""
    person_id = (await account_proposals.get_proposal(tx, proposal_id)).person_id
    await people.get_person(tx, person_id, lock=True)
    actor = await another_admin_over(tx, caller, person_id)
    proposal = await account_proposals.get_proposal(tx, proposal_id, lock=True)
    if proposal.closed_at is not None:
        raise ProposalClosed
    return proposal, actor


async def list_waiting(tx: Tx, caller: Principal) -> list[AccountProposal]:
    """What waits for a second administrator, for those over the people whom it is about."""
    posts = await rights.posts_of(tx, caller, ADMINS)
    if not posts:
        raise Forbidden
    is_province = await rights.root_of(tx, caller, ADMINS) is not None
    units = [post.unit_id for post in posts]
    return await account_proposals.list_open(tx, units, local_day(tx.now), is_province=is_province)
