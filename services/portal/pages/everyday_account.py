"""The own account: who one is, the posts held, leave, the password, where one is signed in, the own data."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Final

import orjson
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from language.names import SERVICES
from language.personal_data import PATH, whole_file
from services.portal.asking.services import Call, Facts, Refused
from services.portal.desk import Desk
from services.portal.frame import ORGANISATION
from services.portal.opening import page
from services.portal.pages.shared import Told, is_id, today_of, told_of
from services.portal.showing.languages import N_
from services.portal.showing.typed import NotReadable, day_of

_PASSWORD_FIELDS: Final = {
    "old": "old_password",
    "new": "new_password",
    "PasswordWrong": "old_password",
    "PasswordTooEasy": "new_password",
    "PasswordUnchanged": "new_password",
}
_LEAVE_DAYS: Final = ("starts_on", "ends_on")
_LEAVE_FIELDS: Final = {"starts_on": "starts_on", "ends_on": "ends_on", "": "ends_on"}


def routes() -> Sequence[Route]:
    """All addresses."""
    return [
        page("/account", show_account, sign_out_everywhere),
        page("/account/password", show_password, send_password),
        page("/account/leave", show_leave, send_leave),
        page("/account/data.json", show_data),
    ]


def own(desk: Desk, path: str = "") -> str:
    """The address of the reader's own record, or of what belongs to it."""
    return f"/v1/people/{desk.session.person_id}{path}"


async def account_of(desk: Desk) -> Facts:
    """The reader's account; nothing when the reader signs in elsewhere only."""
    return await desk.ask_or({}, ORGANISATION, own(desk, "/account"))


async def show_account(desk: Desk) -> Response:
    """Everything at one glance."""
    me = await desk.shared("me")
    units = dict.fromkeys(post["unit_id"] for post in me.posts)
    nothing: Facts = {"items": []}
    person, account, codes, linked, leaves, *found = await asyncio.gather(
        desk.ask_or({}, ORGANISATION, own(desk)),
        account_of(desk),
        desk.ask_or({}, ORGANISATION, "/v1/me/one-time-codes"),
        desk.ask_or(nothing, ORGANISATION, own(desk, "/identities")),
        desk.ask_or(nothing, ORGANISATION, own(desk, "/leaves")),
        *(desk.ask_or({}, ORGANISATION, f"/v1/units/{unit_id}") for unit_id in units),
    )
    return await desk.draw(
        "everyday/account.html",
        me=me,
        person=person,
        account=account,
        codes=codes,
        linked=linked["items"],
        leaves=_to_come(desk, leaves["items"]),
        units={unit["id"]: unit["name"] for unit in found if unit},
    )


def _to_come(desk: Desk, leaves: list[Facts]) -> list[Facts]:
    return sorted(
        (one for one in leaves if one["ends_on"] >= today_of(desk)), key=lambda one: str(one["starts_on"])
    )


async def sign_out_everywhere(desk: Desk) -> Response:
    """End every session, here and elsewhere."""
    await desk.command(Call("POST", ORGANISATION, own(desk, "/account/sign-out")))
    return await _gone(desk, "signed-out-everywhere")


async def _gone(desk: Desk, done: str) -> Response:
    """No token of before is good any more, so no session of before is."""
    sessions, person_id = desk.portal.sessions, desk.session.person_id
    for row in await sessions.list_of(person_id):
        await sessions.end(row.id, person_id)
    answer = RedirectResponse(f"/welcome?done={done}", status_code=303)
    answer.delete_cookie(desk.portal.session_cookie, path="/", secure=True, httponly=True, samesite="lax")
    return answer


# The own data


async def show_data(desk: Desk) -> Response:
    """Everything that the services hold of the reader, as a file; all of them, or none."""
    person_id = str(desk.session.person_id)
    asked = (desk.ask(service, PATH.format(person_id=person_id)) for service in SERVICES)
    parts = dict(zip((service.value for service in SERVICES), await asyncio.gather(*asked), strict=True))
    file = whole_file(person_id, desk.portal.clock.real_now(), parts)
    headers = {
        "Content-Disposition": 'attachment; filename="du-lieu-cua-toi.json"',
        "Cache-Control": "no-store",
    }
    return Response(
        orjson.dumps(file, option=orjson.OPT_INDENT_2), media_type="application/json", headers=headers
    )


# The password


async def show_password(desk: Desk) -> Response:
    """The form, for who has a password here."""
    return await _draw_password(desk, None)


async def _draw_password(desk: Desk, told: Told | None, status: int = 200) -> Response:
    return await desk.draw("everyday/password.html", status=status, told=told, account=await account_of(desk))


async def send_password(desk: Desk) -> Response:
    """Choose another one, typed twice alike; whoever was signed in with the old one no longer is."""
    old, new = desk.sent_text("old_password"), desk.sent_text("new_password")
    if new != desk.sent_text("new_password_again"):
        said = desk.say(N_("The new password was not typed twice alike."))
        return await _draw_password(desk, Told(said, {"new_password_again": said}), 422)
    call = Call("POST", ORGANISATION, "/v1/me/password", body={"old": old, "new": new})
    try:
        await desk.command(call)
    except Refused as refusal:
        return await _draw_password(desk, told_of(desk, refusal, _PASSWORD_FIELDS), refusal.status)
    return await _gone(desk, "password-changed")


# Leave


async def show_leave(desk: Desk) -> Response:
    """The leaves that are written down, and the form for another one."""
    return await _draw_leave(desk, None, {})


async def _draw_leave(desk: Desk, told: Told | None, typed: Mapping[str, str], status: int = 200) -> Response:
    person, leaves = await asyncio.gather(
        desk.ask(ORGANISATION, own(desk), actions=True), desk.ask(ORGANISATION, own(desk, "/leaves"))
    )
    ordered = sorted(leaves["items"], key=lambda one: str(one["starts_on"]), reverse=True)
    return await desk.draw(
        "everyday/leave.html", status=status, told=told, typed=typed, person=person, leaves=ordered
    )


async def send_leave(desk: Desk) -> Response:
    """Write one down, or take one back."""
    leave_id = desk.sent_text("leave_id")
    if leave_id:
        if is_id(leave_id):
            await desk.command(Call("DELETE", ORGANISATION, own(desk, f"/leaves/{leave_id}")))
        return desk.see(desk.path, done="leave-taken-back")
    typed = {name: desk.sent_text(name) for name in _LEAVE_DAYS}
    days, wrong = {}, {}
    for name, text in typed.items():
        try:
            days[name] = day_of(text)
        except NotReadable:
            days[name] = None
        if days[name] is None:
            wrong[name] = desk.say(N_("Write the day like 05/09/2025."))
    if wrong:
        said = desk.say(N_("Some of this is not filled in correctly."))
        return await _draw_leave(desk, Told(said, wrong), typed, 422)
    body = {name: str(day) for name, day in days.items()}
    try:
        await desk.command(Call("POST", ORGANISATION, own(desk, "/leaves"), body=body))
    except Refused as refusal:
        return await _draw_leave(desk, told_of(desk, refusal, _LEAVE_FIELDS), typed, refusal.status)
    return desk.see(desk.path, done="leave-added")
