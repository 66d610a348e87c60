"""Programs that are told: added, their secret shown once and changed, what was sent to them and what became
of it, and a span of time sent again."""

import asyncio
from collections.abc import Sequence
from typing import Any, Final

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from language.messages.notices import NoticeKind
from services.portal.asking.services import Call, Facts
from services.portal.desk import Desk
from services.portal.frame import POSTROOM
from services.portal.opening import page
from services.portal.pages.administration_forms import Act, Body, Field, act_page, why_not
from services.portal.pages.shared import (
    as_table,
    asked,
    listed_or_told,
    names_of,
    now_of,
    wants_table,
)
from services.portal.showing.languages import N_
from services.portal.showing.values import Values

_PATH: Final = "/v1/webhooks"
_BACK: Final = "/administration/webhooks"
_STATES: Final = ("WAITING", "DELIVERED", "FAILED")


def routes() -> Sequence[Route]:
    """All addresses."""
    one = f"{_BACK}/{{webhook_id:uuid}}"
    return [
        page(_BACK, show_webhooks),
        act_page(f"{_BACK}/new", _new, _once),
        page(one, show_webhook),
        act_page(f"{one}/secret", _secret, _once),
        act_page(f"{one}/period", _period),
    ]


async def show_webhooks(desk: Desk) -> Response:
    """All of them, without their secrets."""
    if wants_table(desk):
        return await as_table(desk, POSTROOM, _PATH, {})
    listed = await desk.ask(POSTROOM, _PATH)
    names = await names_of(desk, (one["made_by"] for one in listed["items"]))
    return await desk.draw("steering/webhooks.html", webhooks=listed["items"], names=names)


async def _webhook(desk: Desk) -> Facts:
    listed = await desk.ask(POSTROOM, _PATH)
    found = next((one for one in listed["items"] if one["id"] == desk.part("webhook_id")), None)
    if found is None:
        raise HTTPException(404)
    return dict(found)


async def show_webhook(desk: Desk) -> Response:
    """One, with what was sent to it."""
    path = f"{_PATH}/{desk.part('webhook_id')}"
    wanted = asked(desk, "state")
    if wants_table(desk):
        return await as_table(desk, POSTROOM, f"{path}/deliveries", wanted)
    webhook, (deliveries, told), off, on = await asyncio.gather(
        _webhook(desk),
        listed_or_told(desk, POSTROOM, f"{path}/deliveries", wanted),
        why_not(desk, Call("POST", POSTROOM, f"{path}/turning-off")),
        why_not(desk, Call("POST", POSTROOM, f"{path}/turning-on")),
    )
    return await desk.draw(
        "steering/webhook.html",
        webhook=webhook,
        deliveries=deliveries,
        told=told,
        states=_STATES,
        names=await names_of(desk, (webhook["made_by"],)),
        may_turn_off=not off and webhook["off_since"] is None,
        may_turn_on=not on and webhook["off_since"] is not None,
    )


async def _new(desk: Desk) -> Act:
    said = Values(desk.language).words
    seen = await desk.ask_or({"items": None}, POSTROOM, _PATH)
    kinds = [(kind.value, said(kind.value, "NoticeKind")) for kind in NoticeKind]
    return Act(
        title=N_("Add a program"),
        meaning=N_("Each message to it is signed. The secret for that is shown once, right after this."),
        done="webhook-added",
        call=lambda body: Call("POST", POSTROOM, _PATH, body=body),
        fields=(
            Field(name="url", label=N_("Address"), most=500, hint=N_("It begins with https://")),
            Field(name="kinds", label=N_("What it is told of"), kind="many", options=kinds),
        ),
        barred=desk.say(N_("Administrators of the province see them.")) if seen["items"] is None else "",
        about=desk.say(N_("Programs")),
        back=_BACK,
    )


async def _once(desk: Desk, made: Facts) -> Response:
    """The only page that shows the secret. A form sent twice gets none."""
    answer = await desk.draw("steering/webhook_secret.html", made=made)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _about(webhook: Facts, **more: Any) -> Act:
    return Act(about=webhook["url"], back=f"{_BACK}/{webhook['id']}", **more)


async def _secret(desk: Desk) -> Act:
    webhook = await _webhook(desk)
    path = f"{_PATH}/{webhook['id']}/secret"
    return _about(
        webhook,
        title=N_("Change the secret"),
        meaning=N_("The new one is shown once, right after this. For some hours both sign."),
        done="webhook-secret",
        call=lambda body: Call("POST", POSTROOM, path, body=body),
        fields=(
            Field(name="overlap_hours", label=N_("For how many hours the old one signs too"), kind="number"),
        ),
        stored={"overlap_hours": "24"},
        is_grave=True,
        barred=await why_not(desk, Call("POST", POSTROOM, path, body={})),
    )


async def _period(desk: Desk) -> Act:
    webhook = await _webhook(desk)
    path = f"{_PATH}/{webhook['id']}/replay"

    def call(body: Body) -> Call:
        return Call("POST", POSTROOM, path, body=body)

    now = now_of(desk)
    return _about(
        webhook,
        title=N_("Send a span of time again"),
        meaning=N_("All that happened in these days is sent once more. The program knows it by its number."),
        done="period-again",
        call=call,
        fields=(
            Field(name="starts_at", label=N_("First day"), kind="begin"),
            Field(name="ends_at", label=N_("Last day"), kind="end"),
        ),
        shows="steering/effect_replay.html",
        shown_first=True,
        barred=await why_not(desk, call({"starts_at": now, "ends_at": now})),
    )
