"""The system itself: whether its parts answer, mails and messages to programs that were given up, and what
waits for a second administrator."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Final

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from language.telling import MailState
from services.portal.asking.services import Away, Call, Facts, Query, Refused
from services.portal.desk import Desk
from services.portal.frame import ORGANISATION, POSTROOM
from services.portal.opening import page
from services.portal.pages.administration import PARTS
from services.portal.pages.administration_forms import Act, act_page, why_not
from services.portal.pages.shared import Told, as_table, asked, listed_or_told, names_of, wants_table
from services.portal.showing.languages import N_
from services.portal.showing.values import Values

_GIVEN_UP: Final = "FAILED"
_AT_ONCE: Final = 6
"""Dry runs; connections are for all readers."""


def routes() -> Sequence[Route]:
    """All addresses."""
    return [
        page("/administration/proposals", show_proposals),
        act_page("/administration/proposals/{kind}/{proposal_id:uuid}/{act}", _proposal),
        page("/administration/system", show_system),
        act_page("/administration/mails/{mail_id:uuid}/resend", _mail),
        act_page("/administration/webhooks/{webhook_id:uuid}/{act}", _webhook),
        act_page("/administration/webhooks/{webhook_id:uuid}/deliveries/{delivery_id:uuid}", _delivery),
    ]


async def show_system(desk: Desk) -> Response:
    """Parts, mails and programs."""
    state = desk.query.get("state", _GIVEN_UP)
    wanted = {**asked(desk, "sort"), "state": "" if state == "ALL" else state}
    if wants_table(desk):
        return await as_table(desk, POSTROOM, "/v1/mails", wanted)
    health, (mails, told), hooks = await asyncio.gather(
        asyncio.gather(*(_answers(desk, part) for part in PARTS)),
        _mails(desk, wanted),
        _perhaps(desk, "/v1/webhooks"),
    )
    failed = await asyncio.gather(
        *(
            _perhaps(desk, f"/v1/webhooks/{one['id']}/deliveries", state=_GIVEN_UP, limit=20)
            for one in (hooks or {"items": []})["items"]
        )
    )
    people = [one["person_id"] for one in (mails or {"items": []})["items"]]
    return await desk.draw(
        "administration/system.html",
        health=dict(zip(PARTS, health, strict=True)),
        mails=mails,
        told=told,
        state=state,
        states=[one.value for one in MailState],
        webhooks=list(zip((hooks or {"items": []})["items"], failed, strict=True)),
        knows_webhooks=hooks is not None,
        names=await names_of(desk, people),
    )


async def _answers(desk: Desk, part: str) -> bool:
    """It is there, and its database answers."""
    try:
        await desk.ask(part, "/health")
    except (Away, Refused):
        return False
    return True


async def _mails(desk: Desk, wanted: Query) -> tuple[Facts | None, Told | None]:
    """The mails; None where the postroom is away, or this reader may not see them."""
    try:
        return await listed_or_told(desk, POSTROOM, "/v1/mails", wanted)
    except Away:
        return None, None
    except Refused as refusal:
        if refusal.status == 403:
            return None, None
        raise


async def _perhaps(desk: Desk, path: str, **query: object) -> Facts | None:
    """None where the postroom is away, or this reader may not see it."""
    try:
        return await desk.ask(POSTROOM, path, **query)
    except Away:
        return None
    except Refused as refusal:
        if refusal.status == 403:
            return None
        raise


async def _mail(desk: Desk) -> Act:
    call = Call("POST", POSTROOM, f"/v1/mails/{desk.part('mail_id')}/resending")
    return Act(
        title=N_("Send the mail again"),
        meaning=N_("Of one that may have arrived after all, its reader then has it twice."),
        done="mail-again",
        call=lambda _: call,
        about=desk.say(N_("System")),
        back="/administration/system",
        barred=await why_not(desk, call),
    )


_TURNS: Final[Mapping[str, tuple[str, str]]] = {
    "turning-on": (
        N_("Turn it on again"),
        N_("New notices are sent to it again. What it missed is sent again one by one."),
    ),
    "turning-off": (N_("Turn it off"), N_("Nothing is sent to it any more.")),
}


async def _webhook(desk: Desk) -> Act:
    wish = desk.part("act")
    if wish not in _TURNS:
        raise HTTPException(404)
    call = Call("POST", POSTROOM, f"/v1/webhooks/{desk.part('webhook_id')}/{wish}")
    return Act(
        title=_TURNS[wish][0],
        meaning=_TURNS[wish][1],
        done="webhook-turned",
        call=lambda _: call,
        is_grave=wish == "turning-off",
        about=desk.say(N_("System")),
        back="/administration/system",
        barred=await why_not(desk, call),
    )


async def _delivery(desk: Desk) -> Act:
    body = {"delivery_id": desk.part("delivery_id")}
    call = Call("POST", POSTROOM, f"/v1/webhooks/{desk.part('webhook_id')}/replay", body=body)
    return Act(
        title=N_("Send the message again"),
        meaning=N_("The program may get it twice; it knows it by its number."),
        done="delivery-again",
        call=lambda _: call,
        about=desk.say(N_("System")),
        back="/administration/system",
        barred=await why_not(desk, call),
    )


_PROPOSALS: Final = {"posts": "/v1/administrator-proposals", "accounts": "/v1/account-proposals"}


async def show_proposals(desk: Desk) -> Response:
    """What waits for a second administrator: posts of the province, and acts about accounts."""
    found = await asyncio.gather(
        *(desk.ask_or({"items": []}, ORGANISATION, path) for path in _PROPOSALS.values())
    )
    rows = [
        {**one, "of": kind} for kind, listed in zip(_PROPOSALS, found, strict=True) for one in listed["items"]
    ]
    rows.sort(key=lambda row: str(row["proposed_at"]))
    calls = [_approval(row["of"], row["id"]) for row in rows]
    turns = asyncio.Semaphore(_AT_ONCE)

    async def barred_from(call: Call) -> str:
        async with turns:
            return await why_not(desk, call)

    barred = await asyncio.gather(*(barred_from(call) for call in calls))
    people = [row[end] for row in rows for end in ("person_id", "proposed_by")]
    names = await names_of(desk, people)
    return await desk.draw(
        "administration/proposals.html", rows=list(zip(rows, barred, strict=True)), names=names
    )


def _approval(kind: str, proposal_id: str) -> Call:
    return Call("POST", ORGANISATION, f"{_PROPOSALS[kind]}/{proposal_id}/approval")


async def _proposal(desk: Desk) -> Act:
    kind, proposal_id, wish = desk.part("kind"), desk.part("proposal_id"), desk.part("act")
    if kind not in _PROPOSALS or wish not in {"approve", "drop"}:
        raise HTTPException(404)
    listed = await desk.ask(ORGANISATION, _PROPOSALS[kind])
    row = next((one for one in listed["items"] if one["id"] == proposal_id), None)
    if row is None:
        raise HTTPException(404)
    names = await names_of(desk, (row["person_id"],))
    is_approval = wish == "approve"
    call = _approval(kind, proposal_id)
    if not is_approval:
        call = Call("DELETE", ORGANISATION, f"{_PROPOSALS[kind]}/{proposal_id}")
    return Act(
        title=N_("Approve the proposal") if is_approval else N_("Drop the proposal"),
        meaning=N_("What was proposed is done at once.") if is_approval else N_("Nothing of it is done."),
        subject=f"{names.get(row['person_id'], '–')}: {_what(desk, row)}",
        done="approved" if is_approval else "dropped",
        call=lambda _: call,
        is_grave=not is_approval,
        about=desk.say(N_("For a second administrator")),
        back="/administration/proposals",
        barred=await why_not(desk, call),
    )


def _what(desk: Desk, row: Facts) -> str:
    if "act" in row:
        return Values(desk.language).words(row["act"], "AccountAct")
    if row["ends_id"]:
        return desk.say(N_("administers the province no longer"))
    return desk.say(N_("administers the province"))
