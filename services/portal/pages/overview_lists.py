"""The lists behind the figures: cases, and open work by the person who has it."""

import asyncio
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from language.words.base import Words
from language.words.said import words_of
from services.portal.asking.services import Away, Facts, Refused
from services.portal.desk import Desk
from services.portal.frame import ORGANISATION, WORKING
from services.portal.opening import page
from services.portal.pages.overview import PARTS
from services.portal.pages.shared import as_table, asked, is_id, names_of, seasons_of, told_of, wants_table
from services.portal.showing.typed import NotReadable, day_of

_DAYS: Final = ("opened_from", "opened_until", "closed_from", "closed_until")
_CASES: Final = (*("kind", "level", "state", "overdue", "suspended", "unit_id", "in_unit_id", "sort"), *_DAYS)
_WORK: Final = ("kind", "level", "season_id", "actor_id", "overdue", "unit_id", "q", "sort")
_SHOWN: Final = 25
_NONE: Final[Mapping[str, Any]] = MappingProxyType({"items": [], "next": None, "count": 0, "more": False})


def routes() -> Sequence[Route]:
    """All addresses."""
    return [page("/overview/cases", show_cases), page("/overview/work", show_work)]


def _asked(desk: Desk, *names: str) -> dict[str, Any]:
    """The filters of the address, with days as the services read them; what is no day is not asked."""
    wanted: dict[str, Any] = asked(desk, *names)
    for name in _DAYS:
        try:
            if name in wanted:
                wanted[name] = day_of(wanted[name])
        except NotReadable:
            del wanted[name]
    return wanted


async def _of_part(desk: Desk, part: str, path: str, wanted: Mapping[str, Any]) -> Facts | None:
    """The part's list; None for who may not see it, or while it is away."""
    after = desk.query.get("after") if desk.query.get("part") == part else None
    try:
        return await desk.ask(part, path, **wanted, limit=_SHOWN, after=after)
    except Away:
        return None
    except Refused as refusal:
        if refusal.status == 403:
            return None
        raise


async def _listed(desk: Desk, path: str, wanted: Mapping[str, Any], kinds: str, template: str) -> Response:
    part = desk.query.get("part", "")
    if part not in {"", *WORKING}:
        raise HTTPException(404)
    if part and wants_table(desk):
        return await as_table(desk, part, path, wanted)
    parts = [part] if part else WORKING
    told = None
    try:
        found = await asyncio.gather(*(_of_part(desk, one, path, wanted) for one in parts))
    except Refused as refusal:
        if refusal.status not in {400, 422}:
            raise
        found, told = [None for _ in parts], told_of(desk, refusal, {})
    lists = {one: listed for one, listed in zip(parts, found, strict=True) if listed is not None}
    rows = [{**line, "part": one} for one, listed in lists.items() for line in listed["items"]]
    order = "opened_at" if wanted.get("sort", "").endswith("opened") else "due_at"
    rows.sort(key=lambda row: str(row[order]), reverse=wanted.get("sort", "").startswith("-"))
    counted = [listed for listed in lists.values() if listed["count"] is not None]
    return await desk.draw(
        template,
        status=422 if told else 200,
        told=told,
        rows=rows,
        kinds=[(name, _in(desk, said)) for name, said in words_of(kinds).items()],
        listed={
            "count": sum(one["count"] for one in counted) if counted else None,
            "more": True in [one["more"] for one in counted],
            "next": lists[part]["next"] if part in lists else None,
        },
        counts={one: listed["count"] for one, listed in lists.items()},
        goes_on=[one for one, listed in lists.items() if not part and listed["next"]],
        part=part,
        parts={one: desk.say(said) for one, said in PARTS.items()},
        unit=await _called(desk, "unit_id"),
        in_unit=await _called(desk, "in_unit_id"),
        person=await _person(desk),
        seasons=await seasons_of(desk),
        is_filtered=bool(set(wanted) - {"sort", "scope"}),
    )


def _in(desk: Desk, words: Words) -> str:
    return words.vi if desk.language.value == "vi" else words.en


async def _called(desk: Desk, name: str) -> str:
    unit_id = desk.query.get(name, "")
    found = await desk.ask_or({}, ORGANISATION, f"/v1/units/{unit_id}") if is_id(unit_id) else {}
    return str(found.get("name", ""))


async def _person(desk: Desk) -> str:
    person_id = desk.query.get("actor_id", "")
    return (await names_of(desk, [person_id])).get(person_id, "") if is_id(person_id) else ""


async def show_cases(desk: Desk) -> Response:
    """Cases of all services, or of one: open or done, in time or late."""
    return await _listed(desk, "/v1/cases", _asked(desk, *_CASES), "CaseType", "overview/cases.html")


async def show_work(desk: Desk) -> Response:
    """Open work under the reader's units, by whoever has it."""
    wanted = {**_asked(desk, *_WORK), "scope": "all"}
    return await _listed(desk, "/v1/tasks", wanted, "TaskKind", "overview/work.html")
