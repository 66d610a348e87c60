"""How the reminders and hand-ups of a draft would have worked in the days behind us, before anybody publishes
it."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from starlette.responses import Response
from starlette.routing import Route

from language.plan.review_plan import BudgetUnit
from language.plan.rule_kinds import RungAnchor
from language.words.rungs import say_moment
from services.portal.asking.services import Call, Facts, Refused
from services.portal.desk import Desk
from services.portal.frame import REVIEW
from services.portal.opening import page
from services.portal.pages.steering_packs import DRAFTS_AT, one_draft

_DAYS: Final = ("30", "90", "366")


def routes() -> Sequence[Route]:
    """The address."""
    return [page(f"{DRAFTS_AT}/{{draft_id:uuid}}/look-back", look_back)]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Level:
    """One level of the draft: what its ladder would have done, or why that cannot be told."""

    level: str
    found: Facts | None = None
    told: str = ""
    moments: Mapping[str, str] = field(default_factory=dict)
    """When each rung comes, by its id."""


async def look_back(desk: Desk) -> Response:
    """Each level's ladder on the stages that were opened in these days."""
    days = desk.query.get("days", "30")
    days = days if days in _DAYS else "30"
    draft = await one_draft(desk)
    levels = await asyncio.gather(*(_tried(desk, level, int(days)) for level in draft["content"]["levels"]))
    return await desk.draw("steering/look_back.html", draft=draft, days=days, levels=levels)


async def _tried(desk: Desk, level: Facts, days: int) -> _Level:
    body = {"level": level["level"], "days": days, "ladder": [_rung(one) for one in level["ladder"]]}
    try:
        answer = await desk.command(Call("POST", REVIEW, "/v1/forecast/backtest", body=body))
    except Refused as refusal:
        return _Level(level=level["level"], told=refusal.said(desk.language.value))
    moments = {one["id"]: _moment(desk, one) for one in level["ladder"]}
    return _Level(level=level["level"], found=answer.facts, moments=moments)


def _moment(desk: Desk, rung: Facts) -> str:
    said = say_moment(RungAnchor(rung["anchor"]), rung["offset"], BudgetUnit(rung["unit"]))
    return said.vi if desk.language.value == "vi" else said.en


def _rung(rung: Facts) -> Facts:
    """As it is tried: where it is written does not matter for what it does."""
    quorum = rung.get("quorum")
    tried = {name: rung[name] for name in ("id", "action", "anchor", "offset", "unit")}
    return tried | {"quorum": quorum and {name: quorum[name] for name in ("numerator", "denominator")}}
