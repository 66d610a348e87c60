"""A mistaken rejection or reversal is taken up again: by a second person, as another award of the same
recognition that is signed anew. What was rejected or reversed stays as it is."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from casework import rights
from casework.calendars import start_clock
from casework.ladder import watch_opening
from casework.plans import plan_named
from casework.roster import resolve
from kit.auth import Principal
from kit.db import Tx
from kit.ids import new_id
from language.events.payout import AwardTakenUp
from language.ids import PersonId
from language.plan.review_plan import PayoutPlan
from language.posts.holders import PostsResolved
from language.posts.kinds import PostKind
from language.refusals import NotFound
from language.time_scale import TimeScale
from services.payout.domain.award import TAKEN_UP_FROM, Award, AwardShare
from services.payout.domain.refusals import AlreadyTakenUp, AwardNotThere, SamePersonTwice
from services.payout.operations.approval import AWARD_APPROVAL
from services.payout.operations.giving import open_approval
from services.payout.operations.moving import record_of, tell_of
from services.payout.operations.runs import start_run
from services.payout.operations.signing import lock_award
from services.payout.store import awards, recognitions
from services.payout.store.awards import NewAward

_MAY: Final = frozenset({PostKind.CHIEF_ACCOUNTANT, PostKind.UNIT_HEAD, PostKind.DEPUTY_HEAD})


async def take_up(tx: Tx, caller: Principal, award_id: UUID, reason: str, scale: TimeScale | None) -> Award:
    """By a chief accountant or a head over the unit who did not end it; the same amount in the same parts."""
    award, shares = await lock_award(tx, caller, award_id)
    actor = await rights.require(tx, caller, _MAY, award.unit_path)
    if award.state not in TAKEN_UP_FROM:
        raise AwardNotThere(state=award.state)
    if await awards.is_taken_up(tx, award_id):
        raise AlreadyTakenUp
    if award.ended_by == caller.person_id:
        raise SamePersonTwice
    plan = await _plan_of(tx, award)
    payees = [PersonId(share.payee_id) for share in shares]
    kinds = (award.verifier_post, award.approver_post)
    posts = await resolve(tx, award.unit_id, kinds, tx.now, excluded=payees, level=award.level)
    clock = await start_clock(tx, posts.unit_path, plan.approval, plan.ladder, tx.now)
    new_award_id = await _insert(tx, award, shares, posts, clock.due_at)
    new = await awards.get_award(tx, new_award_id)
    signers = await open_approval(tx, new, posts, (AWARD_APPROVAL.clock_rules(plan), clock))
    fact = AwardTakenUp(
        award_id=new.id,
        replaces=award.id,
        level=new.level,
        amount_dong=new.amount_dong,
        reason=reason,
        verifier_id=signers.verifier_id,
        approver_id=signers.approver_id,
    )
    event_id = await record_of(tx, new, fact, actor)
    await tell_of(tx, new, fact, event_id)
    await watch_opening(tx, AWARD_APPROVAL, new, signers.lack, posts)
    await start_run(tx, AWARD_APPROVAL, new.id, event_id, scale)
    return new


async def _insert(
    tx: Tx, old: Award, shares: Sequence[AwardShare], posts: PostsResolved, due_at: datetime
) -> UUID:
    """Owed by the unit in which it is signed: of one that has ended, by its successor."""
    new = NewAward(
        id=new_id(),
        dossier_id=old.dossier_id,
        dossier_code=old.dossier_code,
        level=old.level,
        unit_id=posts.unit_id,
        unit_path=posts.unit_path,
        decision_number=old.decision_number,
        amount_dong=old.amount_dong,
        rule_version=old.rule_version,
        basis=await awards.basis_of(tx, old.id),
        verifier_post=old.verifier_post,
        approver_post=old.approver_post,
        due_at=due_at,
        list_rules=await awards.list_rules(tx, old.id),
        payment_people=old.payment_people,
        replaces=old.id,
    )
    await awards.insert_award(tx, new)
    await awards.insert_shares(tx, new.id, shares)
    return new.id


async def _plan_of(tx: Tx, award: Award) -> PayoutPlan:
    recognised = await recognitions.find_recognition(tx, award.dossier_id, award.level)
    if recognised is None:
        raise NotFound
    return (await plan_named(tx, recognised.plan_hash)).payout
