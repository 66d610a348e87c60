"""What the journey asks of intake: open the check, climb its rungs, let a supplement lapse, close the
dossier."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from casework import ladder as rungs
from casework import tasks
from casework.clocks.editions import catch_up
from casework.clocks.kept import NewClock, find_clock, open_clock
from casework.clocks.moves import too_early
from casework.history.journal import Event, record
from casework.notices import tell_of_rung
from casework.posts_seen import keep_posts
from casework.tasks import NewTask
from kit.db import Tx
from kit.ids import new_id
from language.deadline.clock import ClockMoved, StageClock
from language.messages.intake import (
    CheckRungClimbed,
    ClimbCheckRung,
    CloseDossier,
    FormalCheckMoved,
    LapseSupplement,
    OpenFormalCheck,
)
from language.messages.journey import JourneyOutcome, StageOutcome
from language.messages.rung import RungClimb, RungFinding
from language.names import initiative_workflow_id
from language.posts.holders import PostHolder
from language.posts.kinds import PostKind
from services.intake.domain.dossier import DossierState, RejectionGround
from services.intake.domain.ladder import what_rung_does
from services.intake.operations.clock_owner import OWNER
from services.intake.operations.moving import (
    FORMAL_CHECK,
    SUPPLEMENT,
    UNDER_CHECK,
    Move,
    check_as_it_stands,
    matter_of,
    move_check,
)
from services.intake.operations.standing import standing_of
from services.intake.store import dossiers
from services.intake.store.dossiers import Dossier

_FINAL = {
    JourneyOutcome.RECOGNISED: DossierState.RECOGNISED,
    JourneyOutcome.REFUSED: DossierState.REFUSED,
    JourneyOutcome.WITHDRAWN: DossierState.WITHDRAWN,
    JourneyOutcome.REQUEST_REJECTED: DossierState.REQUEST_REJECTED,
}


async def open_formal_check(tx: Tx, command: OpenFormalCheck) -> FormalCheckMoved:
    """Keep the rules of the check and give the task to the officer with the least to do; with no officer, to
    the head above."""
    clock = command.posts.clock
    if clock is None:
        raise ValueError("a check opens with its clock")
    dossier = await dossiers.lock_dossier(tx, command.dossier_id)
    if dossier.state is DossierState.FILED and dossier.rule_version is None:
        dossier = replace(
            dossier,
            rule_version=command.rule_version,
            supplement_budget=command.plan.supplement,
            check_rules=command.plan.rules,
            check_due_at=clock.due_at,
        )
        await dossiers.save_check(tx, dossier)
        await open_clock(tx, _clock_of(dossier, command, clock))
        await keep_posts(tx, dossier.id, command.posts)
        chosen = (await standing_of(tx, dossier, command.posts)).least_busy()
        if chosen:
            await _give_check(tx, dossier, chosen, tasks.office_of(chosen, command.posts))
        detail = {
            "officer_id": chosen.person_id if chosen else None,
            "due_at": dossier.check_due_at,
            "chain": chosen.chain if chosen else (),
        }
        await _note(tx, dossier, "FormalCheckOpened", command.plan.check_basis.rule, detail)
        await catch_up(tx, OWNER, dossier.id)
    return await check_as_it_stands(tx, await dossiers.get_dossier(tx, dossier.id))


def _clock_of(dossier: Dossier, command: OpenFormalCheck, started: StageClock) -> NewClock:
    plan = command.plan
    return NewClock(
        about_id=dossier.id,
        subject_id=dossier.id,
        subject_code=dossier.code or "",
        kind=FORMAL_CHECK,
        level=None,
        unit_id=dossier.unit_id,
        unit_path=dossier.unit_path,
        workflow_id=initiative_workflow_id(command.dossier_id),
        rule_version=command.rule_version,
        rule=plan.check_basis.rule,
        budget=plan.check,
        ladder=plan.ladder,
        extension=plan.extension,
        started=started,
    )


async def _give_check(tx: Tx, dossier: Dossier, holder: PostHolder, office: PostKind | None) -> None:
    task = NewTask(
        kind=FORMAL_CHECK,
        subject_id=dossier.id,
        subject_code=dossier.code or "",
        about_id=dossier.id,
        level=None,
        unit_id=dossier.unit_id,
        unit_path=dossier.unit_path,
        assignee_id=holder.person_id,
        on_behalf_of=holder.on_behalf_of,
        due_at=dossier.check_due_at or tx.now,
        post_id=holder.post_id,
        post_kind=office,
    )
    await tasks.open_task(tx, task)


async def _note(tx: Tx, dossier: Dossier, kind: str, rule: str | None, detail: dict[str, Any]) -> UUID:
    event = Event(
        event_id=new_id(),
        subject_id=dossier.id,
        kind=kind,
        rule_version=dossier.rule_version,
        rule=rule,
        detail=detail,
    )
    await record(tx, event)
    return event.event_id


async def climb_rung(tx: Tx, command: ClimbCheckRung) -> CheckRungClimbed:
    """Look under the lock first: if the officer acted in time, nothing happens."""
    dossier = await dossiers.lock_dossier(tx, command.dossier_id)
    finding, clock = await _climb(tx, dossier, command.climb)
    return CheckRungClimbed(finding=finding, check=await check_as_it_stands(tx, dossier), clock=clock)


async def _climb(tx: Tx, dossier: Dossier, climb: RungClimb) -> tuple[RungFinding, ClockMoved | None]:
    if await rungs.has_fired(tx, dossier.id, climb.rung):
        return RungFinding.ALREADY_FIRED, None
    if dossier.state not in UNDER_CHECK:
        return RungFinding.TOO_LATE, None
    clock = await too_early(tx, OWNER, await find_clock(tx, dossier.id), climb.rung)
    if clock:
        return RungFinding.NOT_YET, clock
    deed = what_rung_does(climb.rung.action, await standing_of(tx, dossier, climb.posts), tx.now)
    if deed and deed.goes_to:
        await tasks.cancel_tasks(tx, dossier.id, FORMAL_CHECK)
        await _give_check(tx, dossier, deed.goes_to, tasks.office_of(deed.goes_to, climb.posts))
    finding = RungFinding.FIRED if deed else RungFinding.NOTHING_TO_DO
    await rungs.mark_fired(tx, dossier.id, climb.rung, finding)
    await keep_posts(tx, dossier.id, climb.posts)
    detail = {
        "rung": climb.rung.id,
        "action": climb.rung.action,
        "finding": finding,
        "planned_at": climb.rung.at,
        **(deed.detail if deed else {}),
    }
    event_id = await _note(tx, dossier, "RungFired", climb.rung.rule, detail)
    await tell_of_rung(tx, event_id, detail, matter_of(dossier, dossier.check_due_at))
    return finding, None


async def lapse_supplement(tx: Tx, command: LapseSupplement) -> FormalCheckMoved:
    """Reject with ground NOT_SUPPLEMENTED when the time is over and nothing came (charter, article 6.2)."""
    dossier = await dossiers.lock_dossier(tx, command.dossier_id)
    due_at = dossier.supplement_due_at
    if dossier.state is DossierState.SUPPLEMENT_REQUESTED and due_at and tx.now >= due_at:
        await tasks.cancel_tasks(tx, dossier.id, SUPPLEMENT)
        await tasks.cancel_tasks(tx, dossier.id, FORMAL_CHECK)
        detail = {"ground": RejectionGround.NOT_SUPPLEMENTED, "due_at": due_at}
        move = Move(
            state=DossierState.REQUEST_REJECTED,
            kind="RequestRejected",
            rule="formal_check.supplement",
            detail=detail,
        )
        dossier = await move_check(tx, dossier, move)
    return await check_as_it_stands(tx, dossier)


async def close_dossier(tx: Tx, command: CloseDossier) -> None:
    """The final state, once. A withdrawal that lost the race is written down as such."""
    dossier = await dossiers.lock_dossier(tx, command.dossier_id)
    if dossier.closed_at:
        return
    levels = command.levels
    await dossiers.close(tx, dossier.id, _FINAL[command.outcome], levels)
    await tasks.cancel_all_tasks(tx, dossier.id)
    was_withdrawn = bool(levels) and levels[-1].outcome is StageOutcome.WITHDRAWN
    if command.withdrawal_too_late or (dossier.withdrawal_requested_at and not was_withdrawn):
        await _note(
            tx, dossier, "WithdrawalCameTooLate", None, {"requested_at": dossier.withdrawal_requested_at}
        )
    await _note(tx, dossier, "DossierClosed", None, {"outcome": command.outcome, "levels": levels})
