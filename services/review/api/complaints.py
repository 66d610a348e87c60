"""Complaints about refusals and rejections over HTTP."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response

from kit.http.commands import Caller, Commanded, Db, shown
from kit.http.models import In, Out, Page, Prose, whole
from kit.http.routers import Router
from language.cases import ComplaintEnd
from language.posts.kinds import PostKind
from services.review.api.decision_acts import PaperIn
from services.review.api.schemas import ReasonIn
from services.review.operations import complaining
from services.review.operations.complaining import Settlement

router = Router(prefix="/v1", tags=["review"])


class SettlementIn(In):
    """Whether the complaint is right, and why. About a refusal UPHELD makes a second decision that names the
    first, of which `paper` is the paper: the dossier is examined again. A request that was rejected is
    checked again."""

    outcome: Literal[ComplaintEnd.UPHELD, ComplaintEnd.DISMISSED]
    reason: Prose
    paper: PaperIn | None = None

    def settlement(self) -> Settlement:
        """As it is carried out."""
        paper = self.paper.paper() if self.paper else None
        is_upheld = self.outcome is ComplaintEnd.UPHELD
        return Settlement(is_upheld=is_upheld, reason=self.reason, paper=paper)


class ComplaintOut(Out):
    """A complaint about the refusal `first_number` of a stage, or, without one, about the rejection of the
    request; `instance` 2: about the first answer. Due to be settled at `due_at` by holders of `settler_post`.
    `ended` is null while it is open; `answer` says why it ended so."""

    id: UUID
    stage_id: UUID | None
    dossier_id: UUID
    dossier_code: str
    level: str | None
    unit_id: UUID
    first_number: str | None
    instance: int
    complainant_id: UUID
    reason: str
    settler_post: PostKind
    filed_at: datetime
    due_at: datetime
    ended: ComplaintEnd | None
    ended_at: datetime | None
    ended_by: UUID | None
    answer: str | None
    version: int


@router.post("/stages/{stage_id}/complaints", status_code=201, response_model=ComplaintOut)
async def complain(stage_id: UUID, body: ReasonIn, request: Request, command: Commanded) -> Response:
    """Author: the refusal is wrong, and why. It is settled by somebody who did not decide, within a time.
    After the answer DISMISSED once more: that is settled in the unit above."""
    scale = request.app.state.clock.scale
    return await command.run(
        lambda tx: complaining.complain(tx, command.caller, stage_id, body.reason, scale),
        ComplaintOut.of,
        status=201,
        location=lambda made: f"/v1/complaints/{made.id}",
    )


@router.post("/dossiers/{dossier_id}/complaints", status_code=201, response_model=ComplaintOut)
async def complain_about_rejection(
    dossier_id: UUID, body: ReasonIn, request: Request, command: Commanded
) -> Response:
    """Author: the rejection of the request is wrong, and why. It is settled by somebody who did not reject
    it, within a time; after the answer DISMISSED once more, in the unit above."""
    scale = request.app.state.clock.scale
    return await command.run(
        lambda tx: complaining.complain_about_rejection(tx, command.caller, dossier_id, body.reason, scale),
        ComplaintOut.of,
        status=201,
        location=lambda made: f"/v1/complaints/{made.id}",
    )


@router.get("/dossiers/{dossier_id}/complaints")
async def list_of_dossier(dossier_id: UUID, caller: Caller, database: Db) -> Page[ComplaintOut]:
    """The complaints about whatever became of this dossier, for whoever reads its history here."""
    async with database.reading() as tx:
        found = await complaining.complaints_of(tx, caller, dossier_id)
    return whole([ComplaintOut.of(one) for one in found])


@router.get("/stages/{stage_id}/complaints")
async def list_complaints(stage_id: UUID, caller: Caller, database: Db) -> Page[ComplaintOut]:
    """The complaints about the decision of this stage, for whoever sees the stage."""
    async with database.reading() as tx:
        found = await complaining.complaints_about(tx, caller, stage_id)
    return whole([ComplaintOut.of(one) for one in found])


@router.get("/complaints/{complaint_id}", response_model=ComplaintOut)
async def read_complaint(complaint_id: UUID, caller: Caller, database: Db) -> Response:
    """One complaint, for the authors, who sees the dossier's examination, and who has to settle it."""
    async with database.reading() as tx:
        return shown(await complaining.read_complaint(tx, caller, complaint_id), ComplaintOut.of)


@router.post("/complaints/{complaint_id}/settlement", response_model=ComplaintOut)
async def settle(complaint_id: UUID, body: SettlementIn, command: Commanded) -> Response:
    """Whoever has the task: say whether it is right. What is upheld is examined again, in a new stage; a
    rejected request is checked again."""
    return await command.run(
        lambda tx: complaining.settle(tx, command.caller, complaint_id, body.settlement()), ComplaintOut.of
    )


@router.post("/complaints/{complaint_id}/withdrawal", response_model=ComplaintOut)
async def take_back(complaint_id: UUID, body: ReasonIn, command: Commanded) -> Response:
    """The author who complained: take it back."""
    return await command.run(
        lambda tx: complaining.take_back(tx, command.caller, complaint_id, body.reason), ComplaintOut.of
    )
