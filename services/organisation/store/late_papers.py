"""Papers that came late, in the order in which they were committed."""

from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

from kit.db import Tx
from kit.inserts import Insert
from language.ids import PersonId
from language.posts.doubt import Paper

INSERT: Final = Insert(
    "late_papers",
    "change_id, cause, first_day, last_day, person_id, holding_id, post_id, acting, delegation_id, "
    "delegate_id, post_ids, from_ids, to_ids, changed_at",
)


async def insert_papers(tx: Tx, change_id: UUID, papers: Sequence[Paper]) -> None:
    """Those of one change; the caller holds the lock of the changes of posts."""
    rows = [
        INSERT.row(
            paper,
            change_id=change_id,
            post_ids=sorted(paper.post_ids),
            from_ids=sorted(paper.from_ids),
            to_ids=sorted(paper.to_ids),
            changed_at=tx.now,
        )
        for paper in papers
    ]
    await tx.conn.executemany(INSERT.statement, rows)


ACTING: Final = "select id from holdings where id = any($1) and acting"


async def acting_among(tx: Tx, holding_ids: Sequence[UUID]) -> frozenset[UUID]:
    """Those of these holdings that last only until somebody is appointed."""
    return frozenset(row["id"] for row in await tx.conn.fetch(ACTING, list(holding_ids)))


def _along(here: str, there: str) -> str:
    return f"""
    with recursive along (person_id) as (
      select $1::uuid
      union
      select d.{there} from along a join delegations d on d.{here} = a.person_id
      where d.cancelled_at is null and d.starts_on <= $3 and d.ends_on >= $2
    )
    select person_id from along
    """


FROM: Final = _along("delegate_id", "grantor_id")
TO: Final = _along("grantor_id", "delegate_id")


async def work_came_from(tx: Tx, person_id: UUID, first: date, last: date) -> frozenset[PersonId]:
    """The person, and everybody whose work may have come there through delegations on these days."""
    return frozenset(row["person_id"] for row in await tx.conn.fetch(FROM, person_id, first, last))


async def work_went_to(tx: Tx, person_id: UUID, first: date, last: date) -> frozenset[PersonId]:
    """The person, and everybody to whom work may have gone on from there."""
    return frozenset(row["person_id"] for row in await tx.conn.fetch(TO, person_id, first, last))
