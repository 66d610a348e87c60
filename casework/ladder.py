"""A fired rung is a unique row. Call these while holding the lock of the thing whose ladder it is."""

from uuid import UUID

from language.messages.rung import RungFinding

from kit.db import Tx
from language.deadline.clock import Rung

FIND = "select finding from rungs_fired where about_id = $1 and rung_id = $2"


async def has_fired(tx: Tx, about_id: UUID, rung: Rung) -> bool:
    """Somebody climbed this rung before (the activity is being repeated)."""
    return await tx.conn.fetchval(FIND, about_id, rung.id) is not None


INSERT = """
insert into rungs_fired (about_id, rung_id, action, finding, planned_at, fired_at, rule) values ($1, $2, $3,
  $4, $5, $6, $7)
"""


async def mark_fired(tx: Tx, about_id: UUID, rung: Rung, finding: RungFinding) -> None:
    """Write down that the rung fired and what it found; a second time violates the primary key."""
    await tx.conn.execute(INSERT, about_id, rung.id, rung.action, finding, rung.at, tx.now, rung.rule)
