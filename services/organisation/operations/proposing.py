"""Administrators of the province are made, and dismissed, by two: one proposes, another approves."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from casework import rights
from kit.auth import Principal
from kit.db import Tx
from kit.ids import new_id
from language.events.actor import Actor
from language.events.base import Change
from language.events.organisation import (
    AdministratorDismissalProposed,
    AdministratorProposalDropped,
    AdministratorProposed,
)
from language.posts.kinds import ADMINS
from services.organisation.domain.refusals import (
    NotProvinceAdministrator,
    OwnAppointment,
    OwnProposal,
    ProposalClosed,
)
from services.organisation.operations.entered import record_entered
from services.organisation.operations.late_papers import Changed
from services.organisation.operations.people import (
    earlier_end,
    end_held,
    make_province_administrator,
)
from services.organisation.operations.rights import (
    is_province_administrator,
    require_appointing,
    require_taken_over,
)
from services.organisation.store import people, proposals, units
from services.organisation.store.proposals import Proposal


async def propose(
    tx: Tx,
    caller: Principal,
    post_id: UUID,
    person_id: UUID,
    span: tuple[date, date | None],
    *,
    acting: bool,
) -> Proposal:
    """An administrator of the province says who shall be another."""
    post = await people.get_post(tx, post_id)
    unit = await units.get_unit(tx, post.unit_id)
    if person_id != caller.person_id:
        await rights.require(tx, caller, ADMINS, unit.path)
    await people.get_person(tx, person_id)
    actor = await require_appointing(tx, caller, [(person_id, unit.path)])
    if not is_province_administrator(post.kind, unit.path):
        raise NotProvinceAdministrator
    await require_taken_over(tx, caller, [person_id])
    await people.require_not_joined(tx, [person_id])
    new = Proposal(
        id=new_id(),
        post_id=post_id,
        person_id=person_id,
        held_from=span[0],
        held_to=span[1],
        acting=acting,
        proposed_by=caller.person_id,
        proposed_at=tx.now,
        closed_at=None,
        holding_id=None,
        ends_id=None,
    )
    await proposals.insert_proposal(tx, new)
    fact = AdministratorProposed(
        proposal_id=new.id, post_id=post_id, held_from=new.held_from, held_to=new.held_to, acting=acting
    )
    await record_entered(tx, fact, about=person_id, actor=actor)
    return new


async def propose_end(tx: Tx, caller: Principal, holding_id: UUID, last_day: date) -> Proposal:
    """An administrator of the province says that another shall be none after this day; or that oneself shall
    be none, where too few would stay."""
    actor = await rights.require_root(tx, caller, ADMINS)
    holding = await people.lock_holding(tx, holding_id)
    if not is_province_administrator(holding.kind, holding.unit_path):
        raise NotProvinceAdministrator
    new = Proposal(
        id=new_id(),
        post_id=holding.post_id,
        person_id=holding.person_id,
        held_from=holding.held_from,
        held_to=earlier_end(holding, last_day),
        acting=holding.acting,
        proposed_by=caller.person_id,
        proposed_at=tx.now,
        closed_at=None,
        holding_id=None,
        ends_id=holding_id,
    )
    await proposals.insert_proposal(tx, new)
    held_to = Change(old=holding.held_to, new=new.held_to)
    fact = AdministratorDismissalProposed(
        proposal_id=new.id, holding_id=holding_id, post_id=new.post_id, held_to=held_to
    )
    await record_entered(tx, fact, about=new.person_id, actor=actor)
    return new


async def approve(tx: Tx, caller: Principal, proposal_id: UUID) -> Changed[Proposal]:
    """Another administrator of the province than who proposed it gives the post, never to themselves; or has
    it end."""
    proposal = await proposals.lock_proposal(tx, proposal_id)
    actor = await rights.require_root(tx, caller, ADMINS)
    if proposal.closed_at is not None:
        raise ProposalClosed
    if proposal.proposed_by == caller.person_id:
        raise OwnProposal
    done = await (_end(tx, actor, proposal) if proposal.ends_id else _give(tx, caller, proposal))
    approved = replace(proposal, closed_at=tx.now, holding_id=done.value)
    return Changed(value=approved, questioned=done.questioned)


async def _end(tx: Tx, actor: Actor, proposal: Proposal) -> Changed[UUID]:
    if proposal.ends_id is None or proposal.held_to is None:
        raise AssertionError("a proposal that a holding shall end names it and its last day")
    holding = await people.lock_holding(tx, proposal.ends_id)
    await proposals.close_proposal(tx, proposal.id, holding.id)
    return await end_held(tx, actor, holding, earlier_end(holding, proposal.held_to))


async def _give(tx: Tx, caller: Principal, proposal: Proposal) -> Changed[UUID]:
    if proposal.person_id == caller.person_id:
        raise OwnAppointment
    # Who proposed may have set the password since.
    for administrator in (caller, Principal(person_id=proposal.proposed_by)):
        await require_taken_over(tx, administrator, [proposal.person_id])
    given = await make_province_administrator(
        tx,
        caller,
        proposal.post_id,
        proposal.person_id,
        (proposal.held_from, proposal.held_to),
        acting=proposal.acting,
    )
    await proposals.close_proposal(tx, proposal.id, given.value)
    return given


async def drop(tx: Tx, caller: Principal, proposal_id: UUID) -> Proposal:
    """An administrator of the province, also who proposed it, takes it off."""
    proposal = await proposals.lock_proposal(tx, proposal_id)
    actor = await rights.require_root(tx, caller, ADMINS)
    if proposal.closed_at is not None:
        raise ProposalClosed
    await proposals.close_proposal(tx, proposal_id, None)
    fact = AdministratorProposalDropped(proposal_id=proposal_id, post_id=proposal.post_id)
    await record_entered(tx, fact, about=proposal.person_id, actor=actor)
    return replace(proposal, closed_at=tx.now)


async def list_waiting(tx: Tx, caller: Principal) -> list[Proposal]:
    """What waits for a second administrator, for those of the province."""
    await rights.require_root(tx, caller, ADMINS)
    return await proposals.list_open(tx)
