"""What the journey asks of intake: climb the rungs of the check, let a supplement lapse, close the
dossier."""

from typing import Final

from casework import tasks
from casework.ladder import climb
from casework.notices import notify_of
from casework.plans import plan_named, route_of
from kit.db import Tx
from language.cases import RejectionGround
from language.events import intake as events
from language.events.intake import RequestRejected, WithdrawalCameTooLate
from language.messages.clock import ClimbRung
from language.messages.intake import CheckRungClimbed, CloseDossier, DossierClosed, LapseSupplement
from language.messages.journey import FormalCheckMoved, JourneyOutcome, LevelResult
from language.posts.kinds import OwnTask, PostTask
from services.intake.domain.dossier import Dossier, DossierState
from services.intake.domain.ending import DecidedLevels
from services.intake.operations.formal_check import FORMAL_CHECK
from services.intake.operations.moving import (
    Move,
    check_as_it_stands,
    leave_no_task,
    matter_of,
    move_check,
    record_of,
)
from services.intake.store import dossiers, rules_changes, stages

_FINAL: Final = {
    JourneyOutcome.RECOGNISED: DossierState.RECOGNISED,
    JourneyOutcome.REFUSED: DossierState.REFUSED,
    JourneyOutcome.WITHDRAWN: DossierState.WITHDRAWN,
    JourneyOutcome.REQUEST_REJECTED: DossierState.REQUEST_REJECTED,
}
_OUTCOMES: Final = {
    **{state: outcome for outcome, state in _FINAL.items()},
    DossierState.RECOGNITION_CANCELLED: JourneyOutcome.RECOGNISED,
}


def outcome_of(state: DossierState) -> JourneyOutcome | None:
    """How a dossier in this state has ended; None for one that has not."""
    return _OUTCOMES.get(state)


async def climb_rung(tx: Tx, command: ClimbRung) -> CheckRungClimbed:
    """Look under the lock first: if the officer acted in time, nothing happens."""
    climbed = await climb(tx, FORMAL_CHECK, command.about_id, command.rung_id)
    return CheckRungClimbed(
        finding=climbed.finding, check=check_as_it_stands(climbed.case), clock=climbed.clock
    )


async def lapse_supplement(tx: Tx, command: LapseSupplement) -> FormalCheckMoved:
    """Reject with ground NOT_SUPPLEMENTED when the time is over and nothing came (charter, article 6.2)."""
    dossier = await dossiers.lock_dossier(tx, command.dossier_id)
    due_at = dossier.supplement_due_at
    if dossier.state is DossierState.SUPPLEMENT_REQUESTED and due_at and tx.now >= due_at:
        await tasks.cancel_tasks(tx, dossier.id, OwnTask.SUPPLEMENT)
        await tasks.cancel_tasks(tx, dossier.check_id, PostTask.FORMAL_CHECK)
        fact = RequestRejected(ground=RejectionGround.NOT_SUPPLEMENTED, due_at=due_at)
        move = Move(state=DossierState.REQUEST_REJECTED, fact=fact, rule="formal_check.supplement")
        dossier = await move_check(tx, dossier, move)
    return check_as_it_stands(dossier)


async def close_dossier(tx: Tx, command: CloseDossier) -> DossierClosed:
    """The final state, once, by its own check and by what review has published, whatever the journey was
    told. A withdrawal that lost the race is written down as such."""
    dossier = await dossiers.lock_dossier(tx, command.dossier_id)
    if dossier.closed_at:
        return DossierClosed(outcome=_OUTCOMES[dossier.state], levels=dossier.levels or ())
    if dossier.state is not DossierState.ACCEPTED:
        outcome = _OUTCOMES.get(dossier.state)
        return await _close(tx, dossier, outcome, ()) if outcome else DossierClosed(outcome=None)
    decided = await _decided_levels(tx, dossier)
    if decided.outcome is None:
        return DossierClosed(outcome=None)
    if dossier.withdrawal_requested_at and not decided.is_withdrawn:
        fact = WithdrawalCameTooLate(requested_at=dossier.withdrawal_requested_at)
        event_id = await record_of(tx, dossier, fact)
        await notify_of(tx, event_id, fact, matter_of(dossier, None), dossier.told_ids)
    return await _close(tx, dossier, decided.outcome, decided.levels)


async def _decided_levels(tx: Tx, dossier: Dossier) -> DecidedLevels:
    if dossier.plan_hash is None:
        raise AssertionError("a dossier that was accepted was filed, and keeps its rules")
    found = await stages.stages_of(tx, dossier.id)
    moved = await rules_changes.last_moved(tx, dossier.id)
    return DecidedLevels(
        decisions=found.decisions,
        has_open_stage=found.has_open_stage,
        route=route_of(await plan_named(tx, dossier.plan_hash), dossier.plan_hash),
        passage=moved.passage if moved else None,
    )


async def _close(
    tx: Tx, dossier: Dossier, outcome: JourneyOutcome, levels: tuple[LevelResult, ...]
) -> DossierClosed:
    await dossiers.close(tx, dossier.id, _FINAL[outcome], levels)
    await leave_no_task(tx, dossier)
    await record_of(tx, dossier, events.DossierClosed(outcome=outcome, levels=levels))
    return DossierClosed(outcome=outcome, levels=levels)
