"""What two administrators do to an account, over HTTP: proposed by one, approved by another."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from fastapi import Response
from pydantic import Field, StringConstraints, model_validator

from kit.http.commands import Caller, Commanded, Db
from kit.http.models import In, Line, NoNull, Out, Page, of_id, whole
from kit.http.routers import Router
from language.cases import AccountAct
from language.unfit import Unfit
from services.organisation.api.schemas import Password
from services.organisation.operations import account_proposals as operations
from services.organisation.operations.account_proposals import Wanted
from services.organisation.operations.identities import Elsewhere, Linking
from services.organisation.settings import OrganisationSettings
from services.organisation.sign_in.operations.one_time_codes import CodeRules

Issuer = Annotated[str, StringConstraints(min_length=1, max_length=500), NoNull]
Subject = Annotated[str, StringConstraints(min_length=1, max_length=255), NoNull]


class AccountProposalIn(In):
    """What shall be done to the account: SET_PASSWORD with a `password`, LINK_IDENTITY and UNLINK_IDENTITY
    with `issuer` and `subject` of the account elsewhere, REMOVE_CODES, CLOSE_ACCOUNT and REOPEN_ACCOUNT with
    nothing more."""

    act: AccountAct
    reason: Line
    password: Password | None = Field(default=None, repr=False)
    issuer: Issuer | None = None
    subject: Subject | None = None

    @model_validator(mode="after")
    def _what_the_act_takes(self) -> Self:
        given = (self.password is not None, self.issuer is not None, self.subject is not None)
        if given != _TAKES.get(self.act, (False, False, False)):
            raise Unfit(
                "password goes with SET_PASSWORD, issuer and subject with LINK_IDENTITY and UNLINK_IDENTITY",
                "mật khẩu chỉ đi với SET_PASSWORD; issuer và subject chỉ đi với LINK_IDENTITY và "
                "UNLINK_IDENTITY",
            )
        return self


_TAKES = {
    AccountAct.SET_PASSWORD: (True, False, False),
    AccountAct.LINK_IDENTITY: (False, True, True),
    AccountAct.UNLINK_IDENTITY: (False, True, True),
}


class AccountProposalOut(Out):
    """What shall be done to whose account. Closed with `approved_by` it was done, closed without it was
    dropped."""

    id: UUID
    person_id: UUID
    act: AccountAct
    reason: str
    issuer: str | None
    subject: str | None
    proposed_by: UUID
    proposed_at: datetime
    closed_at: datetime | None
    approved_by: UUID | None


def account_proposals_router(settings: OrganisationSettings) -> Router:
    """Propose, look, approve, drop."""
    router = Router(prefix="/v1", tags=["accounts"])
    linking = Linking(trusted=settings.other_issuers, rules=CodeRules.of(settings))

    @router.post("/people/{person_id}/account/proposals", status_code=201, response_model=AccountProposalOut)
    async def propose(person_id: UUID, body: AccountProposalIn, command: Commanded) -> Response:
        """Say what shall be done to the person's account; another administrator approves it."""
        elsewhere = (
            Elsewhere(issuer=body.issuer, subject=body.subject) if body.issuer and body.subject else None
        )
        wanted = Wanted(act=body.act, reason=body.reason, password=body.password, elsewhere=elsewhere)
        return await command.run(
            lambda tx: operations.propose(tx, command.caller, person_id, wanted, linking),
            AccountProposalOut.of,
            status=201,
        )

    @router.get("/account-proposals")
    async def list_waiting(caller: Caller, database: Db) -> Page[AccountProposalOut]:
        """What waits for a second administrator, about people in the caller's units."""
        async with database.reading() as tx:
            found = await operations.list_waiting(tx, caller)
        return whole([AccountProposalOut.of(one) for one in found])

    @router.get("/account-proposals/{account_proposal_id}")
    async def read_waiting(account_proposal_id: UUID, caller: Caller, database: Db) -> AccountProposalOut:
        """One of them."""
        async with database.reading() as tx:
            found = await operations.list_waiting(tx, caller)
        return AccountProposalOut.of(of_id(found, account_proposal_id))

    @router.post("/account-proposals/{account_proposal_id}/approval", response_model=AccountProposalOut)
    async def approve(account_proposal_id: UUID, command: Commanded, database: Db) -> Response:
        """Have it done, as another administrator over the person's units than who proposed it."""
        now = database.clock.real_now()
        return await command.run(
            lambda tx: operations.approve(tx, command.caller, account_proposal_id, now),
            AccountProposalOut.of,
        )

    @router.delete("/account-proposals/{account_proposal_id}", response_model=AccountProposalOut)
    async def drop(account_proposal_id: UUID, command: Commanded) -> Response:
        """Take a proposal off."""
        return await command.run(
            lambda tx: operations.drop(tx, command.caller, account_proposal_id), AccountProposalOut.of
        )

    return router
