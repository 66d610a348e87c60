"""Two records of one person were joined: each service reads on which, and carries over what stands under the
joined one. What says who it is now is rewritten; events keep the id of their day, and what is only ever added
to is read through `casework.joined`.

A look is repeat-safe: what was carried over is not there a second time, and the place is kept at the end."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final, Protocol
from uuid import UUID

from casework import tasks
from casework.case import Cases
from casework.clocks.kept import kept_clock
from casework.clocks.moves import signal_moved
from casework.following import Following
from casework.hand_over import look_at
from casework.history.record import record
from casework.joined import Joined, keep_place, next_joined
from casework.ladder import give_out
from casework.own_work import look_at_own
from casework.roster import wait_for_openings
from casework.tasks import Task
from kit.db import Database, Tx
from kit.ids import new_id
from kit.leading import Lease, leading
from kit.rows import read_all
from language.events.casework import StandsUnderKept
from language.joined import JoinedAs
from language.posts.kinds import PostTask, TaskKind

_LOT: Final = 10
"""More cases in one transaction would hold up whoever works on them."""
_ROWS_AT_ONCE: Final = 500


class Follower(Protocol):
    """What a service keeps by person and carries over thing by thing."""

    async def things(self, tx: Tx, joined: Joined) -> Sequence[UUID]:
        """What the joined record stands in, in the order in which it is locked."""

    async def carry_over(self, tx: Tx, joined: Joined, thing_id: UUID) -> None:
        """Lock one of them, and put the kept record in the joined one's place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonColumn:
    """A column of the service that names a person, and that nobody has to be locked for; `which` are the rows
    that are carried over."""

    table: str
    column: str
    which: str = "true"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Given:
    id: UUID
    kind: TaskKind
    about_id: UUID
    subject_id: UUID
    level: str | None


_OF_CASES: Final = (
    PersonColumn(table="tasks", column="assignee_id", which="state in ('DONE', 'CANCELLED')"),
    PersonColumn(table="tasks", column="on_behalf_of", which="state in ('DONE', 'CANCELLED')"),
)


class JoiningWatch(Following[Joined]):
    """Records that were joined, in one service. `seated` are the tasks that a follower carries over itself,
    with what hangs on them."""

    leads_in = "joinings"

    def __init__(
        self,
        database: Database,
        *,
        cases: Cases | None = None,
        followers: Sequence[Follower] = (),
        columns: Sequence[PersonColumn] = (),
        seated: Collection[PostTask] = (),
    ) -> None:
        super().__init__(database)
        self._cases = cases
        self._followers = followers
        self._columns = (*columns, *_OF_CASES) if cases else tuple(columns)
        self._seated = frozenset(seated)

    async def _next(self, tx: Tx) -> Joined | None:
        return await next_joined(tx)

    async def _wait(self, tx: Tx) -> None:
        await wait_for_openings(tx)

    async def _carry_out(self, lease: Lease, found: Joined) -> None:
        for follower in self._followers:
            await self._follow(lease, follower, found)
        if self._cases:
            await self._carry_tasks(lease, self._cases, found)
            await self._give_out(lease, self._cases, found)
        for column in self._columns:
            await self._rewrite(lease, column, found)

    async def _finish(self, tx: Tx, found: Joined) -> None:
        if self._cases:
            await tx.conn.execute(SEEN, str(found.joined_id), str(found.kept_id))
            await look_at_own(tx, [found.kept_id])
        await keep_place(tx, found.position)

    async def _follow(self, lease: Lease, follower: Follower, joined: Joined) -> None:
        async with self._database.reading() as tx:
            things = await follower.things(tx, joined)
        for thing_id in things:
            async with leading(self._database, lease) as tx:
                await follower.carry_over(tx, joined, thing_id)

    async def _carry_tasks(self, lease: Lease, cases: Cases, joined: Joined) -> None:
        """Open work, each under the lock of what it is about."""
        async with self._database.reading() as tx:
            given = read_all(_Given, await tx.conn.fetch(PENDING, joined.joined_id, sorted(self._seated)))
        for task in given:
            async with leading(self._database, lease) as tx:
                if task.kind in set(PostTask):
                    await cases.of_task(PostTask(task.kind)).lock(tx, task.about_id)
                if await tx.conn.fetchval(CARRY_TASK, task.id, joined.joined_id, joined.kept_id):
                    fact = StandsUnderKept(
                        kept_id=joined.kept_id,
                        joined_id=joined.joined_id,
                        about_id=task.about_id,
                        level=task.level,
                        joined_as=(JoinedAs.ASSIGNEE,),
                        was_both=False,
                    )
                    await record(tx, fact, about=task.subject_id)

    async def _give_out(self, lease: Lease, cases: Cases, joined: Joined) -> None:
        """Work that the person may not do now that both are known as one goes to somebody else."""
        async with self._database.reading() as tx:
            rows = await tx.conn.fetch(WITH_WORK, list(joined.both))
        found = [row["about_id"] for row in rows]
        for start in range(0, len(found), _LOT):
            async with leading(self._database, lease) as tx:
                lot = found[start : start + _LOT]
                for task in await tasks.given_about(tx, lot):
                    await _take_from_own_matter(tx, cases, task)
                await look_at(tx, cases, lot)

    async def _rewrite(self, lease: Lease, column: PersonColumn, joined: Joined) -> None:
        statement, more = _rewriting(column), True
        while more:
            async with leading(self._database, lease) as tx:
                more = bool(await tx.conn.fetch(statement, joined.joined_id, joined.kept_id, _ROWS_AT_ONCE))


async def _take_from_own_matter(tx: Tx, cases: Cases, task: Task) -> None:
    """Whoever turns out to be an author or a payee was given the work by mistake: it is given out anew. By
    the hand-over nobody would get it, for nobody stands in for an author."""
    task_kind = PostTask(task.kind)
    kind = cases.of_task(task_kind)
    await kind.lock(tx, task.about_id)
    if task.assignee_id not in (await kind.excluded(tx, [task.about_id])).get(task.about_id, ()):
        return
    await tasks.cancel_tasks(tx, task.about_id, task_kind, task.assignee_id)
    if (await give_out(tx, kind, task.about_id)).clock:
        await signal_moved(tx, new_id(), await kept_clock(tx, task.about_id))


PENDING = """
select id, kind, about_id, subject_id, level from tasks
where (assignee_id = $1 or on_behalf_of = $1) and state in ('WAITING', 'OPEN') and kind <> all($2::text[])
order by about_id, id
"""
# Nobody does anything on the own behalf.
CARRY_TASK = """
update tasks set assignee_id = case assignee_id when $2 then $3 else assignee_id end,
  on_behalf_of = nullif(case on_behalf_of when $2 then $3 else on_behalf_of end,
    case assignee_id when $2 then $3 else assignee_id end)
where id = $1 and (assignee_id = $2 or on_behalf_of = $2) and state in ('WAITING', 'OPEN')
returning assignee_id = $3
"""
WITH_WORK = """
select distinct about_id from tasks
where assignee_id = any($1) and state in ('WAITING', 'OPEN') and post_id is not null order by about_id
"""
# Who was in the posts when the case last looked: rungs give work by it.
SEEN = """
update posts_seen set posts = replace(posts::text, $1, $2)::jsonb where strpos(posts::text, $1) > 0
"""


def _rewriting(column: PersonColumn) -> str:
    return f"""
    update {column.table} set {column.column} = $2 where ctid = any(array(
      select ctid from {column.table} where {column.column} = $1 and {column.which} limit $3
    )) and {column.column} = $1 returning true
    """
