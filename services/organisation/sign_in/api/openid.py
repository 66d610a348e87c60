"""The OpenID Connect issuer: discovery, keys, and the code flow with PKCE."""

from typing import Annotated, Any, Final
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from kit.auth import ALGORITHM
from kit.db import Database
from kit.http.commands import Db
from kit.http.routers import Router
from language.words.base import Coded
from services.organisation.settings import OrganisationSettings
from services.organisation.sign_in.api.page import at_client, form, language_of
from services.organisation.sign_in.api.tokens import DEVICE_CODE, TOKEN_EXCHANGE
from services.organisation.sign_in.api.typed import (
    ASKED_AGAIN,
    Field,
    Short,
    asked_after,
    begins_codes,
    require_own_form,
    typed_in,
)
from services.organisation.sign_in.domain.refusals import GrantInvalid, NewPasswordsDiffer
from services.organisation.sign_in.operations import identity, renewing, signing_in
from services.organisation.sign_in.operations.identity import AuthorizationRequest, Signer
from services.organisation.sign_in.operations.one_time_codes import CodeRules
from services.organisation.sign_in.operations.signing_in import Typed

_CHALLENGE_MISSING: Final = Coded(
    "code_challenge", "code_challenge: phải dùng PKCE với S256", "code_challenge: PKCE with S256 is required"
)


def _checked(settings: OrganisationSettings, request: AuthorizationRequest) -> AuthorizationRequest:
    """Before any form: an unknown client or address must never get a redirect."""
    if not identity.is_redirect_known(settings, request.client_id, request.redirect_uri):
        raise GrantInvalid(reason=["client_id", "redirect_uri"])
    if not identity.is_challenge(request.code_challenge):
        raise GrantInvalid(reason=_CHALLENGE_MISSING)
    return request


def discovery_router(settings: OrganisationSettings, signer: Signer) -> Router:
    """Where clients and services find everything."""
    router = Router(tags=["sign-in"])
    base = settings.oidc_issuer

    @router.get("/.well-known/openid-configuration")
    async def discover() -> dict[str, Any]:
        """OpenID Connect Discovery 1.0."""
        devices = {"device_authorization_endpoint": f"{base}/oauth2/device_authorization"}
        return {
            "issuer": base,
            "authorization_endpoint": f"{base}/oauth2/authorize",
            "token_endpoint": f"{base}/oauth2/token",
            "revocation_endpoint": f"{base}/oauth2/revoke",
            "userinfo_endpoint": f"{base}/oauth2/userinfo",
            "jwks_uri": f"{base}/.well-known/jwks.json",
            "response_types_supported": ["code"],
            "grant_types_supported": [
                "authorization_code",
                "refresh_token",
                TOKEN_EXCHANGE,
                *([DEVICE_CODE] if settings.device_life else []),
            ],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": [ALGORITHM],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["none", "client_secret_post"],
            "ui_locales_supported": ["vi", "en"],
            "scopes_supported": ["openid", renewing.SCOPE],
            **(devices if settings.device_life else {}),
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


def sign_in_router(settings: OrganisationSettings) -> Router:
    """The form, and the way back to the client."""
    router = Router(tags=["sign-in"])
    rules = CodeRules.of(settings)
    mails_links = bool(settings.recovery_life)

    @router.get("/oauth2/authorize", response_class=HTMLResponse)
    async def show_form(asked: Annotated[AuthorizationRequest, Depends(_from_query)]) -> HTMLResponse:
        """The sign-in form."""
        return form(at_client(_checked(settings, asked)), mails_links=mails_links)

    @router.post("/oauth2/authorize", response_class=RedirectResponse, status_code=303)
    async def sign_in(
        request: Request,
        database: Db,
        asked: Annotated[AuthorizationRequest, Depends(_from_form)],
        typed: Annotated[Typed, Depends(typed_in)],
        new_password_again: Field = "",
    ) -> Response:
        """Check name, password and one-time code; send the person back to the client with a code."""
        require_own_form(request, settings.oidc_issuer)
        place = at_client(_checked(settings, asked))
        try:
            if typed.new_password != new_password_again:
                raise NewPasswordsDiffer
            outcome = await signing_in.sign_in(database, rules, typed)
        except ASKED_AGAIN as refusal:
            more = asked_after(refusal, typed)
            return form(place, refusal, more, username=typed.username, mails_links=mails_links)
        if isinstance(outcome, UUID):
            return await _back_with_code(database, asked, outcome)
        return begins_codes(place, outcome)

    return router


async def _back_with_code(database: Database, asked: AuthorizationRequest, person_id: UUID) -> Response:
    async with database.transaction() as tx:
        code = await identity.grant_code(tx, asked, person_id, database.clock.real_now())
    separator = "&" if "?" in asked.redirect_uri else "?"
    back = urlencode({"code": code, "state": asked.state})
    return RedirectResponse(f"{asked.redirect_uri}{separator}{back}", status_code=303)
