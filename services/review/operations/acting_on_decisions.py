"""Acts on a decision that was made: by whom, until when, and who is told. What follows for dossier and money
their owners read from what is published here."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from casework import rights
from casework.calendars import start_clock
from casework.history.record import record
from casework.notices import notify_of
from casework.roster import resolve
from casework.units import heir_of
from kit.auth import Principal
from kit.db import Tx
from kit.ids import new_id
from language.deadline.arithmetic import LOCAL_ZONE, local_day
from language.events import review as events
from language.events.actor import Actor
from language.events.base import Fact, changed
from language.ids import PersonId, StageId, UnitId
from language.plan.act_rules import act_rule
from language.plan.review_plan import Basis
from language.plan.rule_kinds import DecisionActKind
from language.refusals import Forbidden, NotFound
from services.review.domain.decision_acts import (
    ENDINGS,
    ActDone,
    DecisionAct,
    NewAct,
    as_corrected,
    paper_of,
    require_actable,
    require_in_time,
)
from services.review.domain.refusals import (
    JourneyNotOver,
    LevelAboveDecided,
    OwnDossier,
    RecusedFromDossier,
)
from services.review.domain.stage import AnyStage, DecidedStage, Paper
from services.review.operations.ending_complaints import overtake
from services.review.operations.examination import EXAMINATION
from services.review.operations.reading import may_see
from services.review.store import decision_acts, filed_dossiers, score_sheets, stages
from services.review.store.filed_dossiers import authors_told


async def act_on_decision(tx: Tx, principal: Principal, stage_id: UUID, new: NewAct) -> ActDone:
    """Add the act to the decision, under the lock of its stage."""
    found = await stages.lock_stage(tx, stage_id)
    actor = await _require_right(tx, principal, found, new.kind)
    known = await decision_acts.acts_on(tx, found.id)
    stage = require_actable(found, known, new, local_day(tx.now))
    rule = act_rule(stage.plan, new.kind)
    clock = await start_clock(tx, stage.unit_path, rule.within, (), stage.ruling.decided_at)
    require_in_time(tx.now, clock.due_at, rule.basis)
    if new.kind is DecisionActKind.REOPENING:
        await _require_last(tx, stage)
    return await _add(tx, stage, known, new, actor, rule.basis)


async def reopen(
    tx: Tx, found: AnyStage, reason: str, paper: Paper | None, actor: Actor, basis: Basis
) -> ActDone:
    """A complaint was upheld: the same second decision, by whoever settled it and whenever that was."""
    new = NewAct(kind=DecisionActKind.REOPENING, reason=reason, paper=paper)
    known = await decision_acts.acts_on(tx, found.id)
    stage = require_actable(found, known, new, local_day(tx.now))
    await _require_last(tx, stage)
    return await _add(tx, stage, known, new, actor, basis)


async def _add(
    tx: Tx, stage: DecidedStage, known: Sequence[DecisionAct], new: NewAct, actor: Actor, basis: Basis
) -> ActDone:
    if actor.person_id is None:
        raise AssertionError("no rung acts on a decision")
    act = DecisionAct(
        id=new_id(),
        stage_id=stage.id,
        ordinal=len(known) + 1,
        kind=new.kind,
        decision_number=None if new.kind is DecisionActKind.PAPER else await _next_number(tx, stage),
        paper=new.paper,
        reasons=new.reasons,
        reason=new.reason,
        new_stage_id=StageId(new_id()) if new.kind is DecisionActKind.REOPENING else None,
        actor_id=PersonId(actor.person_id),
        acted_at=tx.now,
    )
    fact = _fact(stage, known, act)
    event_id = await record(
        tx,
        fact,
        about=stage.dossier_id,
        actor=actor,
        rule_version=stage.rule_version,
        rule=basis.rule,
    )
    await decision_acts.insert_act(tx, act, event_id)
    await notify_of(
        tx,
        event_id,
        fact,
        replace(EXAMINATION.particulars(stage).matter, due_at=None),
        await _concerned(tx, stage, act),
    )
    if act.kind is DecisionActKind.REOPENING:
        await overtake(tx, stage, act.reason or "", actor)
    return ActDone(act=act, first_number=stage.ruling.decision_number)


async def _require_right(tx: Tx, principal: Principal, stage: AnyStage, kind: DecisionActKind) -> Actor:
    """Holders of the post that the rules name, in the unit or above; never an author, nor who stayed out."""
    if principal.person_id in stage.author_ids:
        raise OwnDossier
    if principal.person_id in stage.recused_ids:
        raise RecusedFromDossier
    try:
        return await rights.require(tx, principal, {act_rule(stage.plan, kind).post}, stage.unit_path)
    except Forbidden:
        sheets = await score_sheets.list_sheets(tx, stage.id)
        if not await may_see(tx, stage, sheets, principal):
            raise NotFound from None
        raise


async def _require_last(tx: Tx, stage: DecidedStage) -> None:
    later = [one for one in await stages.list_stages(tx, stage.dossier_id) if one.opened_at > stage.opened_at]
    if later:
        raise LevelAboveDecided
    if not await filed_dossiers.is_closed(tx, stage.dossier_id):
        raise JourneyNotOver


async def _next_number(tx: Tx, stage: DecidedStage) -> str:
    """In the series of the unit; of one that has ended, in its successor's."""
    unit_id = UnitId(await heir_of(tx, stage.unit_id))
    year = tx.now.astimezone(LOCAL_ZONE).year
    return f"{await stages.next_decision_number(tx, unit_id, year)}/QĐ-{year}"


def _fact(stage: DecidedStage, known: Sequence[DecisionAct], act: DecisionAct) -> Fact:
    """What was before, and what is now."""
    before, paper = paper_of(known), act.paper
    first, own, reason = stage.ruling.decision_number, act.decision_number or "", act.reason or ""
    written = events.PaperOfDecision(number=paper.number, issued_on=paper.issued_on) if paper else None
    signer = paper.signer if paper else None
    match act.kind:
        case DecisionActKind.PAPER:
            return events.DecisionPaperEntered(
                stage_id=stage.id, level=stage.level, first_number=first, paper=written, signer=signer
            )
        case DecisionActKind.CORRECTION:
            old = as_corrected(stage.ruling, known).reasons
            return events.DecisionCorrected(
                stage_id=stage.id,
                level=stage.level,
                first_number=first,
                decision_number=own,
                reason=reason,
                reasons=changed(old, act.reasons or old),
                paper_before=(
                    events.PaperOfDecision(number=before.number, issued_on=before.issued_on)
                    if before
                    else None
                ),
                paper=written,
                signer=signer,
            )
        case DecisionActKind.CANCELLATION:
            return events.RecognitionCancelled(
                stage_id=stage.id,
                level=stage.level,
                first_number=first,
                decision_number=own,
                reason=reason,
                paper=written,
                signer=signer,
            )
        case DecisionActKind.REOPENING:
            return events.RefusalReopened(
                stage_id=stage.id,
                level=stage.level,
                first_number=first,
                decision_number=own,
                reason=reason,
                new_stage_id=act.new_stage_id or stage.id,
                paper=written,
                signer=signer,
            )


async def _concerned(tx: Tx, stage: DecidedStage, act: DecisionAct) -> Sequence[PersonId]:
    """The authors; when the decision no longer stands also who decides at the dossier's other levels, and the
    head above."""
    people = dict.fromkeys(await authors_told(tx, stage))
    if act.kind in ENDINGS:
        others = await stages.list_stages(tx, stage.dossier_id)
        people |= dict.fromkeys(
            other.decider_id for other in others if other.id != stage.id and other.decider_id
        )
        posts = await resolve(tx, stage.unit_id, (), tx.now, excluded=stage.author_ids, level=stage.level)
        people |= dict.fromkeys(head.person_id for head in posts.superiors[:1])
    return [person for person in people if person != act.actor_id]
