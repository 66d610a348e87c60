"""The register of requests of a unit and year: to look at, to print, as a table."""

import asyncio
from collections.abc import Sequence
from typing import Any, Final

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from language.deadline.arithmetic import local_day
from services.portal.asking.services import Facts, Refused
from services.portal.desk import Desk
from services.portal.frame import INTAKE, ORGANISATION
from services.portal.opening import page
from services.portal.pages.passing import TABLES, passed_on
from services.portal.showing.languages import N_
from services.portal.showing.typed import id_of, line_of

_SHOWN: Final = 50
_PRINTED: Final = 200
_MOST_PRINTED: Final = 5_000
_FOUND: Final = 20
_YEARS: Final = 10


def routes() -> Sequence[Route]:
    """All addresses."""
    return [
        page("/register", show_register),
        page("/register/print", show_to_print),
        page("/register/table.{kind}", show_table),
    ]


async def own_units(desk: Desk) -> list[Facts]:
    """The units in which the reader holds a post."""
    me = await desk.shared("me")
    wanted = dict.fromkeys(post["unit_id"] for post in me.posts)
    return list(await asyncio.gather(*(desk.ask(ORGANISATION, f"/v1/units/{one}") for one in wanted)))


async def _choice(desk: Desk) -> tuple[list[Facts], dict[str, Any]]:
    """The units to choose from, and which one and which year are asked for."""
    units = await own_units(desk)
    named, text = id_of(desk.query.get("unit_id", "")), line_of(desk.query.get("unit", ""))
    if len(text) > 1:
        found = await desk.ask(ORGANISATION, "/v1/units", q=text, limit=_FOUND)
        units += [one for one in found["items"] if one["id"] not in {unit["id"] for unit in units}]
        named = named if named in {one["id"] for one in found["items"]} else _only(found["items"])
    elif named and named not in {unit["id"] for unit in units}:
        units.append(await desk.ask(ORGANISATION, f"/v1/units/{named}"))
    if not text and not named:
        named = units[0]["id"] if units else ""
    year, now = desk.query.get("year", ""), local_day(desk.portal.clock.now()).year
    is_year = year.isascii() and year.isdigit() and len(year) == len(str(now))
    return units, {"unit_id": named, "year": int(year) if is_year else now}


def _only(found: Sequence[Facts]) -> str:
    return str(found[0]["id"]) if len(found) == 1 else ""


async def show_register(desk: Desk) -> Response:
    """A page of it, with the unit and year to choose."""
    units, asked = await _choice(desk)
    told: str | None = None
    rows: Facts = {"items": [], "next": None}
    status = 200
    if asked["unit_id"]:
        try:
            rows = await desk.ask(
                INTAKE, "/v1/register", **asked, limit=_SHOWN, after=desk.query.get("after")
            )
        except Refused as refusal:
            told, status = desk.why(refusal), refusal.status
    elif desk.query.get("unit"):
        told = desk.say(N_("Choose one of the units that are found."))
    now = local_day(desk.portal.clock.now()).year
    years = range(now, now - _YEARS, -1)
    return await desk.draw(
        "clerk/register.html",
        status=status,
        listed=rows,
        told=told,
        asked=asked,
        units=[(one["id"], one["name"]) for one in units],
        unit=next((one for one in units if one["id"] == asked["unit_id"]), None),
        years=[(str(one), str(one)) for one in dict.fromkeys([*years, asked["year"]])],
        text=desk.query.get("unit", ""),
    )


async def show_to_print(desk: Desk) -> Response:
    """The whole year on one page."""
    units, asked = await _choice(desk)
    rows: list[Facts] = []
    after = None
    while True:
        read = await desk.ask(INTAKE, "/v1/register", **asked, limit=_PRINTED, after=after)
        rows += read["items"]
        after = read["next"]
        if after is None or len(rows) >= _MOST_PRINTED:
            break
    unit = next(one for one in units if one["id"] == asked["unit_id"])
    return await desk.draw(
        "clerk/register_print.html", rows=rows, unit=unit, asked=asked, is_cut=after is not None
    )


async def show_table(desk: Desk) -> Response:
    """The same, as a file."""
    accept = TABLES.get(desk.part("kind"))
    if accept is None:
        raise HTTPException(404)
    _, asked = await _choice(desk)
    return await passed_on(desk, INTAKE, "/v1/register", accept=accept, **asked)
