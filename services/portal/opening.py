"""How a request becomes a page: session first, then the page, then what went wrong, each said so that people
know what is safe and what to do."""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias
from urllib.parse import urlencode

import structlog
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from services.portal.asking.services import Away, Refused, SignInNeeded
from services.portal.desk import LANGUAGE_COOKIE, SECRETS, Desk, FormForged, Portal
from services.portal.frame import begin_frame
from services.portal.showing.languages import N_
from services.portal.signed_in.issuer import SignInAway, SignInFailed

log = structlog.get_logger()
Page: TypeAlias = Callable[[Desk], Awaitable[Response]]
SIGN_IN: Final = "/sign-in"
_YEAR: Final = 31_536_000


def page(
    path: str, show: Page, send: Page | None = None, *, public: bool = False, framed: bool = True
) -> Route:
    """A page at this address; `send` takes its form. A `public` one needs nobody to be signed in; one that is
    not `framed` answers scripts, and nothing is asked for a frame."""

    async def answer(request: Request) -> Response:
        desk = await _desk(request)
        if desk.is_signed_in and framed:
            begin_frame(desk)
        try:
            return await _answered(desk, show, send, public=public)
        finally:
            desk.drop_shared()

    return Route(path, answer, methods=["GET", "POST"] if send else ["GET"], name=path)


async def _desk(request: Request) -> Desk:
    portal: Portal = request.app.state.portal
    secret = request.cookies.get(portal.session_cookie)
    session = await portal.sessions.find(secret) if secret else None
    return Desk(portal, request, session)


async def _answered(desk: Desk, show: Page, send: Page | None, *, public: bool) -> Response:
    is_form = desk.request.method == "POST"
    try:
        return await _shown(desk, show, send if is_form else None, public=public)
    except SignInNeeded:
        return await _to_sign_in(desk, is_form=is_form)
    except Refused as refusal:
        return await problem(desk, refusal.status, refusal.said(desk.language.value), refusal.code)
    except tuple(_TROUBLES) as error:
        trouble = next(found for kind, found in _TROUBLES.items() if isinstance(error, kind))
        log.warning("page.trouble", kind=trouble.kind, reason=str(error))
        return await problem(desk, trouble.status, desk.say(trouble.said), trouble.kind)


async def _shown(desk: Desk, show: Page, send: Page | None, *, public: bool) -> Response:
    if not desk.is_signed_in and not public:
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


_TROUBLES: Final[Mapping[type[Exception], _Trouble]] = {
    FormForged: _Trouble(403, "form", N_("This form was not sent from a page of yours")),
    Away: _Trouble(503, "away", N_("A part of the system does not answer for a moment")),
    SignInAway: _Trouble(503, "away", N_("A part of the system does not answer for a moment")),
    SignInFailed: _Trouble(401, "sign-in", N_("Signing in did not work")),
}


def _in_language(desk: Desk, answer: Response) -> Response:
    """Whoever asked for the other language gets it from now on."""
    if desk.query.get("lang") == desk.language.value:
        answer.set_cookie(
            LANGUAGE_COOKIE, desk.language.value, max_age=_YEAR, httponly=True, samesite="lax", path="/"
        )
    return answer


async def problem(desk: Desk, status: int, said: str, kind: str) -> Response:
    """A page that says what happened, with what was typed."""
    typed = _typed(await desk.peek_form()) if desk.request.method == "POST" else []
    if not desk.is_signed_in:
        return await desk.draw("alone.html", status=status, said=said, kind=kind, typed=typed)
    begin_frame(desk)
    try:
        return await desk.draw("problem.html", status=status, said=said, kind=kind, typed=typed)
    except (SignInNeeded, Away, Refused):
        return _without_frame(desk, status, said, kind)


def _without_frame(desk: Desk, status: int, said: str, kind: str) -> Response:
    facts = {"desk": desk, "said": said, "kind": kind, "typed": []}
    shown = desk.portal.renderer.draw(desk.language, "alone.html", facts)
    return Response(shown, status_code=status, media_type="text/html; charset=utf-8")


async def not_found(request: Request, _: Exception) -> Response:
    """An address that leads nowhere."""
    return await _alone(request, 404, N_("There is no such page"), "none")


async def gone(_: Request, __: Exception) -> Response:
    """The browser went away in the middle of what it sent: nobody reads an answer, and nothing was done."""
    return Response(status_code=400)


async def failed(request: Request, error: Exception) -> Response:
    """A fault of ours: for people a page that says what is safe, for us the log."""
    log.error("page.failed", path=request.url.path, exc_info=error)
    return await _alone(request, 500, N_("This page could not be drawn: the fault is ours"), "away")


async def _alone(request: Request, status: int, said: str, kind: str) -> Response:
    if request.url.path.startswith("/api/"):
        return JSONResponse({"code": kind}, status_code=status)
    desk = Desk(request.app.state.portal, request, None)
    return _without_frame(desk, status, desk.say(said), kind)


def _typed(form: FormData) -> Sequence[tuple[str, str]]:
    return [
        (name, value)
        for name, value in form.multi_items()
        if isinstance(value, str) and value and name not in _HIDDEN
    ]


_HIDDEN: Final = SECRETS | {"form_token", "key", "version"}


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
    kept = json.dumps({"path": desk.path, "fields": fields, "person": str(owner)})
    return f"/kept/{await sessions.keep_form(kept)}"


def _sign_in_at(back: str) -> str:
    return f"{SIGN_IN}?{urlencode({'back': back})}"
