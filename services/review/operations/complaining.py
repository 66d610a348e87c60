"""An author complains about a refusal or a rejection, and once more about the first answer; it is settled by
somebody else, or taken back. What is upheld is examined, or checked, again."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from casework import rights, tasks
from casework.calendars import start_clock
from casework.clocks.kept import open_clock
from casework.hand_over import require_acting
from casework.history.record import record
from casework.ladder import give_out
from casework.notices import notify_of
from casework.roster import resolve
from kit.auth import Principal
from kit.db import Tx
from kit.ids import new_id
from language.cases import ComplaintEnd
from language.events.actor import Actor
from language.events.review import ComplaintFiled
from language.ids import PersonId
from language.plan.act_rules import complaint_rule
from language.posts.kinds import PostTask
from language.refusals import NotFound
from language.time_scale import TimeScale
from services.review.domain.complaint import (
    Complained,
    Complaint,
    first_of,
    require_author,
    require_open,
    require_refused,
    require_rejected,
)
from services.review.domain.complaint_refusals import NoUnitAbove, OnlyAuthorsComplain, PaperNotTaken
from services.review.domain.decision_acts import require_in_time
from services.review.domain.stage import AnyStage, Paper
from services.review.operations.acting_on_decisions import reopen
from services.review.operations.complained import refusal_of, rejection_of
from services.review.operations.complaint_case import COMPLAINT
from services.review.operations.complaint_runs import start_run
from services.review.operations.ending_complaints import concerned, end_complaint
from services.review.operations.reading import WATCHERS, may_read_history, may_see, read_stage
from services.review.store import complaints, rejected_requests, score_sheets, stages


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """What becomes of a complaint, and why; `paper` is that of the second decision where it is upheld."""

    is_upheld: bool
    reason: str
    paper: Paper | None = None


async def complain(
    tx: Tx, caller: Principal, stage_id: UUID, reason: str, scale: TimeScale | None
) -> Complaint:
    """By an author, about the refusal of this stage."""
    found = await stages.lock_stage(tx, stage_id)
    if not await may_see(tx, found, await score_sheets.list_sheets(tx, found.id), caller):
        raise NotFound
    return await _complain(tx, caller, refusal_of(require_refused(found, caller.person_id)), reason, scale)


async def complain_about_rejection(
    tx: Tx, caller: Principal, dossier_id: UUID, reason: str, scale: TimeScale | None
) -> Complaint:
    """By an author, about the rejection of the request, which no council has seen."""
    await complaints.take_turn(tx, dossier_id)
    request = await rejected_requests.get_request(tx, dossier_id)
    authors = await rejected_requests.authors_of(tx, request)
    if caller.person_id not in authors:
        path = await rejected_requests.path_of(tx, dossier_id)
        if await rights.post_over(tx, caller, WATCHERS, path) is None:
            raise NotFound
    require_author(authors, caller.person_id)
    require_rejected(request.check_state)
    return await _complain(tx, caller, await rejection_of(tx, request), reason, scale)


async def _complain(
    tx: Tx, caller: Principal, about: Complained, reason: str, scale: TimeScale | None
) -> Complaint:
    """Within the time that the rules give: its clock and its run start, and it is given to whoever settles
    it. About the first answer within a time from that answer."""
    first = first_of(await complaints.known_about(tx, about))
    rule = about.rule(2 if first else 1)
    since = first.ended_at if first and first.ended_at else about.decided_at
    unit_id = await _unit_above(tx, first) if first else about.unit_id
    posts = await resolve(tx, unit_id, (rule.post,), tx.now, level=about.level)
    until = await start_clock(tx, posts.unit_path, rule.within, (), since)
    require_in_time(tx.now, until.due_at, rule.basis)
    clock = await start_clock(tx, posts.unit_path, rule.settling, rule.ladder, tx.now)
    new = Complaint(
        id=new_id(),
        stage_id=about.stage_id,
        check_revision=about.check_revision,
        dossier_id=about.dossier_id,
        dossier_code=about.dossier_code,
        level=about.level,
        unit_id=posts.unit_id,
        unit_path=posts.unit_path,
        first_number=about.first_number,
        instance=2 if first else 1,
        complainant_id=PersonId(caller.person_id),
        reason=reason,
        settler_post=rule.post,
        rule_version=about.rule_version,
        filed_at=tx.now,
        due_at=clock.due_at,
        ended=None,
        ended_at=None,
        ended_by=None,
        answer=None,
        version=1,
    )
    barred = about.barred(first, await _answered(tx, first) if first else ())
    await complaints.insert_complaint(tx, new, barred)
    rules = COMPLAINT.clock_rules(rule, about.plan.spread_minutes)
    await open_clock(tx, COMPLAINT.particulars(new).clock(COMPLAINT.type, rules, clock))
    event_id = await _record(tx, new, rule.basis.rule)
    await give_out(tx, COMPLAINT, new.id)
    await start_run(tx, new, event_id, scale)
    return await complaints.get_complaint(tx, new.id)


async def _record(tx: Tx, new: Complaint, rule: str) -> UUID:
    """The event, and those it concerns are told."""
    fact = ComplaintFiled(
        complaint_id=new.id,
        stage_id=new.stage_id,
        level=new.level,
        first_number=new.first_number,
        instance=new.instance,
        reason=new.reason,
        due_at=new.due_at,
    )
    actor = Actor(person_id=new.complainant_id)
    event_id = await record(
        tx, fact, about=new.dossier_id, actor=actor, rule_version=new.rule_version, rule=rule
    )
    told = await concerned(tx, new) - {new.complainant_id}
    await notify_of(tx, event_id, fact, COMPLAINT.particulars(new).matter, sorted(told))
    return event_id


async def _unit_above(tx: Tx, first: Complaint) -> UUID:
    """Above the unit through whose post the first complaint was settled, whether it had been handed up
    before or not."""
    given = await _settled_as(tx, first)
    path = await complaints.path_of_post(tx, given.post_id) if given and given.post_id else ()
    above = (path or first.unit_path)[:-1]
    if not above:
        raise NoUnitAbove
    return above[-1]


async def _answered(tx: Tx, first: Complaint) -> Sequence[PersonId]:
    """Who has answered the first complaint, and in whose place."""
    given = await _settled_as(tx, first)
    people = (first.ended_by, given.on_behalf_of if given else None)
    return [PersonId(person) for person in people if person]


async def _settled_as(tx: Tx, first: Complaint) -> tasks.Task | None:
    if first.ended_by is None:
        return None
    return await tasks.last_given(tx, first.id, (PostTask.SETTLE_COMPLAINT,), first.ended_by)


async def settle(tx: Tx, caller: Principal, complaint_id: UUID, settled: Settlement) -> Complaint:
    """Whoever has the task says whether the complaint is right. If so, a council examines the dossier again;
    a request that was rejected intake checks again, as it reads."""
    stage, complaint = await _lock(tx, caller, complaint_id)
    require_open(complaint)
    actor = await require_acting(tx, COMPLAINT, caller, complaint_id, PostTask.SETTLE_COMPLAINT)
    if settled.paper and not (settled.is_upheld and stage):
        raise PaperNotTaken
    ended = ComplaintEnd.UPHELD if settled.is_upheld else ComplaintEnd.DISMISSED
    await end_complaint(tx, complaint, ended, settled.reason, actor)
    if settled.is_upheld and stage:
        basis = complaint_rule(stage.plan, complaint.instance).basis
        await reopen(tx, stage, settled.reason, settled.paper, actor, basis)
    return await complaints.get_complaint(tx, complaint_id)


async def take_back(tx: Tx, caller: Principal, complaint_id: UUID, reason: str) -> Complaint:
    """The author who complained takes it back, until it is settled."""
    _, complaint = await _lock(tx, caller, complaint_id)
    if complaint.complainant_id != caller.person_id:
        raise OnlyAuthorsComplain
    require_open(complaint)
    await end_complaint(tx, complaint, ComplaintEnd.WITHDRAWN, reason, Actor(person_id=caller.person_id))
    return await complaints.get_complaint(tx, complaint_id)


async def _lock(tx: Tx, caller: Principal, complaint_id: UUID) -> tuple[AnyStage | None, Complaint]:
    """The stage before its complaint, as whoever acts on the decision takes them."""
    seen = await read_complaint(tx, caller, complaint_id)
    stage = await stages.lock_stage(tx, seen.stage_id) if seen.stage_id else None
    return stage, await COMPLAINT.lock(tx, complaint_id)


async def read_complaint(tx: Tx, caller: Principal, complaint_id: UUID) -> Complaint:
    """For the authors, who sees a stage of the dossier, and who has to settle it."""
    found = await complaints.get_complaint(tx, complaint_id)
    await may_read_history(tx, caller, found.dossier_id)
    return found


async def complaints_about(tx: Tx, caller: Principal, stage_id: UUID) -> list[Complaint]:
    """All about the decision of this stage, for whoever sees the stage."""
    await read_stage(tx, caller, stage_id)
    return await complaints.complaints_about(tx, stage_id)


async def complaints_of(tx: Tx, caller: Principal, dossier_id: UUID) -> list[Complaint]:
    """All about this dossier, at whichever level or before any, for whoever reads its history here."""
    await may_read_history(tx, caller, dossier_id)
    return await complaints.complaints_of(tx, dossier_id)
