"""What the postroom reads of the organisation: who there is, where they are reached, and the units they hold
posts in."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from kit.db import Tx
from language.views import View

FORMER = f"select mail_address from {View.FORMER_ADDRESSES} where event_id = $1"


async def former_address(tx: Tx, event_id: UUID) -> str | None:
    """Where a person was mailed before this event, as long as that is known."""
    address: str | None = await tx.conn.fetchval(FORMER, event_id)
    return address


CODE = f"select code from {View.PERSONS} where id = $1"


async def code_of(tx: Tx, person_id: UUID) -> str:
    """The office's number of the person."""
    return str(await tx.conn.fetchval(CODE, person_id))


IS_KNOWN = f"select exists (select from {View.PERSONS} where id = $1)"


async def is_known(tx: Tx, person_id: UUID) -> bool:
    """There is such a person."""
    return bool(await tx.conn.fetchval(IS_KNOWN, person_id))


UNIT_PATHS = f"""
select p.unit_path from {View.HOLDINGS} h join {View.POSTS} p on p.id = h.post_id
where h.person_id = $1 and (h.held_to is null or h.held_to >= $2)
"""


async def unit_paths_of(tx: Tx, person_id: UUID, day: date) -> list[Sequence[UUID]]:
    """The ways to the units in which the person holds a post on the day, or will."""
    return [row["unit_path"] for row in await tx.conn.fetch(UNIT_PATHS, person_id, day)]
