"""What the rungs of several approvals look at, read together."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from casework import tasks
from kit.db import Tx
from language.ids import PersonId
from language.messages.organisation import PostsResolved
from services.payout.domain.ladder import APPROVE_AWARD, VERIFY_AWARD, Standing
from services.payout.store import awards
from services.payout.store.awards import Award


async def standings(
    tx: Tx, listed: Sequence[Award], posts: Mapping[UUID, PostsResolved]
) -> dict[UUID, Standing]:
    """Who has each signature since when; payees never sign, and nobody signs twice."""
    ids = [award.id for award in listed]
    waiting = await tasks.waited_for(tx, ids)
    payees = await awards.payees_of(tx, ids)
    there = sorted({holder.person_id for seen in posts.values() for holder in seen.holders})
    pending = {PersonId(person): count for person, count in (await tasks.count_pending(tx, there)).items()}
    return {
        award.id: Standing(
            is_verified=award.verified_by is not None,
            verifier_post=award.verifier_post,
            approver_post=award.approver_post,
            barred=[PersonId(person) for person in (*payees.get(award.id, ()), award.verified_by) if person],
            signers={
                kind: {PersonId(person): since for person, since in waiting.get((award.id, kind), {}).items()}
                for kind in (VERIFY_AWARD, APPROVE_AWARD)
            },
            holders=posts[award.id].holders if award.id in posts else (),
            superiors=posts[award.id].superiors if award.id in posts else (),
            pending=pending,
        )
        for award in listed
    }


async def standing_of(tx: Tx, award: Award, posts: PostsResolved) -> Standing:
    """The same for one award, with whoever is there now."""
    return (await standings(tx, [award], {award.id: posts}))[award.id]
