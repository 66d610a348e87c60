"""Signing in and out, and where one is signed in."""

import json
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from services.portal.asking.services import Call, Facts
from services.portal.desk import Desk, own_path
from services.portal.frame import ORGANISATION
from services.portal.opening import SIGN_IN, page
from services.portal.signed_in.issuer import CALLBACK, Began, SignInFailed
from services.portal.signed_in.kept import kept_as

_BEGAN_COOKIE: Final = "__Host-sign-in"
_BEGAN_SECONDS: Final = 600


def routes() -> Sequence[Route]:
    """All addresses."""
    return [
        page("/welcome", show_welcome, public=True),
        page(SIGN_IN, begin, public=True),
        page(CALLBACK, complete, public=True),
        page("/sign-out", show_sign_out, sign_out),
        page("/sessions", show_sessions, end_session),
        page("/kept/{form_id}", show_kept, drop_kept),
    ]


async def show_welcome(desk: Desk) -> Response:
    """What this is, and the way in."""
    return await desk.draw("welcome.html")


async def begin(desk: Desk) -> Response:
    """Off to the issuer."""
    address, began = await desk.portal.issuer.begin(own_path(desk.query.get("back", "/")), desk.language)
    answer = RedirectResponse(address, status_code=303)
    answer.set_cookie(
        _BEGAN_COOKIE,
        desk.portal.sessions.seal_cookie(began.model_dump_json()),
        max_age=_BEGAN_SECONDS,
        httponly=True,
        secure=True,
        samesite="lax",
        path="/",
    )
    return answer


async def complete(desk: Desk) -> Response:
    """Back from the issuer: a new session, whatever cookie was there before."""
    portal = desk.portal
    began = kept_as(Began, portal.sessions.open_cookie(desk.request.cookies.get(_BEGAN_COOKIE, "")))
    if began is None:
        raise SignInFailed("nothing was begun here")
    if desk.query.get("state") != began.state or not desk.query.get("code"):
        raise SignInFailed("state")
    signed_in = await portal.issuer.complete(began, desk.query["code"])
    me = await portal.services.ask(signed_in.tokens.access, Call("GET", ORGANISATION, "/v1/me"))
    program = desk.request.headers.get("user-agent", "")
    session = await portal.sessions.open(signed_in, UUID(me.facts["person_id"]), program)
    answer = RedirectResponse(began.back, status_code=303)
    answer.delete_cookie(_BEGAN_COOKIE, path="/", secure=True, httponly=True, samesite="lax")
    answer.set_cookie(
        portal.session_cookie, session.secret, httponly=True, secure=True, samesite="lax", path="/"
    )
    return answer


async def show_sign_out(desk: Desk) -> Response:
    """Are you sure; works without script."""
    return await desk.draw("sign_out.html")


async def sign_out(desk: Desk) -> Response:
    """End this session."""
    session = desk.session
    await desk.portal.sessions.end(session.row.id, session.person_id)
    answer = RedirectResponse("/welcome?done=signed-out", status_code=303)
    answer.delete_cookie(desk.portal.session_cookie, path="/", secure=True, httponly=True, samesite="lax")
    return answer


async def show_sessions(desk: Desk) -> Response:
    """Where one is signed in."""
    rows = await desk.portal.sessions.list_of(desk.session.person_id)
    return await desk.draw("sessions.html", rows=rows, present=desk.session.row.id)


async def end_session(desk: Desk) -> Response:
    """End one of one's own sessions, such as that of a lost telephone."""
    try:
        session_id = UUID(desk.sent_text("session_id"))
    except ValueError:
        return desk.see("/sessions")
    if session_id == desk.session.row.id:
        return await sign_out(desk)
    await desk.portal.sessions.end(session_id, desk.session.person_id)
    return desk.see("/sessions", done="session-ended")


async def show_kept(desk: Desk) -> Response:
    """What was sent when the session had ended, to be sent again."""
    kept = await _kept(desk)
    if kept is None:
        return desk.see("/", done="kept-too-long")
    return await desk.draw("kept.html", kept=kept)


async def drop_kept(desk: Desk) -> Response:
    """It is not wanted any more."""
    if await _kept(desk) is not None:
        await desk.portal.sessions.drop_form(UUID(desk.part("form_id")))
    return desk.see("/")


async def _kept(desk: Desk) -> Facts | None:
    try:
        form_id = UUID(desk.part("form_id"))
    except ValueError:
        return None
    text = await desk.portal.sessions.kept_form(form_id)
    kept: Facts | None = json.loads(text) if text else None
    # On a machine that many use, whoever signs in next is somebody else.
    return kept if kept and "fields" in kept and kept["person"] == str(desk.session.person_id) else None
