"""The own one-time codes over HTTP."""

from datetime import datetime
from typing import Annotated, Self

from fastapi import Request, Response
from pydantic import Field, StringConstraints

from kit.http.commands import Caller, Commanded, Db
from kit.http.models import In, NoNull, Out
from kit.http.routers import Router
from services.organisation.operations import own_codes
from services.organisation.operations.own_codes import Shown
from services.organisation.settings import OrganisationSettings
from services.organisation.sign_in.api.page import address_of
from services.organisation.sign_in.operations import waiting
from services.organisation.sign_in.operations.one_time_codes import (
    CodeRules,
    NewSecret,
    RecoveryCodes,
)

Text = Annotated[str, StringConstraints(min_length=1, max_length=200), NoNull]


class OwnPasswordShown(In):
    """The password of whoever is signed in, once more."""

    password: Text = Field(repr=False)


class CodeIn(In):
    """What the application shows; where codes are in use, a recovery code does as well."""

    one_time_code: Text = Field(repr=False)


class OneTimeCodesOut(Out):
    """What the caller has: codes are in use from `confirmed_at` on. `demanded`: a post that the caller holds
    signs in with codes only."""

    confirmed_at: datetime | None
    recovery_codes_left: int
    demanded: bool


class OneTimeSecretOut(Out):
    """What an application makes codes of, as text and as the address that it reads: in the first answer only,
    null in a repeat or a dry run. It counts once the first code was shown."""

    secret: str | None
    uri: str | None

    @classmethod
    def once(cls, made: NewSecret) -> Self:
        """With the secret."""
        return cls(secret=made.secret, uri=made.uri)

    @classmethod
    def again(cls, _: NewSecret) -> Self:
        """Without it."""
        return cls(secret=None, uri=None)


class RecoveryCodesOut(Out):
    """Each stands for a one-time code, once: in the first answer only, null in a repeat or a dry run."""

    recovery_codes: list[str] | None

    @classmethod
    def once(cls, made: RecoveryCodes) -> Self:
        """With the codes."""
        return cls(recovery_codes=list(made.codes))

    @classmethod
    def again(cls, _: RecoveryCodes) -> Self:
        """Without them."""
        return cls(recovery_codes=None)


def one_time_codes_router(settings: OrganisationSettings) -> Router:
    """Set up, look, renew, remove."""
    router = Router(prefix="/v1/me/one-time-codes", tags=["accounts"])
    rules = CodeRules.of(settings)

    @router.get("")
    async def read_codes(caller: Caller, database: Db) -> OneTimeCodesOut:
        """Whether signing in takes a code, and how many recovery codes are left."""
        async with database.reading() as tx:
            return OneTimeCodesOut.of(await own_codes.read_codes(tx, caller, rules))

    @router.post("", status_code=201, response_model=OneTimeSecretOut)
    async def begin(
        body: OwnPasswordShown, caller: Caller, command: Commanded, database: Db, request: Request
    ) -> Response:
        """What an application makes codes of, for the password. The answer shows it, once."""
        shown = Shown(typed=body.password, now=database.clock.real_now())
        # Counted first and for itself, for a refusal leaves nothing of the command.
        async with waiting.own_password_counted(database, caller.person_id, address_of(request)):
            return await command.run(
                lambda tx: own_codes.begin(tx, command.caller, rules, shown),
                OneTimeSecretOut.again if command.dry_run else OneTimeSecretOut.once,
                status=201,
                show_again=OneTimeSecretOut.again,
            )

    _add_acts_by_code(router, rules)
    return router


def _add_acts_by_code(router: Router, rules: CodeRules) -> None:
    @router.post("/confirmation", response_model=RecoveryCodesOut)
    async def confirm(
        body: CodeIn, caller: Caller, command: Commanded, database: Db, request: Request
    ) -> Response:
        """The first code: from now on signing in takes one. The answer shows the recovery codes, once."""
        shown = Shown(typed=body.one_time_code, now=database.clock.real_now())
        async with waiting.own_code_counted(database, caller.person_id, address_of(request)):
            return await command.run(
                lambda tx: own_codes.confirm(tx, command.caller, rules, shown),
                RecoveryCodesOut.again if command.dry_run else RecoveryCodesOut.once,
                show_again=RecoveryCodesOut.again,
            )

    @router.post("/recovery-codes", status_code=201, response_model=RecoveryCodesOut)
    async def renew_recovery(
        body: CodeIn, caller: Caller, command: Commanded, database: Db, request: Request
    ) -> Response:
        """Other recovery codes, for a code; those from before are worth nothing."""
        shown = Shown(typed=body.one_time_code, now=database.clock.real_now())
        async with waiting.own_code_counted(database, caller.person_id, address_of(request)):
            return await command.run(
                lambda tx: own_codes.renew_recovery(tx, command.caller, rules, shown),
                RecoveryCodesOut.again if command.dry_run else RecoveryCodesOut.once,
                status=201,
                show_again=RecoveryCodesOut.again,
            )

    @router.post("/removal", response_model=OneTimeCodesOut)
    async def remove(
        body: CodeIn, caller: Caller, command: Commanded, database: Db, request: Request
    ) -> Response:
        """Signing in takes no code any more, for a code."""
        shown = Shown(typed=body.one_time_code, now=database.clock.real_now())
        async with waiting.own_code_counted(database, caller.person_id, address_of(request)):
            return await command.run(
                lambda tx: own_codes.remove(tx, command.caller, rules, shown), OneTimeCodesOut.of
            )
