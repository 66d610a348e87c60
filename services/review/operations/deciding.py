"""Ending a stage: the decision with its number, or the author's withdrawal. The row lock says which came
first."""

from dataclasses import replace
from uuid import UUID

from casework import tasks
from casework.clocks.kept import close_clock
from casework.hand_over import require_acting
from casework.history.record import record
from casework.notices import notify_of
from casework.tasks import NotYourTask
from casework.units import require_settled
from kit.auth import Principal
from kit.db import Tx
from kit.outbox import signal_workflow
from language.deadline.arithmetic import LOCAL_ZONE
from language.events import review as events
from language.events.actor import Actor
from language.ids import EventId
from language.messages.journey import StageOutcome
from language.messages.review import StageDecided
from language.names import Signal, initiative_workflow_id
from language.posts.kinds import PostTask
from language.refusals import NotFound
from services.review.domain.deciding import (
    Verdict,
    approvals_needed,
    check_blindness,
    check_quorum,
    check_verdict,
    deviates,
    grade_of,
)
from services.review.domain.refusals import AlreadyDecided, OwnDossier, PromotionQuotaUsedUp, StageMovedAway
from services.review.domain.scoring import Tally
from services.review.domain.stage import (
    AnyStage,
    DecidedStage,
    Decision,
    MovedStage,
    OpenStage,
    Ruling,
    Stage,
    WithdrawnStage,
    decision_of,
    in_draft,
    ruling_message,
)
from services.review.operations.examination import EXAMINATION
from services.review.operations.reading import count, may_see
from services.review.store import score_sheets, stages
from services.review.store.filed_dossiers import authors_told


def require_open(stage: AnyStage) -> OpenStage:
    """The stage while marks and a decision may still come; else what came first."""
    match stage:
        case OpenStage():
            return stage
        case MovedStage():
            raise StageMovedAway
        case DecidedStage(ruling=ruling):
            raise AlreadyDecided(outcome=ruling.outcome, decision_number=ruling.decision_number)
        case WithdrawnStage():
            raise AlreadyDecided(outcome=StageOutcome.WITHDRAWN, decision_number="–")


async def record_decision(
    tx: Tx, principal: Principal, stage_id: UUID, verdict: Verdict, *, is_trial: bool = False
) -> Decision:
    """Decide the stage once, if its frozen rules allow this verdict; the journey is told through the outbox.
    While sheets are owed it cannot be tried: after each sheet the answer would tell how its member has
    marked or voted."""
    found = await stages.lock_stage(tx, stage_id)
    sheets = await score_sheets.list_sheets(tx, found.id)
    if principal.person_id in found.author_ids:
        raise OwnDossier
    decider = found.decider
    if decider is None or principal.person_id != decider.person_id:
        raise NotYourTask if await may_see(tx, found, sheets, principal) else NotFound
    stage = require_open(found)
    actor = await require_acting(tx, EXAMINATION, principal, stage.id, PostTask.DECIDE)
    counted = await count(tx, stage, sheets)
    check_quorum(stage.quorum, counted)
    owes_sheet = principal.person_id in {sheet.person_id for sheet in in_draft(sheets)}
    check_blindness(counted, verdict, owes_sheet=owes_sheet, is_trial=is_trial)
    if verdict.propose:
        await _take_proposal(tx, stage)
    check_verdict(stage.plan, stage.quorum, counted, verdict, last_level=stage.last_level)
    await require_settled(tx, stage.unit_id)
    ruling = await _rule(tx, stage, counted, verdict)
    await _notify(tx, stage, actor, ruling, counted)
    await tasks.finish_tasks(tx, stage.id, PostTask.DECIDE)
    await _leave(tx, stage)
    return await stages.get_decision(tx, stage.id)


async def _rule(tx: Tx, stage: OpenStage, counted: Tally, verdict: Verdict) -> Ruling:
    grade = grade_of(stage.plan, counted) if verdict.outcome is StageOutcome.RECOGNISED else None
    year = tx.now.astimezone(LOCAL_ZONE).year
    return Ruling(
        outcome=verdict.outcome,
        decision_number=f"{await stages.next_decision_number(tx, stage.unit_id, year)}/QĐ-{year}",
        reasons=verdict.reasons,
        ground=verdict.ground,
        average_score=counted.average,
        score_deviation=counted.spread,
        grade=grade.id if grade else None,
        proposed=verdict.propose,
        decided_at=tx.now,
        decided_alone=stage.eased.may_decide_alone and counted.sheets < counted.members,
    )


async def _take_proposal(tx: Tx, stage: Stage) -> None:
    """Every proposal is counted, so that a quota published in the middle of a season counts those before it.
    A verdict that is refused afterwards takes its count back with the transaction."""
    proposed, quota = await stages.take_proposal(tx, stage), stage.plan.promotion_quota
    if quota and proposed > quota.most:
        raise PromotionQuotaUsedUp(most=quota.most, rule=quota.basis)


async def withdraw_stage(tx: Tx, stage_id: UUID) -> StageDecided:
    """Close the open stage for the author; a decision that came before stands and is the answer."""
    stage = await stages.lock_standing(tx, stage_id)
    known = decision_of(stage)
    if known:
        return known
    fact = events.StageWithdrawn(stage_id=stage.id, level=stage.level)
    event_id = EventId(await record(tx, fact, about=stage.dossier_id, rule_version=stage.rule_version))
    await stages.withdraw(tx, stage.id, event_id)
    matter = replace(EXAMINATION.particulars(stage).matter, due_at=None)
    await notify_of(tx, event_id, fact, matter, await authors_told(tx, stage))
    await _leave(tx, stage)
    return StageDecided(
        event_id=event_id,
        stage_id=stage.id,
        outcome=StageOutcome.WITHDRAWN,
        proposed=False,
        decision_number=None,
    )


async def _leave(tx: Tx, stage: Stage) -> None:
    await score_sheets.void_drafts(tx, stage.id)
    await tasks.cancel_all_tasks(tx, stage.id)
    await close_clock(tx, stage.id)


async def _notify(tx: Tx, stage: Stage, actor: Actor, ruling: Ruling, counted: Tally) -> None:
    """Write the decision and its event, and tell authors and journey."""
    fact = _fact(stage, ruling, counted)
    rule, rule_version = stage.plan.pass_basis.rule, stage.rule_version
    recorded = await record(
        tx, fact, about=stage.dossier_id, actor=actor, rule_version=rule_version, rule=rule
    )
    event_id = EventId(recorded)
    await stages.decide(tx, stage.id, ruling, event_id)
    matter = replace(EXAMINATION.particulars(stage).matter, due_at=None)
    await notify_of(tx, event_id, fact, matter, await authors_told(tx, stage))
    await signal_workflow(
        tx,
        event_id,
        initiative_workflow_id(stage.dossier_id),
        Signal.STAGE_DECIDED,
        ruling_message(stage, ruling, event_id),
    )


def _deviation(stage: Stage, counted: Tally) -> events.DeviationFound | None:
    rule = stage.plan.deviation
    if rule is None:
        return None
    return events.DeviationFound(
        spread=counted.spread,
        most=rule.most,
        action=rule.action,
        exceeded=deviates(stage.plan, counted),
        rule=rule.basis.rule,
    )


def _quorum(stage: Stage, counted: Tally) -> events.QuorumFound:
    quorum, lowered = stage.quorum, stage.eased.lowered_quorum
    return events.QuorumFound(
        needed=quorum.needed(counted.members),
        sheets=counted.sheets,
        members=counted.members,
        seats=quorum.seats,
        waived=quorum.waived,
        lowered_to=str(lowered) if lowered else None,
        lowered_by=lowered.basis.rule if lowered else None,
    )


def _fact(stage: Stage, ruling: Ruling, counted: Tally) -> events.StageDecided:
    """What an auditor needs to count the decision again."""
    return events.StageDecided(
        stage_id=stage.id,
        level=stage.level,
        outcome=ruling.outcome,
        decision_number=ruling.decision_number,
        proposed=ruling.proposed,
        ground=ruling.ground,
        reasons=ruling.reasons,
        average=counted.average,
        pass_threshold=stage.plan.pass_threshold,
        grade=ruling.grade,
        voting=stage.plan.voting.method,
        votes=tuple(events.VoteCount(vote=vote, count=given) for vote, given in counted.votes.items()),
        approvals=counted.approvals,
        approvals_needed=approvals_needed(stage.plan, stage.quorum, counted),
        deviation=_deviation(stage, counted),
        quorum=_quorum(stage, counted),
        handed_up=stage.eased.handed_up,
        decided_alone=ruling.decided_alone,
    )
