"""What a dossier's journey asks: assess the award of a level, climb the rungs of its approval."""

from uuid import UUID

from casework.calendars import start_clock
from casework.case import ClockOfCase
from casework.clocks.kept import kept_clock
from casework.clocks.moves import as_it_stands
from casework.ladder import climb, watch_opening
from casework.plans import plan_named
from casework.roster import resolve
from casework.units import heir_of
from kit.db import Tx
from kit.ids import new_id
from language.deadline.clock import StageClock
from language.events.payout import AwardAssessed as Assessed
from language.messages.clock import ClimbRung
from language.messages.payout import AssessAward, AwardAssessed, PayoutRungClimbed
from language.plan.review_plan import Basis, LevelPlan, ReviewPlan
from language.posts.holders import PostsResolved
from language.refusals import NotFound
from services.payout.domain.award import Award, AwardShare
from services.payout.domain.splitting import split
from services.payout.operations.approval import AWARD_APPROVAL
from services.payout.operations.giving import open_approval
from services.payout.operations.moving import award_as_it_stands, record_of
from services.payout.store import awards, recognitions
from services.payout.store.awards import NewAward
from services.payout.store.recognitions import Recognition


async def assess_award(tx: Tx, command: AssessAward) -> AwardAssessed:
    """Split what the rules of the recognising stage give, and give it to those who sign. A repeat finds what
    the first call made; where the level has not recognised it, or pays nothing, nothing is made."""
    found = await awards.find_award(tx, command.dossier_id, command.level)
    if found is None:
        recognised = await recognitions.find_recognition(tx, command.dossier_id, command.level)
        if recognised is None:
            return AwardAssessed(award=None, clock=None)
        plan = await plan_named(tx, recognised.plan_hash)
        level = next((one for one in plan.levels if one.level == command.level), None)
        if level is None or level.award_dong == 0:
            return AwardAssessed(award=None, clock=None)
        found = await _make(tx, command.dossier_id, recognised, plan, level)
    clock = as_it_stands(await kept_clock(tx, found.id))
    return AwardAssessed(award=award_as_it_stands(found), clock=clock)


async def _make(
    tx: Tx, dossier_id: UUID, recognised: Recognition, plan: ReviewPlan, level: LevelPlan
) -> Award:
    """The award with its parts, its clock and its signers; that of another call where one was quicker."""
    payout = plan.payout
    dossier = await recognitions.filed_dossier(tx, dossier_id)
    amounts = split(level.award_dong, [author.percent for author in dossier.authors])
    kinds = (payout.verifier, payout.approver)
    payees = [author.person_id for author in dossier.authors]
    # What a unit owes that has ended is its successor's to pay.
    unit_id = await heir_of(tx, recognised.unit_id)
    posts = await resolve(tx, unit_id, kinds, tx.now, excluded=payees, level=level.level)
    clock = await start_clock(tx, posts.unit_path, payout.approval, payout.ladder, tx.now)
    new = NewAward(
        id=new_id(),
        dossier_id=dossier_id,
        dossier_code=dossier.code,
        level=level.level,
        unit_id=unit_id,
        unit_path=posts.unit_path,
        decision_number=recognised.decision_number,
        amount_dong=level.award_dong,
        rule_version=plan.rule_version,
        basis=level.award_basis,
        verifier_post=payout.verifier,
        approver_post=payout.approver,
        due_at=clock.due_at,
        list_rules=ClockOfCase(
            budget=payout.payment,
            basis=payout.payment_basis,
            ladder=payout.list_ladder,
            spread_minutes=payout.spread_minutes,
        ),
        payment_people=payout.payment_people,
    )
    if await awards.insert_award(tx, new):
        shares = [
            AwardShare(
                person_id=author.person_id,
                percent=author.percent,
                amount_dong=amount,
                outside=author.outside,
            )
            for author, amount in zip(dossier.authors, amounts, strict=True)
        ]
        await awards.insert_shares(tx, new.id, shares)
        await _open(tx, new.id, level.award_basis, posts, (AWARD_APPROVAL.clock_rules(payout), clock))
    made = await awards.find_award(tx, dossier_id, level.level)
    if made is None:
        raise NotFound
    return made


async def _open(
    tx: Tx, award_id: UUID, basis: Basis, posts: PostsResolved, approval: tuple[ClockOfCase, StageClock]
) -> None:
    award = await awards.get_award(tx, award_id)
    signers = await open_approval(tx, award, posts, approval)
    fact = Assessed(
        award_id=award.id,
        level=award.level,
        amount_dong=award.amount_dong,
        decision_number=award.decision_number,
        verifier_id=signers.verifier_id,
        approver_id=signers.approver_id,
    )
    await record_of(tx, award, fact, rule=basis.rule)
    await watch_opening(tx, AWARD_APPROVAL, award, signers.lack, posts)


async def climb_rung(tx: Tx, command: ClimbRung) -> PayoutRungClimbed:
    """Look under the lock first: once approved or rejected, nothing happens."""
    climbed = await climb(tx, AWARD_APPROVAL, command.about_id, command.rung_id)
    return PayoutRungClimbed(
        finding=climbed.finding, award=award_as_it_stands(climbed.case), clock=climbed.clock
    )
