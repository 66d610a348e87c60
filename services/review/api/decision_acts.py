"""What becomes of a decision after it was made, over HTTP."""

from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from fastapi.responses import Response
from pydantic import Field

from kit.http.commands import Caller, Command, Commanded, Db
from kit.http.models import In, Line, Out, Page, Prose, whole
from kit.http.routers import Router
from language.plan.rule_kinds import DecisionActKind
from services.review.api.schemas import PaperOut
from services.review.domain.decision_acts import ActDone, NewAct
from services.review.domain.stage import Paper
from services.review.operations import acting_on_decisions, reading

router = Router(prefix="/v1/stages/{stage_id}", tags=["review"])

ShortLine = Annotated[Line, Field(max_length=200)]


class PaperIn(In):
    """Number, date and signer as they stand on the paper."""

    number: ShortLine = Field(examples=["12/QĐ-UBND"])
    issued_on: date
    signer: ShortLine

    def paper(self) -> Paper:
        """As the domain takes it."""
        return Paper(number=self.number, issued_on=self.issued_on, signer=self.signer)


class CorrectionIn(In):
    """Why the decision is corrected, and what is right: its reasons, its paper, or both."""

    reason: Prose
    reasons: Prose | None = None
    paper: PaperIn | None = None


class EndingIn(In):
    """Why the decision no longer stands; `paper` is that of the second decision."""

    reason: Prose
    paper: PaperIn | None = None


class DecisionActOut(Out):
    """An act on a decision: its own number, and `first_number` that of the decision it is about.
    `new_stage_id`: where what was refused is examined again."""

    id: UUID
    stage_id: UUID
    kind: DecisionActKind
    first_number: str
    decision_number: str | None
    paper: PaperOut | None
    reasons: str | None
    reason: str | None
    new_stage_id: UUID | None
    actor_id: UUID
    acted_at: datetime

    @classmethod
    def of(cls, value: ActDone) -> Self:
        """As it was done."""
        act = value.act
        return cls(
            id=act.id,
            stage_id=act.stage_id,
            kind=act.kind,
            first_number=value.first_number,
            decision_number=act.decision_number,
            paper=PaperOut.of(act.paper) if act.paper else None,
            reasons=act.reasons,
            reason=act.reason,
            new_stage_id=act.new_stage_id,
            actor_id=act.actor_id,
            acted_at=act.acted_at,
        )


async def _run(command: Command, stage_id: UUID, act: NewAct) -> Response:
    return await command.run(
        lambda tx: acting_on_decisions.act_on_decision(tx, command.caller, stage_id, act),
        DecisionActOut.of,
        location=lambda done: f"/v1/stages/{done.act.stage_id}",
    )


@router.post("/paper", response_model=DecisionActOut)
async def enter_paper(stage_id: UUID, body: PaperIn, command: Commanded) -> Response:
    """Write down the number, date and signer that the office gave the decision; once."""
    act = NewAct(kind=DecisionActKind.PAPER, paper=body.paper())
    return await _run(command, stage_id, act)


@router.post("/correction", response_model=DecisionActOut)
async def correct(stage_id: UUID, body: CorrectionIn, command: Commanded) -> Response:
    """Mend a typing error by a second decision that names the first. What was decided stays."""
    paper = body.paper.paper() if body.paper else None
    act = NewAct(kind=DecisionActKind.CORRECTION, reason=body.reason, reasons=body.reasons, paper=paper)
    return await _run(command, stage_id, act)


@router.post("/cancellation", response_model=DecisionActOut)
async def cancel(stage_id: UUID, body: EndingIn, command: Commanded) -> Response:
    """Cancel a recognition by a second decision that names the first. Authors, the other levels and the head
    above are told; money that it brought is stopped or claimed back."""
    paper = body.paper.paper() if body.paper else None
    act = NewAct(kind=DecisionActKind.CANCELLATION, reason=body.reason, paper=paper)
    return await _run(command, stage_id, act)


@router.post("/reopening", response_model=DecisionActOut)
async def reopen(stage_id: UUID, body: EndingIn, command: Commanded) -> Response:
    """After a complaint: what was refused is examined again at this level, in a new stage."""
    paper = body.paper.paper() if body.paper else None
    act = NewAct(kind=DecisionActKind.REOPENING, reason=body.reason, paper=paper)
    return await _run(command, stage_id, act)


@router.get("/acts")
async def list_acts(stage_id: UUID, caller: Caller, database: Db) -> Page[DecisionActOut]:
    """What became of the decision of this stage, in its order, for whoever sees the stage."""
    async with database.reading() as tx:
        return whole([DecisionActOut.of(done) for done in await reading.acts_on(tx, caller, stage_id)])
