"""Lists of initiatives over HTTP."""

import asyncio
from hashlib import sha256

from fastapi import Request, Response

from kit.db import Tx
from kit.http.commands import Commanded
from kit.http.models import DryRun
from kit.http.routers import Router
from language.deadline.arithmetic import local_day
from services.intake.api.import_schemas import (
    MOST_FILE_BYTES,
    FilingListIn,
    FilingListOut,
    marked_workbook,
)
from services.intake.operations import importing
from services.intake.operations.importing import Listed, Order
from services.intake.operations.list_matching import Answers
from sheets.initiatives import read_initiatives

Shown = tuple[Listed, bytes | None]
router = Router(prefix="/v1", tags=["imports"])
_MOST_BODY_BYTES = MOST_FILE_BYTES * 2
_READ_AT_ONCE = asyncio.Semaphore(2)
"""Each workbook may need a lot of memory while it is read."""


@router.post(
    "/imports/filings", status_code=201, response_model=FilingListOut, max_body_size=_MOST_BODY_BYTES
)
async def import_filings(
    body: FilingListIn, request: Request, command: Commanded, dry_run: DryRun = False
) -> Response:
    """A list of initiatives in Excel, or as CSV, becomes drafts of their first authors, who complete and
    file them. With `dry_run=true` it is read, matched with the people and units of the organisation, and
    shown; nothing is written before what was shown is confirmed."""
    order = Order(
        unit_id=body.unit_id,
        season_id=body.season_id,
        answers=Answers(people=body.people, units=body.units),
        confirmed=body.confirmed,
        leave_doubtful=body.leave_doubtful,
        content_sha256=sha256(body.file).hexdigest(),
    )
    # Nothing is unpacked for who may not import.
    await command.allow(lambda tx: importing.require_importer(tx, command.caller, order.unit_id))
    today = local_day(request.app.state.clock.now())
    async with _READ_AT_ONCE:
        found = await asyncio.to_thread(read_initiatives, body.file, today, body.answers)

    async def read_on(tx: Tx) -> Shown:
        act = importing.preview_list if dry_run else importing.import_list
        listed = await act(tx, command.caller, order, found)
        return listed, await asyncio.to_thread(marked_workbook, listed) if body.marked else None

    def show(shown: Shown) -> FilingListOut:
        return FilingListOut.of_listed(*shown, dry_run=dry_run)

    return await (command.try_out(read_on, show) if dry_run else command.run(read_on, show, status=201))
