"""Acts in question, in every service in the same shape: what became known afterwards, and what the unit above
says of it."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query
from fastapi.responses import Response

from casework.late import questions
from casework.late.questions import Answer, Interested, QuestionFilter, nobody
from casework.late.shown import QuestionOut
from kit.http.batches import Batched, BatchIn, BatchOut, Named
from kit.http.commands import Caller, Commanded, Db, shown
from kit.http.models import In, Page, PageSize, Prose, UnitFilter, page_of
from kit.http.routers import Router
from kit.http.sorts import AskedPage, sorted_by
from language.cases import QuestionOutcome, QuestionState


class QuestionDecisionIn(In):
    """The act stands as it was done, or is to be done again; and why."""

    outcome: QuestionOutcome
    reason: Prose

    def answer(self) -> Answer:
        """As it is carried out."""
        return Answer(outcome=self.outcome, reason=self.reason)


class QuestionDecisionItemIn(Named, QuestionDecisionIn):
    """The same of one of many."""


def questions_router(interested: Interested = nobody) -> Router:
    """For heads and administrators of the unit that decides, and of units above it, who are not
    `interested`."""
    router = Router(prefix="/v1", tags=["alarms"])

    @router.get("/questioned-acts")
    async def list_questions(
        caller: Caller,
        database: Db,
        page: Annotated[AskedPage, Depends(sorted_by(questions.SORTS))],
        state: QuestionState | None = None,
        unit_id: UnitFilter = None,
        change_id: Annotated[
            UUID | None, Query(description="Only what this change put into question")
        ] = None,
        limit: PageSize = 50,
    ) -> Page[QuestionOut]:
        """Acts in question, oldest first; undecided ones (`state=OPEN`) are also on the alarm list."""
        match = QuestionFilter(state=state, unit_id=unit_id, change_id=change_id)
        async with database.reading() as tx:
            found = await questions.list_questions(tx, caller, match, page.place, limit + 1)
        return page_of([QuestionOut.of(one) for one in found], limit, page.key, page.after)

    @router.get("/questioned-acts/{question_id}", response_model=QuestionOut)
    async def read_question(question_id: UUID, caller: Caller, database: Db) -> Response:
        """One act in question."""
        async with database.reading() as tx:
            return shown(await questions.read_question(tx, caller, question_id), QuestionOut.of)

    @router.post("/questioned-acts/{question_id}/decision", response_model=QuestionOut)
    async def decide(question_id: UUID, body: QuestionDecisionIn, command: Commanded) -> Response:
        """Say whether the act stands. Where it is to be done again nothing is undone by this: `way` names the
        acts that do."""
        return await command.run(
            lambda tx: questions.decide(tx, command.caller, question_id, body.answer(), interested),
            QuestionOut.of,
        )

    @router.post("/batch/questioned-acts/decision", response_model=BatchOut[QuestionOut])
    async def decide_many(body: BatchIn[QuestionDecisionItemIn], batch: Batched) -> Response:
        """Say it of many acts."""
        return await batch.run(
            body.items,
            lambda tx, caller, item: questions.decide(tx, caller, item.id, item.answer(), interested),
            QuestionOut.of,
        )

    return router
