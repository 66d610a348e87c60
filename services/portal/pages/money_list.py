"""One payment list: looked at, printed, sent, confirmed wholly or in part, shortened, cancelled."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Final

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from services.portal.asking.services import Call, Facts, Refused
from services.portal.desk import Desk, texts_of
from services.portal.frame import PAYOUT
from services.portal.opening import page
from services.portal.pages.money_shared import Act, units_of
from services.portal.pages.shared import (
    Told,
    as_table,
    event_said,
    every_row,
    names_of,
    now_of,
    sent_ids,
    told_of,
    wants_table,
)
from services.portal.showing.languages import N_
from services.portal.showing.typed import line_of, text_of

ACTS: Final[Mapping[str, Act]] = {
    "removal": Act(
        title=N_("Take it off the list"),
        meaning=N_(
            "The award waits for another list. A list that loses its last award is cancelled by itself."
        ),
        done="list-shortened",
    ),
    "cancellation": Act(
        title=N_("Cancel the list"),
        meaning=N_(
            "The list pays nothing: it is given up, or the treasury has given all of it back. Its awards "
            "wait for another list."
        ),
        done="list-cancelled",
    ),
}
OFFERED: Final = ("sending", "confirmation", "cancellation", "removal")
_ENTIRE: Final = "/money/lists/{list_id:uuid}"


def routes() -> Sequence[Route]:
    """All addresses."""
    return [
        page(_ENTIRE, show_list),
        page(f"{_ENTIRE}/history", show_history),
        page(f"{_ENTIRE}/sending", back_to_list, send_list),
        page(f"{_ENTIRE}/confirmation", show_confirmation, confirm_list),
        page(f"{_ENTIRE}/{{act}}", show_act, send_act),
    ]


def _path(desk: Desk) -> str:
    return f"/v1/payment-lists/{desk.part('list_id')}"


def _here(desk: Desk) -> str:
    return f"/money/lists/{desk.part('list_id')}"


async def _read(desk: Desk) -> dict[str, Any]:
    listed = await desk.ask(PAYOUT, _path(desk), actions=True)
    names, units = await asyncio.gather(
        names_of(desk, (listed["made_by"], listed["sent_by"])), units_of(desk, [listed["unit_id"]])
    )
    return {
        "paylist": listed,
        "rows": sorted(listed["items"], key=_by_dossier),
        "names": names,
        "unit_name": dict(units).get(listed["unit_id"], ""),
        "now": now_of(desk),
    }


def _by_dossier(item: Facts) -> tuple[str, str, str]:
    return item["dossier_code"] or "", item["award_id"], item["full_name"] or ""


async def show_list(desk: Desk) -> Response:
    """The list with its lines."""
    if wants_table(desk):
        return await as_table(desk, PAYOUT, f"{_path(desk)}/items", {})
    return await desk.draw("money/list.html", told=None, acts=ACTS, offered=OFFERED, **await _read(desk))


async def back_to_list(desk: Desk) -> Response:
    """A list is sent from its own page."""
    return desk.see(_here(desk))


async def send_list(desk: Desk) -> Response:
    """It went to the treasury."""
    await desk.read_form()
    try:
        await desk.command(Call("POST", PAYOUT, f"{_path(desk)}/sending"))
    except Refused as refusal:
        if refusal.status == 404:
            raise
        facts = {"told": told_of(desk, refusal, {}), "acts": ACTS, "offered": OFFERED, **await _read(desk)}
        return await desk.draw("money/list.html", status=refusal.status, **facts)
    return desk.see(_here(desk), done="list-sent")


# Confirmed, wholly or in part


async def show_confirmation(desk: Desk) -> Response:
    """What the treasury's statement says."""
    return await _draw_confirmation(desk, {}, [], None)


def _awards_of(rows: Sequence[Facts]) -> list[Facts]:
    """The lines by award, with who is paid from each."""
    found: dict[str, Facts] = {}
    for row in rows:
        award = found.setdefault(row["award_id"], row | {"amount_dong": 0, "people": []})
        award["amount_dong"] += row["amount_dong"]
        award["people"].append(row["full_name"] or "")
    return list(found.values())


async def _draw_confirmation(
    desk: Desk,
    typed: Mapping[str, str],
    unpaid: Sequence[str],
    told: Told | None,
    *,
    tried: Facts | None = None,
    status: int = 200,
) -> Response:
    found = await _read(desk)
    awards = _awards_of(found["rows"])
    left = sum(row["amount_dong"] for row in awards if row["award_id"] in unpaid)
    return await desk.draw(
        "money/confirmation.html",
        status=status,
        awards=awards,
        typed=typed,
        unpaid=frozenset(unpaid),
        unpaid_dong=left,
        told=told,
        tried=tried,
        **found,
    )


async def confirm_list(desk: Desk) -> Response:
    """Try it, or confirm what the treasury has paid."""
    form = await desk.read_form()
    typed, unpaid = texts_of(form), sent_ids(desk, form.getlist("unpaid"))
    missing = {
        f"reason-{one}": desk.say(N_("Say why it was not paid."))
        for one in unpaid
        if not text_of(typed.get(f"reason-{one}", ""))
    }
    reference = line_of(typed.get("statement_reference", ""))
    if not reference:
        missing["statement_reference"] = desk.say(N_("Write the number of the statement."))
    if missing:
        said = desk.say(N_("Something is not filled in correctly."))
        return await _draw_confirmation(desk, typed, unpaid, Told(said, missing), status=422)
    lines = [{"award_id": one, "reason": text_of(typed[f"reason-{one}"])} for one in unpaid]
    call = Call(
        "POST",
        PAYOUT,
        f"{_path(desk)}/confirmation",
        body={"statement_reference": reference, "unpaid": lines},
    )
    is_trial = typed.get("act") != "do"
    try:
        answer = await desk.command(call, dry_run=is_trial)
    except Refused as refusal:
        if refusal.status == 404:
            raise
        told = told_of(desk, refusal, {"statement_reference": "statement_reference"})
        return await _draw_confirmation(desk, typed, unpaid, told, status=refusal.status)
    if is_trial:
        return await _draw_confirmation(desk, typed, unpaid, None, tried=answer.facts)
    return desk.see(_here(desk), done="list-confirmed", sent=desk.path)


# With a reason


def _act_of(desk: Desk) -> Act:
    act = ACTS.get(desk.part("act"))
    if act is None:
        raise HTTPException(404)
    return act


async def show_act(desk: Desk) -> Response:
    """The form of an act."""
    return await _draw_act(desk, "", None)


async def _draw_act(desk: Desk, reason: str, told: Told | None, status: int = 200) -> Response:
    act, found = _act_of(desk), await _read(desk)
    award_id = desk.query.get("award_id", "")
    lines = [row for row in found["rows"] if row["award_id"] == award_id]
    if desk.part("act") == "removal" and not lines and told is None:
        raise HTTPException(404)
    return await desk.draw(
        "money/list_act.html",
        status=status,
        act=act,
        command=desk.part("act"),
        lines=lines,
        reason=reason,
        told=told,
        **found,
    )


async def send_act(desk: Desk) -> Response:
    """Do it."""
    typed, act = texts_of(await desk.read_form()), _act_of(desk)
    body = {"reason": text_of(typed.get("reason", ""))}
    if desk.part("act") == "removal":
        body["award_id"] = desk.query.get("award_id", "")
    try:
        await desk.command(Call("POST", PAYOUT, f"{_path(desk)}/{desk.part('act')}", body=body))
    except Refused as refusal:
        if refusal.status == 404:
            raise
        told = told_of(desk, refusal, {"reason": "reason"})
        return await _draw_act(desk, typed.get("reason", ""), told, refusal.status)
    return desk.see(_here(desk), done=act.done, sent=desk.here())


# History


async def show_history(desk: Desk) -> Response:
    """Everything that happened to the list."""
    listed, events = await asyncio.gather(
        desk.ask(PAYOUT, _path(desk)), every_row(desk, PAYOUT, f"{_path(desk)}/history")
    )
    people = [event[who] for event in events for who in ("actor_id", "on_behalf_of")]
    told = [
        {
            **event,
            "said": event_said(desk, event["kind"]),
            "why": event["detail"].get("reason") or event["detail"].get("statement_reference") or "",
        }
        for event in events
    ]
    names = await names_of(desk, people)
    return await desk.draw("money/history.html", paylist=listed, events=told, names=names)
