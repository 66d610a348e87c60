"""Marking and deciding many dossiers in one request; deciding is also proposing upward (`propose`)."""

from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal, Self
from uuid import UUID

from fastapi import Depends
from fastapi.responses import Response
from pydantic import Field

from casework.naming import NamedOut, named
from kit.http.batches import Batched, BatchIn, BatchOut, Named
from kit.http.commands import Caller, Db
from kit.http.models import Page, PageSize, page_of
from kit.http.routers import Router
from kit.http.sorts import AskedPage, sorted_by
from language.cases import Vote
from language.plan.rule_kinds import VotingMethod
from services.review.api.rules import CriterionOut
from services.review.api.schemas import DecisionIn, DecisionOut, SheetIn, SheetOut
from services.review.domain.stage import SheetState
from services.review.operations import deciding, marking
from services.review.operations.marking import WriteSheet
from services.review.operations.own_sheets import SheetToMark, list_own
from services.review.store import own_sheets

router = Router(prefix="/v1/batch", tags=["review"])
owed_router = Router(prefix="/v1/score-sheets", tags=["review"])


class SheetItemIn(Named, SheetIn):
    """A sheet of the caller's own, with the `version` that was read: what If-Match says of one alone."""

    version: int = Field(ge=1, le=999_999_999)


class DecisionItemIn(Named, DecisionIn):
    """The decision on a stage."""


class SheetToMarkOut(NamedOut):
    """A sheet of the caller's own, owed or handed in, with what it holds. `criteria` gives the highest mark
    of each, `lines` the whole of each; `voting_method` says how the council votes."""

    id: UUID
    version: int
    state: SheetState
    stage_id: UUID
    task_id: UUID
    dossier_id: UUID
    dossier_code: str
    level: str
    due_at: datetime
    scores: dict[str, Decimal]
    vote: Vote | None
    remark: str | None
    remarks: dict[str, str]
    total: Decimal | None
    submitted_at: datetime | None
    criteria: dict[str, Decimal]
    lines: list[CriterionOut]
    voting_method: VotingMethod

    @classmethod
    def of(cls, value: SheetToMark) -> Self:
        """The sheet with its rules."""
        lines = [CriterionOut.of(line) for line in value.plan.criteria]
        most = {line.id: line.max_score for line in value.plan.criteria}
        rules = {"criteria": most, "lines": lines, "voting_method": value.plan.voting.method}
        return cls.model_validate({**asdict(value.sheet), **rules})


@owed_router.get("")
async def list_own_sheets(
    caller: Caller,
    database: Db,
    page: Annotated[AskedPage, Depends(sorted_by(own_sheets.SORTS))],
    state: Literal[SheetState.DRAFT, SheetState.SUBMITTED] = SheetState.DRAFT,
    limit: PageSize = 200,
) -> Page[SheetToMarkOut]:
    """The caller's own sheets, by when they are due: those that are still to be handed in, or, with
    `state=SUBMITTED`, those that are in."""
    async with database.reading() as tx:
        found = await list_own(tx, caller, state, page.place, limit + 1)
        shown = await named(tx, [SheetToMarkOut.of(one) for one in found])
    return page_of(shown, limit, page.key, page.after)


@router.post("/score-sheets", response_model=BatchOut[SheetOut])
async def write_sheets(body: BatchIn[SheetItemIn], batch: Batched) -> Response:
    """Save many of the own sheets; `submit` makes each final."""
    return await batch.run(
        body.items,
        lambda tx, caller, item: marking.write_sheet(
            tx,
            caller,
            WriteSheet(sheet_id=item.id, version=item.version, content=item.content(), submit=item.submit),
        ),
        SheetOut.of,
    )


@router.post("/stages/decision", response_model=BatchOut[DecisionOut])
async def decide_many(body: BatchIn[DecisionItemIn], batch: Batched) -> Response:
    """Decide many stages, each as it would be decided alone."""
    return await batch.run(
        body.items,
        lambda tx, caller, item: deciding.record_decision(
            tx, caller, item.id, item.verdict(), is_trial=batch.dry_run
        ),
        DecisionOut.of,
    )
