"""The people of a small province at its public APIs: they bring dossiers to every step, and later everything
to its end."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from cli.filing import Imported, Manner, content_of, file_listed, import_province
from cli.people_api import PeopleApi, Refused
from cli.province import WATCHER, Province, build_province
from cli.spreadsheet import ListedDossier
from rehearsal.hands import ApiHands, Task
from rehearsal.people import filled_in
from rehearsal.rules_in_force import as_rehearsed, pack_in_force, put_in_force
from tests.upgrade.ways import After, Check, Way, station_of

OPENS_ON: Final = date(2026, 3, 2)
_CLOSES_ON: Final = date(2026, 12, 31)
_APPLIED_BEFORE: Final = timedelta(days=12)
SERVICES: Final = ("intake", "review", "payout")
FINAL: Final = frozenset({"REQUEST_REJECTED", "RECOGNISED", "REFUSED", "WITHDRAWN"})
_LISTS: Final = frozenset({"MAKE_LIST", "SEND_LIST", "CONFIRM_LIST"})
_LOOK_EVERY: Final = 0.3
_AT_ONCE: Final = 8
_KEY: Final = "asked-before-the-upgrade-and-after"
_LISTED: Final = (
    ("review", "/v1/stages"),
    ("review", "/v1/decisions"),
    ("payout", "/v1/awards"),
    ("payout", "/v1/payment-lists"),
    *((service, "/v1/cases") for service in SERVICES),
)
_WHY: Final = "Hội đồng đã xem xét phiếu chấm và ý kiến của các thành viên."
_GOOD, _BAD = 0.85, 0.3
_HEAD_ABOVE: Final = "chutich"


class NotBrought(AssertionError):
    """What is still where it should not be, and why the people were refused."""


@dataclass(slots=True, kw_only=True)
class Dossier:
    """One of them: on which way it goes, as which author."""

    way: Way
    listed: ListedDossier
    filer: str
    unit_id: str
    head_above: str
    id: str
    supplemented: bool = False


@dataclass(slots=True)
class Office:
    """Everybody of the province, with the dossiers."""

    api: PeopleApi
    province: Province
    imported: Imported
    dossiers: list[Dossier] = field(default_factory=list)
    drafts: list[Dossier] = field(default_factory=list)
    refusals: dict[str, str] = field(default_factory=dict)
    _hands: ApiHands = field(init=False)

    def __post_init__(self) -> None:
        self._hands = ApiHands(self.api, self.province, self.imported)

    async def file(self, ways: Sequence[Way], listed: Sequence[ListedDossier]) -> None:
        """Each dossier of the list, for one of the ways."""
        manner = manner_for(listed)

        async def one(way: Way, dossier: ListedDossier) -> Dossier:
            filed = await file_listed(self.api, self.province, self.imported, dossier, manner)
            assert filed.dossier_id, f"{way.name}: {filed.refusal}"
            return self._dossier(way, dossier, filed.dossier_id)

        self.dossiers += await asyncio.gather(*(one(*pair) for pair in zip(ways, listed, strict=True)))

    async def draft(self, ways: Sequence[Way], listed: Sequence[ListedDossier]) -> None:
        """Drafts that nobody has filed or confirmed."""
        for way, dossier in zip(ways, listed, strict=True):
            body = {
                "unit_id": self._school(dossier),
                "season_id": self.imported.season_id,
                "content": content_of(self.province, self.imported, dossier, manner_for(listed).shift),
            }
            filer = self.province.account_of(dossier, dossier.authors[0])
            made = await self.api.post(filer, "intake", "/v1/dossiers", body)
            self.drafts.append(self._dossier(way, dossier, made["id"]))

    def _school(self, listed: ListedDossier) -> str:
        return self.imported.unit_ids[self.province.school_codes[listed.district, listed.school]]

    def _dossier(self, way: Way, listed: ListedDossier, identifier: str) -> Dossier:
        districts = sorted({district for district, _ in self.province.school_codes})
        return Dossier(
            way=way,
            listed=listed,
            filer=self.province.account_of(listed, listed.authors[0]),
            unit_id=self._school(listed),
            head_above=f"{_HEAD_ABOVE}.h{districts.index(listed.district) + 1}",
            id=identifier,
        )

    async def file_drafts(self) -> None:
        """Whoever has not yet confirmed the own share does, and the drafts are filed."""
        for draft in self.drafts:
            path = f"/v1/dossiers/{draft.id}"
            for author in draft.listed.authors[1:]:
                account = self.province.account_of(draft.listed, author)
                share = {"contribution_percent": str(author.percent)}
                await self.api.post(account, "intake", f"{path}/share-confirmation", share)
            await self.api.post(draft.filer, "intake", f"{path}/filing")
        self.dossiers += self.drafts
        self.drafts = []

    async def tasks(self) -> list[Task]:
        """All that is open."""
        return [
            task
            for service in SERVICES
            for task in await self.every(service, "/v1/tasks", scope="all")
            if task["state"] == "OPEN"
        ]

    async def every(self, service: str, path: str, **params: Any) -> list[Mapping[str, Any]]:
        """Every item of a list, page by page."""
        found: list[Mapping[str, Any]] = []
        after: dict[str, str] = {}
        while True:
            page = await self.api.get(WATCHER, service, path, limit=200, **params, **after)
            found += page["items"]
            if page["next"] is None:
                return found
            after = {"after": page["next"]}

    async def history(self, service: str, dossier: Dossier) -> list[Mapping[str, Any]]:
        """What the service has written down about it; nothing where it has not come so far."""
        try:
            return await self.every(service, f"/v1/dossiers/{dossier.id}/history")
        except Refused as refused:
            if refused.status != 404:
                raise
            return []

    async def states(self) -> dict[str, str]:
        """The state of every dossier that was filed."""
        every = await self.every("intake", "/v1/dossiers", scope="all")
        return {one["id"]: one["state"] for one in every if one["state"] != "DRAFT"}

    async def paid(self) -> set[str]:
        """The dossiers that brought money, all of which was paid."""
        awards = await self.every("payout", "/v1/awards")
        owed = {one["dossier_id"] for one in awards if one["state"] != "PAID"}
        return {one["dossier_id"] for one in awards} - owed

    def stations(self, dossier: Dossier, tasks: Sequence[Task]) -> set[str]:
        """Where the dossier stands."""
        return {station_of(task) for task in tasks if self.dossier_of(task) is dossier}

    async def go_on(
        self,
        wanted: Callable[[Task, Dossier], bool],
        is_done: Callable[[list[Task]], Awaitable[list[str]]],
        patience: float,
    ) -> None:
        """Look at the tasks and do those that are `wanted`, until `is_done` names nothing that is still to
        come; `NotBrought` with what it names after so many seconds."""
        loop = asyncio.get_running_loop()
        give_up_at = loop.time() + patience
        limit = asyncio.Semaphore(_AT_ONCE)

        async def act(task: Task, dossier: Dossier) -> None:
            async with limit:
                await self._act(task, dossier)

        while True:
            tasks = await self.tasks()
            left = await is_done(tasks)
            if not left:
                return
            if loop.time() > give_up_at:
                raise NotBrought("; ".join([*left, *sorted(set(self.refusals.values()))]))
            due = [
                (task, found) for task in tasks if (found := self.dossier_of(task)) and wanted(task, found)
            ]
            await asyncio.gather(*(act(*one) for one in due))
            await asyncio.sleep(_LOOK_EVERY)

    def dossier_of(self, task: Task) -> Dossier | None:
        """The dossier that the task is about; of a payment list the one of that school, which has no
        other."""
        if task["kind"] in _LISTS:
            return next((one for one in self.dossiers if one.unit_id == task["unit_id"]), self.dossiers[0])
        return next((one for one in self.dossiers if one.id == task["subject_id"]), None)

    async def _act(self, task: Task, dossier: Dossier) -> None:
        """Do it; who is refused looks again."""
        account = self.imported.accounts[task["assignee_id"]]
        try:
            await self._acts()[task["kind"]](account, task, dossier)
        except Refused as refused:
            if refused.status >= 500:
                raise
            self.refusals[task["id"]] = f"{task['kind']} {dossier.way.name}: {refused.code} {refused.detail}"
        else:
            self.refusals.pop(task["id"], None)

    def _acts(self) -> Mapping[str, Callable[[str, Task, Dossier], Awaitable[None]]]:
        hands = self._hands
        return {
            "FORMAL_CHECK": self._check,
            "SUPPLEMENT": self._supplement,
            "MARK": self._mark,
            "DECIDE": self._decide,
            "SETTLE_COMPLAINT": self._settle,
            "VERIFY_AWARD": lambda account, task, _: hands.verify(account, task),
            "APPROVE_AWARD": lambda account, task, _: hands.approve(account, task),
            "MAKE_LIST": lambda account, task, _: hands.make_list(account, task),
            "SEND_LIST": lambda account, task, _: hands.send_list(account, task),
            "CONFIRM_LIST": lambda account, task, _: hands.confirm_list(
                account, task, f"KB {task['subject_code']}"
            ),
        }

    async def _check(self, account: str, task: Task, dossier: Dossier) -> None:
        if dossier.way.check is Check.REJECT:
            await self._hands.reject(account, task, "INCOMPLETE", "Bản mô tả không nêu các bước thực hiện.")
        elif dossier.way.check is Check.SUPPLEMENT and not dossier.supplemented:
            await self._hands.ask_for_supplement(account, task, ["Bổ sung minh chứng áp dụng."])
            dossier.supplemented = True
        else:
            await self._hands.accept(account, task)

    async def _supplement(self, account: str, task: Task, _: Dossier) -> None:
        await self._hands.supplement(
            account, task, {"benefit_by_others": "Tổ chuyên môn xác nhận đã áp dụng."}
        )

    async def _mark(self, account: str, task: Task, dossier: Dossier) -> None:
        share, vote = (_BAD, "REJECT") if dossier.way.refused else (_GOOD, "APPROVE")
        said = {"vote": vote, **({"remark": "Tính mới chưa rõ."} if dossier.way.refused else {})}
        await self._hands.mark(account, task, lambda criteria: {**filled_in(criteria, share), **said})

    async def _decide(self, account: str, task: Task, dossier: Dossier) -> None:
        if dossier.way.refused:
            verdicts = [{"outcome": "REFUSED", "ground": "BELOW_THRESHOLD", "reasons": _WHY}]
        else:
            goes_up = dossier.way.goes_up and task["level"] != "PROVINCE"
            verdicts = [
                {"outcome": "RECOGNISED", "propose": goes_up, "reasons": _WHY},
                {"outcome": "REFUSED", "ground": "NOT_EXAMINED", "reasons": _WHY},
            ]
        await self._hands.decide(account, task, verdicts)

    async def _settle(self, account: str, task: Task, _: Dossier) -> None:
        body = {"outcome": "DISMISSED", "reason": "Kết luận trước đây là đúng quy định."}
        await self.api.post(account, "review", f"/v1/complaints/{task['about_id']}/settlement", body)

    async def do_after(self, which: Collection[After]) -> None:
        """What the ways say is done once the dossiers have come so far."""
        tasks = {task["subject_id"]: task for task in await self.tasks()}
        for dossier in self.dossiers:
            if dossier.way.after in which:
                await self._after(dossier, tasks.get(dossier.id, {}))

    async def _after(self, dossier: Dossier, task: Task) -> None:
        match dossier.way.after:
            case After.NOTHING:
                return
            case After.COMPLAIN:
                await self._complain(dossier)
            case After.WITHDRAW | After.WITHDRAW_LAST:
                await self._hands.withdraw(dossier.filer, dossier.id, "Tác giả xin rút để hoàn thiện thêm.")
            case After.SUSPEND:
                await self._move_clock(dossier, task, "suspension", {"kind": "FORCE_MAJEURE"})
            case After.EXTEND:
                await self._move_clock(dossier, task, "extension", {"amount": 5})
            case After.DECIDE_LAST:
                await self._act(task, dossier)

    async def ask_with_key(self) -> Mapping[str, Any]:
        """A command that always bears the same key, and so is done once."""
        body = {"unit_id": self.drafts[0].unit_id, "season_id": self.imported.season_id, "content": {}}
        made: Mapping[str, Any] = await self.api.post(
            self.drafts[0].filer, "intake", "/v1/dossiers", body, key=_KEY
        )
        return made

    async def look_around(self) -> None:
        """Read what can be read: every list, and all there is to each dossier."""
        paths = [f"/v1/dossiers/{one.id}" for one in self.dossiers]
        await asyncio.gather(
            *(self.every(service, path) for service, path in _LISTED),
            *(self.api.get(WATCHER, "intake", path) for path in paths),
            *(self.api.get(WATCHER, "intake", f"{path}/clock") for path in paths),
        )

    async def resume(self, dossier: Dossier, task: Task) -> None:
        """The clock that stands still goes on."""
        await self._move_clock(dossier, task, "resumption", {})

    async def _move_clock(self, dossier: Dossier, task: Task, how: str, body: Mapping[str, Any]) -> None:
        path = f"/v1/clocks/{task['about_id']}/{how}"
        await self.api.post(
            dossier.head_above, "review", path, {**body, "reason": "Mưa lũ, trường phải nghỉ."}
        )

    async def _complain(self, dossier: Dossier) -> None:
        why = {"reason": "Giải pháp nêu trong quyết định khác hẳn giải pháp của tôi."}
        stages = await self.every("review", "/v1/stages", dossier_id=dossier.id)
        about = f"/v1/stages/{stages[-1]['id']}" if stages else f"/v1/dossiers/{dossier.id}"
        await self.api.post(dossier.filer, "review", f"{about}/complaints", why)


def manner_for(listed: Sequence[ListedDossier]) -> Manner:
    """The dates of the list moved, so that all of it was first applied shortly before the season."""
    last = max(one.first_applied_on for one in listed)
    return Manner(shift=OPENS_ON - _APPLIED_BEFORE - last)


async def open_office(api: PeopleApi, listed: Sequence[ListedDossier]) -> Office:
    """The province of this list, with rules in force."""
    province = build_province(listed, middle_level="COMMUNE", season=(OPENS_ON, _CLOSES_ON))
    imported = await import_province(api, province)
    await put_in_force(api, as_rehearsed(pack_in_force(OPENS_ON), OPENS_ON))
    return Office(api, province, imported)
