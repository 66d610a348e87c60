"""How a request becomes a page: session first, then the page, then what went wrong, each said so that people
know what is safe and what to do."""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias
from urllib.parse import urlencode

import structlog
from httpx import codes
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from kit.http.problems import problem_response
from kit.outages import OUTAGES
from language.refusals import Refusal
from language.telling import Language
from services.portal.asking.services import Away, Refused, SentBefore, SignInNeeded
from services.portal.desk import FORM_KEY, FORM_TOKEN, LANGUAGE_COOKIE, SECRETS, VERSION, Desk, FormForged
from services.portal.frame import begin_frame
from services.portal.showing.languages import N_
from services.portal.signed_in.issuer import SignInAway, SignInFailed

log = structlog.get_logger()
Page: TypeAlias = Callable[[Desk], Awaitable[Response]]
SIGN_IN: Final = "/sign-in"
OTHERS: Final = ("/api/", "/oauth2/", "/.well-known/")
"""Addresses under which others answer: the services, and the sign-in."""
_NO_PAGE: Final = N_("There is no such page")
_UNREADABLE: Final = N_("What was sent cannot be read: it is too long, or was cut off on its way")
_YEAR: Final = 31_536_000


def page(
    path: str, show: Page, send: Page | None = None, *, public: bool = False, framed: bool = True
) -> Route:
    """A page at this address; `send` takes its form. A `public` one needs nobody to be signed in; one that is
    not `framed` answers scripts, and nothing is asked for a frame."""

    async def answer(request: Request) -> Response:
        desk = Desk(request.app.state.portal, request, None)
        try:
            return await _answered(desk, show, send, public=public, framed=framed)
        finally:
            desk.drop_shared()

    return Route(path, answer, methods=["GET", "POST"] if send else ["GET"], name=path)


async def _answered(desk: Desk, show: Page, send: Page | None, *, public: bool, framed: bool) -> Response:
    is_form = desk.request.method == "POST"
    try:
        return await _shown(desk, show, send if is_form else None, public=public, framed=framed)
    except SignInNeeded:
        return await _to_sign_in(desk, is_form=is_form)
    except Refused as refusal:
        return await problem(desk, refusal.status, desk.why(refusal), refusal.code)
    except HTTPException as error:
        return await problem(desk, error.status_code, desk.say(_said_of(error)), "none")
    except tuple(_TROUBLES) as error:
        trouble = next(found for kind, found in _TROUBLES.items() if isinstance(error, kind))
        log.warning("page.trouble", kind=trouble.kind, reason=str(error))
        answer = await problem(desk, trouble.status, desk.say(trouble.said), trouble.kind)
        if trouble is _AWAY:
            answer.headers["Retry-After"] = "2"
        return answer


async def _shown(desk: Desk, show: Page, send: Page | None, *, public: bool, framed: bool) -> Response:
    await desk.find_session()
    if desk.is_signed_in:
        begin_frame(desk, at_once=framed and send is None)
    elif not public:
        raise SignInNeeded
    if send is None:
        return _in_language(desk, await show(desk))
    await desk.read_form()
    return await send(desk)


@dataclass(frozen=True, slots=True)
class _Trouble:
    status: int
    kind: str
    said: str


_AWAY: Final = _Trouble(503, "away", N_("A part of the system does not answer for a moment"))
_TROUBLES: Final[Mapping[type[Exception], _Trouble]] = {
    FormForged: _Trouble(403, "form", N_("This form was not sent from a page of yours")),
    Away: _AWAY,
    SentBefore: _Trouble(409, "sent-before", N_("You had sent this form before, and that was taken")),
    SignInAway: _AWAY,
    **dict.fromkeys(OUTAGES, _AWAY),
    SignInFailed: _Trouble(401, "sign-in", N_("Signing in did not work")),
}


def _said_of(error: HTTPException) -> str:
    """What the server's own refusals mean: an address that leads nowhere, or a form that cannot be read."""
    return _NO_PAGE if error.status_code == codes.NOT_FOUND else _UNREADABLE


def _in_language(desk: Desk, answer: Response) -> Response:
    """Whoever asked for the other language gets it from now on."""
    if desk.query.get("lang") == desk.language.value:
        answer.set_cookie(
            LANGUAGE_COOKIE, desk.language.value, max_age=_YEAR, httponly=True, samesite="lax", path="/"
        )
    return answer


async def problem(desk: Desk, status: int, said: str, kind: str) -> Response:
    """A page that says what happened, with what was typed."""
    typed = await _typed(desk) if desk.request.method == "POST" else []
    if not desk.is_signed_in:
        return await desk.draw("alone.html", status=status, said=said, kind=kind, typed=typed)
    try:
        return await desk.draw("problem.html", status=status, said=said, kind=kind, typed=typed)
    except (SignInNeeded, Away, Refused):
        return _without_frame(desk, status, said, kind, typed)


def _without_frame(
    desk: Desk, status: int, said: str, kind: str, typed: Sequence[tuple[str, str]] = ()
) -> Response:
    facts = {"desk": desk, "said": said, "kind": kind, "typed": typed}
    shown = desk.portal.renderer.draw(desk.language, "alone.html", facts)
    return Response(shown, status_code=status, media_type="text/html; charset=utf-8")


async def not_found(request: Request, _: Exception) -> Response:
    """An address that leads nowhere."""
    return await _alone(request, 404, _NO_PAGE, "none")


async def gone(_: Request, __: Exception) -> Response:
    """The browser went away in the middle of what it sent: nobody reads an answer, and nothing was done."""
    return Response(status_code=400)


async def failed(request: Request, error: Exception) -> Response:
    """A fault of ours: for people a page that says what is safe, for us the log."""
    log.error("page.failed", path=request.url.path, exc_info=error)
    return await _alone(request, 500, N_("This page could not be drawn: the fault is ours"), "away")


def refuse(refusal: Refusal) -> ASGIApp:
    """The answer to what is refused before any page is asked: for people a page that says why, for programs
    what services answer."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        shown: Response = problem_response(refusal)
        if not request.url.path.startswith(OTHERS) and "text/html" in request.headers.get("accept", ""):
            desk = Desk(request.app.state.portal, request, None)
            said = refusal.detail_vi if desk.language is Language.VI else refusal.detail_en
            shown = _without_frame(desk, refusal.status, said, "none")
        await shown(scope, receive, send)

    return answer


async def _alone(request: Request, status: int, said: str, kind: str) -> Response:
    if request.url.path.startswith("/api/"):
        return JSONResponse({"code": kind}, status_code=status)
    desk = Desk(request.app.state.portal, request, None)
    return _without_frame(desk, status, desk.say(said), kind)


async def _typed(desk: Desk) -> Sequence[tuple[str, str]]:
    try:
        form = await desk.peek_form()
    except HTTPException:
        return []
    return [
        (name, value)
        for name, value in form.multi_items()
        if isinstance(value, str) and value and name not in _HIDDEN
    ]


_HIDDEN: Final = SECRETS | {FORM_TOKEN, FORM_KEY, VERSION}


async def _to_sign_in(desk: Desk, *, is_form: bool) -> Response:
    """Off to the issuer, and back to here. What was sent is kept until then."""
    back = f"{desk.path}?{desk.request.url.query}" if desk.request.url.query else desk.path
    if is_form:
        back = await _kept_at(desk) or desk.path
    if desk.wants_fragment:
        return Response(status_code=204, headers={"HX-Redirect": _sign_in_at(back)})
    return RedirectResponse(_sign_in_at(back), status_code=303)


async def _kept_at(desk: Desk) -> str | None:
    """Where it is shown again to whose session had ended; of strangers nothing is kept."""
    sessions = desk.portal.sessions
    secret = desk.request.cookies.get(desk.portal.session_cookie)
    owner = await sessions.owner(secret) if secret else None
    if owner is None:
        return None
    form = await desk.peek_form()
    fields = [
        (name, value)
        for name, value in form.multi_items()
        if not isinstance(value, UploadFile) and name not in SECRETS
    ]
    kept = json.dumps({"path": desk.here(), "fields": fields, "person": str(owner)})
    return f"/kept/{await sessions.keep_form(kept)}"


def _sign_in_at(back: str) -> str:
    return f"{SIGN_IN}?{urlencode({'back': back})}"
