"""Payment lists: all of them, and making one of the approved awards that are chosen."""

import asyncio
from collections.abc import Sequence
from typing import Final

from starlette.responses import Response
from starlette.routing import Route

from kit.ids import new_id
from services.portal.asking.services import Call, Facts, Refused
from services.portal.desk import Desk, texts_of
from services.portal.frame import PAYOUT
from services.portal.opening import page
from services.portal.pages.money_shared import sum_of, units_of
from services.portal.pages.shared import (
    MOST,
    Told,
    as_table,
    asked,
    every_row,
    listed_or_told,
    now_of,
    sent_ids,
    told_of,
    wants_table,
)
from services.portal.showing.languages import N_
from services.portal.showing.typed import id_of

_FILTERS: Final = (
    *("state", "year", "unit_id", "overdue", "made_from", "made_until", "due_from", "due_until", "sort"),
)


def routes() -> Sequence[Route]:
    """All addresses."""
    return [page("/money/lists", show_lists), page("/money/lists/new", show_making, send_making)]


async def show_lists(desk: Desk) -> Response:
    """Every payment list that its reader may see."""
    wanted = asked(desk, *_FILTERS)
    if wants_table(desk):
        return await as_table(desk, PAYOUT, "/v1/payment-lists", wanted)
    (listed, told), units = await asyncio.gather(
        listed_or_told(desk, PAYOUT, "/v1/payment-lists", wanted), units_of(desk, [desk.query.get("unit_id")])
    )
    return await desk.draw(
        "money/lists.html",
        listed=listed,
        told=told,
        units=units,
        now=now_of(desk),
        is_filtered=bool(wanted.keys() - {"sort"}),
    )


async def show_making(desk: Desk) -> Response:
    """What could be put on a list."""
    return await _draw(desk, None, None)


async def _units_waiting(desk: Desk, unit_id: str) -> list[tuple[str, str]]:
    """Units with awards that wait for a list, as far as one page shows, and the one that was asked for."""
    some = await desk.ask(PAYOUT, "/v1/awards", state="APPROVED", limit=MOST)
    found = {row["unit_id"]: row["unit_name"] or "" for row in some["items"]}
    if unit_id and unit_id not in found:
        found |= dict(await units_of(desk, [unit_id]))
    return sorted(found.items(), key=lambda one: one[1])


async def _waiting(desk: Desk, unit_id: str) -> list[Facts]:
    """Every approved award that this very unit owes, not those below it."""
    rows = await every_row(desk, PAYOUT, "/v1/awards", state="APPROVED", unit_id=unit_id)
    return [row for row in rows if row["unit_id"] == unit_id]


async def _draw(
    desk: Desk,
    chosen: Sequence[str] | None,
    told: Told | None,
    *,
    tried: Facts | None = None,
    status: int = 200,
) -> Response:
    unit_id = id_of(desk.query.get("unit_id", ""))
    units = await _units_waiting(desk, unit_id)
    if not unit_id and len(units) == 1:
        unit_id = units[0][0]
    rows = await _waiting(desk, unit_id) if unit_id else []
    barred = await _barred(desk, unit_id) if rows and not told and not tried else ""
    return await desk.draw(
        "money/making.html",
        status=status,
        units=units,
        unit_id=unit_id,
        rows=rows,
        chosen=frozenset(chosen) if chosen is not None else frozenset(row["id"] for row in rows),
        total_dong=sum_of(rows),
        tried=tried,
        told=told,
        barred=barred,
    )


async def _barred(desk: Desk, unit_id: str) -> str:
    """Why the reader may make no list of this unit; nothing if it may be tried."""
    call = Call("POST", PAYOUT, "/v1/payment-lists", body={"unit_id": unit_id, "leave_out": []})
    try:
        await desk.command(call, key=str(new_id()), dry_run=True)
    except Refused as refusal:
        return desk.why(refusal) if refusal.status == 403 else ""
    return ""


async def send_making(desk: Desk) -> Response:
    """Try it, or make the list of what is ticked; the rest of the unit's awards wait for another."""
    form = await desk.read_form()
    typed, chosen = texts_of(form), sent_ids(desk, form.getlist("award_id"))
    unit_id = id_of(desk.query.get("unit_id", ""))
    if not chosen or not unit_id:
        said = desk.say(N_("Something is not filled in correctly."))
        fields = {"chosen": desk.say(N_("Tick the awards that go on the list."))}
        return await _draw(desk, chosen, Told(said, fields), status=422)
    # What is sent stands in the form alone: sent twice it is the same command, and makes one list.
    body = {"unit_id": unit_id, "only": sorted(chosen)}
    is_trial = typed.get("act") != "do"
    try:
        answer = await desk.command(Call("POST", PAYOUT, "/v1/payment-lists", body=body), dry_run=is_trial)
    except Refused as refusal:
        told = told_of(desk, refusal, {"PayeesNotTied": "chosen", "AwardNotWaiting": "chosen"})
        if refusal.code == "AwardNotWaiting":
            said = desk.say(N_("Some of what you had ticked waits no longer. Look at what is left."))
            told = Told(said, {"chosen": said})
        return await _draw(desk, chosen, told, status=refusal.status)
    if is_trial:
        return await _draw(desk, chosen, None, tried=answer.facts)
    return desk.see(f"/money/lists/{answer.facts['id']}", done="payment-list-made")
