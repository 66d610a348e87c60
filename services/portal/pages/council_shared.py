"""What the pages of councils have in common: what a refusal says at which field, names, files, tables."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC
from typing import Final
from uuid import UUID

from starlette.responses import Response

from services.portal.asking.services import Away, Query, Refused
from services.portal.desk import Desk
from services.portal.frame import ORGANISATION, RULEBOOK
from services.portal.pages import passing
from services.portal.showing.languages import N_

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TABLES: Final[Mapping[str, str]] = {"xlsx": XLSX, "csv": "text/csv"}
"""What a list can be had as, and the media type of it."""
_NAMES_AT_ONCE: Final = 200


@dataclass(frozen=True, slots=True)
class Told:
    """Why a form was not taken: one sentence, and at each field what is wrong with it."""

    said: str
    fields: Mapping[str, str] = field(default_factory=dict)


def told_of(desk: Desk, refusal: Refused, fields: Mapping[str, str]) -> Told:
    """The refusal at the fields it is about: `fields` has them by its code, or by the path of what was
    sent."""
    if refusal.is_unreadable:
        wrong = desk.say(N_("This is not filled in correctly."))
        found = {
            name: wrong
            for fault in refusal.faults
            for path, name in fields.items()
            if fault.path.removeprefix("body.").startswith(path)
        }
        return Told(desk.say(N_("Something is not filled in correctly.")), found)
    said = desk.why(refusal)
    return Told(said, {fields[refusal.code]: said} if refusal.code in fields else {})


async def names_of(desk: Desk, ids: Iterable[str | None]) -> dict[str, str]:
    """The names of these people, by id."""
    wanted = sorted({one for one in ids if one})
    parts = [wanted[at : at + _NAMES_AT_ONCE] for at in range(0, len(wanted), _NAMES_AT_ONCE)]
    answers = await asyncio.gather(*(desk.ask_or({}, ORGANISATION, "/v1/names", ids=part) for part in parts))
    return {
        row["id"]: row["full_name"]
        for answer in answers
        for row in answer.get("items", [])
        if row.get("full_name")
    }


async def seasons_of(desk: Desk) -> list[tuple[str, str]]:
    """The seasons, as a filter offers them; none while they cannot be had."""
    try:
        found = await desk.ask(RULEBOOK, "/v1/seasons")
    except (Away, Refused):
        return []
    return [(row["id"], row["name"]) for row in found.get("items", [])]


def asked(desk: Desk, *names: str) -> dict[str, str]:
    """The filters that stand in the address."""
    return {name: desk.query[name] for name in names if desk.query.get(name)}


def is_id(text: str) -> bool:
    """It has the form of an id: nothing else may become a part of an address."""
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def sent_ids(desk: Desk, values: Iterable[object]) -> list[str]:
    """The ids among what was sent, each once."""
    return list(dict.fromkeys(one for one in values if isinstance(one, str) and is_id(one)))


def now_of(desk: Desk) -> str:
    """This instant as the services write instants, to compare with theirs."""
    return desk.portal.clock.now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def wants_table(desk: Desk) -> bool:
    """The list is asked for as a file."""
    return desk.query.get("as") in TABLES


async def as_table(desk: Desk, service: str, path: str, query: Query) -> Response:
    """The whole list with these filters as a file, passed on as it comes."""
    return await passed_on(desk, service, path, query=query, accept=TABLES[desk.query["as"]])


async def passed_on(
    desk: Desk, service: str, path: str, *, query: Query | None = None, accept: str = "*/*"
) -> Response:
    """A file of a service."""
    return await passing.passed_on(desk, service, path, accept=accept, **(query or {}))
