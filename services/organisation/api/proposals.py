"""Administrators of the province over HTTP: made, and dismissed, by two."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Self
from uuid import UUID

from fastapi import Response

from casework.late.shown import QuestionedOut
from kit.db import Tx
from kit.http.commands import Caller, Commanded, Db
from kit.http.models import Out, Page, of_id, whole
from kit.http.routers import Router
from services.organisation.api.schemas import HoldingEnd, HoldingIn
from services.organisation.operations import proposing
from services.organisation.operations.late_papers import Changed
from services.organisation.store.proposals import Proposal

router = Router(prefix="/v1", tags=["organisation"])


class ProposalOut(Out):
    """Who shall administer the province; or, with `ends_id`, whose holding of such a post shall end on
    `held_to`. Closed with a holding it was approved, without one dropped."""

    id: UUID
    post_id: UUID
    person_id: UUID
    held_from: date
    held_to: date | None
    acting: bool
    proposed_by: UUID
    proposed_at: datetime
    closed_at: datetime | None
    holding_id: UUID | None
    ends_id: UUID | None


class ProposalApprovedOut(ProposalOut):
    """A proposal that was approved, and the acts that this puts into question because it came late."""

    questioned: QuestionedOut

    @classmethod
    def of(cls, value: Changed[Proposal]) -> Self:
        """What was approved."""
        return cls(**asdict(value.value), questioned=QuestionedOut.of(value.questioned))


@router.get("/administrator-proposals")
async def list_waiting(caller: Caller, database: Db) -> Page[ProposalOut]:
    """What waits for a second administrator of the province."""
    async with database.reading() as tx:
        return whole([ProposalOut.of(one) for one in await proposing.list_waiting(tx, caller)])


@router.get("/administrator-proposals/{proposal_id}")
async def read_waiting(proposal_id: UUID, caller: Caller, database: Db) -> ProposalOut:
    """One of them."""
    async with database.reading() as tx:
        return ProposalOut.of(of_id(await proposing.list_waiting(tx, caller), proposal_id))


@router.post("/posts/{post_id}/proposals", status_code=201, response_model=ProposalOut)
async def propose(post_id: UUID, body: HoldingIn, command: Commanded) -> Response:
    """Propose who shall hold a post of an administrator of the province; another one approves it."""
    span = (body.held_from, body.held_to)

    async def operation(tx: Tx) -> Proposal:
        return await proposing.propose(tx, command.caller, post_id, body.person_id, span, acting=body.acting)

    return await command.run(operation, ProposalOut.of, status=201)


@router.post("/holdings/{holding_id}/proposals", status_code=201, response_model=ProposalOut)
async def propose_end(holding_id: UUID, body: HoldingEnd, command: Commanded) -> Response:
    """Propose that somebody no longer holds a post of an administrator of the province after a day; another
    one approves it."""
    return await command.run(
        lambda tx: proposing.propose_end(tx, command.caller, holding_id, body.held_to),
        ProposalOut.of,
        status=201,
    )


@router.post("/administrator-proposals/{proposal_id}/approval", response_model=ProposalApprovedOut)
async def approve(proposal_id: UUID, command: Commanded) -> Response:
    """Give the post, or have it end, as another administrator of the province than who proposed it."""
    return await command.run(
        lambda tx: proposing.approve(tx, command.caller, proposal_id), ProposalApprovedOut.of
    )


@router.delete("/administrator-proposals/{proposal_id}", response_model=ProposalOut)
async def drop(proposal_id: UUID, command: Commanded) -> Response:
    """Take a proposal off."""
    return await command.run(lambda tx: proposing.drop(tx, command.caller, proposal_id), ProposalOut.of)
