"""The approval of an award begins: its clock starts, and both signatures are given to those who are there."""

from dataclasses import dataclass
from uuid import UUID

from casework.case import ClockOfCase
from casework.clocks.kept import open_clock
from casework.posts_seen import keep_posts
from kit.db import Tx
from language.cases import AlarmKind
from language.deadline.clock import StageClock
from language.journey.office import fill_office
from language.plan.review_plan import RungAction
from language.posts.holders import PostsResolved
from language.posts.kinds import PostTask
from services.payout.domain.award import Award
from services.payout.operations.approval import AWARD_APPROVAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Signers:
    """To whom the signatures were given; `lack`: too few people are there."""

    verifier_id: UUID | None
    approver_id: UUID | None
    lack: AlarmKind | None


async def open_approval(
    tx: Tx, award: Award, posts: PostsResolved, approval: tuple[ClockOfCase, StageClock]
) -> Signers:
    """Its clock starts by these rules, and both signatures are given out."""
    await open_clock(tx, AWARD_APPROVAL.particulars(award).clock(AWARD_APPROVAL.type, *approval))
    await keep_posts(tx, award.id, posts)
    contexts = await AWARD_APPROVAL.contexts(tx, [award], {award.id: posts}, {RungAction.LOOK_AGAIN})
    effect = fill_office(contexts[award.id])
    await AWARD_APPROVAL.carry_out(tx, award, effect, posts)
    verifier, approver = (effect.given.get(task) for task in (PostTask.VERIFY_AWARD, PostTask.APPROVE_AWARD))
    return Signers(
        verifier_id=verifier.person_id if verifier else None,
        approver_id=approver.person_id if approver else None,
        lack=AWARD_APPROVAL.lack(contexts[award.id], effect),
    )
