"""What the pages of money have in common: units to choose from, acts with a reason."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

from services.portal.asking.services import Away, Facts
from services.portal.desk import Desk
from services.portal.frame import ORGANISATION
from services.portal.pages.shared import is_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Something that is done with a reason: what it is called, what it means, what the page says after."""

    title: str
    meaning: str
    done: str
    is_grave: bool = True


async def units_of(desk: Desk, also: Iterable[str | None] = ()) -> list[tuple[str, str]]:
    """The units of the reader's posts, and these, by name: as a filter offers them."""
    me = await desk.shared("me")
    wanted = [*(post["unit_id"] for post in me.posts), *(one for one in also if one and is_id(one))]
    answers = await asyncio.gather(*(_unit(desk, one) for one in dict.fromkeys(wanted)))
    return [(one["id"], one["name"]) for one in answers if one]


async def _unit(desk: Desk, unit_id: str) -> Facts:
    try:
        return await desk.ask_or({}, ORGANISATION, f"/v1/units/{unit_id}")
    except Away:
        return {}


def sum_of(rows: Iterable[Facts]) -> int:
    """What these come to, in đồng."""
    return sum(int(row["amount_dong"]) for row in rows)
