"""What the rungs of several stages look at, read together."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from casework import tasks
from kit.db import Tx
from language.ids import PersonId
from language.messages.organisation import PostsResolved
from language.plan.review_plan import RungAction
from language.posts.kinds import PostTask
from services.review.domain.ladder import Standing
from services.review.domain.stage import Stage, TaskKind
from services.review.store import score_sheets


async def standings(
    tx: Tx, stages: Sequence[Stage], posts: Mapping[UUID, PostsResolved], actions: Collection[RungAction]
) -> dict[UUID, Standing]:
    """Only what the actions look at is read: how long a person has been waited for, how much a substitute has
    to do."""
    ids = [stage.id for stage in stages]
    sheets = await score_sheets.sheets_of(tx, ids)
    waiting = await tasks.waited_for(tx, ids) if RungAction.DIGEST in actions else {}
    pending = (
        await tasks.count_pending(tx, _substitutes(stages, posts))
        if RungAction.REPLACE_SILENT in actions
        else {}
    )
    return {
        stage.id: Standing(
            stage=stage,
            sheets=sheets.get(stage.id, []),
            holders=posts[stage.id].for_task(PostTask.MARK).holders if stage.id in posts else (),
            superiors=posts[stage.id].for_task(PostTask.DECIDE).superiors if stage.id in posts else (),
            waited_since=_persons(
                {**waiting.get((stage.id, TaskKind.DECIDE), {}), **waiting.get((stage.id, TaskKind.MARK), {})}
            ),
            pending={PersonId(person): count for person, count in pending.items()},
        )
        for stage in stages
    }


def _persons(waiting: Mapping[UUID, datetime]) -> dict[PersonId, datetime]:
    return {PersonId(person): since for person, since in waiting.items()}


def _substitutes(stages: Sequence[Stage], posts: Mapping[UUID, PostsResolved]) -> list[UUID]:
    found = {
        holder.person_id
        for stage in stages
        if stage.id in posts
        for holder in posts[stage.id].holders
        if holder.kind is stage.plan.substitutes
    }
    return sorted(found)
