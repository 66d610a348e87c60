"""Ending a stage: the decision with its number, or the author's withdrawal. The row lock says which came
first."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from casework import tasks
from casework.clocks.kept import close_clock
from casework.history.journal import Event, record
from casework.notices import NewNotice, tell
from casework.tasks import NotYourTask
from kit.auth import Principal
from kit.db import Tx
from kit.ids import new_id
from kit.outbox import signal_workflow
from language.deadline.arithmetic import LOCAL_ZONE
from language.events.actor import Actor
from language.ids import EventId, PersonId
from language.messages.journey import StageOutcome
from language.messages.notices import NoticeKind
from language.messages.review import StageDecided
from language.names import Signal, initiative_workflow_id
from language.refusals import NotFound
from services.review.domain.deciding import Verdict, approvals_needed, check_verdict, deviates, grade_of
from services.review.domain.refusals import AlreadyDecided, OwnDossier, PromotionQuotaUsedUp, StageMovedAway
from services.review.domain.scoring import Tally
from services.review.domain.stage import Decision, Stage, StageState, TaskKind
from services.review.operations.assigning import matter_of
from services.review.operations.reading import count, may_see
from services.review.store import score_sheets, stages


async def record_decision(tx: Tx, principal: Principal, stage_id: UUID, verdict: Verdict) -> Decision:
    """Decide the stage once, if its frozen rules allow this verdict; the journey is told through the
    outbox."""
    stage = await stages.lock_stage(tx, stage_id)
    sheets = await score_sheets.list_sheets(tx, stage.id)
    if principal.person_id in stage.author_ids:
        raise OwnDossier
    if principal.person_id != stage.decider_id:
        raise NotYourTask if may_see(stage, sheets, principal, tx.now) else NotFound
    if stage.state is StageState.MOVED:
        raise StageMovedAway
    if not stage.is_open:
        raise AlreadyDecided(outcome=stage.outcome, decision_number=stage.decision_number or "–")
    counted = await count(tx, stage, sheets)
    if verdict.propose:
        await _take_proposal(tx, stage)
    check_verdict(stage, counted, verdict)
    grade = grade_of(stage.plan, counted) if verdict.outcome is StageOutcome.RECOGNISED else None
    year = tx.now.astimezone(LOCAL_ZONE).year
    decided = replace(
        stage,
        state=StageState.DECIDED,
        outcome=verdict.outcome,
        decision_number=f"{await stages.next_decision_number(tx, stage.unit_id, year)}/QĐ-{year}",
        reasons=verdict.reasons,
        ground=verdict.ground,
        average_score=counted.average,
        score_deviation=counted.spread,
        grade=grade.id if grade else None,
        proposed=verdict.propose,
        decision_event_id=EventId(new_id()),
        decided_at=tx.now,
        decided_alone=stage.may_decide_alone and counted.sheets < counted.members,
    )
    await stages.decide(tx, decided)
    await tasks.finish_tasks(tx, stage.id, TaskKind.DECIDE)
    await _leave(tx, stage)
    await _tell(tx, decided, counted)
    return await stages.get_decision(tx, stage.id)


async def _take_proposal(tx: Tx, stage: Stage) -> None:
    """Every proposal is counted, so that a quota published in the middle of a season counts those before it.
    A verdict that is refused afterwards takes its count back with the transaction."""
    proposed, quota = await stages.take_proposal(tx, stage), stage.plan.promotion_quota
    if quota and proposed > quota.most:
        raise PromotionQuotaUsedUp(most=quota.most, rule=quota.basis.rule)


async def withdraw_stage(tx: Tx, stage_id: UUID) -> StageDecided:
    """Close the open stage for the author; a decision that came before stands and is the answer."""
    stage = await stages.lock_stage(tx, stage_id)
    if stage.decision:
        return stage.decision
    await stages.withdraw(tx, stage.id, EventId(new_id()))
    await _leave(tx, stage)
    withdrawn = await stages.get_stage(tx, stage.id)
    if withdrawn.decision is None:
        raise AssertionError("a withdrawn stage has its outcome")
    detail = {"stage_id": stage.id, "level": stage.level}
    event = Event(
        event_id=withdrawn.decision.event_id,
        subject_id=stage.dossier_id,
        kind="StageWithdrawn",
        rule_version=stage.rule_version,
        detail=detail,
    )
    await record(tx, event)
    return withdrawn.decision


async def _leave(tx: Tx, stage: Stage) -> None:
    await score_sheets.void_drafts(tx, stage.id)
    await tasks.cancel_all_tasks(tx, stage.id)
    await close_clock(tx, stage.id)


async def _tell(tx: Tx, stage: Stage, counted: Tally) -> None:
    decision = stage.decision
    if decision is None:
        raise AssertionError("a decided stage has its decision")
    actor = Actor(
        person_id=stage.decider_id, post_id=stage.decider_post_id, on_behalf_of=stage.decider_on_behalf_of
    )
    event = Event(
        event_id=decision.event_id,
        subject_id=stage.dossier_id,
        kind="StageDecided",
        actor=actor,
        rule_version=stage.rule_version,
        rule=stage.plan.pass_basis.rule,
        detail=_figures(stage, counted),
    )
    await record(tx, event)
    await tell(tx, [_for_author(stage, decision, author) for author in stage.author_ids])
    await signal_workflow(
        tx, decision.event_id, initiative_workflow_id(stage.dossier_id), Signal.STAGE_DECIDED, decision
    )


def _for_author(stage: Stage, decision: StageDecided, author: PersonId) -> NewNotice:
    return NewNotice(
        event_id=decision.event_id,
        person_id=author,
        kind=NoticeKind.STAGE_DECIDED,
        matter=replace(matter_of(stage), due_at=None),
        detail=decision.outcome,
        reference=decision.decision_number,
    )


def _deviation(stage: Stage, counted: Tally) -> dict[str, Any] | None:
    rule = stage.plan.deviation
    if rule is None:
        return None
    exceeded = deviates(stage.plan, counted)
    return {
        "spread": counted.spread,
        "most": rule.most,
        "action": rule.action,
        "exceeded": exceeded,
        "rule": rule.basis.rule,
    }


def _figures(stage: Stage, counted: Tally) -> dict[str, Any]:
    """What an auditor needs to count the decision again."""
    plan = stage.plan
    lowered = stage.lowered_quorum
    quorum = {
        "needed": stage.quorum.of(counted.members),
        "sheets": counted.sheets,
        "members": counted.members,
        "waived": stage.waives_quorum,
        **({"lowered_to": str(lowered), "lowered_by": lowered.basis.rule} if lowered else {}),
    }
    return {
        "stage_id": stage.id,
        "level": stage.level,
        "outcome": stage.outcome,
        "decision_number": stage.decision_number,
        "proposed": stage.proposed,
        "ground": stage.ground,
        "reasons": stage.reasons,
        "average": counted.average,
        "pass_threshold": plan.pass_threshold,
        "grade": stage.grade,
        "votes": {
            "method": plan.voting.method,
            **{vote.value: given for vote, given in counted.votes.items()},
        },
        "approvals": {"needed": approvals_needed(stage, counted), "given": counted.approvals},
        "deviation": _deviation(stage, counted),
        "quorum": quorum,
        "handed_up": stage.handed_up,
        "decided_alone": stage.decided_alone,
    }
