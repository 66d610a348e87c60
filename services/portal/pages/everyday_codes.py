"""One-time codes: set up with the password, renewed and removed with a code. Secrets are shown once, in the
answer to the form, and stand on no other page."""

from collections.abc import Sequence
from typing import Any, Final

from starlette.responses import Response
from starlette.routing import Route

from services.portal.asking.services import Call, Refused
from services.portal.desk import Desk
from services.portal.frame import ORGANISATION
from services.portal.opening import page
from services.portal.pages.everyday_account import account_of
from services.portal.pages.shared import told_of

_CODES: Final = "/v1/me/one-time-codes"
_WAYS: Final = {"confirm": "/confirmation", "renew": "/recovery-codes", "remove": "/removal"}
_FIELDS: Final = {
    "password": "password",
    "PasswordWrong": "password",
    "one_time_code": "one_time_code",
    "OneTimeCodeWrong": "one_time_code",
}


def routes() -> Sequence[Route]:
    """All addresses."""
    return [page("/account/codes", show_codes, send_codes)]


async def show_codes(desk: Desk) -> Response:
    """Whether signing in takes a code, and what can be done about it."""
    return await _draw(desk)


async def _draw(desk: Desk, status: int = 200, **facts: Any) -> Response:
    shown = {"told": None, "secret": None, "uri": None, "recovery": None, "act": "", **facts}
    codes = await desk.ask(ORGANISATION, _CODES)
    return await desk.draw(
        "everyday/codes.html", status=status, codes=codes, account=await account_of(desk), **shown
    )


async def send_codes(desk: Desk) -> Response:
    """Begin, confirm, renew or remove."""
    act = desk.sent_text("act")
    if act == "begin":
        call = Call("POST", ORGANISATION, _CODES, body={"password": desk.sent_text("password")})
    elif act in _WAYS:
        typed = "".join(desk.sent_text("one_time_code").split())
        call = Call("POST", ORGANISATION, f"{_CODES}{_WAYS[act]}", body={"one_time_code": typed})
    else:
        return desk.see(desk.path)
    try:
        made = (await desk.command(call)).facts
    except Refused as refusal:
        return await _draw(desk, refusal.status, told=told_of(desk, refusal, _FIELDS), act=act)
    if act == "remove":
        return desk.see(desk.path, done="codes-removed")
    if act == "begin" and made["secret"]:
        return await _draw(desk, secret=made["secret"], uri=made["uri"], act="confirm")
    if act != "begin" and made["recovery_codes"]:
        return await _draw(desk, recovery=made["recovery_codes"])
    # The form was sent twice: what it brought was shown the first time only.
    return desk.see(desk.path)
