"""Records of one person that were joined, as two administrators and the day leave them behind: for tests of
what services make of it."""

from collections.abc import Collection, Sequence
from uuid import UUID, uuid4

from casework.case import Cases
from casework.joining_watch import Follower, JoiningWatch, PersonColumn
from kit.db import Database
from kit.leading import take_lead
from language.posts.kinds import PostTask
from services.organisation.operations.joining_records import carry_out_next
from tests.organisation_cases import LEADER, write_people

APPROVED = """
insert into joinings (id, kept_id, joined_id, document, reason, from_day, state, proposed_by, proposed_at,
  approved_by, approved_at)
values ($1, $2, $3, 'x', 'x', '2000-01-01', 'APPROVED', gen_random_uuid(), now(), gen_random_uuid(), now())
"""


async def join(organisation: Database, kept: UUID, joined: UUID) -> None:
    """Both are known, and of one person from now on."""
    async with organisation.transaction() as tx:
        await write_people(tx.conn, [kept, joined])
        await tx.conn.execute(APPROVED, uuid4(), kept, joined)
    async with organisation.transaction() as tx:
        while await carry_out_next(tx):
            pass


async def follow(
    database: Database,
    cases: Cases | None = None,
    followers: Sequence[Follower] = (),
    columns: Sequence[PersonColumn] = (),
    seated: Collection[PostTask] = (),
) -> None:
    """Let the service carry over everything that was joined."""
    watch = JoiningWatch(database, cases=cases, followers=followers, columns=columns, seated=seated)
    async with database.connection() as conn:
        lease = None
        while lease is None:
            lease = await take_lead(conn, "joinings", LEADER)
        while await watch.look(lease):
            pass
