"""Choosing a password by a link of a mail, over HTTP."""

from typing import Any, Final

from fastapi import Request
from fastapi.responses import HTMLResponse

from kit.http.commands import Db
from kit.http.routers import Router
from services.organisation.settings import OrganisationSettings
from services.organisation.sign_in.api.page import address_of, language_of
from services.organisation.sign_in.api.password_pages import (
    forgotten_answer,
    forgotten_form,
    link_form,
    taken_page,
)
from services.organisation.sign_in.api.typed import Field, Short, require_own_form
from services.organisation.sign_in.domain.refusals import (
    AccountClosed,
    LinkOld,
    LinkReplaced,
    LinkUnknown,
    LinkUsed,
    NewPasswordsDiffer,
    PasswordTooEasy,
    PasswordUnchanged,
    TooManyAttempts,
)
from services.organisation.sign_in.operations import password_links
from services.organisation.sign_in.operations.password_links import Chosen

_OF_LINKS: Final = (LinkUnknown, LinkUsed, LinkOld, LinkReplaced, AccountClosed, TooManyAttempts)
_ASKED_AGAIN: Final[dict[int | str, dict[str, Any]]] = {
    "4XX": {
        "description": "Refused; where the form may be sent anew, with the form",
        "content": {
            "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}},
            "text/html": {"schema": {"type": "string"}},
        },
    }
}
_OF_PASSWORDS: Final = (NewPasswordsDiffer, PasswordTooEasy, PasswordUnchanged)


def password_links_router(settings: OrganisationSettings) -> Router:
    """The page that a mail leads to, and the one that has such a mail sent."""
    router = Router(tags=["sign-in"])
    if settings.recovery_life:
        _add_forgotten(router, settings)
    _add_link(router, settings)
    return router


def _add_forgotten(router: Router, settings: OrganisationSettings) -> None:
    @router.get("/oauth2/forgotten", response_class=HTMLResponse)
    async def show_forgotten(ui_locales: Short = "") -> HTMLResponse:
        """The form of whoever has forgotten the password."""
        return forgotten_form(language_of(ui_locales))

    @router.post("/oauth2/forgotten", response_class=HTMLResponse, responses=_ASKED_AGAIN)
    async def ask_for_link(
        request: Request, database: Db, username: Field, ui_locales: Field = ""
    ) -> HTMLResponse:
        """Have the holder of the account mailed a link; the answer is the same whoever is named."""
        require_own_form(request, settings.oidc_issuer)
        language = language_of(ui_locales)
        try:
            await password_links.ask(database, username, address_of(request), settings.recovery_life)
        except TooManyAttempts as refusal:
            return forgotten_form(language, refusal)
        return forgotten_answer(language, settings.recovery_hours)


def _add_link(router: Router, settings: OrganisationSettings) -> None:
    mails_links = bool(settings.recovery_life)

    @router.get("/oauth2/password", response_class=HTMLResponse)
    async def show_link(ui_locales: Short = "") -> HTMLResponse:
        """The form that a mail leads to. Looking at it uses nothing up."""
        return link_form(language_of(ui_locales), mails_links=mails_links)

    @router.post("/oauth2/password", response_class=HTMLResponse, responses=_ASKED_AGAIN)
    async def choose_password(
        request: Request,
        database: Db,
        code: Field,
        new_password: Field,
        new_password_again: Field,
        ui_locales: Field = "",
    ) -> HTMLResponse:
        """Set the password of the account that the link is of; the link is used up."""
        require_own_form(request, settings.oidc_issuer)
        language = language_of(ui_locales)
        chosen = Chosen(code=code, password=new_password, address=address_of(request))
        try:
            if new_password != new_password_again:
                raise NewPasswordsDiffer
            username = await password_links.use(database, chosen)
        except _OF_PASSWORDS as refusal:
            return link_form(language, code, refusal, mails_links=mails_links)
        except _OF_LINKS as refusal:
            return link_form(language, refusal=refusal, mails_links=mails_links)
        return taken_page(language, username)
