"""The list of dossiers, its tables, and beginning a new one."""

import asyncio
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from language.words.said import words_of
from services.portal.asking.services import Call, Facts, Refused
from services.portal.desk import Desk
from services.portal.frame import INTAKE, ORGANISATION, RULEBOOK
from services.portal.opening import page
from services.portal.pages.dossiers_content import told_of_content
from services.portal.pages.passing import TABLES, passed_on
from services.portal.pages.shared import Told
from services.portal.showing.languages import N_
from services.portal.showing.typed import NotReadable, day_of, id_of, line_of

SORTS: Final = (
    ("-made", N_("the newest first")),
    ("filed", N_("by the day of filing")),
    ("code", N_("by code")),
    ("title", N_("by title")),
)
_DAYS: Final = ("filed_from", "filed_until")
_PLAIN: Final = ("state", "season_id", "unit_id", "q", "overdue", "sort", "after")
_SHOWN: Final = 25
_NO_LIST: Final[Mapping[str, Any]] = MappingProxyType({"items": [], "next": None, "count": 0, "more": False})


def routes() -> Sequence[Route]:
    """All addresses."""
    return [
        page("/dossiers", show_list),
        page("/dossiers/table.{kind}", show_table),
        page("/dossiers/new", show_new, send_new),
    ]


# The list


def _asked(desk: Desk) -> tuple[dict[str, object], dict[str, str]]:
    """What the address asks for, and what of it cannot be read."""
    query: dict[str, object] = {name: line_of(desk.query.get(name, "")) for name in _PLAIN}
    query["scope"] = "all" if desk.query.get("scope") == "all" else "mine"
    faults = {}
    for name in _DAYS:
        try:
            query[name] = day_of(desk.query.get(name, ""))
        except NotReadable:
            faults[name] = desk.say(N_("This is no day. Write it like 05/09/2025."))
    return query, faults


async def show_list(desk: Desk) -> Response:
    """Mine, or all that I may see."""
    query, faults = _asked(desk)
    listed, seasons, everything = await asyncio.gather(
        _listed(desk, query, faults), desk.ask(RULEBOOK, "/v1/seasons"), _may_see_more(desk, query)
    )
    found, told = listed
    states = [(name, _said(desk, words)) for name, words in words_of("DossierState").items()]
    return await desk.draw(
        "dossiers/list.html",
        status=told.status if isinstance(told, Refused) else 200,
        listed=found,
        told=told_of_content(desk, told) if isinstance(told, Refused) else told,
        query=query,
        texts={name: desk.query.get(name, "") for name in (*_DAYS, *_PLAIN)},
        seasons=[(one["id"], one["name"]) for one in seasons["items"]],
        states=states,
        sorts=[(name, desk.say(said)) for name, said in SORTS],
        has_more=everything,
        unit=await _unit_asked(desk),
        is_filtered=bool(
            [name for name in (*_DAYS, "state", "season_id", "unit_id", "q", "overdue") if query.get(name)]
        ),
    )


async def _unit_asked(desk: Desk) -> str:
    """What the unit is called that the list is narrowed to."""
    unit_id = id_of(desk.query.get("unit_id", ""))
    found = await desk.ask_or({}, ORGANISATION, f"/v1/units/{unit_id}") if unit_id else {}
    return str(found.get("name", ""))


def _said(desk: Desk, words: Any) -> str:
    text: str = words.vi if desk.language.value == "vi" else words.en
    return text


async def _listed(
    desk: Desk, query: Mapping[str, object], faults: Mapping[str, str]
) -> tuple[Mapping[str, Any], Refused | Told | None]:
    if faults:
        return _NO_LIST, Told(said=desk.say(N_("This cannot be looked for.")), fields=faults)
    try:
        return await desk.ask(INTAKE, "/v1/dossiers", **query, limit=_SHOWN), None
    except Refused as refusal:
        return _NO_LIST, refusal


async def _may_see_more(desk: Desk, query: Mapping[str, object]) -> bool:
    """There are others' dossiers that the reader may see."""
    if query["scope"] == "all":
        return True
    try:
        await desk.ask(INTAKE, "/v1/dossiers", scope="all", limit=1)
    except Refused:
        return False
    return True


async def show_table(desk: Desk) -> Response:
    """The same list whole, as a file."""
    accept = TABLES.get(desk.part("kind"))
    query, faults = _asked(desk)
    if accept is None or faults:
        raise HTTPException(404)
    return await passed_on(desk, INTAKE, "/v1/dossiers", accept=accept, **{**query, "after": None})


# A new one


async def show_new(desk: Desk) -> Response:
    """What counts as an initiative, and where the dossier belongs."""
    return await _draw_new(desk, None, {})


async def _draw_new(desk: Desk, told: Told | None, typed: Mapping[str, str], status: int = 200) -> Response:
    me, seasons = await asyncio.gather(desk.shared("me"), desk.ask(RULEBOOK, "/v1/seasons"))
    units = await asyncio.gather(
        *(_unit(desk, unit_id) for unit_id in dict.fromkeys(post["unit_id"] for post in me.posts))
    )
    now = desk.portal.clock.now().isoformat()
    ordered = sorted(seasons["items"], key=lambda one: not one["opens_at"] <= now <= one["closes_at"])
    return await desk.draw(
        "dossiers/new.html",
        status=status,
        told=told,
        typed=typed,
        units=[(unit["id"], unit["name"]) for unit in units],
        seasons=ordered,
    )


async def _unit(desk: Desk, unit_id: str) -> Facts:
    return await desk.ask(ORGANISATION, f"/v1/units/{unit_id}")


async def send_new(desk: Desk) -> Response:
    """Begin the draft; what is known of its author stands in it already."""
    typed = {name: line_of(desk.sent_text(name)) for name in ("unit_id", "season_id", "title")}
    if lacking := [name for name in ("unit_id", "season_id") if not id_of(typed[name])]:
        said = desk.say(N_("Choose this first."))
        told = Told(said=desk.say(N_("The dossier was not begun.")), fields=dict.fromkeys(lacking, said))
        return await _draw_new(desk, told, typed, 422)
    author = await _as_author(desk, typed["unit_id"])
    body = {
        "unit_id": typed["unit_id"],
        "season_id": typed["season_id"],
        "content": {"title": typed["title"], "authors": [author]},
    }
    try:
        made = await desk.command(Call("POST", INTAKE, "/v1/dossiers", body=body))
    except Refused as refusal:
        return await _draw_new(desk, told_of_content(desk, refusal), typed, refusal.status)
    return desk.see(f"/dossiers/{made.facts['id']}/edit/idea", done="begun", sent="new-dossier")


async def _as_author(desk: Desk, unit_id: str) -> Facts:
    me = await desk.shared("me")
    unit, person = await asyncio.gather(
        _unit(desk, unit_id), desk.ask_or({}, ORGANISATION, f"/v1/people/{me.person_id}")
    )
    return {
        "person_id": me.person_id,
        "full_name": me.name,
        "date_of_birth": person.get("date_of_birth"),
        "workplace": unit["name"],
        "contribution_percent": "100",
    }
