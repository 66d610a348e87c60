"""Dashboards: how far dossiers have come, how long what is open has waited, where things are done in time,
who waits for whom, and money. Every figure leads to the list behind it, with the same filters."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from language.deadline.arithmetic import local_day
from services.portal.asking.services import Away, Facts, Refused
from services.portal.desk import Desk
from services.portal.frame import INTAKE, ORGANISATION, PAYOUT, REVIEW, RULEBOOK, WORKING
from services.portal.opening import page
from services.portal.pages.money_shared import units_of
from services.portal.pages.overview_charts import Bar, Chart, Part, chart_of
from services.portal.pages.passing import TABLES, passed_on
from services.portal.pages.shared import is_id
from services.portal.showing.languages import N_
from services.portal.showing.values import Values

EVERY: Final = "all"
LEVELS: Final = ("UNIT", "COMMUNE", "DISTRICT", "SECTOR", "PROVINCE")
PARTS: Final = {INTAKE: N_("Filing and check"), REVIEW: N_("Council"), PAYOUT: N_("Money")}
AGES: Final = (
    ("up_to_a_week", N_("up to 7 days"), None, 7),
    ("up_to_a_month", N_("8 to 30 days"), 8, 30),
    ("up_to_two_months", N_("31 to 60 days"), 31, 60),
    ("longer", N_("more than 60 days"), 61, None),
)
"""Of open cases: what each column is called, and from how many days ago until how many."""
_TABLES: Final[Mapping[str, tuple[str, str]]] = {
    "dossiers": (INTAKE, "/v1/dossiers/counts"),
    "levels": (REVIEW, "/v1/stages/counts"),
    "money": (PAYOUT, "/v1/awards/counts"),
    **{f"ageing-{part}": (part, "/v1/cases/ageing") for part in WORKING},
    **{f"punctuality-{part}": (part, "/v1/cases/punctuality") for part in WORKING},
    **{f"waiting-{part}": (part, "/v1/tasks/waiting") for part in WORKING},
}
_YEARS: Final = 4
_SHOWN: Final = 15


def routes() -> Sequence[Route]:
    """All addresses."""
    return [page("/overview", show_overview), page("/overview/table/{table}.{kind}", show_table)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What the figures are narrowed to: a season (of dossiers, levels and money), a unit with all below it,
    a year (of what was done in time or late)."""

    season_id: str
    unit_id: str
    year: str
    seasons: list[tuple[str, str]]

    @property
    def of_season(self) -> dict[str, str]:
        """As lists that know seasons take it."""
        return {"season_id": self.season_id, "unit_id": self.unit_id}

    @property
    def of_year(self) -> dict[str, str]:
        """The days of the year."""
        days = {"closed_from": f"{self.year}-01-01", "closed_until": f"{self.year}-12-31"}
        return days if self.year else {}


async def filters_of(desk: Desk) -> Filters:
    """What the address asks for; when it says nothing, the season that began last and this year."""
    today = today_of(desk)
    try:
        seasons = list((await desk.ask(RULEBOOK, "/v1/seasons"))["items"])
    except (Away, Refused):
        seasons = []
    begun = [one for one in seasons if one["opens_on"] <= today.isoformat()]
    newest = max(begun, key=lambda one: str(one["opens_on"]), default={"id": ""})["id"]
    season = desk.query.get("season_id") or newest
    year, unit_id = desk.query.get("year") or str(today.year), desk.query.get("unit_id", "")
    return Filters(
        season_id=season if is_id(season) else "",
        unit_id=unit_id if is_id(unit_id) else "",
        year=year if len(year) == 4 and year.isdigit() else "",
        seasons=[(one["id"], one["name"]) for one in seasons],
    )


def today_of(desk: Desk) -> date:
    """The day in Viet Nam."""
    return local_day(desk.portal.clock.now())


class Figures:
    """What the services say; a part that is away is told, one that this reader may not see is left out."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.is_whole = True

    async def rows(self, service: str, path: str, **query: object) -> list[Facts] | None:
        """The rows of a table of figures; None for who may not see them, or while the service is away."""
        try:
            return list((await self._desk.ask(service, path, **query))["items"])
        except Away:
            self.is_whole = False
        except Refused as refusal:
            if refusal.status not in {403, 404}:
                raise
        return None

    async def of_parts(self, path: str, **query: object) -> dict[str, list[Facts]]:
        """The same of every service that has cases."""
        found = await asyncio.gather(*(self.rows(part, path, **query) for part in WORKING))
        return {part: rows for part, rows in zip(WORKING, found, strict=True) if rows is not None}

    async def of_season(self, filters: Filters) -> tuple[list[Facts] | None, ...]:
        """Dossiers, levels and money."""
        wanted = filters.of_season
        return tuple(
            await asyncio.gather(
                self.rows(INTAKE, "/v1/dossiers/counts", **wanted),
                self.rows(REVIEW, "/v1/stages/counts", **wanted),
                self.rows(PAYOUT, "/v1/awards/counts", **wanted),
            )
        )

    async def of_cases(self, filters: Filters) -> tuple[dict[str, list[Facts]], ...]:
        """By age, by unit, by who has the work."""
        unit_id = filters.unit_id
        return tuple(
            await asyncio.gather(
                self.of_parts("/v1/cases/ageing", unit_id=unit_id),
                self.of_parts("/v1/cases/punctuality", unit_id=unit_id, **filters.of_year),
                self.of_parts("/v1/tasks/waiting", unit_id=unit_id),
            )
        )


async def show_overview(desk: Desk) -> Response:
    """All figures on one page."""
    filters = await filters_of(desk)
    figures, unit = Figures(desk), filters.unit_id
    of_season, of_cases, units, chosen = await asyncio.gather(
        figures.of_season(filters), figures.of_cases(filters), units_of(desk), _unit_called(desk, unit)
    )
    dossiers, levels, money = of_season
    ageing, punctuality, waiting = of_cases
    by_level = funnel(levels or [])
    in_units = by_unit(punctuality)
    people = waits(waiting)
    open_cases = [{**line, "part": part} for part, found in ageing.items() for line in found]
    return await desk.draw(
        "overview/overview.html",
        filters=filters,
        units=units,
        unit=chosen,
        years=[str(today_of(desk).year - back) for back in range(_YEARS)],
        is_whole=figures.is_whole,
        sees_any=bool(ageing) or (dossiers, levels, money) != (None, None, None),
        dossiers=dossiers,
        filed=sum(row["count"] for row in dossiers or []),
        levels=by_level if levels is not None else None,
        ageing=open_cases if ageing else None,
        ages=[(name, desk.say(said), *_days_of(desk, since, until)) for name, said, since, until in AGES],
        punctuality=in_units if punctuality else None,
        waiting=people[:_SHOWN] if waiting else None,
        waiting_more=len(people) > _SHOWN,
        money=money,
        asked_tables=lambda table: [(f"{table}-{part}", desk.say(PARTS[part])) for part in ageing],
        charts=_charts(desk, by_level, open_cases, in_units, people, money or []),
    )


async def _unit_called(desk: Desk, unit_id: str) -> Facts:
    return await desk.ask_or({}, ORGANISATION, f"/v1/units/{unit_id}") if is_id(unit_id) else {}


def _days_of(desk: Desk, since: int | None, until: int | None) -> tuple[str, str]:
    """The days on which a case was opened that is so old: from, until; empty where it is open."""
    today = today_of(desk)
    first = (today - timedelta(days=until)).isoformat() if until is not None else ""
    last = (today - timedelta(days=since)).isoformat() if since is not None else ""
    return first, last


def funnel(rows: Sequence[Facts]) -> list[dict[str, Any]]:
    """A line for each level that has had anything: how much came to it, and what became of that."""
    found = []
    for level in LEVELS:
        here = [row for row in rows if row["level"] == level]
        if here:
            counted = {
                "level": level,
                "entered": sum(row["count"] for row in here),
                "open": sum(row["count"] for row in here if row["state"] == "OPEN"),
                "overdue": sum(row["overdue"] for row in here),
                "recognised": sum(row["count"] for row in here if _decided(row) == "RECOGNISED"),
                "refused": sum(row["count"] for row in here if _decided(row) == "REFUSED"),
                "withdrawn": sum(row["count"] for row in here if row["state"] == "WITHDRAWN"),
                "moved": sum(row["count"] for row in here if row["state"] == "MOVED"),
            }
            found.append(counted)
    return found


def _decided(row: Facts) -> str | None:
    return row["outcome"] if row["state"] == "DECIDED" else None


_TOLD_OF_UNITS: Final = ("in_time", "late", "running", "running_late")


def by_unit(parts: Mapping[str, Sequence[Facts]]) -> list[dict[str, Any]]:
    """The lines of all services put together, those first in which most is late."""
    units: dict[tuple[str, bool], dict[str, Any]] = {}
    for told in (told for found in parts.values() for told in found):
        key = (told["unit_id"], told["itself"])
        line = units.setdefault(key, {**told, **dict.fromkeys(_TOLD_OF_UNITS, 0)})
        for name in _TOLD_OF_UNITS:
            line[name] += told[name]
    for line in units.values():
        done = line["in_time"] + line["late"]
        line["percent"] = round(100 * line["in_time"] / done) if done else None
    return sorted(units.values(), key=lambda line: (-line["late"] - line["running_late"], line["unit_name"]))


def waits(parts: Mapping[str, Sequence[Facts]]) -> list[dict[str, Any]]:
    """Work of all services by the person who has it, what is overdue first."""
    rows = [{**line, "part": part} for part, found in parts.items() for line in found]
    return sorted(rows, key=lambda row: (-row["overdue"], -row["count"], row["since"]))


def _charts(
    desk: Desk,
    levels: Sequence[Mapping[str, Any]],
    ageing: Sequence[Mapping[str, Any]],
    units: Sequence[Mapping[str, Any]],
    people: Sequence[Mapping[str, Any]],
    money: Sequence[Facts],
) -> dict[str, Chart]:
    say, values = desk.say, Values(desk.language)
    by_age = [Bar(say(said), (Part("plain", sum(row[name] for row in ageing)),)) for name, said, _, _ in AGES]
    sums: dict[str, int] = {}
    for row in money:
        sums[row["state"]] = sums.get(row["state"], 0) + row["amount_dong"]
    return {
        "levels": chart_of(
            [
                Bar(
                    values.level(one["level"]),
                    (
                        Part("good", one["recognised"]),
                        Part("bad", one["refused"]),
                        Part("wait", one["open"]),
                        Part("plain", one["withdrawn"] + one["moved"]),
                    ),
                )
                for one in levels
            ]
        ),
        "ageing": chart_of(by_age),
        "punctuality": chart_of(
            [
                Bar(
                    one["unit_name"],
                    (Part("good", one["in_time"]), Part("bad", one["late"] + one["running_late"])),
                )
                for one in units
            ]
        ),
        "waiting": chart_of(
            [
                Bar(
                    one["assignee_name"] or "–",
                    (Part("bad", one["overdue"]), Part("wait", one["count"] - one["overdue"])),
                )
                for one in people
            ]
        ),
        "money": chart_of(
            [
                Bar(values.words(state, "AwardState"), (Part("plain", amount),), values.money(amount))
                for state, amount in sums.items()
            ]
        ),
    }


async def show_table(desk: Desk) -> Response:
    """A table of figures as a file, with the same filters."""
    table, accept = _TABLES.get(desk.part("table")), TABLES.get(desk.part("kind"))
    if table is None or accept is None:
        raise HTTPException(404)
    filters = await filters_of(desk)
    service, path = table
    query: dict[str, str] = {"unit_id": filters.unit_id}
    if path.endswith("/counts"):
        query = filters.of_season
    elif path.endswith("/punctuality"):
        query |= filters.of_year
    return await passed_on(desk, service, path, accept=accept, **query)
