"""What the journey asks of intake: open the check, climb its rungs, let a supplement lapse, close the
dossier."""

from dataclasses import replace

from casework import tasks
from casework.clocks.editions import catch_up
from casework.clocks.kept import open_clock
from casework.ladder import climb, watch_opening
from casework.posts_seen import keep_posts
from kit.db import Tx
from language.cases import RejectionGround
from language.events.intake import (
    DossierClosed,
    FormalCheckOpened,
    RequestRejected,
    WithdrawalCameTooLate,
)
from language.journey.office import fill_office
from language.messages.intake import (
    CheckRungClimbed,
    ClimbCheckRung,
    CloseDossier,
    FormalCheckMoved,
    LapseSupplement,
    OpenFormalCheck,
)
from language.messages.journey import JourneyOutcome, StageOutcome
from language.plan.review_plan import RungAction
from language.posts.kinds import OwnTask, PostTask
from services.intake.domain.dossier import DossierState
from services.intake.operations.formal_check import FORMAL_CHECK
from services.intake.operations.moving import Move, check_as_it_stands, move_check, record_of
from services.intake.store import dossiers

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
        rules = FORMAL_CHECK.clock_rules(command)
        await open_clock(tx, FORMAL_CHECK.particulars(dossier).clock(FORMAL_CHECK.type, rules, clock))
        await keep_posts(tx, dossier.id, command.posts)
        contexts = await FORMAL_CHECK.contexts(
            tx, [dossier], {dossier.id: command.posts}, {RungAction.LOOK_AGAIN}
        )
        context = contexts[dossier.id]
        effect = fill_office(context)
        await FORMAL_CHECK.carry_out(tx, dossier, effect, command.posts)
        chosen = effect.given.get(PostTask.FORMAL_CHECK)
        fact = FormalCheckOpened(
            officer_id=chosen.person_id if chosen else None,
            due_at=clock.due_at,
            chain=chosen.chain if chosen else (),
        )
        await record_of(tx, dossier, fact, rule=command.plan.check_basis.rule)
        lack = FORMAL_CHECK.lack(context, effect)
        await watch_opening(tx, FORMAL_CHECK, dossier, lack, command.posts)
        await catch_up(tx, FORMAL_CHECK, dossier.id)
    return await check_as_it_stands(tx, await dossiers.get_dossier(tx, dossier.id))


async def climb_rung(tx: Tx, command: ClimbCheckRung) -> CheckRungClimbed:
    """Look under the lock first: if the officer acted in time, nothing happens."""
    climbed = await climb(tx, FORMAL_CHECK, command.dossier_id, command.climb)
    check = await check_as_it_stands(tx, climbed.case)
    return CheckRungClimbed(finding=climbed.finding, check=check, clock=climbed.clock)


async def lapse_supplement(tx: Tx, command: LapseSupplement) -> FormalCheckMoved:
    """Reject with ground NOT_SUPPLEMENTED when the time is over and nothing came (charter, article 6.2)."""
    dossier = await dossiers.lock_dossier(tx, command.dossier_id)
    due_at = dossier.supplement_due_at
    if dossier.state is DossierState.SUPPLEMENT_REQUESTED and due_at and tx.now >= due_at:
        await tasks.cancel_tasks(tx, dossier.id, OwnTask.SUPPLEMENT)
        await tasks.cancel_tasks(tx, dossier.id, PostTask.FORMAL_CHECK)
        fact = RequestRejected(ground=RejectionGround.NOT_SUPPLEMENTED, due_at=due_at)
        move = Move(state=DossierState.REQUEST_REJECTED, fact=fact, rule="formal_check.supplement")
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
        await record_of(tx, dossier, WithdrawalCameTooLate(requested_at=dossier.withdrawal_requested_at))
    await record_of(tx, dossier, DossierClosed(outcome=command.outcome, levels=levels))
