"""Where an auditor begins: any dossier, what any person or post did, who looked at what, and whether the
histories hold. Nothing here changes anything."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Final

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from kit.http.cursors import encode_cursor
from services.portal.asking.services import Away, Facts, Refused
from services.portal.desk import Desk
from services.portal.frame import INTAKE, ORGANISATION, PAYOUT, POSTROOM, REVIEW, RULEBOOK
from services.portal.opening import page
from services.portal.pages.overview_history import people_in, told
from services.portal.pages.shared import Told, as_table, is_id, names_of, told_of, wants_table
from services.portal.showing.languages import N_
from services.portal.showing.typed import NotReadable, day_of, line_of

BOOKS: Final = {
    INTAKE: N_("Filing and check"),
    REVIEW: N_("Council"),
    PAYOUT: N_("Money"),
    ORGANISATION: N_("People and units"),
    RULEBOOK: N_("Rules"),
    POSTROOM: N_("Mails and programs"),
}
"""The services' histories by what people know them as."""
_LEAST: Final = 2
_FOUND: Final = 10
_SHOWN: Final = 50
_LONGEST: Final = 100
_EMPTY: Final[Mapping[str, Any]] = {"items": [], "next": None}


def routes() -> Sequence[Route]:
    """All addresses."""
    return [
        page("/audit", show_audit),
        page("/audit/units/{unit_id:uuid}", show_posts),
        page("/audit/acts", show_acts),
        page("/audit/looks", show_looks),
    ]


async def _perhaps(desk: Desk, service: str, path: str, **query: object) -> Facts | None:
    """None of a service that is away, or for who may not see it."""
    try:
        return await desk.ask(service, path, **query)
    except Away:
        return None
    except Refused as refusal:
        if refusal.status in {403, 404}:
            return None
        raise


async def show_audit(desk: Desk) -> Response:
    """Look for a dossier, a person or a unit; and what each history says of itself."""
    text = line_of(desk.query.get("q", ""))[:_LONGEST]
    is_long = len(text) >= _LEAST
    nothing: list[Facts | None] = [None, None, None]
    looked = (
        await asyncio.gather(
            _perhaps_text(desk, INTAKE, "/v1/dossiers", q=text, scope="all", limit=_FOUND),
            _perhaps_text(desk, ORGANISATION, "/v1/colleagues", q=text),
            _perhaps_text(desk, ORGANISATION, "/v1/units", q=text, limit=_FOUND),
        )
        if is_long
        else nothing
    )
    alarms = await asyncio.gather(
        *(_perhaps(desk, part, "/v1/alarms", kind="HISTORY_DOES_NOT_FIT", limit=_FOUND) for part in BOOKS)
    )
    dossiers, people, units = looked
    return await desk.draw(
        "overview/audit.html",
        text=text,
        is_long=is_long,
        dossiers=dossiers,
        people=people,
        units=units,
        chains=[(desk.say(said), alarm) for said, alarm in zip(BOOKS.values(), alarms, strict=True)],
    )


async def _perhaps_text(desk: Desk, service: str, path: str, **query: object) -> Facts | None:
    """The same of a text that may be too short to be looked for."""
    try:
        return await _perhaps(desk, service, path, **query)
    except Refused as refusal:
        if refusal.status == 422:
            return None
        raise


async def show_posts(desk: Desk) -> Response:
    """The posts of a unit and who holds them: the way to the acts of each."""
    unit_id = desk.part("unit_id")
    unit, posts, below = await asyncio.gather(
        desk.ask(ORGANISATION, f"/v1/units/{unit_id}"),
        _perhaps(desk, ORGANISATION, f"/v1/units/{unit_id}/posts"),
        desk.ask(ORGANISATION, "/v1/units", parent_id=unit_id, limit=200),
    )
    return await desk.draw("overview/posts.html", unit=unit, posts=posts, below=below)


# Lists with days


def _span(desk: Desk, first: str, last: str) -> tuple[dict[str, object], Told | None]:
    """The days of the address; what cannot be read is told at its field."""
    wanted, faults = {}, {}
    for name in (first, last):
        try:
            wanted[name] = day_of(desk.query.get(name, ""))
        except NotReadable:
            faults[name] = desk.say(N_("This is no day. Write it like 05/09/2025."))
    told_wrong = Told(said=desk.say(N_("This cannot be looked for.")), fields=faults) if faults else None
    return {name: day for name, day in wanted.items() if day}, told_wrong


def _ids(desk: Desk, *names: str) -> dict[str, object]:
    return {name: desk.query[name] for name in names if is_id(desk.query.get(name, ""))}


async def show_acts(desk: Desk) -> Response:
    """All acts of a person or through a post, of all histories or one, the newest first."""
    part = desk.query.get("part", "")
    if part not in {"", *BOOKS}:
        raise HTTPException(404)
    days, wrong = _span(desk, "happened_from", "happened_until")
    wanted: dict[str, object] = {**_ids(desk, "actor_id", "post_id"), **days}
    is_asked = "actor_id" in wanted or "post_id" in wanted
    if part and is_asked and not wrong and wants_table(desk):
        return await as_table(desk, part, "/v1/acts", wanted)
    parts = [part] if part else list(BOOKS)
    books: list[Facts | None] = []
    if is_asked and not wrong:
        try:
            query = {**wanted, "limit": _SHOWN, "after": desk.query.get("after")}
            books = await asyncio.gather(*(_perhaps(desk, one, "/v1/acts", **query) for one in parts))
        except Refused as refusal:
            if refusal.status not in {400, 422}:
                raise
            wrong = told_of(desk, refusal, {})
    rows, following = _merged(parts, books)
    names = await names_of(desk, [*people_in(rows), str(wanted.get("actor_id", ""))])
    return await desk.draw(
        "overview/acts.html",
        status=422 if wrong else 200,
        told=wrong,
        is_asked=is_asked,
        may_not=is_asked and not wrong and not [book for book in books if book is not None],
        is_whole=None not in books,
        acts=[told(desk, row, names) for row in rows],
        listed={"next": following},
        part=part,
        parts={one: desk.say(said) for one, said in BOOKS.items()},
        person=names.get(str(wanted.get("actor_id", "")), ""),
        post=await _post_called(desk, rows, str(wanted.get("post_id", ""))),
    )


def _merged(parts: Sequence[str], books: Sequence[Facts | None]) -> tuple[list[Facts], str | None]:
    """The newest of all books, and the cursor behind them: it is an instant and an event, and any book goes
    on from there."""
    rows = [
        {**line, "part": part}
        for part, book in zip(parts, books, strict=False)
        if book is not None
        for line in book["items"]
    ]
    rows.sort(key=lambda row: (row["occurred_at"], row["event_id"]), reverse=True)
    shown = rows[:_SHOWN]
    goes_on = len(rows) > _SHOWN or [book for book in books if book is not None and book["next"]]
    if not goes_on or not shown:
        return shown, None
    return shown, encode_cursor("-happened", shown[-1]["occurred_at"], shown[-1]["event_id"])


async def _post_called(desk: Desk, rows: Sequence[Facts], post_id: str) -> str:
    """What the post is called, with its unit, where anything was done through it."""
    found = next((row for row in rows if row["post_id"] == post_id and row["post_title"]), None)
    return f"{found['post_title']}, {found['unit_name']}" if found else ""


async def show_looks(desk: Desk) -> Response:
    """Who that is no author looked at which dossier, the newest first."""
    days, wrong = _span(desk, "looked_from", "looked_until")
    wanted: dict[str, object] = {**_ids(desk, "actor_id", "dossier_id"), **days}
    if not wrong and wants_table(desk):
        return await as_table(desk, INTAKE, "/v1/looks", wanted)
    listed: Mapping[str, Any] = _EMPTY
    if not wrong:
        try:
            query = {**wanted, "limit": _SHOWN, "after": desk.query.get("after")}
            listed = await desk.ask(INTAKE, "/v1/looks", **query)
        except Refused as refusal:
            if refusal.status not in {400, 422}:
                raise
            wrong = told_of(desk, refusal, {})
    actor_id, dossier_id = str(wanted.get("actor_id", "")), str(wanted.get("dossier_id", ""))
    names = await names_of(desk, [actor_id])
    return await desk.draw(
        "overview/looks.html",
        status=422 if wrong else 200,
        told=wrong,
        listed=listed,
        is_filtered=bool(wanted),
        person=names.get(actor_id, ""),
        actor_id=actor_id,
        dossier=next((row for row in listed["items"] if row["dossier_id"] == dossier_id), None),
        dossier_id=dossier_id,
    )
