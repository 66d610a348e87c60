"""The calendar of working days and the breaks of units: what holds, and each change with its effect on the
deadlines that run, before it is saved."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from services.portal.asking.services import Answer, Call, Facts
from services.portal.desk import Desk
from services.portal.frame import ORGANISATION, RULEBOOK
from services.portal.opening import page
from services.portal.pages.administration_forms import Act, Body, Field, act_page, why_not
from services.portal.pages.shared import (
    as_table,
    asked,
    is_id,
    listed_or_told,
    today_of,
    wants_table,
)
from services.portal.showing.languages import N_
from services.portal.showing.values import Values

_PATH: Final = "/v1/calendar"
_BREAKS: Final = "/v1/calendar/breaks"
_BACK: Final = "/administration/calendar"
_EFFECT: Final = "steering/effect_calendar.html"
_REASON: Final = Field(
    name="reason",
    label=N_("Why"),
    kind="prose",
    most=2000,
    hint=N_("It stands in the history of every deadline that moves."),
)
_EACH: Final = 20
_OWN: Final = 3
"""So many of the reader's units are tried; an administrator has one or two."""


def routes() -> Sequence[Route]:
    """All addresses."""
    return [
        page(_BACK, show_calendar),
        act_page(f"{_BACK}/days/{{year:int}}", _days),
        act_page(f"{_BACK}/breaks/new", _break),
        act_page(f"{_BACK}/breaks/{{break_id:uuid}}/end", _ended),
    ]


def _year(desk: Desk) -> str:
    text = desk.query.get("year", "")
    return text if text.isascii() and text.isdigit() and len(text) == len("2026") else today_of(desk)[:4]


async def show_calendar(desk: Desk) -> Response:
    """Days of a year, breaks that hold, and of a unit its own days."""
    wanted = asked(desk, "unit_id", "sort")
    if not is_id(wanted.get("unit_id", "")):
        wanted.pop("unit_id", None)
    if wants_table(desk):
        return await as_table(desk, RULEBOOK, _BREAKS, wanted)
    text, unit_id = desk.query.get("q", "").strip(), wanted.get("unit_id")
    calendar, (breaks, told), units, unit, may_enter = await asyncio.gather(
        desk.ask_whole(RULEBOOK, _PATH, unit_id=unit_id),
        listed_or_told(desk, RULEBOOK, _BREAKS, wanted, limit=_EACH),
        _looked_for(desk, text),
        desk.ask_or({}, ORGANISATION, f"/v1/units/{unit_id}") if unit_id else _nothing(),
        _may_enter(desk),
    )
    change_barred = await why_not(desk, _changed(calendar, {"reason": "x"}), version=calendar.version)
    ends = [
        Call("POST", RULEBOOK, f"{_BREAKS}/{one['id']}/end", body={"reason": "x"}) for one in breaks["items"]
    ]
    barred = await asyncio.gather(*(why_not(desk, call) for call in ends if may_enter))
    year = _year(desk)
    days = [one for one in calendar.facts["days"] or [] if one["day"].startswith(year)]
    return await desk.draw(
        "steering/calendar.html",
        calendar=calendar.facts,
        year=year,
        days=days,
        breaks=breaks,
        told=told,
        may_end={row["id"] for row, why in zip(breaks["items"], barred, strict=False) if not why},
        units=units["items"],
        unit=unit,
        may_change=not change_barred,
        may_enter=may_enter,
    )


async def _nothing() -> Facts:
    return {}


async def _looked_for(desk: Desk, text: str) -> Facts:
    if not text:
        return {"items": []}
    return await desk.ask(ORGANISATION, "/v1/units", q=text[:100], limit=20, sort="name")


async def _may_enter(desk: Desk) -> bool:
    """Whether the reader may enter breaks of some unit of their posts, by a dry run on a day far off."""
    me = await desk.shared("me")
    units = list(dict.fromkeys(post["unit_id"] for post in me.posts))[:_OWN]
    far = {"first_day": "2998-01-01", "last_day": "2998-01-01", "name": "x", "reason": "x"}
    calls = (Call("POST", RULEBOOK, _BREAKS, body={**far, "unit_id": one}) for one in units)
    return "" in await asyncio.gather(*(why_not(desk, call) for call in calls))


# The days of the province


def _changed(calendar: Answer, body: Body, year: str = "") -> Call:
    """The whole calendar, with the days of a year said anew."""
    days: dict[str, list[str]] = {}
    for name in ("holidays", "make_up_days"):
        kept = [one for one in calendar.facts[name] if not year or not one.startswith(year)]
        days[name] = sorted({*kept, *body.get(name, [])})
    return Call("PUT", RULEBOOK, _PATH, body={**days, "reason": body.get("reason")})


def _lines(desk: Desk, days: Iterable[str], year: str) -> str:
    said = Values(desk.language).day
    return "\n".join(said(one) for one in days if one.startswith(year))


async def _days(desk: Desk) -> Act:
    year = desk.part("year")
    if len(year) != len("2026"):
        raise HTTPException(404)
    calendar = await desk.ask_whole(RULEBOOK, _PATH)
    barred = await why_not(desk, _changed(calendar, {"reason": "x"}), version=calendar.version)
    hint = desk.say(
        N_("One day a line, like 02/09/%(year)s. Days of other years stay as they are."), year=year
    )
    return Act(
        title=N_("Change the days of the year"),
        meaning=N_("The calendar of the whole province gets a new edition; deadlines that run follow it."),
        subject=year,
        done="calendar-changed",
        call=lambda body: _changed(calendar, body, year),
        fields=(
            Field(
                name="holidays",
                label=N_("Public holidays"),
                kind="days",
                year=year,
                required=False,
                hint=hint,
            ),
            Field(
                name="make_up_days",
                label=N_("Days worked instead of others"),
                kind="days",
                year=year,
                required=False,
                hint=N_("Saturdays and Sundays that are worked because a day before or after is free."),
            ),
            _REASON,
        ),
        stored={name: _lines(desk, calendar.facts[name], year) for name in ("holidays", "make_up_days")},
        version=calendar.version,
        barred=barred,
        shows=_EFFECT,
        shown_first=True,
        about=desk.say(N_("Calendar of working days")),
        back=f"{_BACK}?year={year}",
    )


# Breaks of units


async def _break(desk: Desk) -> Act:
    barred = "" if await _may_enter(desk) else desk.say(N_("Administrators of units enter breaks."))
    return Act(
        title=N_("Enter a break"),
        meaning=N_(
            "No day of it counts as a working day in the unit and all under it; deadlines in working days "
            "that run there move."
        ),
        done="break-entered",
        call=lambda body: Call("POST", RULEBOOK, _BREAKS, body=body),
        fields=(
            Field(name="unit_id", label=N_("The unit"), kind="unit"),
            Field(
                name="name",
                label=N_("What it is called"),
                hint=N_("As people call it, such as the summer holidays of a school year."),
            ),
            Field(name="first_day", label=N_("First day"), kind="day"),
            Field(name="last_day", label=N_("Last day"), kind="day"),
            _REASON,
        ),
        barred=barred,
        shows=_EFFECT,
        shown_first=True,
        about=desk.say(N_("Calendar of working days")),
        back=_BACK,
    )


async def _ended(desk: Desk) -> Act:
    found = await _find(desk)
    call = Call("POST", RULEBOOK, f"{_BREAKS}/{found['id']}/end", body={"reason": "x"})
    said = Values(desk.language).day
    return Act(
        title=N_("End the break"),
        meaning=N_("Its days count again, those that are over too; deadlines that run get them back."),
        subject=f"{found['unit_name']} · {found['name']} · {said(found['first_day'])} – "
        f"{said(found['last_day'])}",
        done="break-ended",
        call=lambda body: Call("POST", RULEBOOK, call.path, body=body),
        fields=(_REASON,),
        is_grave=True,
        barred=await why_not(desk, call),
        shows=_EFFECT,
        shown_first=True,
        about=desk.say(N_("Calendar of working days")),
        back=_BACK,
    )


async def _find(desk: Desk) -> Mapping[str, str]:
    """The break of this address; 404 when it holds no more."""
    after: str | None = None
    while True:
        listed = await desk.ask(RULEBOOK, _BREAKS, limit=200, after=after)
        for one in listed["items"]:
            if one["id"] == desk.part("break_id"):
                return dict(one)
        after = listed["next"]
        if after is None:
            raise HTTPException(404)
