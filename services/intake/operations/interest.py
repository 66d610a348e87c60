"""Authors who would otherwise act in the matter: they are left out of it, and the unit above is told."""

from collections.abc import Collection, Sequence
from uuid import UUID

from casework.notices import notify_of
from kit.db import Tx
from language.deadline.arithmetic import local_day
from language.events.intake import AuthorHoldsPost
from language.plan.review_plan import ReviewPlan
from language.posts.kinds import PostKind
from services.intake.domain.dossier import Dossier
from services.intake.operations.moving import matter_of, record_of
from services.intake.store import people

_HEADS = (PostKind.UNIT_HEAD, PostKind.DEPUTY_HEAD)


def acting_posts(plan: ReviewPlan) -> list[tuple[UUID, PostKind]]:
    """Every kind of post that the plan gives work to, with its unit."""
    posts: dict[tuple[UUID, PostKind], None] = {(plan.formal_check.unit_id, plan.formal_check.officers): None}
    for level in plan.levels:
        kinds = (*(seat.post for seat in level.seats), level.substitutes)
        for kind in (*kinds, plan.payout.verifier, plan.payout.approver):
            posts[level.unit_id, kind] = None
    return list(posts)


async def tell_of_interest(tx: Tx, dossier: Dossier, plan: ReviewPlan, among: Collection[UUID]) -> None:
    """Write down which of these authors hold a post that would act, and tell the heads above the post."""
    day = local_day(tx.now)
    for held in await people.held_among(tx, sorted(among), acting_posts(plan), day):
        fact = AuthorHoldsPost(
            person_id=held.person_id, post_id=held.post_id, post_kind=held.kind, unit_id=held.unit_id
        )
        event_id = await record_of(tx, dossier, fact)
        heads = await _heads_above(tx, dossier, held.unit_id)
        await notify_of(tx, event_id, fact, matter_of(dossier, None), heads)


async def _heads_above(tx: Tx, dossier: Dossier, unit_id: UUID) -> Sequence[UUID]:
    """The heads of the nearest unit above that has some who are no authors; of the root, its own."""
    path = list(dossier.unit_path)
    above = path[: path.index(unit_id)] if unit_id in path else path
    for unit in (*reversed(above), path[0]):
        heads = await people.heads_of(tx, unit, _HEADS, local_day(tx.now))
        if neutral := [head for head in heads if head not in dossier.author_ids]:
            return neutral
    return ()
