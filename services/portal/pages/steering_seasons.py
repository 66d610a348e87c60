"""Seasons and their rounds: opened, and by an act with its document extended, closed or opened again; and who
may file late."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Final

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from services.portal.asking.services import Call, Facts
from services.portal.desk import Desk
from services.portal.frame import ORGANISATION, RULEBOOK
from services.portal.opening import page
from services.portal.pages.administration_forms import Act, Field, act_page, refused_now, why_not
from services.portal.pages.shared import as_table, is_id, names_of, now_of, wants_table
from services.portal.showing.languages import N_
from services.portal.showing.values import Values

_SEASONS: Final = "/v1/seasons"
_BACK: Final = "/administration/seasons"
_LEVELS: Final = ("SCHOOL", "UNIT", "COMMUNE", "DISTRICT", "SECTOR", "PROVINCE")
_CODE: Final = Field(name="code", label=N_("Code"), most=63, hint=N_("Small letters, digits and hyphens."))
_DOCUMENT: Final = Field(
    name="document", label=N_("By which document"), hint=N_("Number and day, as it stands on the document.")
)
_REASON: Final = Field(name="reason", label=N_("Why"), kind="prose", most=2000)
_IS_CLOSED: Final = "WindowIsClosed"
_ACTS: Final[Mapping[str, tuple[str, str, str]]] = {
    "extend": ("EXTENDED", N_("Extend the time"), N_("Whoever files or receives in it is told at once.")),
    "close": (
        "CLOSED",
        N_("Close it now"),
        N_("From this moment on nothing more is filed in it. Whoever files or receives in it is told."),
    ),
    "reopen": (
        "REOPENED",
        N_("Open it again"),
        N_("Dossiers can be filed in it again. Whoever files or receives in it is told."),
    ),
}


def routes() -> Sequence[Route]:
    """All addresses."""
    one = f"{_BACK}/{{season_id:uuid}}"
    return [
        page(_BACK, show_seasons),
        act_page(f"{_BACK}/new", _new),
        page(one, show_season),
        act_page(f"{one}/rounds/new", _new_round),
        act_page(f"{one}/late", _late),
        act_page(f"{one}/{{act}}", _window),
        act_page(f"{one}/rounds/{{round_id:uuid}}/{{act}}", _window),
    ]


async def show_seasons(desk: Desk) -> Response:
    """All of them, the newest first."""
    if wants_table(desk):
        return await as_table(desk, RULEBOOK, _SEASONS, {})
    seasons, barred = await asyncio.gather(
        desk.ask(RULEBOOK, _SEASONS), why_not(desk, Call("POST", RULEBOOK, _SEASONS, body=_SAMPLE))
    )
    return await desk.draw(
        "steering/seasons.html", seasons=seasons["items"], now=now_of(desk), may_open=not barred
    )


_SAMPLE: Final = {"code": "x-x", "name": "x", "opens_on": "2026-01-01", "closes_on": "2026-01-31"}


async def _season(desk: Desk) -> Facts:
    listed = await desk.ask(RULEBOOK, _SEASONS)
    found = next((one for one in listed["items"] if one["id"] == desk.part("season_id")), None)
    if found is None:
        raise HTTPException(404)
    return dict(found)


async def _rounds(desk: Desk) -> Sequence[Facts]:
    listed = await desk.ask(RULEBOOK, f"{_SEASONS}/{desk.part('season_id')}/rounds")
    return [dict(one) for one in listed["items"]]


async def show_season(desk: Desk) -> Response:
    """One, with its rounds, who may file late, and what may be done."""
    season_id = desk.part("season_id")
    path = f"{_SEASONS}/{season_id}"
    if wants_table(desk):
        return await as_table(desk, RULEBOOK, f"{path}/late-filings", {})
    season, rounds, late, may_add, may_permit = await asyncio.gather(
        _season(desk),
        _rounds(desk),
        desk.ask_or({"items": None}, RULEBOOK, f"{path}/late-filings"),
        _may(desk, Call("POST", RULEBOOK, f"{path}/rounds", body=_ROUND)),
        _may_permit(desk, path),
    )
    ways = await asyncio.gather(
        _ways(desk, path), *(_ways(desk, f"{path}/rounds/{one['id']}") for one in rounds)
    )
    filings = late["items"] or []
    names, units = await asyncio.gather(
        names_of(desk, (one["given_by"] for one in filings)),
        _units(desk, {one["unit_id"] for one in filings}),
    )
    return await desk.draw(
        "steering/season.html",
        season=season,
        season_ways=ways[0],
        rounds=list(zip(rounds, ways[1:], strict=True)),
        late=filings,
        sees_late=late["items"] is not None,
        may_add=may_add,
        may_permit=may_permit,
        titles={name: title for name, (_, title, _) in _ACTS.items()},
        names=names,
        units=units,
        now=now_of(desk),
    )


_ROUND: Final = {"code": "x-x", "opens_at": "1990-01-01T00:00:00Z", "closes_at": "1990-01-02T00:00:00Z"}


async def _may(desk: Desk, call: Call) -> bool:
    return not await why_not(desk, call)


async def _may_permit(desk: Desk, path: str) -> bool:
    """Somebody over a unit lets it file late: tried with a time that is over, which is refused afterwards."""
    me = await desk.shared("me")
    units = list(dict.fromkeys(post["unit_id"] for post in me.posts))[:3]
    body = {"until": "1990-01-01T00:00:00Z", "document": "x", "reason": "x"}
    calls = (Call("POST", RULEBOOK, f"{path}/late-filings", body={**body, "unit_id": one}) for one in units)
    return True in await asyncio.gather(*(_may(desk, call) for call in calls))


async def _ways(desk: Desk, path: str) -> list[str]:
    """What may be done about the time of a season or round."""
    body = {"act": "CLOSED", "document": "x", "reason": "x"}
    refused = await refused_now(desk, Call("POST", RULEBOOK, f"{path}/changes", body=body))
    if refused is None:
        return ["extend", "close"]
    return ["reopen"] if refused.code == _IS_CLOSED else []


async def _units(desk: Desk, ids: set[str]) -> dict[str, str]:
    """What these units are called."""
    known = sorted(one for one in ids if is_id(one))
    found = await asyncio.gather(*(desk.ask_or({}, ORGANISATION, f"/v1/units/{one}") for one in known))
    return {row["id"]: row["name"] for row in found if row}


# What is done


async def _new(desk: Desk) -> Act:
    call = Call("POST", RULEBOOK, _SEASONS, body=_SAMPLE)
    return Act(
        title=N_("Open a season"),
        meaning=N_("In these days dossiers are filed in it. Rounds can be added afterwards."),
        done="season-opened",
        call=lambda body: Call("POST", RULEBOOK, _SEASONS, body=body),
        landing=lambda made: f"{_BACK}/{made['id']}",
        fields=(
            Field(name="name", label=N_("Name of the season")),
            _CODE,
            Field(name="opens_on", label=N_("First day"), kind="day"),
            Field(name="closes_on", label=N_("Last day"), kind="day"),
        ),
        barred=await why_not(desk, call),
        about=desk.say(N_("Seasons")),
        back=_BACK,
    )


def _about(season: Facts, **more: Any) -> Act:
    return Act(about=season["name"], back=f"{_BACK}/{season['id']}", **more)


async def _new_round(desk: Desk) -> Act:
    season = await _season(desk)
    path = f"{_SEASONS}/{season['id']}/rounds"
    said = Values(desk.language).level
    return _about(
        season,
        title=N_("Add a round"),
        meaning=N_("A shorter time within the season, for one level of units or one field of application."),
        done="round-added",
        call=lambda body: Call("POST", RULEBOOK, path, body=body),
        fields=(
            _CODE,
            Field(
                name="level",
                label=N_("For units of this level"),
                kind="choice",
                required=False,
                options=[(one, said(one)) for one in _LEVELS],
            ),
            Field(
                name="application_field",
                label=N_("For this field of application"),
                required=False,
                hint=N_("Empty: for all fields."),
            ),
            Field(name="opens_at", label=N_("First day"), kind="begin"),
            Field(name="closes_at", label=N_("Last day"), kind="end", hint=N_("Until its last minute.")),
        ),
        barred=await why_not(desk, Call("POST", RULEBOOK, path, body=_ROUND)),
    )


async def _window(desk: Desk) -> Act:
    wish = desk.part("act")
    if wish not in _ACTS:
        raise HTTPException(404)
    season, path = await _season(desk), f"{_SEASONS}/{desk.part('season_id')}"
    subject = season["code"]
    if round_id := desk.request.path_params.get("round_id"):
        found = next((one for one in await _rounds(desk) if one["id"] == str(round_id)), None)
        if found is None:
            raise HTTPException(404)
        path, subject = f"{path}/rounds/{round_id}", f"{season['code']} / {found['code']}"
    kind, title, meaning = _ACTS[wish]
    end = Field(name="closes_at", label=N_("New last day"), kind="end", hint=N_("Until its last minute."))
    may = await _ways(desk, path)
    return _about(
        season,
        title=title,
        meaning=meaning,
        subject=subject,
        done=f"window-{wish}",
        call=lambda body: Call("POST", RULEBOOK, f"{path}/changes", body={**body, "act": kind}),
        fields=(*(() if wish == "close" else (end,)), _DOCUMENT, _REASON),
        is_grave=wish == "close",
        barred="" if wish in may else desk.say(N_("This cannot be done now.")),
    )


async def _late(desk: Desk) -> Act:
    season = await _season(desk)
    path = f"{_SEASONS}/{season['id']}"
    may = await _may_permit(desk, path)
    return _about(
        season,
        title=N_("Let a unit file late"),
        meaning=N_("The unit and all under it may still file in this season after its end."),
        done="late-permitted",
        call=lambda body: Call("POST", RULEBOOK, f"{path}/late-filings", body=body),
        fields=(
            Field(name="unit_id", label=N_("The unit"), kind="unit"),
            Field(name="until", label=N_("Until the end of"), kind="end"),
            _DOCUMENT,
            _REASON,
        ),
        barred="" if may else desk.say(N_("Heads and administrators of the unit above allow it.")),
    )
