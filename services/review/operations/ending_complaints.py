"""How a complaint ends: settled, taken back, or overtaken by another act on the decision."""

from uuid import UUID

from casework import tasks
from casework.clocks.kept import close_clock
from casework.history.record import record
from casework.notices import notify_of
from kit.db import Tx
from kit.outbox import signal_workflow
from language.cases import ComplaintEnd
from language.events.actor import Actor
from language.events.review import ComplaintEnded
from language.ids import EventId
from language.messages.case import CaseEnded
from language.names import Signal
from language.posts.kinds import PostTask
from services.review.domain.complaint import Complaint
from services.review.domain.stage import AnyStage
from services.review.operations.complaint_case import COMPLAINT
from services.review.store import complaints, rejected_requests, stages
from services.review.store.filed_dossiers import authors_told

_SETTLED = frozenset({ComplaintEnd.UPHELD, ComplaintEnd.DISMISSED})


async def end_complaint(tx: Tx, complaint: Complaint, ended: ComplaintEnd, answer: str, actor: Actor) -> None:
    """Nothing is left to act on: no task, no clock, and its run is told; so are the authors, who decided, and
    whoever had it."""
    of = COMPLAINT.particulars(complaint)
    given = await tasks.pending_tasks(tx, complaint.id, PostTask.SETTLE_COMPLAINT)
    await complaints.end_complaint(tx, complaint.id, ended, actor.person_id, answer)
    if ended in _SETTLED:
        await tasks.finish_tasks(tx, complaint.id, PostTask.SETTLE_COMPLAINT)
    await tasks.cancel_all_tasks(tx, complaint.id)
    await close_clock(tx, complaint.id)
    fact = ComplaintEnded(
        complaint_id=complaint.id,
        stage_id=complaint.stage_id,
        level=complaint.level,
        first_number=complaint.first_number,
        instance=complaint.instance,
        ended=ended,
        reason=answer,
    )
    event_id = await record(
        tx, fact, about=complaint.dossier_id, actor=actor, rule_version=complaint.rule_version
    )
    told = {*await concerned(tx, complaint), *(task.assignee_id for task in given)} - {actor.person_id}
    await notify_of(tx, event_id, fact, of.matter, sorted(told))
    message = CaseEnded(event_id=EventId(event_id), about_id=complaint.id)
    await signal_workflow(tx, event_id, of.workflow_id, Signal.CASE_ENDED, message)


async def concerned(tx: Tx, complaint: Complaint) -> set[UUID]:
    """Whom a complaint concerns: the authors, as far as they can be told, and who has decided or answered
    before."""
    barred = await complaints.barred_from(tx, [complaint.id])
    people = set(barred.get(complaint.id, ()))
    if complaint.stage_id:
        stage = await stages.get_stage(tx, complaint.stage_id)
        decided = (stage.decider_id,) if stage.decider_id else ()
        return people | {*await authors_told(tx, stage), *decided}
    request = await rejected_requests.get_request(tx, complaint.dossier_id)
    return people | {
        *await rejected_requests.authors_told(tx, request),
        *await rejected_requests.rejected_by(tx, request),
    }


async def overtake(tx: Tx, stage: AnyStage, reason: str, actor: Actor) -> None:
    """The refusal no longer stands: an open complaint about it has what it wants."""
    for known in await complaints.complaints_about(tx, stage.id):
        if known.is_open:
            locked = await COMPLAINT.lock(tx, known.id)
            await end_complaint(tx, locked, ComplaintEnd.OVERTAKEN, reason, actor)
