"""Awards: all that their reader may see, one with the decision beside it, and what is done with one."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Final

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from services.portal.asking.services import Away, Call, Facts, Refused
from services.portal.desk import Desk, texts_of
from services.portal.frame import ORGANISATION, PAYOUT, REVIEW
from services.portal.opening import page
from services.portal.pages.money_shared import Act, units_of
from services.portal.pages.shared import (
    Told,
    as_table,
    asked,
    is_id,
    listed_or_told,
    names_of,
    now_of,
    seasons_of,
    told_of,
    wants_table,
)
from services.portal.showing.languages import N_
from services.portal.showing.typed import line_of, text_of

_FILTERS: Final = (
    *("q", "state", "level", "season_id", "unit_id", "overdue"),
    *("assessed_from", "assessed_until", "due_from", "due_until", "sort"),
)
SIGNATURES: Final[Mapping[str, str]] = {"verification": "award-verified", "approval": "award-approved"}
"""What is done without a word, and what the page says after."""
ACTS: Final[Mapping[str, Act]] = {
    "rejection": Act(
        title=N_("Reject the award"),
        meaning=N_(
            "You do not sign: amount, decision or payees are not right. Nothing was booked yet. A head or a "
            "chief accountant may take the award up again."
        ),
        done="award-rejected",
    ),
    "reversal": Act(
        title=N_("Reverse the award"),
        meaning=N_(
            "Everything that was booked is booked the other way round, and nothing is deleted. If the award "
            "is on a list that was not sent, it leaves the list."
        ),
        done="award-reversed",
    ),
    "taking-up": Act(
        title=N_("Take the award up again"),
        meaning=N_(
            "It was ended by mistake. Another award of the same amount and the same parts stands in its "
            "place, and is verified and approved anew."
        ),
        done="award-taken-up",
        is_grave=False,
    ),
}
_PAYEE_FIELDS: Final[Mapping[str, str]] = {
    "reason": "reason",
    "author_id": "author_id",
    "person_id": "person_id",
    "PayeeUnknown": "person_id",
    "NotOutside": "author_id",
}
_ENTIRE: Final = "/money/awards/{award_id:uuid}"


def routes() -> Sequence[Route]:
    """All addresses."""
    return [
        page("/money", show_awards),
        page(_ENTIRE, show_award),
        page(f"{_ENTIRE}/payees", show_payees, send_payee),
        page(f"{_ENTIRE}/{{act}}", show_act, send_act),
    ]


async def show_awards(desk: Desk) -> Response:
    """Every award that its reader may see."""
    wanted = asked(desk, *_FILTERS)
    if wants_table(desk):
        return await as_table(desk, PAYOUT, "/v1/awards", wanted)
    (listed, told), seasons, units = await asyncio.gather(
        listed_or_told(desk, PAYOUT, "/v1/awards", wanted),
        seasons_of(desk),
        units_of(desk, [desk.query.get("unit_id")]),
    )
    return await desk.draw(
        "money/awards.html",
        listed=listed,
        told=told,
        seasons=seasons,
        units=units,
        now=now_of(desk),
        is_filtered=bool(wanted.keys() - {"sort"}),
    )


def _path(desk: Desk) -> str:
    return f"/v1/awards/{desk.part('award_id')}"


async def _read(desk: Desk) -> dict[str, Any]:
    award = await desk.ask(PAYOUT, _path(desk), actions=True)
    (decision, is_away), names, units = await asyncio.gather(
        _decision_of(desk, award),
        names_of(desk, (award["verified_by"], award["approved_by"])),
        units_of(desk, [award["unit_id"]]),
    )
    return {
        "award": award,
        "decision": decision,
        "decision_away": is_away,
        "names": names,
        "unit_name": dict(units).get(award["unit_id"], ""),
        "now": now_of(desk),
    }


async def _decision_of(desk: Desk, award: Facts) -> tuple[Facts | None, bool]:
    """The decision that the award rests on, for who may see it, and whether it cannot be had just now."""
    wanted = {"dossier_id": award["dossier_id"], "level": award["level"]}
    try:
        found = await desk.ask_or({"items": []}, REVIEW, "/v1/decisions", **wanted)
    except Away:
        return None, True
    rows = (row for row in found["items"] if row["decision_number"] == award["decision_number"])
    return next(rows, None), False


async def show_award(desk: Desk) -> Response:
    """One award."""
    return await desk.draw("money/award.html", told=None, acts=ACTS, **await _read(desk))


async def _signed(desk: Desk, act: str) -> Response:
    try:
        await desk.command(Call("POST", PAYOUT, f"{_path(desk)}/{act}"))
    except Refused as refusal:
        if refusal.status == 404:
            raise
        told = told_of(desk, refusal, {})
        facts = await _read(desk)
        return await desk.draw("money/award.html", status=refusal.status, told=told, acts=ACTS, **facts)
    return desk.see(f"/money/awards/{desk.part('award_id')}", done=SIGNATURES[act])


def _act_of(desk: Desk) -> Act:
    act = ACTS.get(desk.part("act"))
    if act is None:
        raise HTTPException(404)
    return act


async def show_act(desk: Desk) -> Response:
    """The form of an act; a signature is given on the award's own page."""
    if desk.part("act") in SIGNATURES:
        return desk.see(f"/money/awards/{desk.part('award_id')}")
    return await _draw_act(desk, "", None)


async def _draw_act(desk: Desk, reason: str, told: Told | None, status: int = 200) -> Response:
    return await desk.draw(
        "money/award_act.html",
        status=status,
        act=_act_of(desk),
        command=desk.part("act"),
        reason=reason,
        told=told,
        **await _read(desk),
    )


async def send_act(desk: Desk) -> Response:
    """Do it."""
    typed = texts_of(await desk.read_form())
    if desk.part("act") in SIGNATURES:
        return await _signed(desk, desk.part("act"))
    act, reason = _act_of(desk), text_of(typed.get("reason", ""))
    call = Call("POST", PAYOUT, f"{_path(desk)}/{desk.part('act')}", body={"reason": reason})
    try:
        answer = await desk.command(call)
    except Refused as refusal:
        if refusal.status == 404:
            raise
        told = told_of(desk, refusal, {"reason": "reason"})
        return await _draw_act(desk, typed.get("reason", ""), told, refusal.status)
    return desk.see(f"/money/awards/{answer.facts['id']}", done=act.done, sent=desk.path)


# Payees


async def show_payees(desk: Desk) -> Response:
    """Who is paid for an author whom the organisation does not know."""
    return await _draw_payees(desk, {}, None)


async def _draw_payees(
    desk: Desk, typed: Mapping[str, str], told: Told | None, status: int = 200
) -> Response:
    found = await _read(desk)
    sought = line_of(desk.query.get("q", ""))
    people: list[Facts] = []
    if sought:
        try:
            people = (await desk.ask(ORGANISATION, "/v1/colleagues", q=sought))["items"]
        except Refused as refusal:
            told = told or told_of(desk, refusal, {"query.q": "q"})
    outside = [share for share in found["award"]["shares"] if share["outside"]]
    return await desk.draw(
        "money/payees.html",
        status=status,
        typed=typed,
        told=told,
        sought=sought,
        people=people,
        outside=outside,
        **found,
    )


async def send_payee(desk: Desk) -> Response:
    """Write it down."""
    typed = texts_of(await desk.read_form())
    missing = {
        name: desk.say(said)
        for name, said in (
            ("author_id", N_("Choose the author.")),
            ("person_id", N_("Look for the person and choose one.")),
        )
        if not is_id(typed.get(name, ""))
    }
    if missing:
        said = desk.say(N_("Something is not filled in correctly."))
        return await _draw_payees(desk, typed, Told(said, missing), 422)
    body = {name: typed[name] for name in ("author_id", "person_id")}
    body["reason"] = text_of(typed.get("reason", ""))
    try:
        await desk.command(Call("POST", PAYOUT, f"{_path(desk)}/payees", body=body))
    except Refused as refusal:
        if refusal.status == 404:
            raise
        return await _draw_payees(desk, typed, told_of(desk, refusal, _PAYEE_FIELDS), refusal.status)
    return desk.see(f"/money/awards/{desk.part('award_id')}", done="payee-tied", sent=desk.path)
