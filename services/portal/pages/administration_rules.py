"""What holds and what comes by itself: the packs of rules in sentences, and the forecast. To look at only."""

import asyncio
from collections.abc import Sequence
from typing import Final

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from services.portal.asking.services import Facts
from services.portal.desk import Desk
from services.portal.frame import INTAKE, PAYOUT, REVIEW, RULEBOOK
from services.portal.opening import page
from services.portal.pages.council_stages import people_in
from services.portal.pages.shared import (
    as_table,
    asked,
    listed_or_told,
    names_of,
    wants_table,
)

_COMING: Final = (INTAKE, REVIEW, PAYOUT)
_DAYS: Final = ("7", "14", "30", "90")


def routes() -> Sequence[Route]:
    """All addresses."""
    return [
        page("/administration/forecast", show_forecast),
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


async def show_packs(desk: Desk) -> Response:
    """Published packs and drafts."""
    wanted = asked(desk, "state", "sort")
    if wants_table(desk):
        return await as_table(desk, RULEBOOK, "/v1/policy-packs/drafts", wanted)
    packs, drafts = await asyncio.gather(
        desk.ask(RULEBOOK, "/v1/policy-packs"),
        desk.ask_or(
            {"items": None}, RULEBOOK, "/v1/policy-packs/drafts", **wanted, after=desk.query.get("after")
        ),
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
    explained, changed, drafts = await asyncio.gather(
        desk.ask(RULEBOOK, f"{path}/explanation"),
        _changed(desk, path, other if other in others else ""),
        desk.ask_or({"items": None}, RULEBOOK, "/v1/policy-packs/drafts", limit=1),
    )
    return await desk.draw(
        "administration/pack.html",
        pack=pack,
        rules=explained["rules"],
        others=[one for one in packs if one is not pack],
        other=other if other in others else "",
        changed=changed,
        may_draft=drafts["items"] is not None,
    )


async def _changed(desk: Desk, path: str, other: str) -> Facts | None:
    """What changes when the other takes its place."""
    return await desk.ask(RULEBOOK, f"{path}/difference", other=other) if other else None
