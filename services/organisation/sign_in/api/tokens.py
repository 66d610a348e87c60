"""The token endpoint: tokens for a code, for a sign-in that goes on, for a device."""

from typing import Any, Final

from fastapi import Request
from fastapi.responses import Response

from kit.http.commands import Caller, Db
from kit.http.problems import PROBLEM_MEDIA, problem_of
from kit.http.routers import Router
from services.organisation.settings import OrganisationSettings
from services.organisation.sign_in.api.schemas import GrantProblem, TokenOut, UserInfoOut
from services.organisation.sign_in.api.typed import Field
from services.organisation.sign_in.domain.clients import CLI_CLIENT
from services.organisation.sign_in.domain.refusals import GrantInvalid, GrantRefusal
from services.organisation.sign_in.operations import devices, identity, renewing
from services.organisation.sign_in.operations.identity import Exchange, Issuer
from services.organisation.store import people

TOKEN_EXCHANGE: Final = "urn:ietf:params:oauth:grant-type:token-exchange"  # noqa: S105 - a grant's name
DEVICE_CODE: Final = "urn:ietf:params:oauth:grant-type:device_code"
NO_STORE: Final = {"Cache-Control": "no-store"}


async def refused_grant(_: Request, error: Exception) -> Response:
    """A refusal as OAuth clients read it (RFC 6749, section 5.2), and as all others of ours read it."""
    if not isinstance(error, GrantRefusal):
        raise error
    said = GrantProblem(
        **problem_of(error).model_dump(), error=error.error, error_description=error.detail_en
    )
    body = said.model_dump_json()
    return Response(body, status_code=error.status, media_type=PROBLEM_MEDIA, headers=NO_STORE)


def token_router(settings: OrganisationSettings, issuer: Issuer) -> Router:
    """Tokens, and who they speak of."""
    router = Router(tags=["sign-in"])

    @router.post("/oauth2/token", response_model=TokenOut)
    async def grant_token(
        database: Db,
        grant_type: Field,
        client_id: Field = "",
        client_secret: Field = "",
        code: Field = "",
        redirect_uri: Field = "",
        code_verifier: Field = "",
        refresh_token: Field = "",
        requested_subject: Field = "",
        one_time_code: Field = "",
        device_code: Field = "",
    ) -> Response:
        """A token for a code (RFC 6749 with RFC 7636), for a sign-in that is renewed, for one that was
        confirmed on another machine (RFC 8628), or for an account (RFC 8693, embedded command line only)."""
        if grant_type == "authorization_code":
            code_grant = await identity.redeem_code(database, code, client_id, redirect_uri, code_verifier)
            tokens = await issuer.tokens_for_sign_in(
                code_grant.person_id, client_id, nonce=code_grant.nonce, renewable=code_grant.renewable
            )
        elif grant_type == "refresh_token":
            tokens = await issuer.tokens_for_renewal(refresh_token, client_id)
        elif grant_type == DEVICE_CODE:
            device, holder = await devices.redeem(database, device_code, client_id)
            tokens = await issuer.tokens_for_sign_in(holder, client_id, renewable=device.renewable)
        elif grant_type == TOKEN_EXCHANGE and client_id == CLI_CLIENT:
            shown = Exchange(secret=client_secret, username=requested_subject, one_time_code=one_time_code)
            async with database.transaction() as tx:
                person_id = await identity.exchange_for(tx, settings, shown, database.clock.real_now())
            tokens = await issuer.tokens_for(person_id, client_id)
        else:
            raise GrantInvalid(reason="grant_type")
        answer = TokenOut(
            access_token=tokens.access_token,
            expires_in=tokens.expires_in,
            id_token=tokens.id_token,
            refresh_token=tokens.refresh_token,
        )
        return Response(
            answer.model_dump_json(exclude_none=True),
            media_type="application/json",
            headers=NO_STORE,
        )

    @router.post("/oauth2/revoke", status_code=200)
    async def revoke_token(
        database: Db, token: Field, client_id: Field = "", token_type_hint: Field = ""
    ) -> dict[str, Any]:
        """Let nobody renew a sign-in any more (RFC 7009); the answer is the same whatever was shown."""
        async with database.transaction() as tx:
            await renewing.end(tx, token)
        return {}

    @router.get("/oauth2/userinfo")
    async def read_user_info(request: Request, caller: Caller, database: Db) -> UserInfoOut:
        """The claims about the caller."""
        async with database.reading() as tx:
            name = await people.name_of(tx, caller.person_id)
        return UserInfoOut(sub=caller.person_id, name=name)

    return router
