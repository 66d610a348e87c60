"""What changed about posts is written down, with every post that it reaches, in the transaction of the
change: whoever has given work through such a post looks at it again."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final
from uuid import UUID

from casework.late.acts import Questioned
from casework.roster_reach import reached
from kit.db import Tx
from language.events.base import Fact
from language.posts.doubt import Paper
from language.posts.reach import Change
from services.organisation.operations.late_papers import write_papers
from services.organisation.store.roster_changes import append_change, lock_changes

CHANNEL: Final = "roster_changes"


async def write_change(
    tx: Tx,
    changes: Sequence[Change],
    first_day: date,
    last_day: date | None,
    facts: Iterable[tuple[UUID, Fact]] = (),
    papers: Sequence[Paper] = (),
) -> list[Questioned]:
    """From the first of these days to the last (None: without end) things are different. What of the facts
    (each with whom it is about) came late is published, too, and `papers` that did; the acts that they put
    into question. Call it last in the transaction.

    How far a change reaches depends on what others have changed, so it is found out when theirs are
    committed; and readers go on from the highest position they have seen, so positions are committed in their
    order. One lock, held to the commit, sees to both."""
    await lock_changes(tx)
    posts = await reached(tx, changes, first_day, last_day or date.max)
    if posts:
        await append_change(tx, first_day, last_day, posts)
        tx.wakes.add(CHANNEL)
    return await write_papers(tx, facts, papers)
