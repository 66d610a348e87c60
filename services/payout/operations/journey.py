"""What a payout workflow asks: assess the award, climb the rungs of its approval."""

from casework.clocks.editions import catch_up
from casework.clocks.kept import open_clock
from casework.ladder import climb, watch_opening
from casework.posts_seen import keep_posts
from kit.db import Tx
from kit.ids import new_id
from language.deadline.clock import StageClock
from language.events.payout import AwardAssessed
from language.journey.office import fill_office
from language.messages.organisation import PostsResolved
from language.messages.payout import AssessAward, AwardMoved, ClimbPayoutRung, PayoutRungClimbed, StartPayout
from language.plan.review_plan import RungAction
from language.posts.kinds import PostTask
from language.refusals import NotFound
from services.payout.domain.splitting import split
from services.payout.operations.approval import AWARD_APPROVAL
from services.payout.operations.moving import award_as_it_stands, record_of
from services.payout.store import awards
from services.payout.store.awards import Award, AwardShare


async def assess_award(tx: Tx, command: AssessAward) -> AwardMoved:
    """Split the frozen amount, give it to accountant and approver. A repeat finds what the first call
    made."""
    start, posts = command.start, command.posts
    clock = posts.clock
    if clock is None:
        raise ValueError("an award opens with its clock")
    amounts = split(start.award_dong, [author.percent for author in start.authors])
    award_id = new_id()
    if await awards.insert_award(tx, award_id, start, posts.unit_path, clock.due_at):
        shares = [
            AwardShare(person_id=author.person_id, percent=author.percent, amount_dong=amount)
            for author, amount in zip(start.authors, amounts, strict=True)
        ]
        await awards.insert_shares(tx, award_id, shares)
        await _open(tx, await awards.get_award(tx, award_id), start, posts, clock)
    found = await awards.find_award(tx, start.dossier_id, start.level)
    if found is None:
        raise NotFound
    return award_as_it_stands(found)


async def _open(tx: Tx, award: Award, start: StartPayout, posts: PostsResolved, clock: StageClock) -> None:
    """Its clock starts, and both signatures are given to those who are there."""
    rules = AWARD_APPROVAL.clock_rules(start.plan)
    await open_clock(tx, AWARD_APPROVAL.particulars(award).clock(AWARD_APPROVAL.type, rules, clock))
    await keep_posts(tx, award.id, posts)
    contexts = await AWARD_APPROVAL.contexts(tx, [award], {award.id: posts}, {RungAction.LOOK_AGAIN})
    effect = fill_office(contexts[award.id])
    await AWARD_APPROVAL.carry_out(tx, award, effect, posts)
    verifier, approver = (effect.given.get(task) for task in (PostTask.VERIFY_AWARD, PostTask.APPROVE_AWARD))
    fact = AwardAssessed(
        award_id=award.id,
        level=award.level,
        amount_dong=award.amount_dong,
        decision_number=award.decision_number,
        verifier_id=verifier.person_id if verifier else None,
        approver_id=approver.person_id if approver else None,
    )
    await record_of(tx, award, fact, rule=start.award_basis.rule)
    lack = AWARD_APPROVAL.lack(contexts[award.id], effect)
    await watch_opening(tx, AWARD_APPROVAL, award, lack, posts)
    await catch_up(tx, AWARD_APPROVAL, award.id)


async def climb_rung(tx: Tx, command: ClimbPayoutRung) -> PayoutRungClimbed:
    """Look under the lock first: once approved or rejected, nothing happens."""
    climbed = await climb(tx, AWARD_APPROVAL, command.award_id, command.climb)
    return PayoutRungClimbed(
        finding=climbed.finding, award=award_as_it_stands(climbed.case), clock=climbed.clock
    )
