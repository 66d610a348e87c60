"""Accounts over HTTP: how a person signs in, here or at another provider."""

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import Request, Response
from pydantic import Field, StringConstraints

from kit.http.commands import Caller, Commanded, Db
from kit.http.models import In, Line, NoNull, Out, Page, of_id, whole
from kit.http.routers import Router
from services.organisation.api.schemas import IdOut, Password, Username
from services.organisation.operations import accounts, identities
from services.organisation.operations.accounts import Wanted
from services.organisation.operations.identities import Elsewhere, Linking
from services.organisation.settings import OrganisationSettings
from services.organisation.sign_in.api.page import address_of
from services.organisation.sign_in.operations import waiting
from services.organisation.sign_in.operations.one_time_codes import CodeRules

Typed = Annotated[str, StringConstraints(min_length=1, max_length=200), NoNull]


class AccountIn(In):
    """The account of a person; without a password nobody can sign in with it. `invite`: the person is mailed
    a link, good once and for `INVITATION_HOURS`, and chooses a password there; one that is there holds until
    then."""

    username: Username
    password: Password | None = None
    invite: bool = False


class AccountOut(Out):
    """An account. `must_change`: somebody else knows the password, so the holder chooses another at the next
    sign-in. `one_time_codes`: signing in takes one."""

    username: str
    has_password: bool
    must_change: bool
    one_time_codes: bool
    closed_at: datetime | None


class OwnPasswordIn(In):
    """The old password and the new one."""

    old: Typed = Field(repr=False)
    new: Password = Field(repr=False)


class ReasonIn(In):
    """Why."""

    reason: Line


class IdentityIn(In):
    """Somebody as another provider names them: the `iss` and `sub` of its tokens."""

    issuer: Annotated[str, StringConstraints(min_length=1, max_length=500), NoNull]
    subject: Annotated[str, StringConstraints(min_length=1, max_length=255), NoNull]


class IdentityOut(Out):
    """An account of another provider that is tied to the person."""

    id: UUID
    issuer: str
    subject: str
    linked_at: datetime


def accounts_router(settings: OrganisationSettings) -> Router:
    """The own password, and what administrators do."""
    router = Router(prefix="/v1", tags=["accounts"])
    _add_account(router, settings.invitation_life)
    _add_closing(router)
    _add_identities(router, settings)
    return router


def _add_account(router: Router, invitation_life: timedelta) -> None:
    @router.get("/people/{person_id}/account")
    async def read_account(person_id: UUID, caller: Caller, database: Db) -> AccountOut:
        """The account, for its holder and administrators."""
        async with database.reading() as tx:
            return AccountOut.of(await accounts.read_account(tx, caller, person_id))

    @router.put("/people/{person_id}/account", response_model=AccountOut)
    async def set_account(person_id: UUID, body: AccountIn, command: Commanded, database: Db) -> Response:
        """Make the person's account, set its password, which the holder changes at the next sign-in, or mail
        the person a link to choose one."""
        now = database.clock.real_now()
        wanted = Wanted(username=body.username, password=body.password, invite=body.invite)
        return await command.run(
            lambda tx: accounts.set_account(tx, command.caller, person_id, wanted, now, invitation_life),
            AccountOut.of,
        )

    @router.post("/me/password", response_model=AccountOut)
    async def change_own_password(
        body: OwnPasswordIn,
        caller: Caller,
        command: Commanded,
        database: Db,
        request: Request,
    ) -> Response:
        """Choose another password, with the old one; whoever was signed in with the account no longer is."""
        # Counted first and for itself, for a refusal leaves nothing of the command.
        async with waiting.own_password_counted(database, caller.person_id, address_of(request)):
            now = database.clock.real_now()
            return await command.run(
                lambda tx: accounts.change_own_password(tx, command.caller, body.old, body.new, now),
                AccountOut.of,
            )


def _add_closing(router: Router) -> None:
    @router.post("/people/{person_id}/account/sign-out", response_model=AccountOut)
    async def sign_out_everywhere(person_id: UUID, command: Commanded, database: Db) -> Response:
        """End every session of the person, here and through other providers."""
        now = database.clock.real_now()
        return await command.run(
            lambda tx: accounts.sign_out_everywhere(tx, command.caller, person_id, now),
            AccountOut.of,
        )

    @router.post("/people/{person_id}/account/closing", response_model=AccountOut)
    async def close_account(person_id: UUID, body: ReasonIn, command: Commanded) -> Response:
        """Nobody signs in as the person any more; every token is worth nothing from now on."""
        return await command.run(
            lambda tx: accounts.close_account(tx, command.caller, person_id, body.reason),
            AccountOut.of,
        )

    @router.post("/people/{person_id}/account/reopening", response_model=AccountOut)
    async def reopen_account(person_id: UUID, body: ReasonIn, command: Commanded, database: Db) -> Response:
        """The person can sign in again."""
        now = database.clock.real_now()
        return await command.run(
            lambda tx: accounts.reopen_account(tx, command.caller, person_id, body.reason, now),
            AccountOut.of,
        )


def _add_identities(router: Router, settings: OrganisationSettings) -> None:
    linking = Linking(trusted=settings.other_issuers, rules=CodeRules.of(settings))

    @router.get("/people/{person_id}/identities")
    async def list_linked(person_id: UUID, caller: Caller, database: Db) -> Page[IdentityOut]:
        """The person's accounts at other providers, for the person and administrators."""
        async with database.reading() as tx:
            found = await identities.list_linked(tx, caller, person_id)
        return whole([IdentityOut.of(one) for one in found])

    @router.get("/people/{person_id}/identities/{identity_id}")
    async def read_linked(person_id: UUID, identity_id: UUID, caller: Caller, database: Db) -> IdentityOut:
        """One of them."""
        async with database.reading() as tx:
            found = await identities.list_linked(tx, caller, person_id)
        return IdentityOut.of(of_id(found, identity_id))

    @router.post("/people/{person_id}/identities", status_code=201, response_model=IdentityOut)
    async def link(person_id: UUID, body: IdentityIn, command: Commanded) -> Response:
        """Tie an account of another provider to the person: whoever signs in there so acts as the person."""
        elsewhere = Elsewhere(issuer=body.issuer, subject=body.subject)
        return await command.run(
            lambda tx: identities.link(tx, command.caller, person_id, elsewhere, linking),
            IdentityOut.of,
            status=201,
        )

    @router.delete("/people/{person_id}/identities/{identity_id}", response_model=IdOut)
    async def unlink(person_id: UUID, identity_id: UUID, command: Commanded) -> Response:
        """The account is nobody's here from now on."""
        return await command.run(
            lambda tx: identities.unlink(tx, command.caller, person_id, identity_id),
            lambda gone: IdOut(id=gone),
        )
