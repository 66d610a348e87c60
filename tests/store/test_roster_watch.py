"""A life of posts, leave and delegations beside open work, with the hand-over cut off again and again: in the
end every task is with the one person who acts, or on the alarm list."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import uuid4

import asyncpg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework import tasks
from casework.hand_over import works_of
from casework.roster_watch import RosterWatch
from casework.tasks import Task
from kit.db import Database
from kit.leading import LeadershipLost, take_lead
from kit.rows import read_all
from language.deadline.arithmetic import local_day
from language.ids import PersonId
from language.names import TaskQueue
from language.posts.kinds import PostTask
from language.posts.substitution import Delegation, Place, who_acts_for
from services.review.app import SERVICE
from services.review.operations.cases import CASES
from tests.conftest import MovableClock, ServiceOpener, TestService
from tests.organisation_cases import LEADER, Published, hand_over
from tests.review_cases import Case
from tests.roster_facts import AwayDays, Facts, HeldDays

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Something that happens: to whom, in how many days, and for how long."""

    what: str
    who: int
    after: int
    days: int


@dataclass
class Life:
    """A council with its open stage, colleagues who may stand in, and delegations that were given."""

    case: Case
    clock: MovableClock
    published: Published
    people: list[PersonId]
    given: list[Delegation] = field(default_factory=list)

    async def happen(self, step: Step) -> None:
        """Let it."""
        first = local_day(self.clock.now()) + step.after * _DAY
        last = first + step.days * _DAY
        person = self.people[step.who % len(self.people)]
        other = self.people[(step.who * 5 + step.days + 1) % len(self.people)]
        seat = self.case.holders[step.who % len(self.case.holders)]
        match step.what:
            case "goes on leave":
                await self.published.away(person, first, last)
            case "comes back":
                await self.published.back(person)
            case "passes work on" if person != other:
                kinds = [PostTask.MARK] if step.days % 3 == 0 else []
                self.given.append(
                    await self.published.delegate(
                        person, other, self.case.unit, *kinds, first=first, last=last
                    )
                )
            case "takes work back" if self.given:
                await self.published.take_back(self.given.pop(0))
            case "leaves the post":
                await self.published.leaves_post(seat.person_id, seat.post_id, first)
            case "is appointed" if other not in self.case.members:
                # Who holds the post already on one of these days is not appointed again.
                with suppress(asyncpg.ExclusionViolationError):
                    await self.published.hold(other, seat.post_id, first, last, acting=step.days == 0)
            case "days pass":
                self.clock.offset += step.days * _DAY


STEPS = st.builds(
    Step,
    what=st.sampled_from(
        [
            "goes on leave",
            "comes back",
            "passes work on",
            "passes work on",
            "takes work back",
            "leaves the post",
            "is appointed",
            "days pass",
            "days pass",
        ]
    ),
    who=st.integers(0, 30),
    after=st.integers(0, 3),
    days=st.integers(0, 3),
)


@pytest.fixture(scope="module")
async def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture(scope="module")
async def service(open_service: ServiceOpener, clock: MovableClock) -> AsyncIterator[TestService]:
    async with open_service(SERVICE, clock=clock) as opened:
        yield opened


async def _begin(service: TestService, clock: MovableClock) -> Life:
    case = Case(service)
    await case.open()
    published = await case.facts()
    colleagues = [PersonId(uuid4()) for _ in range(3)]
    await published.person(*colleagues)
    people = [PersonId(person) for person in case.members] + colleagues
    return Life(case, clock, published, people)


async def _look_and_be_cut_off(database: Database, after: float) -> None:
    """The hand-over runs, and its process ends in between."""
    async with database.connection() as conn:
        lease = await take_lead(conn, "hand_over", LEADER)
        assert lease
        looking = asyncio.create_task(RosterWatch(database, CASES).look(lease))
        await asyncio.wait({looking}, timeout=after)
        looking.cancel()
        with suppress(asyncio.CancelledError, LeadershipLost):
            await looking


HELD = """
select id, post_id, person_id, held_from as first, coalesce(held_to, '9999-12-31') as last, acting
from holdings where post_id = any($1)
"""
AWAY = """
select id, person_id, starts_on as first, ends_on as last from leaves
where person_id = any($1) and cancelled_at is null
"""
GIVEN = "select * from delegations where grantor_id = any($1) and cancelled_at is null order by made_at, id"


async def _everything(life: Life) -> Facts:
    """All that was written about these people, read without any cleverness."""
    database = await life.case.service.shared.database(TaskQueue.ORGANISATION)
    seats = [*life.case.holders, *life.case.substitutes]
    path = (life.case.root, life.case.unit)
    async with database.reading() as tx:
        held = read_all(HeldDays, await tx.conn.fetch(HELD, [seat.post_id for seat in seats]))
        away = read_all(AwayDays, await tx.conn.fetch(AWAY, life.people))
        given = read_all(Delegation, await tx.conn.fetch(GIVEN, life.people))
    places = tuple(Place(post_id=seat.post_id, kind=seat.kind, unit_path=path) for seat in seats)  # type: ignore[arg-type]
    return Facts(places=places, held=tuple(held), away=tuple(away), delegations=tuple(given))


def _is_right(task: Task, facts: Facts, work: object, today: date) -> bool:
    roster = facts.roster(today)
    found = who_acts_for(roster, roster.places[work.post_id], work.holder_id, work.case)  # type: ignore[attr-defined]
    if found is None:
        return task.unreachable_since is not None
    return task.unreachable_since is None and task.assignee_id == found.person_id


@given(
    life=st.lists(st.tuples(STEPS, st.sampled_from([None, 0.0, 0.002, 0.01, 0.03])), min_size=3, max_size=14)
)
@settings(max_examples=25, deadline=None)
async def test_every_open_task_is_with_whoever_acts_or_on_the_alarm_list_whatever_happened(
    service: TestService, clock: MovableClock, life: list[tuple[Step, float | None]]
) -> None:
    council = await _begin(service, clock)
    await hand_over(service.database, CASES)
    for step, cut_off_after in life:
        await council.happen(step)
        if cut_off_after is not None:
            await _look_and_be_cut_off(service.database, cut_off_after)
    await hand_over(service.database, CASES)
    facts, today = await _everything(council), local_day(clock.now())
    async with service.database.reading() as tx:
        pending = await tasks.given_about(tx, [council.case.stage])
        works = {work.id: work for work in await works_of(tx, CASES, pending)}
    assert len(pending) == len(council.case.holders) + 1
    wrong = [task for task in pending if not _is_right(task, facts, works[task.id], today)]
    assert not wrong
