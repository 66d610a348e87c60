"""Two records of one person: proposed to be joined with everything that moves shown first, approved by
another, joined as the day begins."""

from collections.abc import Sequence
from typing import Final

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from services.portal.asking.services import Call, Facts
from services.portal.desk import Desk
from services.portal.frame import ORGANISATION
from services.portal.opening import page
from services.portal.pages.administration_forms import Act, Field, act_page, barred_by, offered
from services.portal.pages.shared import as_table, asked, listed_or_told, names_of, wants_table
from services.portal.showing.languages import N_

_PATH: Final = "/v1/joinings"
_BACK: Final = "/administration/joinings"


def routes() -> Sequence[Route]:
    """All addresses."""
    return [
        page(_BACK, show_joinings),
        act_page(f"{_BACK}/new", _new),
        page(f"{_BACK}/{{joining_id:uuid}}", show_joining),
        act_page(f"{_BACK}/{{joining_id:uuid}}/{{act}}", _act),
    ]


async def show_joinings(desk: Desk) -> Response:
    """All, the one proposed last first."""
    wanted = asked(desk, "sort")
    if wants_table(desk):
        return await as_table(desk, ORGANISATION, _PATH, wanted)
    listed, told = await listed_or_told(desk, ORGANISATION, _PATH, wanted)
    people = [one[end] for one in listed["items"] for end in ("kept_id", "joined_id", "proposed_by")]
    names = await names_of(desk, people)
    return await desk.draw("steering/joinings.html", listed=listed, told=told, names=names)


async def _new(desk: Desk) -> Act:
    seen = await desk.ask_or({"items": None}, ORGANISATION, _PATH, limit=1)
    return Act(
        title=N_("Propose to join two records"),
        meaning=N_(
            "Both records must be of one and the same person. All that stands under the second goes over to "
            "the first; this is never undone. A second administrator approves it, and the person is told."
        ),
        done="joining-proposed",
        call=lambda body: Call("POST", ORGANISATION, _PATH, body=body),
        landing=lambda made: f"{_BACK}/{made['id']}",
        fields=(
            Field(name="kept_id", label=N_("The record that stays"), kind="person"),
            Field(name="joined_id", label=N_("The record that is joined to it"), kind="person"),
            Field(name="document", label=N_("By which document")),
            Field(name="reason", label=N_("How you know that they are one person")),
            Field(
                name="from_day", label=N_("From the beginning of"), kind="day", hint=N_("Tomorrow or later.")
            ),
        ),
        is_grave=True,
        shows="steering/effect_joining.html",
        shown_first=True,
        barred=desk.say(N_("Administrators of the province see them.")) if seen["items"] is None else "",
        about=desk.say(N_("Records of one person")),
        back=_BACK,
    )


async def _joining(desk: Desk) -> Facts:
    return await desk.ask(ORGANISATION, f"{_PATH}/{desk.part('joining_id')}", actions=True)


async def show_joining(desk: Desk) -> Response:
    """One, with all that moves."""
    found = await _joining(desk)
    people = [found[name] for name in ("kept_id", "joined_id", "proposed_by", "approved_by")]
    return await desk.draw(
        "steering/joining.html", one=found, offers=offered(found), names=await names_of(desk, people)
    )


_ACTS: Final = {
    "approve": (
        "approval",
        N_("Approve the joining"),
        N_("As the day begins, all goes over to the record that stays. This is never undone."),
        "joining-approved",
    ),
    "cancel": (
        "cancellation",
        N_("Take the joining back"),
        N_("Both records stay as they are."),
        "joining-cancelled",
    ),
}


async def _act(desk: Desk) -> Act:
    wish = desk.part("act")
    if wish not in _ACTS:
        raise HTTPException(404)
    command, title, meaning, done = _ACTS[wish]
    found = await _joining(desk)
    path = f"{_PATH}/{found['id']}/{command}"
    has_reason = wish == "cancel"
    return Act(
        title=title,
        meaning=meaning,
        subject=f"{found['joined_code']} → {found['kept_code']}",
        done=done,
        call=lambda body: Call("POST", ORGANISATION, path, body=body if has_reason else None),
        fields=(Field(name="reason", label=N_("Why")),) if has_reason else (),
        is_grave=True,
        barred=barred_by(desk, found, command),
        about=desk.say(N_("Records of one person")),
        back=f"{_BACK}/{found['id']}",
    )
