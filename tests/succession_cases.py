"""Units that have ended into others, as acts leave them behind: for tests of what owners of work make of
it."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from casework.case import Cases
from casework.succession_watch import Inheritance, SuccessionWatch
from kit.db import Database, Tx
from kit.leading import take_lead
from language.deadline.arithmetic import local_day
from language.ids import UnitId
from language.posts.kinds import PostKind
from language.posts.reach import UnitChanged
from services.organisation.app import SERVICE as ORGANISATION
from services.organisation.operations.roster_changes import write_change
from tests.conftest import TestService, held
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


async def foreseen(service: TestService, root: UUID, unit: UUID) -> list[dict[str, Any]]:
    """The verdicts of an act by which the unit merges into another below the root."""
    organisation = await service.shared.open(ORGANISATION)
    into, admin = uuid4(), uuid4()
    async with organisation.database.transaction() as tx:
        await write_unit(tx.conn, (root, into))
    tomorrow = local_day(organisation.database.clock.now()) + timedelta(days=1)
    step = {"kind": "MERGES", "unit_id": str(unit), "into_id": str(into)}
    drafted = await organisation.http.post(
        "/v1/successions",
        json={"document": "12/QĐ-UBND", "from_day": str(tomorrow), "steps": [step]},
        headers=organisation.headers(admin, held(PostKind.ADMIN, root)),
    )
    assert drafted.status_code == 201, drafted.text
    verdicts: list[dict[str, Any]] = drafted.json()["verdicts"]
    return verdicts
