"""A dossier as an auditor reads it: everything that happened in every service, each event as a sentence with
who, when, on whose behalf and by which rule; its proof, and its run for administrators."""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, Final
from urllib.parse import quote

import httpx
from pydantic import TypeAdapter
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from language.deadline.arithmetic import local_day
from language.events.base import Fact
from language.events.catalogue import CATALOGUE, brought_up
from language.ids import DossierId
from language.names import initiative_workflow_id
from language.words.details import Details
from services.portal.asking.services import Away, Facts, Refused
from services.portal.desk import Desk
from services.portal.frame import INTAKE, PAYOUT, REVIEW, WORKING
from services.portal.opening import page
from services.portal.pages.passing import TABLES, passed_on
from services.portal.pages.shared import is_id, names_of
from services.portal.showing.languages import N_
from services.portal.showing.typed import NotReadable, day_of

WHOLE: Final = "/audit/dossiers/{dossier_id:uuid}"
WHERE: Final = {INTAKE: N_("Filing and check"), REVIEW: N_("Council"), PAYOUT: N_("Money")}
RULEBOOKS: Final = "@"
"""Between the name of a pack and its edition."""
_PAGE: Final = 200
_PAGES: Final = 25
_PROBE_SECONDS: Final = 1.0
_BY_ITSELF: Final = "clock"


def routes() -> Sequence[Route]:
    """All addresses."""
    return [
        page(WHOLE, show_history),
        page(f"{WHOLE}/proof", show_proof),
        page(f"{WHOLE}/history-{{part}}.{{kind}}", show_table),
    ]


async def _events(desk: Desk, part: str) -> tuple[list[Facts], bool]:
    """All of the part's, in order, and whether they could be had."""
    path, after, found = f"/v1/dossiers/{desk.part('dossier_id')}/history", None, []
    try:
        for _ in range(_PAGES):
            answer = await desk.ask(part, path, limit=_PAGE, after=after)
            found += [{**event, "part": part} for event in answer["items"]]
            after = answer["next"]
            if not after:
                return found, True
    except Away:
        return found, False
    except Refused as refusal:
        if refusal.status not in {403, 404}:
            raise
        return [], True
    return found, False


async def show_history(desk: Desk) -> Response:
    """The whole history, narrowed by what one looks for."""
    dossier_id = desk.part("dossier_id")
    dossier = await desk.ask(INTAKE, f"/v1/dossiers/{dossier_id}")
    found = await asyncio.gather(*(_events(desk, part) for part in WORKING))
    events = sorted(
        (event for rows, _ in found for event in rows),
        key=lambda event: (event["occurred_at"], event["recorded_at"], event["seq"]),
    )
    names = await names_of(desk, people_in(events))
    shown = [row for row in events if _fits(desk, row)]
    run, is_there = await _run(desk, dossier_id)
    return await desk.draw(
        "overview/history.html",
        dossier=dossier,
        events=[told(desk, event, names) for event in shown],
        count=len(events),
        people=_who_acted(desk, events),
        kinds=_kinds(desk, events),
        parts=[(part, desk.say(WHERE[part])) for part, (rows, _) in zip(WORKING, found, strict=True) if rows],
        where={part: desk.say(said) for part, said in WHERE.items()},
        is_whole=False not in [complete for _, complete in found],
        faults=_faults(desk),
        run=run,
        is_there=is_there,
    )


def people_in(events: Sequence[Facts]) -> Iterator[str]:
    """Everybody who may stand in these events."""
    for event in events:
        yield from (event[key] for key in ("actor_id", "on_behalf_of") if event[key])
        yield from (leaf for leaf in _leaves(event["detail"]) if is_id(leaf))


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _leaves(item)
    elif isinstance(value, str):
        yield value


@cache
def _reader(kind: str) -> Callable[[object], Fact]:
    return TypeAdapter(CATALOGUE[kind]).validate_python


def fact_of(event: Facts) -> Fact | None:
    """The event as the fact it was; None of a kind that only a newer release knows."""
    if event["kind"] not in CATALOGUE:
        return None
    found, detail = brought_up(event["kind"], event["version"], event["detail"])
    return _reader(found.__name__)(detail)


def told(desk: Desk, event: Facts, names: Mapping[str, str]) -> dict[str, Any]:
    """The event in sentences: what, what it holds, and by what right."""
    fact, said = fact_of(event), Details(names, desk.language)
    through = event["through"] or {}
    pack, _, edition = (event["rule_version"] or "").partition(RULEBOOKS)
    return {
        **event,
        "said": said.headline(fact) if fact else desk.say(N_("Something that this page does not know")),
        "lines": said.lines(fact) if fact else [],
        "right": "delegation" if "delegation_id" in through else "leave" if "leave_id" in through else "",
        "pack": pack,
        "edition": edition,
        "is_late": _seconds(event) > _TOLD_LATER,
    }


_TOLD_LATER: Final = 120.0
"""An event that was written down later than so many seconds after it says so."""


def _seconds(event: Facts) -> float:
    occurred, recorded = (datetime.fromisoformat(event[name]) for name in ("occurred_at", "recorded_at"))
    return (recorded - occurred).total_seconds()


# What one looks for


def _day(desk: Desk, name: str) -> str:
    try:
        found = day_of(desk.query.get(name, ""))
    except NotReadable:
        return ""
    return found.isoformat() if found else ""


def _faults(desk: Desk) -> dict[str, str]:
    """Days that cannot be read."""
    faults = {}
    for name in ("from", "until"):
        try:
            day_of(desk.query.get(name, ""))
        except NotReadable:
            faults[name] = desk.say(N_("This is no day. Write it like 05/09/2025."))
    return faults


def _fits(desk: Desk, event: Facts) -> bool:
    day = local_day(datetime.fromisoformat(event["occurred_at"])).isoformat()
    first, last = _day(desk, "from"), _day(desk, "until")
    who = desk.query.get("who", "")
    return (
        desk.query.get("part", "") in {"", event["part"]}
        and desk.query.get("kind", "") in {"", event["kind"]}
        and (not who or who in {event["actor_id"] or _BY_ITSELF, event["on_behalf_of"]})
        and (not first or day >= first)
        and (not last or day <= last)
    )


def _who_acted(desk: Desk, events: Sequence[Facts]) -> list[tuple[str, str]]:
    found = {one["actor_id"]: one["actor_name"] or desk.say(N_("somebody")) for one in events}
    is_clock = found.pop(None, None) is not None
    people = sorted(found.items(), key=lambda pair: str(pair[1]))
    return [*people, *([(_BY_ITSELF, desk.say(N_("by itself")))] if is_clock else [])]


def _kinds(desk: Desk, events: Sequence[Facts]) -> list[tuple[str, str]]:
    said = "act_vi" if desk.language.value == "vi" else "act_en"
    return sorted({(one["kind"], one[said]) for one in events}, key=lambda pair: pair[1])


# Its run in Temporal, which operators look at


async def _run(desk: Desk, dossier_id: str) -> tuple[str | None, bool]:
    """Where an administrator sees the dossier's run, and whether anything answers there; None where no
    address was set, or for others."""
    me = await desk.shared("me")
    base = desk.portal.settings.temporal_ui.rstrip("/")
    if not me.holds("ADMIN"):
        return None, False
    if not base:
        return "", False
    workflow = quote(initiative_workflow_id(DossierId(dossier_id)), safe="")  # type: ignore[arg-type]
    try:
        await desk.portal.services.http.get(base, timeout=_PROBE_SECONDS)
    except httpx.HTTPError:
        return "", False
    return f"{base}/namespaces/{desk.portal.settings.temporal_namespace}/workflows/{workflow}", True


# Files


async def show_proof(desk: Desk) -> Response:
    """The proof of the dossier, to be verified without us."""
    return await passed_on(desk, INTAKE, f"/v1/dossiers/{desk.part('dossier_id')}/proof")


async def show_table(desk: Desk) -> Response:
    """A service's part of the history, whole, as a file."""
    part, accept = desk.part("part"), TABLES.get(desk.part("kind"))
    if part not in WORKING or accept is None:
        raise HTTPException(404)
    path = f"/v1/dossiers/{desk.part('dossier_id')}/history"
    return await passed_on(desk, part, path, accept=accept)
