"""The runs of complaints: what is complained about has a journey that is over, so each has one of its own."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from casework.clocks.kept import kept_clock
from casework.clocks.moves import as_it_stands
from casework.runs.own import OwnRuns
from kit.db import Tx
from kit.outbox import WorkflowStart, start_workflow
from language.ids import EventId
from language.messages.case import StartCase
from language.names import CASE_WORKFLOW, RECOGNISING_UNIT, TaskQueue, case_workflow_prefix
from language.refusals import NotFound
from language.time_scale import TimeScale
from services.review.domain.complaint import Complaint
from services.review.operations.complaint_case import COMPLAINT
from services.review.store import complaints


async def start_run(tx: Tx, complaint: Complaint, event_id: UUID, scale: TimeScale | None) -> None:
    """It gets its run, with the clock as it stands once the work is given out."""
    await start_workflow(tx, await _run_of(tx, complaint, EventId(event_id), scale))


async def _run_of(tx: Tx, complaint: Complaint, event_id: EventId, scale: TimeScale | None) -> WorkflowStart:
    of = COMPLAINT.particulars(complaint)
    message = StartCase(
        event_id=event_id,
        owner=TaskQueue.REVIEW,
        case=COMPLAINT.type,
        clock=as_it_stands(await kept_clock(tx, of.about_id)),
        time_scale=scale,
    )
    return WorkflowStart(
        event_id=event_id,
        workflow_id=of.workflow_id,
        workflow=CASE_WORKFLOW,
        message=message,
        search_attributes={RECOGNISING_UNIT.name: str(of.unit_id)},
    )


async def start_anew(tx: Tx, about_id: UUID, event_id: EventId, scale: TimeScale | None) -> WorkflowStart:
    """The start of the run of a complaint that is not over: rungs that have fired, it finds done."""
    complaint = await COMPLAINT.lock(tx, about_id)
    if COMPLAINT.is_over(complaint):
        raise NotFound
    return await _run_of(tx, complaint, event_id, scale)


async def still_open(tx: Tx, about_ids: Sequence[UUID]) -> set[UUID]:
    """Which of these are complaints that are not over."""
    return {one.id for one in await complaints.some_complaints(tx, about_ids) if one.is_open}


CASE_RUNS: Final = OwnRuns(
    workflow=CASE_WORKFLOW,
    prefixes=(case_workflow_prefix(COMPLAINT.type),),
    still_open=still_open,
    startable=still_open,
    start=start_anew,
)
