"""Units over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Response

from kit.http.commands import Caller, Commanded, Db, IfMatch, shown
from kit.http.models import OneLine, Page, PageSize, UnitFilter, page_of
from kit.http.routers import Router
from kit.http.sorts import AskedPage, sorted_by
from language.deadline.arithmetic import local_day
from services.organisation.api import schemas
from services.organisation.operations import units as operations
from services.organisation.operations.units import NewUnit
from services.organisation.store import units

router = Router(prefix="/v1", tags=["organisation"])
Search = Annotated[
    str | None, OneLine, Query(max_length=100, description="Part of the code, or of the name, marked or not")
]


@router.get("/units")
async def list_units(
    caller: Caller,
    database: Db,
    page: Annotated[AskedPage, Depends(sorted_by(units.SORTS))],
    unit_id: UnitFilter = None,
    parent_id: Annotated[UUID | None, Query(description="Only units right below this one")] = None,
    level: schemas.LevelName | None = None,
    q: Search = None,
    limit: PageSize = 50,
) -> Page[schemas.UnitOut]:
    """Units by code: all or those under one, right below one, or with a text in name or code."""
    async with database.reading() as tx:
        wanted = units.UnitFilter(under=unit_id, parent=parent_id, level=level, text=q)
        found = await units.list_units(tx, wanted, page.place, limit + 1)
    return page_of([schemas.UnitOut.of(unit) for unit in found], limit, page.key, page.after)


@router.get("/units/{unit_id}", response_model=schemas.UnitOut)
async def read_unit(unit_id: UUID, caller: Caller, database: Db) -> Response:
    """One unit."""
    async with database.reading() as tx:
        return shown(await units.get_unit(tx, unit_id), schemas.UnitOut.of)


@router.get("/units/{unit_id}/past")
async def read_past(unit_id: UUID, caller: Caller, database: Db) -> schemas.UnitPastOut:
    """What the unit was called before, and the units that it succeeded."""
    async with database.reading() as tx:
        await units.get_unit(tx, unit_id)
        return schemas.UnitPastOut.of(await units.past_of(tx, unit_id, local_day(tx.now)))


@router.post("/units", status_code=201, response_model=schemas.UnitOut)
async def create_unit(body: schemas.UnitIn, command: Commanded) -> Response:
    """Add a unit."""
    new = NewUnit(**body.model_dump())
    return await command.run(
        lambda tx: operations.create_unit(tx, command.caller, new),
        schemas.UnitOut.of,
        status=201,
        location=lambda unit: f"/v1/units/{unit.id}",
    )


@router.patch("/units/{unit_id}", response_model=schemas.UnitChangedOut)
async def change_unit(
    unit_id: UUID, body: schemas.UnitPatch, version: IfMatch, command: Commanded
) -> Response:
    """Rename a unit or set its last day; of one that is over also what was done in the unit since."""
    return await command.run(
        lambda tx: operations.change_unit(tx, command.caller, unit_id, version, body.name, body.valid_to),
        schemas.UnitChangedOut.of,
    )


@router.post("/units/{unit_id}/move", response_model=schemas.UnitOut)
async def move_unit(unit_id: UUID, body: schemas.UnitMove, version: IfMatch, command: Commanded) -> Response:
    """Put the unit, with all below it, under another parent; tasks and stages that are open keep the path
    they were opened with."""
    return await command.run(
        lambda tx: operations.move_unit(tx, command.caller, unit_id, version, body.parent_id),
        schemas.UnitOut.of,
    )
