"""What people type into the form of the sign-in, and what follows from it on every page that has it."""

from typing import Annotated, Final

from fastapi import Form, Query, Request
from fastapi.responses import HTMLResponse

from kit.http.models import NoNull
from language.refusals import Refusal
from services.organisation.sign_in.api.page import (
    Asked,
    Place,
    address_of,
    is_own_origin,
    recovery_page,
    secret_form,
)
from services.organisation.sign_in.domain.refusals import (
    AccountClosed,
    FormFromElsewhere,
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
from services.organisation.sign_in.operations.one_time_codes import NewSecret, RecoveryCodes
from services.organisation.sign_in.operations.signing_in import Typed

Short = Annotated[str, Query(max_length=500), NoNull]
Field = Annotated[str, Form(max_length=500), NoNull]
_ASKS_AGAIN: Final = (SignInRefused, TooManyAttempts, AccountClosed)
_ASKS_FOR_ANOTHER: Final = (PasswordMustChange, PasswordTooEasy, PasswordUnchanged, NewPasswordsDiffer)
_ASKS_FOR_A_CODE: Final = (OneTimeCodeMissing, OneTimeCodeWrong, OneTimeCodeKeyMissing)
ASKED_AGAIN: Final = (*_ASKS_AGAIN, *_ASKS_FOR_A_CODE, *_ASKS_FOR_ANOTHER)
"""Refusals after which the form may be sent anew."""


async def typed_in(
    request: Request,
    username: Field = "",
    password: Field = "",
    new_password: Field = "",
    one_time_code: Field = "",
) -> Typed:
    """What was typed, and from where."""
    return Typed(
        username=username,
        password=password,
        new_password=new_password,
        one_time_code=one_time_code,
        address=address_of(request),
    )


def asked_after(refusal: Refusal, typed: Typed) -> Asked:
    """What the form asks for beside name and password, the next time."""
    if isinstance(refusal, _ASKS_FOR_ANOTHER):
        return Asked.NEW_PASSWORD
    if isinstance(refusal, _ASKS_FOR_A_CODE):
        return Asked.CODE | (Asked.NEW_PASSWORD if typed.new_password else Asked.NOTHING_MORE)
    return Asked.NOTHING_MORE


def begins_codes(place: Place, made: NewSecret | RecoveryCodes) -> HTMLResponse:
    """The page by which somebody whose post demands one-time codes gets them; then one signs in."""
    return secret_form(place, made) if isinstance(made, NewSecret) else recovery_page(place, made)


def require_own_form(request: Request, issuer: str) -> None:
    """The form was sent from its own page; `FormFromElsewhere`."""
    origin, host = request.headers.get("origin"), request.headers.get("host")
    if not is_own_origin(origin, host, issuer):
        raise FormFromElsewhere
