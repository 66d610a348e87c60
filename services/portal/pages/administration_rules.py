"""What holds: seasons and the calendar, the packs of rules in sentences, and what comes by itself. To look
at only."""

import asyncio
from collections.abc import Sequence
from typing import Final

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from services.portal.asking.services import Facts
from services.portal.desk import Desk
from services.portal.frame import INTAKE, ORGANISATION, PAYOUT, REVIEW, RULEBOOK
from services.portal.opening import page
from services.portal.pages.council_shared import (
    as_table,
    is_id,
    listed_or_told,
    names_of,
    now_of,
    today_of,
    wants_table,
)
from services.portal.pages.council_stages import people_in

_COMING: Final = (INTAKE, REVIEW, PAYOUT)
_DAYS: Final = ("7", "14", "30", "90")


def routes() -> Sequence[Route]:
    """All addresses."""
    return [
        page("/administration/forecast", show_forecast),
        page("/administration/seasons", show_seasons),
        page("/administration/packs", show_packs),
        page("/administration/packs/{name}/{version:int}", show_pack),
    ]


async def show_forecast(desk: Desk) -> Response:
    """What the rules will do by themselves, in one part of the work."""
    part, days = desk.query.get("part", INTAKE), desk.query.get("days", "14")
    part, days = part if part in _COMING else INTAKE, days if days in _DAYS else "14"
    if wants_table(desk):
        return await as_table(desk, part, "/v1/forecast", {"days": days})
    listed, told = await listed_or_told(desk, part, "/v1/forecast", {"days": days})
    people = [one for row in listed["items"] for one in people_in(row["did"])]
    return await desk.draw(
        "administration/forecast.html",
        listed=listed,
        told=told,
        names=await names_of(desk, people),
        part=part,
        parts=_COMING,
        days=days,
    )


async def show_seasons(desk: Desk) -> Response:
    """Seasons with their rounds, and the calendar in use; of a unit also its own days."""
    unit_id = desk.query.get("unit_id", "")
    text = desk.query.get("q", "").strip()
    seasons, calendar = await asyncio.gather(
        desk.ask(RULEBOOK, "/v1/seasons"),
        desk.ask(RULEBOOK, "/v1/calendar", unit_id=unit_id if is_id(unit_id) else None),
    )
    rounds = await asyncio.gather(
        *(desk.ask(RULEBOOK, f"/v1/seasons/{one['id']}/rounds") for one in seasons["items"])
    )
    units: Facts = {"items": []}
    if text:
        units = await desk.ask(ORGANISATION, "/v1/units", q=text[:100], limit=20, sort="name")
    unit = await desk.ask_or({}, ORGANISATION, f"/v1/units/{unit_id}") if is_id(unit_id) else {}
    year = today_of(desk)[:4]
    return await desk.draw(
        "administration/seasons.html",
        seasons=list(zip(seasons["items"], (one["items"] for one in rounds), strict=True)),
        calendar=calendar,
        year=year if not desk.query.get("year", "").isdecimal() else desk.query["year"][:4],
        units=units["items"],
        unit=unit,
        now=now_of(desk),
    )


async def show_packs(desk: Desk) -> Response:
    """Published packs and drafts on their way."""
    packs, drafts = await asyncio.gather(
        desk.ask(RULEBOOK, "/v1/policy-packs"),
        desk.ask_or({"items": None}, RULEBOOK, "/v1/policy-packs/drafts", after=desk.query.get("after")),
    )
    people = [one[end] for one in packs["items"] for end in ("drafted_by", "published_by")]
    people += [one["edited_by"] for one in drafts["items"] or []]
    return await desk.draw(
        "administration/packs.html", packs=packs["items"], drafts=drafts, names=await names_of(desk, people)
    )


async def show_pack(desk: Desk) -> Response:
    """A pack in sentences, or what changes from it to another."""
    name, version = desk.part("name"), desk.part("version")
    packs = (await desk.ask(RULEBOOK, "/v1/policy-packs"))["items"]
    pack = next((one for one in packs if one["name"] == name and str(one["version"]) == version), None)
    if pack is None:
        raise HTTPException(404)
    path = f"/v1/policy-packs/{name}/{version}"
    others = [f"{one['name']}@{one['version']}" for one in packs if one is not pack]
    other = desk.query.get("other", "")
    explained, changed = await asyncio.gather(
        desk.ask(RULEBOOK, f"{path}/explanation"), _changed(desk, path, other if other in others else "")
    )
    return await desk.draw(
        "administration/pack.html",
        pack=pack,
        rules=explained["rules"],
        others=[one for one in packs if one is not pack],
        other=other if other in others else "",
        changed=changed,
    )


async def _changed(desk: Desk, path: str, other: str) -> Facts | None:
    """What changes when the other takes its place."""
    return await desk.ask(RULEBOOK, f"{path}/difference", other=other) if other else None
