"""The author's acts: file, supplement, withdraw."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from casework import tasks
from casework.calendars import province_calendar, start_clock
from casework.clocks.acts import go_on, kept
from casework.clocks.moves import MoveKind, NewMove
from casework.joined import stand_for
from casework.notices import notify_of
from casework.plans import plan_named, route_of
from casework.units import require_open
from kit.auth import Principal
from kit.db import Tx
from kit.outbox import WorkflowStart, signal_workflow, start_workflow
from language.deadline.arithmetic import end_of_local_day, local_day
from language.events import intake as events
from language.events.actor import Actor
from language.events.intake import DossierFiled, DossierSupplemented, DossierWithdrawn
from language.ids import DossierId, EventId, SeasonId
from language.messages.clock import CaseClock
from language.messages.intake import WithdrawalRequested
from language.messages.journey import Journey, OpenCheckAt, Route
from language.names import (
    DOSSIER_STATE,
    INITIATIVE_WORKFLOW,
    RECOGNISING_UNIT,
    SEASON,
    Signal,
    initiative_workflow_id,
)
from language.posts.kinds import OwnTask, PostTask
from language.time_scale import TimeScale
from services.intake.domain.dossier import (
    Dossier,
    DossierState,
    answer_due,
    require_fileable,
    require_in_time,
)
from services.intake.domain.refusals import WithdrawalPending, WrongState
from services.intake.operations.authors import require_shares_agreed
from services.intake.operations.formal_check import FORMAL_CHECK
from services.intake.operations.freezing import freeze_plan
from services.intake.operations.interest import tell_of_interest
from services.intake.operations.moving import Move, leave_no_task, matter_of, move_check, record_of
from services.intake.operations.opening import open_check
from services.intake.operations.preparing import require_agreed_filing
from services.intake.operations.reading import lock_own, lock_written, on_behalf_of_authors
from services.intake.operations.versions import keep_version
from services.intake.store import dossiers
from services.intake.store.versions import versions_of

_SUPPLEMENTED = "Tác giả đã bổ sung hồ sơ."


async def file_dossier(tx: Tx, caller: Principal, dossier_id: UUID, scale: TimeScale | None) -> Dossier:
    """File the draft: every statutory rule holds, it keeps the rules in force and gets its number in the
    register, an officer gets the check, and its journey starts. A clerk files what the author agreed to."""
    dossier = await lock_written(tx, caller, dossier_id)
    if dossier.state is not DossierState.DRAFT:
        raise WrongState(state=dossier.state)
    require_agreed_filing(caller, dossier)
    require_fileable(dossier.content, _filing_author(dossier), local_day(tx.now))
    await require_shares_agreed(tx, caller, dossier)
    actor = await on_behalf_of_authors(tx, caller, dossier)
    await require_open(tx, dossier.unit_id)
    plan_hash, plan = await freeze_plan(
        tx, dossier.unit_id, dossier.season_id, dossier.content.application_field
    )
    calendar, on_day_off = await province_calendar(tx), plan.day_off
    require_in_time(dossier.content, local_day(tx.now), calendar, on_day_off)
    check = plan.formal_check
    started = await start_clock(tx, dossier.unit_path, check.check, check.ladder, tx.now)
    ruled = replace(
        dossier,
        plan_hash=plan_hash,
        rule_version=plan.rule_version,
        check_officers=check.officers,
        supplement_budget=check.supplement,
        check_rules=check.rules,
        check_due_at=started.due_at,
        handed_in_by=caller.person_id,
    )
    filed, event_id = await _register(tx, actor, ruled, answer_due(local_day(tx.now), calendar, on_day_off))
    await keep_version(tx, filed, caller.person_id)
    await tell_of_interest(tx, filed, plan, filed.author_ids)
    clock = await open_check(tx, filed, check, started)
    await _start_journey(tx, filed, event_id, route_of(plan, plan_hash), clock, scale)
    return await dossiers.get_dossier(tx, dossier_id)


def _filing_author(dossier: Dossier) -> UUID | None:
    """Who files is an author, but for who took the dossier over."""
    return None if dossier.taken_over_by else dossier.filer_id


async def _register(tx: Tx, actor: Actor, ruled: Dossier, answer_due_on: date) -> tuple[Dossier, UUID]:
    """The dossier with its number, and the event that says so."""
    today = local_day(tx.now)
    number = await dossiers.next_register_number(tx, ruled.unit_id, today.year)
    code = await dossiers.next_code(tx, today.year)
    filed = replace(
        ruled,
        state=DossierState.FILED,
        code=code,
        register_number=number,
        register_year=today.year,
        filed_at=tx.now,
        answer_due_on=answer_due_on,
    )
    await dossiers.save_filing(tx, filed)
    fact = DossierFiled(
        code=code, register_number=number, register_year=today.year, answer_due_on=answer_due_on
    )
    event_id = await record_of(tx, filed, fact, actor)
    await notify_of(tx, event_id, fact, matter_of(filed, end_of_local_day(answer_due_on)), filed.told_ids)
    return filed, event_id


async def _start_journey(
    tx: Tx, filed: Dossier, event_id: UUID, route: Route, clock: CaseClock, scale: TimeScale | None
) -> None:
    journey = Journey(
        dossier_id=DossierId(filed.id),
        dossier_code=filed.code or "",
        season_id=SeasonId(filed.season_id),
        route=route,
        check=OpenCheckAt(clock=clock),
        time_scale=scale,
    )
    attributes = {
        DOSSIER_STATE.name: DossierState.FILED.value,
        RECOGNISING_UNIT.name: str(filed.unit_id),
        SEASON.name: str(filed.season_id),
    }
    start = WorkflowStart(
        event_id=event_id,
        workflow_id=initiative_workflow_id(DossierId(filed.id)),
        workflow=INITIATIVE_WORKFLOW,
        message=journey,
        search_attributes=attributes,
    )
    await start_workflow(tx, start)


async def send_supplement(tx: Tx, caller: Principal, dossier_id: UUID) -> Dossier:
    """The author has corrected the defects: the check goes on, and its clock with it. The one-year limit is
    judged by the first filing."""
    dossier = await lock_own(tx, caller, dossier_id)
    if dossier.state is not DossierState.SUPPLEMENT_REQUESTED or dossier.filed_at is None:
        raise WrongState(state=dossier.state)
    await _require_supplement_in_time(tx, dossier, local_day(dossier.filed_at))
    await require_shares_agreed(tx, caller, dossier)
    actor = await on_behalf_of_authors(tx, caller, dossier)
    await _keep_supplement(tx, caller, dossier)
    await tasks.finish_tasks(tx, dossier_id, OwnTask.SUPPLEMENT)
    resumed = NewMove(
        kind=MoveKind.RESUMED, reason=_SUPPLEMENTED, actor=actor, rule="formal_check.supplement"
    )
    await go_on(tx, FORMAL_CHECK, await kept(tx, dossier.check_id), resumed)
    await tasks.activate_tasks(tx, dossier.check_id, PostTask.FORMAL_CHECK)
    return await move_check(
        tx, dossier, Move(state=DossierState.FILED, fact=DossierSupplemented(), actor=actor)
    )


async def _require_supplement_in_time(tx: Tx, dossier: Dossier, filed_on: date) -> None:
    require_fileable(dossier.content, _filing_author(dossier), filed_on)
    if dossier.plan_hash:
        plan = await plan_named(tx, dossier.plan_hash)
        require_in_time(dossier.content, filed_on, await province_calendar(tx), plan.day_off)


async def _keep_supplement(tx: Tx, caller: Principal, dossier: Dossier) -> None:
    """What is handed in now; of authors who are new the unit above is told what it is told at a filing."""
    if dossier.plan_hash is None:
        raise AssertionError("a dossier that was filed keeps its rules")
    named = {author for version in await versions_of(tx, dossier.id) for author in version.author_ids}
    known = set((await stand_for(tx, named)).values())
    await keep_version(tx, dossier, caller.person_id)
    added = set(dossier.author_ids) - known
    await tell_of_interest(tx, dossier, await plan_named(tx, dossier.plan_hash), added)


async def withdraw(tx: Tx, caller: Principal, dossier_id: UUID, reason: str) -> Dossier:
    """Before acceptance the dossier is withdrawn at once; later this is a request, and review says whether it
    came before the decision."""
    dossier = await lock_own(tx, caller, dossier_id)
    actor = await on_behalf_of_authors(tx, caller, dossier)
    match dossier.state:
        case DossierState.DRAFT | DossierState.FILED | DossierState.SUPPLEMENT_REQUESTED:
            await leave_no_task(tx, dossier)
            move = Move(
                state=DossierState.WITHDRAWN,
                fact=DossierWithdrawn(reason=reason),
                actor=actor,
            )
            return (
                await move_check(tx, dossier, move) if dossier.code else await _drop_draft(tx, dossier, move)
            )
        case DossierState.ACCEPTED:
            return await _request_withdrawal(tx, actor, dossier, reason)
        case _:
            raise WrongState(state=dossier.state)


async def _drop_draft(tx: Tx, dossier: Dossier, move: Move) -> Dossier:
    await dossiers.move(tx, dossier.id, move.state)
    await record_of(tx, dossier, move.fact, move.actor)
    return await dossiers.get_dossier(tx, dossier.id)


async def _request_withdrawal(tx: Tx, actor: Actor, dossier: Dossier, reason: str) -> Dossier:
    if dossier.withdrawal_requested_at:
        raise WithdrawalPending
    await dossiers.request_withdrawal(tx, dossier.id)
    event_id = await record_of(tx, dossier, events.WithdrawalRequested(reason=reason), actor)
    message = WithdrawalRequested(event_id=EventId(event_id), dossier_id=DossierId(dossier.id))
    await signal_workflow(
        tx, event_id, initiative_workflow_id(DossierId(dossier.id)), Signal.WITHDRAWAL_REQUESTED, message
    )
    return await dossiers.get_dossier(tx, dossier.id)
