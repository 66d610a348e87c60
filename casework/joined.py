"""Which records are of one person, by what the organisation publishes. Rows are carried over a moment after
two records are joined (`casework.joining_watch`); what is never rewritten is read through here."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from kit.db import Tx
from kit.rows import read
from language.ids import PersonId
from language.messages.journey import AuthorShare
from language.views import View

STANDING: Final = f"select joined_id, kept_id from {View.JOININGS} where joined_id = any($1)"


async def stand_for(tx: Tx, person_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """For each of these, the record that stands for it now: itself, unless it was joined to another."""
    rows = await tx.conn.fetch(STANDING, list(person_ids))
    return {person: person for person in person_ids} | {row["joined_id"]: row["kept_id"] for row in rows}


async def authors_now(tx: Tx, authors: Iterable[AuthorShare]) -> tuple[AuthorShare, ...]:
    """The same shares, each under the record that stands for its author now."""
    shares = tuple(authors)
    now = await stand_for(tx, [share.person_id for share in shares])
    return tuple(replace(share, person_id=PersonId(now[share.person_id])) for share in shares)


JOINED_TO: Final = f"select joined_id from {View.JOININGS} where kept_id = $1"


async def records_of(tx: Tx, person_id: UUID) -> frozenset[UUID]:
    """Every id under which this person is known, or was."""
    rows = await tx.conn.fetch(JOINED_TO, person_id)
    return frozenset({person_id, *(row["joined_id"] for row in rows)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """Two records of one person: what stands under the joined one is the kept one's. `position` counts up as
    records are joined."""

    position: int
    joined_id: UUID
    kept_id: UUID

    @property
    def both(self) -> Sequence[UUID]:
        """The kept one first."""
        return (self.kept_id, self.joined_id)


_PLACE: Final = "coalesce((select position from cursors where name = 'joinings'), 0)"
NEXT: Final = f"""
select position, joined_id, kept_id from {View.JOININGS} where position > {_PLACE} order by position limit 1
"""


async def next_joined(tx: Tx) -> Joined | None:
    """The first that this service has not carried over yet."""
    row = await tx.conn.fetchrow(NEXT)
    return read(Joined, row) if row else None


IS_BEHIND_FOR: Final = (
    f"exists (select 1 from {View.JOININGS} j where j.kept_id = {{}} and j.position > {_PLACE})"
)
"""A record was joined to the one of this id, and this service has not carried it over yet."""
KEEP_PLACE: Final = """
insert into cursors (name, position) values ('joinings', $1)
on conflict (name) do update set position = excluded.position
"""


async def keep_place(tx: Tx, position: int) -> None:
    """Everything up to here is carried over."""
    await tx.conn.execute(KEEP_PLACE, position)
