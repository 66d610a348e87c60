"""What the rungs of several formal checks look at, read together."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from casework import tasks
from kit.db import Tx
from language.ids import PersonId
from language.messages.organisation import PostsResolved
from language.posts.kinds import PostTask
from services.intake.domain.ladder import Standing
from services.intake.operations.moving import FORMAL_CHECK
from services.intake.store.dossiers import Dossier


async def standings(
    tx: Tx, checks: Sequence[Dossier], posts: Mapping[UUID, PostsResolved]
) -> dict[UUID, Standing]:
    """Who has each check since when, and how much the officers who are there have to do."""
    waiting = await tasks.waited_for(tx, [dossier.id for dossier in checks])
    there = {about: seen.for_task(PostTask.FORMAL_CHECK) for about, seen in posts.items()}
    officers = sorted({holder.person_id for seen in there.values() for holder in seen.holders})
    pending = {PersonId(person): count for person, count in (await tasks.count_pending(tx, officers)).items()}
    return {
        dossier.id: Standing(
            author_ids=[PersonId(author) for author in dossier.author_ids],
            assigned={
                PersonId(person): since
                for person, since in waiting.get((dossier.id, FORMAL_CHECK), {}).items()
            },
            holders=there[dossier.id].holders if dossier.id in there else (),
            superiors=there[dossier.id].superiors if dossier.id in there else (),
            pending=pending,
        )
        for dossier in checks
    }


async def standing_of(tx: Tx, dossier: Dossier, posts: PostsResolved) -> Standing:
    """The same for one check, with whoever is there now."""
    return (await standings(tx, [dossier], {dossier.id: posts}))[dossier.id]
