"""The season: file everything, let people act when their time comes, pay what was approved, until every
dossier is closed."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from casework.units import UnitEnded
from cli.filing import Filed, Imported, Manner
from cli.people_api import PeopleApi
from cli.province import WATCHER, Province
from cli.spreadsheet import ListedDossier
from rehearsal.hands import ApiHands
from rehearsal.killing import Killing
from rehearsal.leave import Leave
from rehearsal.page_hands import PageHands
from rehearsal.people import TOO_FEW, Cast, People
from rehearsal.together import acting_together
from rehearsal.visiting import Pages

FIRST_TO_LAST_DAYS = 20.0
"""Over how many days dossiers are filed, where nothing happens in the middle."""
_AT_ONCE = 8
_LOOK_EVERY = 0.5
_LOOKS_FOR_MONEY = 240
_LOOKS_WHILE_NOTHING_MOVES, _LOOKS_FOR_WHAT_WAS_KILLED = 40, 100
_MOST_REFUSALS = 30
_FARTHEST_FORECAST_DAYS = 366
_TASK_SERVICES = ("intake", "review", "payout")
_FASTEST_DAYS, _SLOWEST_DAYS = 0.5, 6.0
FINAL = ("REQUEST_REJECTED", "RECOGNISED", "REFUSED", "WITHDRAWN")
_AWARD_ENDS = {"PAID", "REJECTED", "REVERSED"}


@dataclass(slots=True)
class Progress:
    """What a person watching sees."""

    listed: int = 0
    filed: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    states: Counter[str] = field(default_factory=Counter)
    waiting: Counter[tuple[str, str]] = field(default_factory=Counter)
    overdue: int = 0
    overdue_acts: int = 0
    acts: int = 0
    late_days: list[float] = field(default_factory=list)
    """How much later than the people wanted each act was done, because the machine had too much to do."""
    awards: Counter[str] = field(default_factory=Counter)
    given_up: set[str] = field(default_factory=set)
    """Tasks that were in somebody's inbox but never theirs to do: kind, dossier, and the last refusal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Troupe:
    """How long a day lasts, who never acts, the seed of all luck, the season's last day; dossiers are filed
    over `filing_days`, each as if it had been first applied that much later."""

    real_day: float
    silent: frozenset[str]
    seed: int
    closes_on: date
    manner: Manner = field(default_factory=Manner)
    filing_days: float = FIRST_TO_LAST_DAYS
    successors: Mapping[str, str] = field(default_factory=dict)
    """By code the unit that takes over from one that ends during the season."""
    through_pages: frozenset[int] = frozenset()
    """By number the dossiers that are carried by people who use only the pages."""


class Season:
    """Drives the public APIs, and the pages where dossiers are carried by people who use only these."""

    def __init__(
        self,
        api: PeopleApi,
        province: Province,
        leave: Leave,
        troupe: Troupe,
        pages: Pages | None = None,
        killing: Killing | None = None,
    ) -> None:
        self._api = api
        self._pages = pages
        self._province = province
        self._leave = leave
        self._troupe = troupe
        self._closes_on = troupe.closes_on
        self._killing = killing
        self._filed: dict[str, Filed] = {}
        self._patience = _LOOKS_FOR_MONEY
        self._idle_looks = 0
        self._limit = asyncio.Semaphore(_AT_ONCE)
        self._refusals: Counter[str] = Counter()
        self._group: asyncio.TaskGroup
        self._scheduled: dict[str, asyncio.Task[None]] = {}
        self._last_due: datetime | None = None
        self._looked_at = 0.0
        self.progress = Progress()

    async def run(self, imported: Imported, dossiers: list[ListedDossier]) -> dict[str, Filed]:
        """From the first filing to the last payment, or until nothing moves any more; the filed dossiers by
        id."""
        self.progress.listed = len(dossiers)
        self._looked_at = asyncio.get_running_loop().time()
        filed = self._filed
        cast = Cast(
            imported=imported,
            filed=filed,
            silent=self._troupe.silent,
            seed=self._troupe.seed,
            through_pages=self._troupe.through_pages if self._pages else frozenset(),
        )
        people = self._people(cast)
        async with acting_together() as self._group:
            for absence in self._leave.planned:
                leaves = partial(self._leave.go, absence, imported)
                self._schedule(f"leave {absence.account}", absence.begins_after, leaves)
            filing = [self._group.create_task(self._file(cast, people, dossier)) for dossier in dossiers]
            self._group.create_task(self._look_on(cast, people, filing))
        return filed

    async def _look_on(self, cast: Cast, people: People, filing: Sequence[asyncio.Task[None]]) -> None:
        """Give out what there is to do until the season is over; what is still planned then falls away."""
        while not (
            all(one.done() for one in filing)
            and (await self._is_over(len(self._filed)) or await self._is_stuck())
        ):
            await self._give_out_tasks(cast, people)
            await self._look_at_awards(cast)
            await asyncio.sleep(_LOOK_EVERY)
        for task in self._scheduled.values():
            task.cancel()

    def _people(self, cast: Cast) -> People:
        by_api = ApiHands(self._api, self._province, cast.imported)
        if self._pages is None:
            return People(by_api, by_api, cast)
        return People(by_api, PageHands(self._pages, self._api, self._province, cast.imported), cast)

    async def _file(self, cast: Cast, people: People, dossier: ListedDossier) -> None:
        days = cast.random("file", dossier.number).uniform(0, self._troupe.filing_days)
        await asyncio.sleep(days * self._troupe.real_day)
        async with self._limit:
            entry = await self._file_where_it_can(people, dossier, timedelta(days=int(days)))
        if entry.dossier_id is None:
            self.progress.refused[entry.refusal or "?"] += 1
            return
        self.progress.filed += 1
        self._filed[entry.dossier_id] = entry
        if cast.withdraws(entry.dossier_id):
            days = cast.random("when", dossier.number).uniform(1, 60)
            withdraws = partial(people.withdraw, entry.dossier_id)
            self._schedule(f"withdraw {entry.dossier_id}", days, withdraws)

    async def _file_where_it_can(self, people: People, dossier: ListedDossier, later: timedelta) -> Filed:
        """In the authors' school; where that has ended, in the unit that took over."""
        manner = replace(self._troupe.manner, shift=self._troupe.manner.shift + later)
        file = partial(people.filing(dossier.number).file, dossier, manner)
        entry = await file()
        school = self._province.school_codes[dossier.district, dossier.school]
        if entry.refusal == UnitEnded.__name__ and school in self._troupe.successors:
            return await file(self._troupe.successors[school])
        return entry

    def _schedule(
        self, key: str, days: float, act: Callable[[], Awaitable[bool]], *, since: float | None = None
    ) -> None:
        """The act so many days after `since` (by the loop's clock), or after now."""
        loop = asyncio.get_running_loop()
        wanted_at = (loop.time() if since is None else since) + days * self._troupe.real_day

        async def later() -> None:
            await asyncio.sleep(max(0.0, wanted_at - loop.time()))
            async with self._limit:
                self.progress.acts += await act()
            self.progress.late_days.append((loop.time() - wanted_at) / self._troupe.real_day)

        self._scheduled[key] = self._group.create_task(later())

    async def _all(self, service: str, path: str, **params: Any) -> list[Mapping[str, Any]]:
        """Every item of a list, page by page, as the auditor sees it."""
        found: list[Mapping[str, Any]] = []
        after: str | None = None
        while True:
            page = await self._api.get(
                WATCHER, service, path, limit=200, **params, **({"after": after} if after else {})
            )
            found += page["items"]
            after = page["next"]
            if after is None:
                return found

    async def _give_out_tasks(self, cast: Cast, people: People) -> None:
        waiting: Counter[tuple[str, str]] = Counter()
        overdue, dues = 0, []
        # What is new came at some time since the last look: on the average in the middle.
        looked_at, self._looked_at = self._looked_at, asyncio.get_running_loop().time()
        came_at = (looked_at + self._looked_at) / 2
        for service in _TASK_SERVICES:
            for task in await self._all(service, "/v1/tasks", scope="all"):
                waiting[task["level"] or "CHECK", task["kind"]] += 1
                overdue += task["is_overdue"]
                dues.append(datetime.fromisoformat(task["due_at"]))
                self._take_up(cast, people, task, came_at)
        self.progress.waiting = waiting
        self.progress.overdue = overdue
        self._last_due = max(dues, default=None)

    def _take_up(self, cast: Cast, people: People, task: Mapping[str, Any], came_at: float) -> None:
        known = self._scheduled.get(task["id"])
        account = cast.imported.accounts.get(task["assignee_id"], "")
        council_task = task["kind"] in {"MARK", "DECIDE"}
        if (account in cast.silent and council_task) or self._leave.is_away(account) or not cast.knows(task):
            return
        if self._refusals[task["id"]] >= _MOST_REFUSALS:
            return
        if known is None or known.done():
            self.progress.overdue_acts += bool(task["is_overdue"] and known is None)
            days = cast.random("delay", task["kind"], account, cast.number_of(task["subject_id"])).uniform(
                _FASTEST_DAYS, _SLOWEST_DAYS
            )
            self._schedule(task["id"], days, partial(self._act, people, task, account), since=came_at)

    async def _act(self, people: People, task: Mapping[str, Any], account: str) -> bool:
        if self._leave.is_away(account):
            return False
        refusal = await people.act(task)
        if refusal not in {None, TOO_FEW}:
            self._refusals[task["id"]] += 1
        if self._refusals[task["id"]] >= _MOST_REFUSALS:
            self.progress.given_up.add(f"{task['kind']} {task['subject_code']} {refusal}")
        return refusal is None

    async def _look_at_awards(self, cast: Cast) -> None:
        """Where the money stands; making, sending and confirming lists are tasks."""
        awards = await self._all("payout", "/v1/awards")
        self.progress.awards = Counter(award["state"] for award in awards)
        for award in awards:
            cast.note_award(award)

    async def _is_over(self, filed: int) -> bool:
        """Every dossier closed, every recognition with money paid (also one whose award is still to be
        assessed), no task left."""
        self.progress.states = Counter(
            dossier["state"] for dossier in await self._all("intake", "/v1/dossiers", scope="all")
        )
        all_closed = sum(self.progress.states[state] for state in FINAL) >= filed
        recognised = await self._all("review", "/v1/decisions", outcome="RECOGNISED")
        expected = sum(decision["award_dong"] > 0 for decision in recognised)
        ended = sum(count for state, count in self.progress.awards.items() if state in _AWARD_ENDS)
        if not all_closed or self.progress.waiting:
            return False
        # An award that never comes is for the check to find: the season does not wait for it for ever.
        self._patience -= 1
        return self._patience <= 0 or ended >= expected

    async def _is_stuck(self) -> bool:
        """Nobody will act, nothing is due any more and no rung is ahead, at many looks on end; or the
        season's last day is over. Both say something only when nothing is killed any more, and what was has
        had the time to come back."""
        if self._leave.today() > self._closes_on:
            return not self._is_given_time(is_last_day=True)
        self._idle_looks = 0 if await self._will_move() else self._idle_looks + 1
        most = _LOOKS_FOR_WHAT_WAS_KILLED if self._killing else _LOOKS_WHILE_NOTHING_MOVES
        return self._idle_looks >= most and not self._is_given_time(is_last_day=False)

    def _is_given_time(self, *, is_last_day: bool) -> bool:
        """Where things were killed until now, that ends, and the season goes on until all rests."""
        if self._killing is None or not self._killing.goes_on:
            return False
        if is_last_day:
            closed = sum(self.progress.states[state] for state in FINAL)
            self._killing.give_in(self.progress.filed - closed)
        self._killing.stop()
        self._idle_looks = 0
        self._closes_on = max(self._closes_on, self._leave.today() + self._killing.time_to_rest)
        return True

    async def _will_move(self) -> bool:
        if self._leave.is_anyone_away() or not all(task.done() for task in self._scheduled.values()):
            return True
        if self._last_due and self._last_due > self._leave.now():
            return True
        ahead = [
            await self._api.get(WATCHER, service, "/v1/forecast", days=_FARTHEST_FORECAST_DAYS, limit=1)
            for service in _TASK_SERVICES
        ]
        return any(page["items"] for page in ahead)
