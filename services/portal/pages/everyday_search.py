"""Search over what its reader may see: dossiers, and for administrators people and units. It says what was
searched, and what was not."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from starlette.responses import Response
from starlette.routing import Route

from services.portal.asking.services import Away, Facts, Refused
from services.portal.desk import Desk
from services.portal.frame import INTAKE, ORGANISATION
from services.portal.opening import page
from services.portal.showing.typed import line_of

_SHOWN: Final = 10
_LEAST: Final = 2
_LONGEST: Final = 100
_NOT_FOR_THIS_READER: Final = frozenset({403, 404})


def routes() -> Sequence[Route]:
    """All addresses."""
    return [page("/search", show_found)]


@dataclass(frozen=True, slots=True)
class Found:
    """What a service found. `listed` is None when it did not answer, or is not for this reader."""

    listed: Facts | None
    is_away: bool = False

    @property
    def rows(self) -> Sequence[Facts]:
        """The first rows."""
        return self.listed["items"] if self.listed else []


async def _looked(desk: Desk, service: str, path: str, **query: object) -> Found:
    try:
        return Found(await desk.ask(service, path, **query, limit=_SHOWN))
    except Away:
        return Found(None, is_away=True)
    except Refused as refusal:
        if refusal.status in _NOT_FOR_THIS_READER:
            return Found(None)
        raise


async def _dossiers(desk: Desk, text: str) -> tuple[Found, str]:
    """Among all that the reader may see, else among the reader's own; with which of them it was."""
    found = await _looked(desk, INTAKE, "/v1/dossiers", q=text, scope="all")
    if found.listed is not None or found.is_away:
        return found, "all"
    return await _looked(desk, INTAKE, "/v1/dossiers", q=text, scope="mine"), "mine"


async def show_found(desk: Desk) -> Response:
    """By code, title and name, with marks or without."""
    text = line_of(desk.query.get("q", ""))[:_LONGEST]
    nobody = Found(None)
    dossiers, people, units, scope = nobody, nobody, nobody, ""
    if len(text) >= _LEAST:
        (dossiers, scope), people, units = await asyncio.gather(
            _dossiers(desk, text),
            _looked(desk, ORGANISATION, "/v1/people", q=text),
            _looked(desk, ORGANISATION, "/v1/units", q=text),
        )
    return await desk.draw(
        "everyday/search.html",
        text=text,
        is_short=len(text) < _LEAST,
        dossiers=dossiers,
        scope=scope,
        people=people,
        units=units if people.listed is not None else nobody,
        away=bool([found for found in (dossiers, people, units) if found.is_away]),
        all_dossiers=f"/dossiers?{urlencode({'scope': scope, 'q': text})}",
        all_people=f"/administration/people?{urlencode({'q': text})}",
        all_units=f"/administration/units?{urlencode({'q': text})}",
    )
