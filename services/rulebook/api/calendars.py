"""The calendar and the breaks of units over HTTP."""

from collections.abc import Awaitable, Callable
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Response

from kit.db import Tx
from kit.http.commands import Caller, Command, Commanded, Db, IfMatch, shown
from kit.http.models import DryRun, Out, Page, PageSize, page_of
from kit.http.routers import Router
from kit.http.sorts import AskedPage, sorted_by
from services.rulebook.api import calendar_schemas as schemas
from services.rulebook.domain.calendars import KeptBreak
from services.rulebook.operations import calendars
from services.rulebook.operations.calendars import CalendarView, NewBreak
from services.rulebook.store import breaks as store

router = Router(prefix="/v1", tags=["rules"])


@router.get("/calendar", response_model=schemas.CalendarOut)
async def read_calendar(caller: Caller, database: Db, unit_id: UUID | None = None) -> Response:
    """The calendar in use; its ETag is its version. With a unit also its days, merged with its breaks and
    with where each comes from."""
    async with database.reading() as tx:
        return shown(await calendars.view_calendar(tx, unit_id), schemas.CalendarOut.of)


async def _edit(
    command: Command,
    edit: Callable[[Tx], Awaitable[CalendarView | KeptBreak]],
    show: type[Out],
    status: int,
    *,
    dry_run: bool,
) -> Response:
    if dry_run:
        return await command.try_out(
            lambda tx: calendars.try_edit(tx, edit(tx)), schemas.CalendarChangeOut.of
        )
    return await command.run(edit, show.of, status=status)


@router.put("/calendar", response_model=schemas.CalendarOut | schemas.CalendarChangeOut)
async def change_calendar(
    body: schemas.CalendarIn, version: IfMatch, command: Commanded, dry_run: DryRun = False
) -> Response:
    """Add a version of the calendar; clocks that run are projected anew, with the reason in each history."""
    days = (body.holidays, body.make_up_days)
    return await _edit(
        command,
        lambda tx: calendars.change_calendar(tx, command.caller, version, days, body.reason),
        schemas.CalendarOut,
        200,
        dry_run=dry_run,
    )


@router.get("/calendar/breaks")
async def list_breaks(
    caller: Caller,
    database: Db,
    page: Annotated[AskedPage, Depends(sorted_by(store.SORTS))],
    unit_id: UUID | None = None,
    limit: PageSize = 50,
) -> Page[schemas.ListedBreakOut]:
    """Breaks that hold, of all units or of one and all under it, the one entered last first."""
    async with database.reading() as tx:
        found = await store.list_breaks(tx, unit_id, page.place, limit + 1)
    return page_of([schemas.ListedBreakOut.of(one) for one in found], limit, page.key, page.after)


@router.post(
    "/calendar/breaks",
    status_code=201,
    response_model=schemas.BreakOut,
    responses={200: {"model": schemas.CalendarChangeOut}},
)
async def add_break(body: schemas.BreakIn, command: Commanded, dry_run: DryRun = False) -> Response:
    """Add a break of a unit and all under it: a new version of the calendar, brought to the clocks that run
    there."""
    new = NewBreak(**body.model_dump())
    return await _edit(
        command,
        lambda tx: calendars.add_break(tx, command.caller, new),
        schemas.BreakOut,
        201,
        dry_run=dry_run,
    )


@router.get("/calendar/breaks/{break_id}")
async def read_break(break_id: UUID, caller: Caller, database: Db) -> schemas.BreakOut:
    """One break, also one that no longer holds."""
    async with database.reading() as tx:
        return schemas.BreakOut.of(await store.get_break(tx, break_id))


@router.post("/calendar/breaks/{break_id}/end", response_model=schemas.BreakOut | schemas.CalendarChangeOut)
async def end_break(
    break_id: UUID, body: schemas.BreakEnd, command: Commanded, dry_run: DryRun = False
) -> Response:
    """The break no longer holds; it stays in the versions in which it did."""
    return await _edit(
        command,
        lambda tx: calendars.end_break(tx, command.caller, break_id, body.reason),
        schemas.BreakOut,
        200,
        dry_run=dry_run,
    )
