"""The officer's acts in the formal check: accept, reject, ask for a supplement."""

from uuid import UUID

from casework import tasks
from casework.calendars import province_calendar
from casework.clocks.acts import kept, stand_still
from casework.clocks.moves import MoveKind, NewMove
from casework.hand_over import require_acting
from casework.own_work import look_at_own
from casework.plans import plan_named
from casework.tasks import NewTask
from kit.auth import Principal
from kit.db import Tx
from language.cases import RejectionGround
from language.deadline.arithmetic import SuspensionKind, due_instant, local_day
from language.events.actor import Actor
from language.events.intake import Defect, RequestAccepted, RequestRejected, SupplementRequested
from language.posts.kinds import OwnTask, PostTask
from services.intake.domain.check_rules import require_met
from services.intake.domain.dossier import Dossier, DossierState, filing_limit
from services.intake.domain.grounds import BY_THE_FILE, Kept, require_in_file
from services.intake.domain.refusals import OwnDossier, WrongState
from services.intake.operations.formal_check import FORMAL_CHECK
from services.intake.operations.moving import Move, move_check
from services.intake.operations.reading import lock_readable
from services.intake.store import attachments
from services.intake.store.versions import versions_of

_RULE = "formal_check.supplement"


async def _lock_for_officer(tx: Tx, caller: Principal, dossier_id: UUID) -> tuple[Dossier, Actor]:
    """The dossier locked, in a state that can be judged, for the officer who has the task."""
    dossier = await lock_readable(tx, caller, dossier_id)
    if caller.person_id in (*dossier.author_ids, dossier.filer_id):
        raise OwnDossier
    if dossier.state is not DossierState.FILED:
        raise WrongState(state=dossier.state)
    return dossier, await require_acting(tx, FORMAL_CHECK, caller, dossier.check_id, PostTask.FORMAL_CHECK)


async def accept(tx: Tx, caller: Principal, dossier_id: UUID) -> Dossier:
    """The request is complete and meets the plan's rules of the check: the councils may examine it."""
    dossier, actor = await _lock_for_officer(tx, caller, dossier_id)
    require_met(
        dossier.check_rules, dossier.content.authors, await attachments.count_attachments(tx, dossier_id)
    )
    await tasks.finish_tasks(tx, dossier.check_id, PostTask.FORMAL_CHECK)
    fact = RequestAccepted(rules_met=tuple(rule.basis.rule for rule in dossier.check_rules))
    return await move_check(tx, dossier, Move(state=DossierState.ACCEPTED, fact=fact, actor=actor))


async def reject(
    tx: Tx, caller: Principal, dossier_id: UUID, ground: RejectionGround, reason: str
) -> Dossier:
    """The request is not accepted, in writing and with reasons."""
    dossier, actor = await _lock_for_officer(tx, caller, dossier_id)
    if ground in BY_THE_FILE:
        require_in_file(ground, await _kept(tx, dossier))
    await tasks.finish_tasks(tx, dossier.check_id, PostTask.FORMAL_CHECK)
    fact = RequestRejected(ground=ground, reason=reason)
    return await move_check(tx, dossier, Move(state=DossierState.REQUEST_REJECTED, fact=fact, actor=actor))


async def _kept(tx: Tx, dossier: Dossier) -> Kept:
    first, filed_at, plan_hash = dossier.content.first_applied_on, dossier.filed_at, dossier.plan_hash
    if first is None or filed_at is None or plan_hash is None:
        raise AssertionError("what was filed has its day, its first application and its rules")
    day_off = (await plan_named(tx, plan_hash)).day_off
    return Kept(
        filed_on=local_day(filed_at),
        limit=filing_limit(first, await province_calendar(tx), day_off),
        versions=len(await versions_of(tx, dossier.id)),
    )


async def request_supplement(tx: Tx, caller: Principal, dossier_id: UUID, defects: list[Defect]) -> Dossier:
    """Name the defects and give the author the plan's time to correct them; the officer's clock stands still
    meanwhile."""
    dossier, actor = await _lock_for_officer(tx, caller, dossier_id)
    if dossier.supplement_budget is None:
        raise WrongState(state=dossier.state)
    clock = await kept(tx, dossier.check_id)
    due_at = due_instant(tx.now, dossier.supplement_budget, clock.calendar)
    pause = NewMove(
        kind=MoveKind.SUSPENDED,
        reason="; ".join(defect.what for defect in defects),
        actor=actor,
        rule=_RULE,
        cause=SuspensionKind.SUPPLEMENT,
    )
    await stand_still(tx, FORMAL_CHECK, clock, pause)
    await tasks.suspend_tasks(tx, dossier.check_id, PostTask.FORMAL_CHECK)
    task = NewTask(
        kind=OwnTask.SUPPLEMENT,
        subject_id=dossier.id,
        subject_code=dossier.code or "",
        about_id=dossier.id,
        level=None,
        unit_id=dossier.unit_id,
        unit_path=dossier.unit_path,
        assignee_id=dossier.filer_id,
        on_behalf_of=None,
        due_at=due_at,
        is_told=dossier.filer_id not in dossier.author_ids,
    )
    await tasks.open_task(tx, task)
    await look_at_own(tx, [dossier.filer_id])
    move = Move(
        state=DossierState.SUPPLEMENT_REQUESTED,
        fact=SupplementRequested(defects=tuple(defects), due_at=due_at),
        actor=actor,
        rule=_RULE,
        supplement_due_at=due_at,
    )
    return await move_check(tx, dossier, move)
