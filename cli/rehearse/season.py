"""The season: file everything, let people act when their time comes, pay what was approved, until every dossier is closed."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from cli.filing import Filed, Imported, file_listed
from cli.people_api import PeopleApi
from cli.province import WATCHER, Province
from cli.rehearse.people import Cast, People
from cli.spreadsheet import ListedDossier

_AT_ONCE = 8
_LOOK_EVERY = 0.5
_TASK_SERVICES = ("intake", "review", "payout")
_FASTEST_DAYS, _SLOWEST_DAYS = 0.5, 6.0
_FINAL = {"REQUEST_REJECTED", "RECOGNISED", "REFUSED", "WITHDRAWN"}
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
    awards: Counter[str] = field(default_factory=Counter)


class Season:
    """Drives the public APIs only. `real_day` is how long a day lasts here; dossiers are filed over `filing_days`, their dates moved by `shift`."""

    def __init__(
        self, api: PeopleApi, province: Province, real_day: float, silent: frozenset[str], seed: int, *, shift: timedelta, filing_days: float
    ) -> None:
        self._api = api
        self._province = province
        self._real_day = real_day
        self._silent = silent
        self._seed = seed
        self._shift = shift
        self._filing_days = filing_days
        self._filed: dict[str, Filed] = {}
        self._limit = asyncio.Semaphore(_AT_ONCE)
        self._scheduled: dict[str, asyncio.Task[None]] = {}
        self.progress = Progress()

    async def run(self, imported: Imported, dossiers: list[ListedDossier]) -> dict[str, Filed]:
        """From the first filing to the last payment; the filed dossiers by id."""
        self.progress.listed = len(dossiers)
        filed = self._filed
        cast = Cast(imported=imported, filed=filed, silent=self._silent, seed=self._seed)
        people = People(self._api, cast)
        filing = asyncio.gather(*(self._file(cast, people, dossier) for dossier in dossiers))
        while not (filing.done() and await self._is_over(len(filed))):
            await self._give_out_tasks(cast, people)
            await self._pay(imported)
            self._raise_failures()
            await asyncio.sleep(_LOOK_EVERY)
        await filing
        for task in self._scheduled.values():
            task.cancel()
        return filed

    async def _file(self, cast: Cast, people: People, dossier: ListedDossier) -> None:
        days = cast.random("file", dossier.number).uniform(0, self._filing_days)
        await asyncio.sleep(days * self._real_day)
        async with self._limit:
            entry = await file_listed(self._api, self._province, cast.imported, dossier, self._shift + timedelta(days=int(days)))
        if entry.dossier_id is None:
            self.progress.refused[entry.refusal or "?"] += 1
            return
        self.progress.filed += 1
        self._filed[entry.dossier_id] = entry
        if cast.withdraws(entry.dossier_id):
            days = cast.random("when", entry.dossier_id).uniform(1, 60)
            self._schedule(f"withdraw {entry.dossier_id}", days, people.withdraw(entry.dossier_id))

    def _schedule(self, key: str, days: float, act: Any) -> None:
        async def later() -> None:
            await asyncio.sleep(days * self._real_day)
            async with self._limit:
                self.progress.acts += bool(await act)

        self._scheduled[key] = asyncio.create_task(later())

    def _raise_failures(self) -> None:
        for task in self._scheduled.values():
            if task.done() and not task.cancelled() and task.exception():
                task.result()

    async def _open_tasks(self, service: str) -> list[Mapping[str, Any]]:
        found: list[Mapping[str, Any]] = []
        after: str | None = None
        while True:
            page = await self._api.get(WATCHER, service, "/v1/tasks", scope="all", limit=200, **({"after": after} if after else {}))
            found += page["items"]
            after = page["next"]
            if after is None:
                return found

    async def _give_out_tasks(self, cast: Cast, people: People) -> None:
        waiting: Counter[tuple[str, str]] = Counter()
        overdue = 0
        for service in _TASK_SERVICES:
            for task in await self._open_tasks(service):
                waiting[task["level"] or "CHECK", task["kind"]] += 1
                overdue += task["is_overdue"]
                self._take_up(cast, people, task)
        self.progress.waiting = waiting
        self.progress.overdue = overdue

    def _take_up(self, cast: Cast, people: People, task: Mapping[str, Any]) -> None:
        known = self._scheduled.get(task["id"])
        account = cast.imported.accounts.get(task["assignee_id"], "")
        council_task = task["kind"] in {"MARK", "DECIDE"}
        if (account in cast.silent and council_task) or task["subject_id"] not in cast.filed:
            return
        if known is None or known.done():
            self.progress.overdue_acts += bool(task["is_overdue"] and known is None)
            days = cast.random("delay", task["kind"], task["level"], account, task["subject_code"]).uniform(_FASTEST_DAYS, _SLOWEST_DAYS)
            self._schedule(task["id"], days, people.act(task))

    async def _awards(self) -> list[Mapping[str, Any]]:
        found: list[Mapping[str, Any]] = []
        after: str | None = None
        while True:
            page = await self._api.get(WATCHER, "payout", "/v1/awards", limit=200, **({"after": after} if after else {}))
            found += page["items"]
            after = page["next"]
            if after is None:
                return found

    async def _pay(self, imported: Imported) -> None:
        """Each unit's accountants put what was approved on a list, send it, and confirm it by the statement."""
        awards = await self._awards()
        self.progress.awards = Counter(award["state"] for award in awards)
        codes = {unit_id: code for code, unit_id in imported.unit_ids.items()}
        for unit_id in {award["unit_id"] for award in awards if award["state"] == "APPROVED"}:
            self._pay_once(f"pay {unit_id}", self._pay_unit(unit_id, codes[unit_id].lower()))

    def _pay_once(self, key: str, act: Any) -> None:
        known = self._scheduled.get(key)
        if known is None or known.done():
            self._schedule(key, _FASTEST_DAYS, act)
        else:
            act.close()

    async def _pay_unit(self, unit_id: str, code: str) -> bool:
        accountant, chief = f"ketoan.{code}", f"ketoantruong.{code}"
        made = await self._api.post(accountant, "payout", "/v1/payment-lists", {"unit_id": unit_id})
        await self._api.post(chief, "payout", f"/v1/payment-lists/{made['id']}/sending")
        reference = {"statement_reference": f"SK-{made['year']}-{made['number']}"}
        await self._api.post(accountant, "payout", f"/v1/payment-lists/{made['id']}/confirmation", reference)
        return True

    async def _is_over(self, filed: int) -> bool:
        states: Counter[str] = Counter()
        after: str | None = None
        while True:
            page = await self._api.get(WATCHER, "intake", "/v1/dossiers", scope="all", limit=200, **({"after": after} if after else {}))
            states.update(dossier["state"] for dossier in page["items"])
            after = page["next"]
            if after is None:
                break
        self.progress.states = states
        all_closed = sum(states[state] for state in _FINAL) >= filed
        open_awards = sum(count for state, count in self.progress.awards.items() if state not in _AWARD_ENDS)
        return all_closed and open_awards == 0 and not self.progress.waiting
