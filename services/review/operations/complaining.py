"""An author complains about a refusal; it is settled by somebody else, or taken back. What is upheld is
examined again in the same transaction."""

from dataclasses import dataclass
from uuid import UUID

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
from services.review.domain.complaint import Complaint, require_complainable, require_open
from services.review.domain.decision_acts import require_in_time
from services.review.domain.refusals import OnlyAuthorsComplain
from services.review.domain.stage import AnyStage, DecidedStage, Paper
from services.review.operations.acting_on_decisions import reopen
from services.review.operations.complaint_case import COMPLAINT
from services.review.operations.complaint_runs import start_run
from services.review.operations.ending_complaints import concerned, end_complaint
from services.review.operations.reading import may_read_history, may_see, read_stage
from services.review.store import complaints, score_sheets, stages


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """What becomes of a complaint, and why; `paper` is that of the second decision where it is upheld."""

    is_upheld: bool
    reason: str
    paper: Paper | None = None


async def complain(
    tx: Tx, caller: Principal, stage_id: UUID, reason: str, scale: TimeScale | None
) -> Complaint:
    """By an author, within the time that the rules give: its clock and its run start, and it is given to
    whoever settles it."""
    found = await stages.lock_stage(tx, stage_id)
    if not await may_see(tx, found, await score_sheets.list_sheets(tx, found.id), caller):
        raise NotFound
    known = await complaints.complaints_about(tx, found.id)
    stage = require_complainable(found, known, caller.person_id)
    rule = complaint_rule(stage.plan)
    until = await start_clock(tx, stage.unit_path, rule.within, (), stage.ruling.decided_at)
    require_in_time(tx.now, until.due_at, rule.basis)
    complaint, event_id = await _file(tx, caller, stage, reason)
    await give_out(tx, COMPLAINT, complaint.id)
    await start_run(tx, complaint, event_id, scale)
    return await complaints.get_complaint(tx, complaint.id)


async def _file(tx: Tx, caller: Principal, stage: DecidedStage, reason: str) -> tuple[Complaint, UUID]:
    """The complaint with its clock; it lies where the unit is that decided, or its successor."""
    rule, rules = complaint_rule(stage.plan), COMPLAINT.clock_rules(stage.plan)
    posts = await resolve(tx, stage.unit_id, (rule.post,), tx.now, level=stage.level)
    clock = await start_clock(tx, posts.unit_path, rules.budget, rules.ladder, tx.now)
    new = Complaint(
        id=new_id(),
        stage_id=stage.id,
        dossier_id=stage.dossier_id,
        dossier_code=stage.dossier_code,
        level=stage.level,
        unit_id=posts.unit_id,
        unit_path=posts.unit_path,
        first_number=stage.ruling.decision_number,
        complainant_id=PersonId(caller.person_id),
        reason=reason,
        settler_post=rule.post,
        barred_id=None if rule.by_decider else stage.decider_id,
        rule_version=stage.rule_version,
        filed_at=tx.now,
        due_at=clock.due_at,
        ended=None,
        ended_at=None,
        ended_by=None,
        answer=None,
        version=1,
    )
    await complaints.insert_complaint(tx, new)
    await open_clock(tx, COMPLAINT.particulars(new).clock(COMPLAINT.type, rules, clock))
    fact = ComplaintFiled(
        complaint_id=new.id,
        stage_id=new.stage_id,
        level=new.level,
        first_number=new.first_number,
        reason=reason,
        due_at=new.due_at,
    )
    actor = Actor(person_id=caller.person_id)
    event_id = await record(
        tx,
        fact,
        about=new.dossier_id,
        actor=actor,
        rule_version=new.rule_version,
        rule=rules.basis.rule,
    )
    told = await concerned(tx, stage) - {caller.person_id}
    await notify_of(tx, event_id, fact, COMPLAINT.particulars(new).matter, sorted(told))
    return new, event_id


async def settle(tx: Tx, caller: Principal, complaint_id: UUID, settled: Settlement) -> Complaint:
    """Whoever has the task says whether the complaint is right; if so, the dossier is examined again."""
    stage, complaint = await _lock(tx, caller, complaint_id)
    require_open(complaint)
    actor = await require_acting(tx, COMPLAINT, caller, complaint_id, PostTask.SETTLE_COMPLAINT)
    ended = ComplaintEnd.UPHELD if settled.is_upheld else ComplaintEnd.DISMISSED
    await end_complaint(tx, stage, complaint, ended, settled.reason, actor)
    if settled.is_upheld:
        await reopen(tx, stage, settled.reason, settled.paper, actor)
    return await complaints.get_complaint(tx, complaint_id)


async def take_back(tx: Tx, caller: Principal, complaint_id: UUID, reason: str) -> Complaint:
    """The author who complained takes it back, until it is settled."""
    stage, complaint = await _lock(tx, caller, complaint_id)
    if complaint.complainant_id != caller.person_id:
        raise OnlyAuthorsComplain
    require_open(complaint)
    actor = Actor(person_id=caller.person_id)
    await end_complaint(tx, stage, complaint, ComplaintEnd.WITHDRAWN, reason, actor)
    return await complaints.get_complaint(tx, complaint_id)


async def _lock(tx: Tx, caller: Principal, complaint_id: UUID) -> tuple[AnyStage, Complaint]:
    """The stage before its complaint, as whoever acts on the decision takes them."""
    seen = await read_complaint(tx, caller, complaint_id)
    stage = await stages.lock_stage(tx, seen.stage_id)
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
