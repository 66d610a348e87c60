"""A unit's ledger and its trial balance."""

import asyncio
from collections.abc import Sequence
from typing import Final

from starlette.responses import Response
from starlette.routing import Route

from services.portal.desk import Desk
from services.portal.frame import PAYOUT
from services.portal.opening import page
from services.portal.pages.money_shared import units_of
from services.portal.pages.shared import EMPTY, as_table, asked, listed_or_told, wants_table
from services.portal.showing.typed import id_of

_FILTERS: Final = ("account", "booked_from", "booked_until")


def routes() -> Sequence[Route]:
    """All addresses."""
    return [page("/money/ledger", show_ledger)]


async def show_ledger(desk: Desk) -> Response:
    """The lines in order, and what each account comes to."""
    units = await units_of(desk, [id_of(desk.query.get("unit_id", ""))])
    unit_id = id_of(desk.query.get("unit_id", "")) or next((one[0] for one in units), "")
    wanted = {**asked(desk, *_FILTERS), "unit_id": unit_id}
    if wants_table(desk) and unit_id:
        return await as_table(desk, PAYOUT, "/v1/ledger/entries", wanted)
    listed, told, balances = dict(EMPTY), None, dict(EMPTY)
    if unit_id:
        (listed, told), balances = await asyncio.gather(
            listed_or_told(desk, PAYOUT, "/v1/ledger/entries", wanted),
            desk.ask(PAYOUT, "/v1/ledger/trial-balance", unit_id=unit_id),
        )
    return await desk.draw(
        "money/ledger.html",
        listed=listed,
        told=told,
        balances=balances["items"],
        sums=[sum(row[side] for row in balances["items"]) for side in ("debit_dong", "credit_dong")],
        units=units,
        unit_id=unit_id,
        is_filtered=bool(wanted.keys() - {"unit_id"}),
    )
