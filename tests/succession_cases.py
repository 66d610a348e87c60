"""Units that have ended into others, as acts leave them behind: for tests of what owners of work make of
it."""

from datetime import date
from uuid import UUID

from casework.case import Cases
from casework.succession_watch import Inheritance, SuccessionWatch
from kit.db import Database, Tx
from kit.leading import take_lead
from language.ids import UnitId
from language.posts.reach import UnitChanged
from services.organisation.operations.roster_changes import write_change
from tests.organisation_cases import LEADER, LONG_AGO, write_unit

ENDED = date(2000, 1, 1)
END = "update units set valid_to = $2, parent_id = $3, successor_id = $3, path = $4 where id = $1"
PASS_POSTS = "update posts set unit_id = $2 where unit_id = $1"
ACT = """
insert into successions (id, document, from_day, steps, unit_ids, state, drafted_by, drafted_at, in_force_at,
  position)
select gen_random_uuid(), 'x', '2000-01-02', '[]', $1, 'IN_FORCE', gen_random_uuid(), now(), now(),
  coalesce(max(position), 0) + 1 from successions
"""


async def merge(tx: Tx, root: UUID, unit: UUID, into: UUID) -> None:
    """The unit ended below its successor, with its posts passed over."""
    await write_unit(tx.conn, (root, into))
    await tx.conn.execute(END, unit, ENDED, into, [root, into, unit])
    await tx.conn.execute(PASS_POSTS, unit, into)
    await tx.conn.execute(ACT, [unit, into])
    await write_change(tx, [UnitChanged(unit_id=UnitId(into))], LONG_AGO, None)


async def follow(database: Database, cases: Cases, inheritance: Inheritance) -> None:
    """Let the owner of work carry out every act that is in force."""
    watch = SuccessionWatch(database, cases, inheritance)
    async with database.connection() as conn:
        lease = None
        while lease is None:
            lease = await take_lead(conn, "successions", LEADER)
        while await watch.look(lease):
            pass
