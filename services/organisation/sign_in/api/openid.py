"""The OpenID Connect issuer: discovery, keys, code flow with PKCE, tokens."""

import html
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from kit.auth import ALGORITHM
from kit.http.commands import Caller, Db
from kit.http.models import NoNull
from services.organisation.settings import OrganisationSettings
from services.organisation.sign_in.api.schemas import TokenOut, UserInfoOut
from services.organisation.sign_in.domain.refusals import GrantInvalid, SignInRefused, TooManyAttempts
from services.organisation.sign_in.operations import identity
from services.organisation.sign_in.operations.identity import AuthorizationRequest, Issuer, Signer
from services.organisation.store import people

_TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"  # noqa: S105 - a grant's name
Short = Annotated[str, Query(max_length=500), NoNull]
Field = Annotated[str, Form(max_length=500), NoNull]

_PAGE = """<!doctype html><html lang="vi"><head><meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
<title>Đăng nhập – Sáng Kiến</title><style>
body{{font:1.1rem/1.5 system-ui,sans-serif;max-width:24rem;margin:12vh auto;padding:0 1rem;
  color:#1b1b1b;background:#fff}}
label{{display:block;margin-top:1rem}}input{{font:inherit;width:100%;padding:.5rem;
border:1px solid #595959;border-radius:.3rem;box-sizing:border-box}}
button{{font:inherit;margin-top:1.5rem;padding:.6rem 1.2rem;border:0;border-radius:.3rem;
  background:#8a1c1c;color:#fff;width:100%}}
.error{{color:#8a1c1c;font-weight:600}}</style></head><body><main><h1>Sáng Kiến</h1>{error}
<form method="post" action="authorize">{hidden}
<label>Tên đăng nhập<input name="username" autocomplete="username" required autofocus></label>
<label>Mật khẩu<input name="password" type="password" autocomplete="current-password" required></label>
<button>Đăng nhập</button></form></main></body></html>"""


def _form(request: AuthorizationRequest, error: str = "", status: int = 200) -> HTMLResponse:
    fields = {
        "client_id": request.client_id,
        "redirect_uri": request.redirect_uri,
        "code_challenge": request.code_challenge,
        "state": request.state,
        "nonce": request.nonce or "",
    }
    hidden = "".join(
        f'<input type="hidden" name="{name}" value="{html.escape(value, quote=True)}">'
        for name, value in fields.items()
    )
    told = f'<p class="error" role="alert">{html.escape(error)}</p>' if error else ""
    # Nobody may frame the form, and nothing but its own style runs on it.
    headers = {
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
        "Cache-Control": "no-store",
    }
    return HTMLResponse(_PAGE.format(error=told, hidden=hidden), status_code=status, headers=headers)


def _checked(settings: OrganisationSettings, request: AuthorizationRequest) -> AuthorizationRequest:
    """Before any form: an unknown client or address must never get a redirect."""
    if not identity.is_redirect_known(settings, request.client_id, request.redirect_uri):
        raise GrantInvalid(reason="client_id or redirect_uri")
    if not identity.is_challenge(request.code_challenge):
        raise GrantInvalid(reason="code_challenge: PKCE with S256 is required")
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
            "userinfo_endpoint": f"{base}/oauth2/userinfo",
            "jwks_uri": f"{base}/.well-known/jwks.json",
            "response_types_supported": ["code"],
            "grant_types_supported": ["authorization_code", _TOKEN_EXCHANGE],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": [ALGORITHM],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["none", "client_secret_post"],
            "scopes_supported": ["openid"],
        }

    @router.get("/.well-known/jwks.json")
    async def read_keys() -> dict[str, Any]:
        """The public keys."""
        return dict((await signer.keys(fresh=False)).as_dict(private=False))

    return router


def sign_in_router(settings: OrganisationSettings) -> APIRouter:
    """The form, and the way back to the client."""
    router = APIRouter(tags=["sign-in"])

    @router.get("/oauth2/authorize", response_class=HTMLResponse)
    async def show_form(
        client_id: Short,
        redirect_uri: Short,
        code_challenge: Short,
        response_type: Short = "code",
        code_challenge_method: Short = "S256",
        state: Short = "",
        nonce: Short = "",
        scope: Short = "openid",
    ) -> HTMLResponse:
        """The sign-in form."""
        if (response_type, code_challenge_method) != ("code", "S256"):
            raise GrantInvalid(reason="response_type or code_challenge_method")
        asked = AuthorizationRequest(
            client_id=client_id,
            redirect_uri=redirect_uri,
            code_challenge=code_challenge,
            state=state,
            nonce=nonce or None,
        )
        return _form(_checked(settings, asked))

    @router.post("/oauth2/authorize", response_class=RedirectResponse, status_code=303)
    async def sign_in(
        database: Db,
        client_id: Field,
        redirect_uri: Field,
        code_challenge: Field,
        username: Field,
        password: Field,
        state: Field = "",
        nonce: Field = "",
    ) -> Response:
        """Check name and password; send the person back to the client with a code."""
        asked = AuthorizationRequest(
            client_id=client_id,
            redirect_uri=redirect_uri,
            code_challenge=code_challenge,
            state=state,
            nonce=nonce or None,
        )
        _checked(settings, asked)
        try:
            person_id = await identity.sign_in(database, username, password)
        except (SignInRefused, TooManyAttempts) as refusal:
            return _form(asked, refusal.detail_vi, refusal.status)
        async with database.transaction() as tx:
            code = await identity.grant_code(tx, asked, person_id, database.clock.real_now())
        separator = "&" if "?" in redirect_uri else "?"
        return RedirectResponse(
            f"{redirect_uri}{separator}{urlencode({'code': code, 'state': state})}", status_code=303
        )

    return router


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
        requested_subject: Field = "",
    ) -> Response:
        """A token for a code (RFC 6749 with RFC 7636), or for an account (RFC 8693, embedded command line
        only)."""
        if grant_type == "authorization_code":
            grant = await identity.redeem_code(database, code, client_id, redirect_uri, code_verifier)
            tokens = await issuer.tokens_for_code(grant)
        elif grant_type == _TOKEN_EXCHANGE and client_id == identity.CLI_CLIENT:
            async with database.transaction() as tx:
                person_id = await identity.exchange_for(tx, settings, client_secret, requested_subject)
            tokens = await issuer.tokens_for(person_id, client_id)
        else:
            raise GrantInvalid(reason="grant_type")
        answer = TokenOut(
            access_token=tokens.access_token, expires_in=tokens.expires_in, id_token=tokens.id_token
        )
        return Response(
            answer.model_dump_json(exclude_none=True),
            media_type="application/json",
            headers={"Cache-Control": "no-store"},
        )

    @router.get("/oauth2/userinfo")
    async def read_user_info(request: Request, caller: Caller, database: Db) -> UserInfoOut:
        """The claims about the caller."""
        async with database.reading() as tx:
            names = await people.names_of(tx, [caller.person_id])
        return UserInfoOut(sub=caller.person_id, name=names.get(caller.person_id))

    return router
