"""What pages have in common: what a refusal says at which field, names, filters, lists, tables."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC
from typing import Any, Final

from starlette.responses import Response

from language.deadline.arithmetic import local_day
from language.events.catalogue import CATALOGUE
from language.words.events import say_event
from services.portal.asking.services import Away, Facts, Fault, Query, Refused
from services.portal.desk import Desk
from services.portal.frame import ORGANISATION, RULEBOOK
from services.portal.pages.passing import TABLES, passed_on
from services.portal.showing.languages import N_
from services.portal.showing.typed import NotReadable, day_of, id_of

NO_DAY: Final = N_("This is no day. Write it like 05/09/2025.")
EMPTY: Final[Mapping[str, Any]] = {"items": [], "next": None, "count": 0, "more": False}
_UNREAD_FILTERS: Final = frozenset({400, 422})
_DAYS: Final = ("_from", "_until")
"""What filters of days end with."""
_PACKS: Final = 8
MOST: Final = 200
"""So many rows a request."""


@dataclass(frozen=True, slots=True)
class Told:
    """Why a form was not taken: one sentence, and at each field what is wrong with it."""

    said: str
    fields: Mapping[str, str] = field(default_factory=dict)


def told_of(desk: Desk, refusal: Refused, fields: Mapping[str, str]) -> Told:
    """The refusal at the fields it is about: `fields` has them by its code, or by the path of what was
    sent."""
    if refusal.is_unreadable:
        found = {_field_of(fault, fields): capital(readable(desk, fault)) for fault in refusal.faults}
        return Told(desk.say(N_("Something is not filled in correctly.")), found)
    said = desk.why(refusal)
    return Told(said, {fields[refusal.code]: said} if refusal.code in fields else {})


def _field_of(fault: Fault, fields: Mapping[str, str]) -> str:
    path = f"{fault.path.removeprefix('body').removeprefix('.')}."
    return next((name for start, name in fields.items() if path.startswith(f"{start}.")), "faults")


def capital(said: str) -> str:
    """As a sentence begins."""
    return said[:1].upper() + said[1:]


def readable(desk: Desk, fault: Fault) -> str:
    """As the service says it, unless it speaks of values or forms as programs write them."""
    said = fault.said(desk.language.value)
    if {"'", "^"} & set(said):
        return desk.say(N_("This is not filled in correctly."))
    return said


async def names_of(desk: Desk, ids: Iterable[str | None]) -> dict[str, str]:
    """The names of these people, by id; none while the organisation is away."""
    wanted = sorted({one for one in ids if one})
    parts = [wanted[at : at + MOST] for at in range(0, len(wanted), MOST)]
    found = await asyncio.gather(*(_named(desk, part) for part in parts))
    return {row["id"]: row["full_name"] for rows in found for row in rows if row.get("full_name")}


async def _named(desk: Desk, ids: Sequence[str]) -> list[Facts]:
    try:
        return list((await desk.ask(ORGANISATION, "/v1/names", ids=ids))["items"])
    except (Away, Refused):
        return []


def event_said(desk: Desk, kind: str) -> str:
    """What happened, as histories say it."""
    fact = CATALOGUE.get(kind)
    if fact is None:
        return desk.say(N_("Something that this page does not know"))
    words = say_event(fact)
    return words.vi if desk.language.value == "vi" else words.en


async def seasons_of(desk: Desk) -> list[tuple[str, str]]:
    """The seasons, as a filter offers them; none while they cannot be had."""
    try:
        found = await desk.ask(RULEBOOK, "/v1/seasons")
    except (Away, Refused):
        return []
    return [(row["id"], row["name"]) for row in found.get("items", [])]


async def every_row(desk: Desk, service: str, path: str, **query: object) -> list[Facts]:
    """All rows of a list, page by page."""
    found: list[Facts] = []
    after = None
    while True:
        answer = await desk.ask(service, path, **query, limit=MOST, after=after)
        found += answer["items"]
        after = answer["next"]
        if not after:
            return found


async def grades_of(desk: Desk) -> list[tuple[str, str]]:
    """The grades of all packs, as a filter offers them; none while they cannot be had."""
    try:
        packs = (await desk.ask(RULEBOOK, "/v1/policy-packs"))["items"]
        paths = [f"/v1/policy-packs/{one['name']}/{one['version']}" for one in packs[-_PACKS:]]
        found = await asyncio.gather(*(desk.ask(RULEBOOK, path) for path in paths))
    except (Away, Refused):
        return []
    levels = [level for pack in found for level in pack["levels"]]
    grades = {
        one["id"]: str(one[f"title_{desk.language.value}"]) for level in levels for one in level["grades"]
    }
    return list(grades.items())


async def listed_or_told(
    desk: Desk, service: str, path: str, wanted: Query, **more: object
) -> tuple[Facts, Told | None]:
    """The list; of filters that are refused, none and why."""
    try:
        return await desk.ask(service, path, **wanted, **more, after=desk.query.get("after")), None
    except Refused as refusal:
        if refusal.status not in _UNREAD_FILTERS:
            raise
        told = told_of(desk, refusal, {f"query.{name}": name for name in wanted})
        days = {name: desk.say(NO_DAY) for name in told.fields if name.endswith(_DAYS)}
        return dict(EMPTY), replace(told, fields={**told.fields, **days})


def asked(desk: Desk, *names: str) -> dict[str, str]:
    """The filters that stand in the address; days as services take them, where they can be read."""
    found = {name: desk.query[name].strip() for name in names if desk.query.get(name, "").strip()}
    return {name: as_day(text) if name.endswith(_DAYS) else text for name, text in found.items()}


def as_day(text: str) -> str:
    """The day as services take it; what was typed, where it is none."""
    try:
        return str(day_of(text))
    except NotReadable:
        return text


def is_id(text: str) -> bool:
    """It is an id as services write it: nothing else may become a part of an address."""
    return bool(text) and id_of(text) == text


def sent_ids(desk: Desk, values: Iterable[object]) -> list[str]:
    """The ids among what was sent, each once."""
    return list(dict.fromkeys(found for one in values if isinstance(one, str) and (found := id_of(one))))


def now_of(desk: Desk) -> str:
    """This instant as the services write instants, to compare with theirs."""
    return desk.portal.clock.now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def today_of(desk: Desk) -> str:
    """The day that it is here, as the services write days."""
    return local_day(desk.portal.clock.now()).isoformat()


def wants_table(desk: Desk) -> bool:
    """The list is asked for as a file."""
    return desk.query.get("as") in TABLES


async def as_table(desk: Desk, service: str, path: str, query: Query) -> Response:
    """The whole list with these filters as a file, passed on as it comes."""
    return await passed_on(desk, service, path, accept=TABLES[desk.query["as"]], **query)
