"""The OpenID Connect issuer: discovery, keys, code flow with PKCE, tokens."""

from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from kit.auth import ALGORITHM
from kit.db import Database
from kit.http.commands import Caller, Db
from kit.http.models import NoNull
from language.refusals import Refusal
from language.words.base import Coded
from services.organisation.settings import OrganisationSettings
from services.organisation.sign_in.api.page import (
    Asked,
    address_of,
    form,
    is_own_origin,
    language_of,
    recovery_page,
    secret_form,
)
from services.organisation.sign_in.api.schemas import TokenOut, UserInfoOut
from services.organisation.sign_in.domain.refusals import (
    AccountClosed,
    FormFromElsewhere,
    GrantInvalid,
    NewPasswordsDiffer,
    OneTimeCodeKeyMissing,
    OneTimeCodeMissing,
    OneTimeCodeWrong,
    PasswordMustChange,
    PasswordTooEasy,
    PasswordUnchanged,
    SignInRefused,
    TooManyAttempts,
)
from services.organisation.sign_in.operations import identity, renewing, signing_in
from services.organisation.sign_in.operations.identity import (
    AuthorizationRequest,
    Exchange,
    Issuer,
    Signer,
)
from services.organisation.sign_in.operations.one_time_codes import CodeRules, NewSecret, RecoveryCodes
from services.organisation.sign_in.operations.signing_in import Outcome, Typed
from services.organisation.store import people

_TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"  # noqa: S105 - a grant's name
Short = Annotated[str, Query(max_length=500), NoNull]
Field = Annotated[str, Form(max_length=500), NoNull]
_CHALLENGE_MISSING: Final = Coded(
    "code_challenge", "code_challenge: phải dùng PKCE với S256", "code_challenge: PKCE with S256 is required"
)
_ASKS_AGAIN = (SignInRefused, TooManyAttempts, AccountClosed)
_ASKS_FOR_ANOTHER = (PasswordMustChange, PasswordTooEasy, PasswordUnchanged, NewPasswordsDiffer)
_ASKS_FOR_A_CODE = (OneTimeCodeMissing, OneTimeCodeWrong, OneTimeCodeKeyMissing)


def _checked(settings: OrganisationSettings, request: AuthorizationRequest) -> AuthorizationRequest:
    """Before any form: an unknown client or address must never get a redirect."""
    if not identity.is_redirect_known(settings, request.client_id, request.redirect_uri):
        raise GrantInvalid(reason=["client_id", "redirect_uri"])
    if not identity.is_challenge(request.code_challenge):
        raise GrantInvalid(reason=_CHALLENGE_MISSING)
    return request


def discovery_router(settings: OrganisationSettings, signer: Signer) -> APIRouter:
    """Where clients and services find everything."""
    router = APIRouter(tags=["sign-in"])
    base = settings.oidc_issuer

    @router.get("/.well-known/openid-configuration")
    async def discover() -> dict[str, Any]:
        """OpenID Connect Discovery 1.0."""
        return {
            "issuer": base,
            "authorization_endpoint": f"{base}/oauth2/authorize",
            "token_endpoint": f"{base}/oauth2/token",
            "revocation_endpoint": f"{base}/oauth2/revoke",
            "userinfo_endpoint": f"{base}/oauth2/userinfo",
            "jwks_uri": f"{base}/.well-known/jwks.json",
            "response_types_supported": ["code"],
            "grant_types_supported": ["authorization_code", "refresh_token", _TOKEN_EXCHANGE],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": [ALGORITHM],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["none", "client_secret_post"],
            "ui_locales_supported": ["vi", "en"],
            "scopes_supported": ["openid", renewing.SCOPE],
        }

    @router.get("/.well-known/jwks.json")
    async def read_keys() -> dict[str, Any]:
        """The public keys."""
        return dict((await signer.keys(fresh=False)).as_dict(private=False))

    return router


async def _from_query(
    client_id: Short,
    redirect_uri: Short,
    code_challenge: Short,
    response_type: Short = "code",
    code_challenge_method: Short = "S256",
    state: Short = "",
    nonce: Short = "",
    scope: Short = "openid",
    ui_locales: Short = "",
) -> AuthorizationRequest:
    if (response_type, code_challenge_method) != ("code", "S256"):
        raise GrantInvalid(reason=["response_type", "code_challenge_method"])
    kept = {"client_id": client_id, "redirect_uri": redirect_uri, "code_challenge": code_challenge}
    return _request(scope, ui_locales, nonce, state=state, **kept)


async def _from_form(
    client_id: Field,
    redirect_uri: Field,
    code_challenge: Field,
    state: Field = "",
    nonce: Field = "",
    scope: Field = "openid",
    ui_locales: Field = "",
) -> AuthorizationRequest:
    kept = {"client_id": client_id, "redirect_uri": redirect_uri, "code_challenge": code_challenge}
    return _request(scope, ui_locales, nonce, state=state, **kept)


def _request(scope: str, locales: str, nonce: str, **as_sent: str) -> AuthorizationRequest:
    return AuthorizationRequest(
        **as_sent,
        nonce=nonce or None,
        renewable=renewing.SCOPE in scope.split(),
        language=language_of(locales),
    )


async def _typed(
    request: Request,
    username: Field,
    password: Field,
    new_password: Field = "",
    one_time_code: Field = "",
) -> Typed:
    return Typed(
        username=username,
        password=password,
        new_password=new_password,
        one_time_code=one_time_code,
        address=address_of(request),
    )


def sign_in_router(settings: OrganisationSettings) -> APIRouter:
    """The form, and the way back to the client."""
    router = APIRouter(tags=["sign-in"])
    rules = CodeRules.of(settings)
    mails_links = bool(settings.recovery_life)

    @router.get("/oauth2/authorize", response_class=HTMLResponse)
    async def show_form(asked: Annotated[AuthorizationRequest, Depends(_from_query)]) -> HTMLResponse:
        """The sign-in form."""
        return form(_checked(settings, asked), mails_links=mails_links)

    @router.post("/oauth2/authorize", response_class=RedirectResponse, status_code=303)
    async def sign_in(
        request: Request,
        database: Db,
        asked: Annotated[AuthorizationRequest, Depends(_from_form)],
        typed: Annotated[Typed, Depends(_typed)],
        new_password_again: Field = "",
    ) -> Response:
        """Check name, password and one-time code; send the person back to the client with a code."""
        origin, host = request.headers.get("origin"), request.headers.get("host")
        if not is_own_origin(origin, host, settings.oidc_issuer):
            raise FormFromElsewhere
        _checked(settings, asked)
        try:
            if typed.new_password != new_password_again:
                raise NewPasswordsDiffer
            return await _answer(database, asked, await signing_in.sign_in(database, rules, typed))
        except (*_ASKS_AGAIN, *_ASKS_FOR_A_CODE, *_ASKS_FOR_ANOTHER) as refusal:
            more = _asked_after(refusal, typed)
            return form(asked, refusal, more, username=typed.username, mails_links=mails_links)

    return router


def _asked_after(refusal: Refusal, typed: Typed) -> Asked:
    """What the form asks for beside name and password, the next time."""
    if isinstance(refusal, _ASKS_FOR_ANOTHER):
        return Asked.NEW_PASSWORD
    if isinstance(refusal, _ASKS_FOR_A_CODE):
        return Asked.CODE | (Asked.NEW_PASSWORD if typed.new_password else Asked.NOTHING_MORE)
    return Asked.NOTHING_MORE


async def _answer(database: Database, asked: AuthorizationRequest, outcome: Outcome) -> Response:
    if isinstance(outcome, NewSecret):
        return secret_form(asked, outcome)
    if isinstance(outcome, RecoveryCodes):
        return recovery_page(asked, outcome)
    async with database.transaction() as tx:
        code = await identity.grant_code(tx, asked, outcome, database.clock.real_now())
    separator = "&" if "?" in asked.redirect_uri else "?"
    back = urlencode({"code": code, "state": asked.state})
    return RedirectResponse(f"{asked.redirect_uri}{separator}{back}", status_code=303)


def token_router(settings: OrganisationSettings, issuer: Issuer) -> APIRouter:
    """Tokens, and who they speak of."""
    router = APIRouter(tags=["sign-in"])

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
    ) -> Response:
        """A token for a code (RFC 6749 with RFC 7636), for a sign-in that is renewed, or for an account (RFC
        8693, embedded command line only)."""
        if grant_type == "authorization_code":
            grant = await identity.redeem_code(database, code, client_id, redirect_uri, code_verifier)
            tokens = await issuer.tokens_for_code(grant)
        elif grant_type == "refresh_token":
            tokens = await issuer.tokens_for_renewal(refresh_token, client_id)
        elif grant_type == _TOKEN_EXCHANGE and client_id == identity.CLI_CLIENT:
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
            headers={"Cache-Control": "no-store"},
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
