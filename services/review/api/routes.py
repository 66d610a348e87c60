"""Stages, score sheets and decisions over HTTP."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import Depends, Query
from fastapi.responses import Response

from casework.about import find
from casework.naming import Days, named, people_names
from casework.routes.about import AskedAbout
from casework.routes.cases import all_or, watched
from kit.counting import count_if_first
from kit.db import Tx
from kit.http.commands import Caller, Commanded, Db, IfMatch, shown
from kit.http.models import Code, Day, Page, PageSize, UnitFilter, page_of, whole
from kit.http.routers import Router
from kit.http.sorts import AskedPage, sorted_by
from language.messages.journey import StageOutcome
from services.review.api.schemas import (
    DecisionIn,
    DecisionLineOut,
    DecisionOut,
    ReasonIn,
    RecusalOut,
    SheetIn,
    SheetOut,
    StageCountOut,
    StageLineOut,
    TakenBackOut,
)
from services.review.domain.stage import StageState
from services.review.operations import deciding, marking, reading, second_thoughts
from services.review.operations.marking import WriteSheet
from services.review.store import stage_lists
from services.review.store.stage_lists import DecisionFilter, StageFilter

router = Router(prefix="/v1", tags=["review"])
L = TypeVar("L", StageLineOut, DecisionLineOut)
Decider = Annotated[UUID | None, Query(description="Who decides, or has decided")]


async def _called(tx: Tx, lines: Sequence[L]) -> list[L]:
    """The rows of a page with their names, and that of who decides."""
    people = await people_names(tx, (line.decider_id for line in lines))
    decided = [
        line.model_copy(update={"decider_name": people.get(line.decider_id) if line.decider_id else None})
        for line in lines
    ]
    return await named(tx, decided)


async def _stages_wanted(
    level: Code | None = None,
    state: StageState | None = None,
    season_id: UUID | None = None,
    opened_from: Day | None = None,
    opened_until: Day | None = None,
    due_from: Day | None = None,
    due_until: Day | None = None,
    overdue: bool | None = None,
    actor_id: Decider = None,
) -> StageFilter:
    return StageFilter(
        level=level,
        state=state,
        season_id=season_id,
        opened=Days(first=opened_from, last=opened_until),
        due=Days(first=due_from, last=due_until),
        overdue=overdue,
        actor_id=actor_id,
    )


@router.get("/stages")
async def list_stages(
    caller: Caller,
    database: Db,
    wanted: Annotated[StageFilter, Depends(_stages_wanted)],
    about: AskedAbout,
    page: Annotated[AskedPage, Depends(sorted_by(stage_lists.STAGE_SORTS))],
    dossier_id: Annotated[
        UUID | None, Query(description="Those of this dossier, in the order they were opened")
    ] = None,
    unit_id: UnitFilter = None,
    limit: PageSize = 50,
) -> Page[StageLineOut]:
    """Stages under the caller's units, newest first; or those of a dossier that the caller may see."""
    async with database.reading() as tx:
        if dossier_id is not None:
            in_unit = None if unit_id is None else (unit_id,)
            found_about = await find(tx, about)
            of_dossier = replace(wanted, dossier_id=dossier_id, unit_ids=in_unit, about=found_about)
            views = await reading.list_stages(tx, caller, of_dossier)
            return whole(page.in_order(await _called(tx, [StageLineOut.of(view) for view in views])))
        units = await reading.units_to_list(tx, caller, unit_id)
        wanted = replace(wanted, unit_ids=units, not_of=caller.person_id, about=await find(tx, about))
        found = await stage_lists.find_stages(tx, wanted, page.place, limit + 1)
        counted = await count_if_first(page.after, found, limit, lambda: stage_lists.count_stages(tx, wanted))
        views = await reading.views_of(tx, caller, found)
        lines = await _called(tx, [StageLineOut.of(view) for view in views])
    return page_of(lines, limit, page.key, page.after, counted)


@router.get("/stages/counts")
async def count_stages(
    caller: Caller, database: Db, season_id: UUID | None = None, unit_id: UnitFilter = None
) -> Page[StageCountOut]:
    """How many stages there are under the caller's units, by level, state and outcome: exact."""
    async with database.reading() as tx:
        units = await watched(tx, caller, reading.WATCHERS, unit_id)
        under = await all_or(tx, caller, reading.WATCHERS, units)
        found = await stage_lists.count_by_level(tx, under, season_id, caller.person_id)
    return whole([StageCountOut.of(one) for one in found])


@router.get("/stages/{stage_id}", response_model=StageLineOut)
async def read_stage(stage_id: UUID, caller: Caller, database: Db) -> Response:
    """Council, counts, rules; their own sheet, and averages, votes and all sheets as soon as marking is over:
    before the decision for decider, secretary and members, afterwards for all who see the stage."""
    async with database.reading() as tx:
        view = await reading.read_stage(tx, caller, stage_id)
        (line,) = await named(tx, [StageLineOut.of(view)])
    return shown(view, lambda _: line)


@router.post("/stages/{stage_id}/decision", response_model=DecisionOut)
async def record_decision(stage_id: UUID, body: DecisionIn, command: Commanded) -> Response:
    """Decide the stage: only its decider, once, under its frozen rules. While sheets are owed a dry run says
    nothing of the marks."""
    return await command.run(
        lambda tx: deciding.record_decision(
            tx, command.caller, stage_id, body.verdict(), is_trial=command.dry_run
        ),
        DecisionOut.of,
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
async def take_back_sheet(sheet_id: UUID, body: ReasonIn, command: Commanded) -> Response:
    """Take the own submitted sheet back until the decision, to correct it; what it said is kept. Not in a
    secret ballot, whose votes nobody can tell apart."""
    return await command.run(
        lambda tx: second_thoughts.take_back_sheet(tx, command.caller, sheet_id, body.reason), SheetOut.of
    )


@router.get("/score-sheets/{sheet_id}/retractions")
async def list_retractions(sheet_id: UUID, caller: Caller, database: Db) -> Page[TakenBackOut]:
    """What the sheet said each time before it was taken back, for whoever may read it."""
    async with database.reading() as tx:
        return whole([TakenBackOut.of(value) for value in await reading.taken_back(tx, caller, sheet_id)])


@router.post("/stages/{stage_id}/recusal", response_model=RecusalOut)
async def recuse(stage_id: UUID, body: ReasonIn, command: Commanded) -> Response:
    """Stay out of this dossier at this level: the own seat, and the decision, go to who is there for them."""
    return await command.run(
        lambda tx: second_thoughts.recuse(tx, command.caller, stage_id, body.reason),
        RecusalOut.of,
        location=lambda recusal: f"/v1/stages/{recusal.stage_id}",
    )


async def _decisions_wanted(
    unit_id: UnitFilter = None,
    level: Code | None = None,
    outcome: StageOutcome | None = None,
    season_id: UUID | None = None,
    dossier_id: UUID | None = None,
    grade: Code | None = None,
    decided_from: Day | None = None,
    decided_until: Day | None = None,
    actor_id: Decider = None,
) -> DecisionFilter:
    return DecisionFilter(
        caller_units=(),
        unit_id=unit_id,
        level=level,
        outcome=outcome,
        season_id=season_id,
        dossier_id=dossier_id,
        grade=grade,
        decided=Days(first=decided_from, last=decided_until),
        actor_id=actor_id,
    )


@router.get("/decisions")
async def list_decisions(
    caller: Caller,
    database: Db,
    wanted: Annotated[DecisionFilter, Depends(_decisions_wanted)],
    about: AskedAbout,
    page: Annotated[AskedPage, Depends(sorted_by(stage_lists.DECISION_SORTS))],
    limit: PageSize = 50,
) -> Page[DecisionLineOut]:
    """Decisions under the caller's units, newest first."""
    async with database.reading() as tx:
        units = await reading.watched_units(tx, caller)
        wanted = replace(wanted, caller_units=units, about=await find(tx, about))
        found = await stage_lists.list_decisions(tx, wanted, page.place, limit + 1)
        count = partial(stage_lists.count_decisions, tx, wanted)
        counted = await count_if_first(page.after, found, limit, count)
        lines = await _called(tx, [DecisionLineOut.of(decision) for decision in found])
    return page_of(lines, limit, page.key, page.after, counted)
