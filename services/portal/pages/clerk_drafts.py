"""Drafts that an office made for authors: who has agreed, and filing many at once."""

import asyncio
from collections.abc import Sequence
from typing import Any, Final

from starlette.responses import Response
from starlette.routing import Route

from services.portal.asking.services import Refused
from services.portal.desk import Desk
from services.portal.frame import INTAKE, RULEBOOK
from services.portal.opening import page
from services.portal.pages import clerk_bulk
from services.portal.pages.clerk_bulk import Bulk
from services.portal.pages.passing import TABLES, passed_on
from services.portal.showing.languages import N_
from services.portal.showing.typed import line_of

_SHOWN: Final = 25
_FILTERS: Final = ("q", "season_id", "sort")
FILING: Final = Bulk(
    command="filing",
    back="/lists/drafts",
    title=N_("File several dossiers"),
    lead=N_("Each gets its number in the register, and its author the receipt."),
    button=N_("File these dossiers"),
    done="filed-many",
)


def routes() -> Sequence[Route]:
    """All addresses."""
    return [
        page("/lists/drafts", show_drafts),
        page("/lists/drafts/filing", show_back, file_many),
        page("/lists/drafts/table.{kind}", show_table),
    ]


def _asked(desk: Desk) -> dict[str, Any]:
    query: dict[str, Any] = {name: line_of(desk.query.get(name, "")) for name in _FILTERS}
    return {**query, "scope": "mine", "state": "DRAFT"}


async def show_drafts(desk: Desk) -> Response:
    """Whom each waits for."""
    query, said, status = _asked(desk), None, 200
    listed: dict[str, Any] = {"items": [], "next": None, "count": 0, "more": False}
    seasons = asyncio.create_task(desk.ask(RULEBOOK, "/v1/seasons"))
    try:
        listed = await desk.ask(INTAKE, "/v1/dossiers", **query, limit=_SHOWN, after=desk.query.get("after"))
    except Refused as refusal:
        said, status = desk.why(refusal), refusal.status
    problems = await clerk_bulk.tried(desk, FILING, [row["id"] for row in listed["items"]])
    return await desk.draw(
        "clerk/drafts.html",
        status=status,
        listed=listed,
        told=said,
        query=query,
        problems=problems,
        able=[one for one, problem in problems.items() if problem is None],
        seasons=[(one["id"], one["name"]) for one in (await seasons)["items"]],
        is_filtered=bool(query["q"] or query["season_id"]),
    )


async def show_back(desk: Desk) -> Response:
    """Nothing was chosen here: to the list."""
    return desk.see(FILING.back)


async def file_many(desk: Desk) -> Response:
    """Try it, or do it."""
    return await clerk_bulk.send(desk, FILING)


async def show_table(desk: Desk) -> Response:
    """The same list as a file."""
    accept = TABLES.get(desk.part("kind"), TABLES["csv"])
    return await passed_on(desk, INTAKE, "/v1/dossiers", accept=accept, **_asked(desk))
