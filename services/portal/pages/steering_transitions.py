"""Rules that change under running dossiers: a plan that sorts them, looked at and completed by choices,
carried out when a second person approves it, and the way back."""

import asyncio
from collections.abc import Sequence
from typing import Any, Final

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from language.messages.transition import TransitionChoice, TransitionClass
from services.portal.asking.services import Call, Facts, Refused
from services.portal.desk import VERSION, Desk
from services.portal.frame import ORGANISATION, RULEBOOK
from services.portal.opening import page
from services.portal.pages.administration_forms import (
    Act,
    Body,
    Field,
    act_page,
    barred_by,
    offered,
)
from services.portal.pages.shared import (
    Told,
    as_table,
    asked,
    listed_or_told,
    names_of,
    sent_ids,
    wants_table,
)
from services.portal.showing.languages import N_

_PATH: Final = "/v1/transitions"
_BACK: Final = "/administration/transitions"
_MOST: Final = 200


def routes() -> Sequence[Route]:
    """All addresses."""
    return [
        page(_BACK, show_transitions),
        act_page(f"{_BACK}/new", _new),
        page(f"{_BACK}/{{transition_id:uuid}}", show_transition, send_choices),
        act_page(f"{_BACK}/{{transition_id:uuid}}/{{act}}", _act),
    ]


async def show_transitions(desk: Desk) -> Response:
    """All, the newest first."""
    wanted = asked(desk, "sort")
    if wants_table(desk):
        return await as_table(desk, RULEBOOK, _PATH, wanted)
    listed, told = await listed_or_told(desk, RULEBOOK, _PATH, wanted)
    people = [one[end] for one in listed["items"] for end in ("made_by", "settled_by")]
    names = await names_of(desk, people)
    return await desk.draw("steering/transitions.html", listed=listed, told=told, names=names)


async def _new(desk: Desk) -> Act:
    packs, seen = await asyncio.gather(
        desk.ask(RULEBOOK, "/v1/policy-packs"), desk.ask_or({"items": None}, RULEBOOK, _PATH, limit=1)
    )
    edition = desk.say(N_("edition"))
    options = [
        (f"{one['name']}@{one['version']}", f"{one['name']} · {edition} {one['version']}")
        for one in packs["items"]
    ]

    def plan(body: Body) -> Call:
        pack, _, version = str(body["to_pack"]).partition("@")
        return Call("POST", RULEBOOK, _PATH, body={"pack": pack, "version": int(version or 0)})

    given = f"{desk.query.get('pack', '')}@{desk.query.get('version', '')}"
    return Act(
        title=N_("Plan the change"),
        meaning=N_(
            "Every open dossier of earlier editions, and of the pack that this one replaces, is sorted: who "
            "can move, who cannot and why. Nothing moves before a second person approves it."
        ),
        done="transition-planned",
        call=plan,
        landing=lambda made: f"{_BACK}/{made['id']}",
        fields=(Field(name="to_pack", label=N_("The pack that shall hold"), kind="choice", options=options),),
        stored={"to_pack": given if given in dict(options) else ""},
        barred=desk.say(N_("Administrators of the province draft rules.")) if seen["items"] is None else "",
        about=desk.say(N_("Changes of rules")),
        back=_BACK,
    )


# One plan


async def _transition(desk: Desk) -> Facts:
    path = f"{_PATH}/{desk.part('transition_id')}"
    answer = await desk.ask_whole(RULEBOOK, path, actions=True)
    return {**answer.facts, "etag": answer.version}


async def show_transition(desk: Desk) -> Response:
    """How the dossiers are sorted, and how far they are."""
    wanted = asked(desk, "class")
    if wants_table(desk):
        path = f"{_PATH}/{desk.part('transition_id')}/dossiers"
        return await as_table(desk, RULEBOOK, path, wanted)
    return await _draw(desk, None)


async def _draw(
    desk: Desk,
    told: Told | None,
    *,
    status: int = 200,
    tried: Facts | None = None,
    typed: Facts | None = None,
) -> Response:
    wanted = asked(desk, "class")
    if wanted.get("class") not in set(TransitionClass):
        wanted = {}
    transition, listed = await asyncio.gather(
        _transition(desk),
        desk.ask(
            RULEBOOK,
            f"{_PATH}/{desk.part('transition_id')}/dossiers",
            **wanted,
            after=desk.query.get("after"),
        ),
    )
    names, units = await asyncio.gather(
        names_of(desk, (transition["made_by"], transition["settled_by"])),
        units_named(desk, {row["unit_id"] for row in listed["items"]}),
    )
    offers = offered(transition)
    choices = sorted({choice for row in listed["items"] for choice in row["choices"]})
    return await desk.draw(
        "steering/transition.html",
        status=status,
        transition=transition,
        listed=listed,
        classes=[one.value for one in TransitionClass],
        shown_class=wanted.get("class", ""),
        names=names,
        units=units,
        offers=offers,
        choices=choices if "choices" in offers else [],
        told=told,
        tried=tried,
        typed=typed or {},
    )


async def units_named(desk: Desk, ids: set[str]) -> dict[str, str]:
    """What these units are called."""
    found = await asyncio.gather(*(desk.ask_or({}, ORGANISATION, f"/v1/units/{one}") for one in sorted(ids)))
    return {row["id"]: row["name"] for row in found if row}


async def send_choices(desk: Desk) -> Response:
    """One choice for those that were ticked: shown first, then made."""
    form = await desk.read_form()
    ids = sent_ids(desk, form.getlist("dossier_id"))[:_MOST]
    choice = desk.sent_text("choice")
    typed: dict[str, Any] = {"ids": ids, "choice": choice}
    if not ids or choice not in set(TransitionChoice):
        missing = (
            {"choice": desk.say(N_("Choose this first."))} if choice not in set(TransitionChoice) else {}
        )
        said = desk.say(N_("Tick the dossiers, and choose what becomes of them."))
        return await _draw(desk, Told(said, missing), status=422, typed=typed)
    is_try = desk.sent_text("act") != "do"
    path = f"{_PATH}/{desk.part('transition_id')}/choices"
    call = Call("POST", RULEBOOK, path, body={"choice": choice, "dossier_ids": ids})
    try:
        answer = await desk.command(call, version=desk.sent_text(VERSION), dry_run=is_try)
    except Refused as refusal:
        if refusal.status == 404:
            raise
        told = Told(refusal.said(desk.language.value))
        return await _draw(desk, told, status=refusal.status, typed=typed)
    if is_try:
        return await _draw(desk, None, tried=answer.facts, typed=typed)
    return desk.see(desk.here(), done="choices-made")


_ACTS: Final = {
    "approve": (
        "approval",
        N_("Approve the plan"),
        N_("Now the dossiers are told and move, each when it stands still. Their authors are told."),
        "transition-approved",
    ),
    "cancel": ("cancellation", N_("Drop the plan"), N_("Nothing of it is done."), "transition-cancelled"),
    "reverse": (
        "reversal",
        N_("Plan the way back"),
        N_("Who can go back, who cannot and why. A second person approves this plan, too."),
        "transition-planned",
    ),
}


async def _act(desk: Desk) -> Act:
    wish = desk.part("act")
    if wish not in _ACTS:
        raise HTTPException(404)
    transition = await _transition(desk)
    command, title, meaning, done = _ACTS[wish]
    at = f"{_BACK}/{transition['id']}"
    call = Call("POST", RULEBOOK, f"{_PATH}/{transition['id']}/{command}")
    return Act(
        title=title,
        meaning=meaning,
        subject=f"{transition['from_pack']} → {transition['to_pack']} · {transition['to_version']}",
        done=done,
        call=lambda _: call,
        is_grave=wish != "reverse",
        version=transition["etag"] if wish != "reverse" else None,
        landing=lambda made: f"{_BACK}/{made['id']}",
        barred=barred_by(desk, transition, command),
        about=desk.say(N_("Changes of rules")),
        back=at,
    )
