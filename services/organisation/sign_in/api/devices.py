"""Signing in on a machine without a browser, over HTTP (RFC 8628)."""

from dataclasses import dataclass
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, Response

from kit.db import Database
from kit.http.commands import Db
from kit.http.routers import Router
from language.telling import Language
from services.organisation.settings import OrganisationSettings
from services.organisation.sign_in.api import device_pages
from services.organisation.sign_in.api.page import address_of, form, language_of
from services.organisation.sign_in.api.schemas import DeviceOut
from services.organisation.sign_in.api.tokens import NO_STORE
from services.organisation.sign_in.api.typed import (
    ASKED_AGAIN,
    Field,
    Short,
    asked_after,
    begins_codes,
    require_own_form,
    typed_in,
)
from services.organisation.sign_in.domain.devices import as_shown
from services.organisation.sign_in.domain.refusals import (
    DeviceCodeUnknown,
    NewPasswordsDiffer,
    TooManyAttempts,
)
from services.organisation.sign_in.operations import devices, renewing, signing_in
from services.organisation.sign_in.operations.one_time_codes import CodeRules
from services.organisation.sign_in.operations.signing_in import Typed

_REFUSE: Final = "refuse"
_OWN_SITE: Final = "same-origin"
_ASKED_AGAIN: Final[dict[int | str, dict[str, Any]]] = {
    "4XX": {
        "description": "Refused; where the form may be sent anew, with the form",
        "content": {
            "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}},
            "text/html": {"schema": {"type": "string"}},
        },
    }
}


def devices_router(settings: OrganisationSettings) -> Router:
    """Where a program asks, and the page on which a person answers; nothing where there are no such codes."""
    router = Router(tags=["sign-in"])
    if settings.device_life:
        _add_asking(router, settings)
        _add_page(router, settings)
    return router


def _add_asking(router: Router, settings: OrganisationSettings) -> None:
    page = f"{settings.oidc_issuer}/oauth2/{device_pages.PAGE}"

    @router.post("/oauth2/device_authorization", response_model=DeviceOut)
    async def begin(request: Request, database: Db, client_id: Field, scope: Field = "") -> Response:
        """Codes for a sign-in that somebody confirms on a page of ours; the program asks for its tokens
        meanwhile."""
        renewable = renewing.SCOPE in scope.split()
        life = settings.device_life
        begun = await devices.begin(database, client_id, address_of(request), life, renewable=renewable)
        shown = as_shown(begun.user_code)
        answer = DeviceOut(
            device_code=begun.device_code,
            user_code=shown,
            verification_uri=page,
            expires_in=int(life.total_seconds()),
            interval=devices.INTERVAL_SECONDS,
        )
        return Response(answer.model_dump_json(), media_type="application/json", headers=NO_STORE)


def _add_page(router: Router, settings: OrganisationSettings) -> None:
    rules = CodeRules.of(settings)

    @router.get("/oauth2/device", response_class=HTMLResponse, responses=_ASKED_AGAIN)
    async def show(
        request: Request, database: Db, user_code: Short = "", ui_locales: Short = ""
    ) -> HTMLResponse:
        """Ask for the code; with one that was typed here, say what it is for, with the form. Looking uses
        nothing up. A link that somebody has sent brings no code: whoever confirms one has it on a screen of
        their own, and types it (RFC 8628, 5.4)."""
        language = language_of(ui_locales)
        if not user_code or request.headers.get("sec-fetch-site", _OWN_SITE) != _OWN_SITE:
            return device_pages.code_form(language)
        try:
            grant = await devices.find(database, user_code, address_of(request))
        except (DeviceCodeUnknown, TooManyAttempts) as refusal:
            return device_pages.code_form(language, user_code, refusal)
        return form(device_pages.confirming(language, user_code, grant))

    @router.post("/oauth2/device", response_class=HTMLResponse, responses=_ASKED_AGAIN)
    async def answer(
        request: Request,
        database: Db,
        user_code: Field,
        typed: Annotated[Typed, Depends(typed_in)],
        new_password_again: Field = "",
        decision: Field = "",
        ui_locales: Field = "",
    ) -> HTMLResponse:
        """Sign in here, and so on the other machine too; or refuse, for which the code is enough."""
        require_own_form(request, settings.oidc_issuer)
        said = _Said(user_code, language_of(ui_locales), new_password_again)
        try:
            if decision == _REFUSE:
                return await _refused(database, said, typed.address)
            return await _confirmed(database, rules, said, typed)
        except (DeviceCodeUnknown, TooManyAttempts) as refusal:
            return device_pages.code_form(said.language, user_code, refusal)


@dataclass(frozen=True, slots=True)
class _Said:
    """What was sent beside what one types to sign in."""

    user_code: str
    language: Language
    new_password_again: str


async def _refused(database: Database, said: _Said, address: str) -> HTMLResponse:
    await devices.find(database, said.user_code, address)
    async with database.transaction() as tx:
        await devices.refuse(tx, said.user_code, database.clock.real_now())
    return device_pages.done_page(said.language, confirmed=False)


async def _confirmed(database: Database, rules: CodeRules, said: _Said, typed: Typed) -> HTMLResponse:
    grant = await devices.find(database, said.user_code, typed.address)
    place = device_pages.confirming(said.language, said.user_code, grant)
    try:
        if typed.new_password != said.new_password_again:
            raise NewPasswordsDiffer
        outcome = await signing_in.sign_in(database, rules, typed)
    except ASKED_AGAIN as refusal:
        return form(place, refusal, asked_after(refusal, typed), username=typed.username)
    if not isinstance(outcome, UUID):
        return begins_codes(place, outcome)
    async with database.transaction() as tx:
        await devices.confirm(tx, said.user_code, outcome, database.clock.real_now())
    return device_pages.done_page(said.language, confirmed=True)
