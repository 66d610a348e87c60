"""Stages, score sheets and decisions over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import Response

from kit.http.commands import Caller, Commanded, Db, IfMatch, shown
from kit.http.cursors import key_by_instant
from kit.http.models import Code, Cursor, DryRun, Page, PageSize, page_of
from language.messages.journey import StageOutcome
from services.review.api.schemas import (
    DecisionIn,
    DecisionOut,
    ReasonIn,
    RecusalOut,
    SheetIn,
    SheetOut,
    StageOut,
    TakenBackOut,
)
from services.review.operations import deciding, marking, reading, second_thoughts
from services.review.operations.marking import WriteSheet
from services.review.operations.reading import DecisionQuery

router = APIRouter(prefix="/v1", tags=["review"])


@router.get("/stages")
async def list_stages(dossier_id: UUID, caller: Caller, database: Db) -> Page[StageOut]:
    """The stages of a dossier that the caller may see, one a level at most, in the order they were opened."""
    async with database.reading() as tx:
        views = await reading.list_stages(tx, caller, dossier_id)
    return Page(items=[StageOut.of(view) for view in views], next=None)


@router.get("/stages/{stage_id}", response_model=StageOut)
async def read_stage(stage_id: UUID, caller: Caller, database: Db) -> Response:
    """Council, counts, rules; their own sheet, and averages, votes and all sheets as soon as marking is over:
    before the decision for decider, secretary and members, afterwards for all who see the stage."""
    async with database.reading() as tx:
        return shown(await reading.read_stage(tx, caller, stage_id), StageOut.of)


@router.post(
    "/stages/{stage_id}/decision",
    status_code=201,
    response_model=DecisionOut,
    responses={200: {"model": DecisionOut, "description": "Dry run"}},
)
async def record_decision(
    stage_id: UUID, body: DecisionIn, command: Commanded, dry_run: DryRun = False
) -> Response:
    """Decide the stage: only its decider, once, under its frozen rules. While sheets are owed a dry run says
    nothing of the marks."""
    if dry_run:
        return await command.try_out(
            lambda tx: deciding.record_decision(tx, command.caller, stage_id, body.verdict(), is_trial=True),
            DecisionOut.of,
        )
    return await command.run(
        lambda tx: deciding.record_decision(tx, command.caller, stage_id, body.verdict()),
        DecisionOut.of,
        status=201,
        location=lambda decision: f"/v1/stages/{decision.stage_id}",
    )


@router.get("/score-sheets/{sheet_id}", response_model=SheetOut)
async def read_sheet(sheet_id: UUID, caller: Caller, database: Db) -> Response:
    """The caller's own sheet; another's as the stage shows it."""
    async with database.reading() as tx:
        return shown(await reading.read_sheet(tx, caller, sheet_id), SheetOut.of)


@router.put("/score-sheets/{sheet_id}", response_model=SheetOut)
async def write_sheet(sheet_id: UUID, body: SheetIn, version: IfMatch, command: Commanded) -> Response:
    """Save their own sheet; `submit` makes it final."""
    write = WriteSheet(sheet_id=sheet_id, version=version, content=body.content(), submit=body.submit)
    return await command.run(lambda tx: marking.write_sheet(tx, command.caller, write), SheetOut.of)


@router.post("/score-sheets/{sheet_id}/retraction", response_model=SheetOut)
async def take_back_sheet(
    sheet_id: UUID, body: ReasonIn, command: Commanded, dry_run: DryRun = False
) -> Response:
    """Take the own submitted sheet back until the decision, to correct it; what it said is kept. Not in a
    secret ballot, whose votes nobody can tell apart."""
    run = command.try_out if dry_run else command.run
    return await run(
        lambda tx: second_thoughts.take_back_sheet(tx, command.caller, sheet_id, body.reason), SheetOut.of
    )


@router.get("/score-sheets/{sheet_id}/retractions")
async def list_retractions(sheet_id: UUID, caller: Caller, database: Db) -> list[TakenBackOut]:
    """What the sheet said each time before it was taken back, for whoever may read it."""
    async with database.reading() as tx:
        return [TakenBackOut.of(value) for value in await reading.taken_back(tx, caller, sheet_id)]


@router.post(
    "/stages/{stage_id}/recusal",
    status_code=201,
    response_model=RecusalOut,
    responses={200: {"model": RecusalOut, "description": "Dry run"}},
)
async def recuse(stage_id: UUID, body: ReasonIn, command: Commanded, dry_run: DryRun = False) -> Response:
    """Stay out of this dossier at this level: the own seat, and the decision, go to who is there for them."""
    if dry_run:
        return await command.try_out(
            lambda tx: second_thoughts.recuse(tx, command.caller, stage_id, body.reason), RecusalOut.of
        )
    return await command.run(
        lambda tx: second_thoughts.recuse(tx, command.caller, stage_id, body.reason),
        RecusalOut.of,
        status=201,
        location=lambda recusal: f"/v1/stages/{recusal.stage_id}",
    )


@router.get("/decisions")
async def list_decisions(
    caller: Caller,
    database: Db,
    unit_id: Annotated[
        UUID | None, Query(description="Only decisions of this unit and those under it")
    ] = None,
    level: Code | None = None,
    outcome: StageOutcome | None = None,
    limit: PageSize = 50,
    after: Cursor = None,
) -> Page[DecisionOut]:
    """Decisions under the caller's units, newest first."""
    query = DecisionQuery(unit_id=unit_id, level=level, outcome=outcome)
    async with database.reading() as tx:
        found = await reading.list_decisions(
            tx, caller, query, key_by_instant(after, descending=True), limit + 1
        )
    return page_of(
        [DecisionOut.of(decision) for decision in found],
        limit,
        lambda decision: (decision.decided_at, decision.stage_id),
    )
