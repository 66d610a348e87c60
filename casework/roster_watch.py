"""Open work follows posts: each owner of work reads what changes about posts on from where it was, and looks
again at the work of the posts that a change reaches. At local midnight it does so for what begins or ends.

A look is repeat-safe and the place in the changes is kept after it, so a leader that dies leaves the next one
to look again. Before it looks it waits for whoever is giving work out by an older word (`casework.roster`).
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from casework import tasks
from casework.case import Cases
from casework.clocks.kept import kept_clock
from casework.clocks.moves import signal_moved
from casework.hand_over import look_at
from casework.joined import next_joined
from casework.ladder import OF_STAFFING, give_out, go_on_upward
from casework.own_work import all_with_own_work, look_at_own, with_own_work
from casework.roster import wait_for_openings
from casework.roster_reach import reached, turned
from kit.db import Database, Tx
from kit.ids import new_id
from kit.leading import Lease, lead, still_leads
from kit.rows import read, read_all
from language.cases import AlarmKind, CaseType
from language.deadline.arithmetic import local_day
from language.ids import PostId
from language.views import View

_DAY: Final = timedelta(days=1)
_POLL_SECONDS: Final = 1.0
_AT_ONCE: Final = 200
_TASKS_AT_ONCE: Final = 10
"""More in one transaction would hold up whoever works on the same cases."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """How far the changes are carried out, and the last day for which what begins and ends was."""

    position: int
    day: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Change:
    position: int
    from_day: date
    until_day: date | None
    post_ids: tuple[PostId, ...]

    def is_felt(self, since: date, today: date) -> bool:
        """Between these days; a day more, for what was written down just before a midnight that was looked
        at."""
        return self.from_day <= today and (self.until_day is None or self.until_day >= since - _DAY)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Short:
    """A case that too few people are there for; `has_ended`: its ladder came to an end with nobody above."""

    about_id: UUID
    case_type: CaseType
    has_ended: bool


class RosterWatch:
    """The hand-over of one owner of work."""

    def __init__(self, database: Database, cases: Cases) -> None:
        self._database = database
        self._cases = cases

    async def run(self) -> None:
        """Until cancelled; one process of the owner at a time."""
        await lead(self._database, "hand_over", self._work)

    async def _work(self, lease: Lease) -> None:
        while True:
            await lease.renew()
            if not await self.look(lease):
                await lease.pause(_POLL_SECONDS)

    async def look(self, lease: Lease) -> bool:
        """Carry out the next changes, and midnight if it has passed; False when there was nothing."""
        today = local_day(self._database.clock.now())
        async with self._database.reading() as tx:
            place = await _place(tx)
            changes = await _changes_after(tx, place.position)
            is_joining = await next_joined(tx) is not None
        # Work of a record that was joined is carried over with what hangs on it, not handed over.
        if is_joining or (not changes and place.day == today):
            return False
        async with self._database.transaction() as tx:
            await still_leads(tx, lease)
            await wait_for_openings(tx)
            await _announce(tx, today)
        since = place.day or today
        posts = {post for change in changes if change.is_felt(since, today) for post in change.post_ids}
        # Midnight comes after the last change of the day that was: changes are judged by how things were.
        is_last = len(changes) < _AT_ONCE
        async with self._database.reading() as tx:
            is_new_day = is_last and since < today
            if is_new_day:
                posts |= await reached(tx, await turned(tx, since, today), since, today)
            waiting = await tasks.given_through(tx, posts)
            short = await _understaffed(tx, posts)
            with_own = await (all_with_own_work(tx) if is_new_day else with_own_work(tx, posts))
        await self._look_at(lease, waiting)
        await self._give_out(lease, short)
        if with_own:
            await self._look_at_own(lease, with_own)
        async with self._database.transaction() as tx:
            await still_leads(tx, lease)
            position = changes[-1].position if changes else place.position
            await _keep_place(tx, position, today if is_last else place.day)
        return True

    async def _look_at(self, lease: Lease, waiting: Iterable[tuple[UUID, int]]) -> None:
        for about_ids in _in_small_lots(waiting):
            await lease.renew()
            async with self._database.transaction() as tx:
                await still_leads(tx, lease)
                await look_at(tx, self._cases, about_ids)

    async def _look_at_own(self, lease: Lease, people: Sequence[UUID]) -> None:
        async with self._database.transaction() as tx:
            await still_leads(tx, lease)
            await look_at_own(tx, people)

    async def _give_out(self, lease: Lease, short: Iterable[_Short]) -> None:
        """What nobody was there for goes to whoever came: neither an empty seat nor a ladder that has ended
        gives a task that could be moved."""
        for case in short:
            await lease.renew()
            kind = self._cases.of(case.case_type)
            async with self._database.transaction() as tx:
                await still_leads(tx, lease)
                moved = (await give_out(tx, kind, case.about_id)).clock is not None
                if case.has_ended:
                    moved = await go_on_upward(tx, kind, case.about_id) is not None or moved
                if moved:
                    await signal_moved(tx, new_id(), await kept_clock(tx, case.about_id))


def _in_small_lots(waiting: Iterable[tuple[UUID, int]]) -> Iterable[Sequence[UUID]]:
    lot: list[UUID] = []
    size = 0
    for about_id, pending in waiting:
        if lot and size + pending > _TASKS_AT_ONCE:
            yield lot
            lot, size = [], 0
        lot.append(about_id)
        size += pending
    if lot:
        yield lot


UNDERSTAFFED = f"""
select about_id, case_type, bool_or(kind = $3) as has_ended from alarms
where cleared_at is null and kind = any($2)
  and unit_path && (select array_agg(unit_id) from {View.POSTS} where id = any($1))
group by about_id, case_type order by about_id
"""


async def _understaffed(tx: Tx, posts: Collection[PostId]) -> list[_Short]:
    """Cases with too few people, in the units of these posts or below, and those that ended at the top."""
    if not posts:
        return []
    ended = AlarmKind.NOBODY_ACTS
    return read_all(_Short, await tx.conn.fetch(UNDERSTAFFED, list(posts), [*OF_STAFFING, ended], ended))


PLACE = """
select coalesce(max(position), 0) as position, max(day) as day from cursors where name = 'roster'
"""


async def _place(tx: Tx) -> _Place:
    row = await tx.conn.fetchrow(PLACE)
    if row is None:
        raise AssertionError("a statement of aggregates gives one row")
    return read(_Place, row)


CHANGES = f"""
select position, from_day, until_day, post_ids from {View.ROSTER_CHANGES}
where position > $1 order by position limit $2
"""


async def _changes_after(tx: Tx, position: int) -> list[_Change]:
    return read_all(_Change, await tx.conn.fetch(CHANGES, position, _AT_ONCE))


ANNOUNCE = """
insert into cursors (name, position, day) values ('roster day', 0, $1)
on conflict (name) do update set day = greatest(cursors.day, excluded.day)
"""


async def _announce(tx: Tx, day: date) -> None:
    """From the commit on nobody is told of an earlier day."""
    await tx.conn.execute(ANNOUNCE, day)


KEEP_PLACE = """
insert into cursors (name, position, day) values ('roster', $1, $2)
on conflict (name) do update set position = excluded.position, day = excluded.day
"""


async def _keep_place(tx: Tx, position: int, day: date | None) -> None:
    await tx.conn.execute(KEEP_PLACE, position, day)
