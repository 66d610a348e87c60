"""Each service reads on what became known of days that were over, and keeps what of its own history that puts
into question. A look is repeat-safe, and the place is kept after it.

Whoever acts asks for the right under the lock of the case and in the own transaction, so what a paper changes
is seen by every act that begins after it. A look waits once until all that had begun before are over."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from casework.late.acts import OWN_ACTS, LatePaper, acts_in_question
from casework.late.questions import keep, of_paper
from kit.db import Database, Tx
from kit.leading import Lease, lead, still_leads
from kit.rows import read_all
from language.posts.doubt import Paper
from language.views import View

_POLL_SECONDS: Final = 1.0
_SETTLE_SECONDS: Final = 0.05
_AT_ONCE: Final = 200
_LOT: Final = 50
"""More acts in one transaction would hold up who reads their histories on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Published:
    position: int
    late: LatePaper


class LatePaperWatch:
    """The acts in question of one service."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def run(self) -> None:
        """Until cancelled; one process of the service at a time."""
        await lead(self._database, "late papers", self._work)

    async def _work(self, lease: Lease) -> None:
        while True:
            await lease.renew()
            if not await self.look(lease):
                await lease.pause(_POLL_SECONDS)

    async def look(self, lease: Lease) -> bool:
        """What the next papers put into question; False when there were none."""
        async with self._database.reading() as tx:
            papers = await _next_papers(tx)
        if not papers:
            return False
        await self._settle(lease)
        async with self._database.reading() as tx:
            found = await acts_in_question(tx, OWN_ACTS, [one.late for one in papers])
        for start in range(0, len(found), _LOT):
            await lease.renew()
            async with self._database.transaction() as tx:
                await still_leads(tx, lease)
                await keep(tx, [of_paper(one) for one in found[start : start + _LOT]])
        async with self._database.transaction() as tx:
            await still_leads(tx, lease)
            await tx.conn.execute(KEEP_PLACE, papers[-1].position)
        return True

    async def _settle(self, lease: Lease) -> None:
        async with self._database.reading() as tx:
            begun = int(await tx.conn.fetchval(BEGUN))
        while True:
            async with self._database.reading() as tx:
                if int(await tx.conn.fetchval(OVER)) >= begun:
                    return
            await lease.pause(_SETTLE_SECONDS)


BEGUN: Final = "select pg_snapshot_xmax(pg_current_snapshot())::text"
OVER: Final = "select pg_snapshot_xmin(pg_current_snapshot())::text"
NEXT = f"""
select position, change_id, cause, first_day, last_day, person_id, holding_id, post_id, acting, delegation_id,
  delegate_id, post_ids, from_ids, to_ids
from {View.LATE_PAPERS}
where position > coalesce((select position from cursors where name = 'late papers'), 0)
order by position limit $1
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Key:
    position: int
    change_id: UUID


async def _next_papers(tx: Tx) -> Sequence[_Published]:
    rows = await tx.conn.fetch(NEXT, _AT_ONCE)
    keys, papers = read_all(_Key, rows), read_all(Paper, rows)
    return [
        _Published(position=key.position, late=LatePaper(change_id=key.change_id, paper=paper))
        for key, paper in zip(keys, papers, strict=True)
    ]


KEEP_PLACE: Final = """
insert into cursors (name, position) values ('late papers', $1)
on conflict (name) do update set position = excluded.position
"""
