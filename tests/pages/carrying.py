"""What offices and councils do meanwhile, through the APIs, so that a test of an author's pages sees a
dossier refused, recognised and paid for."""

import asyncio
from datetime import timedelta
from typing import Any, Final

from cli.people_api import PeopleApi
from tests.intake_cases import today

_TRIES: Final = 240
_PAUSE: Final = 0.25
COUNCIL: Final = ("uyvien1", "uyvien2", "thuky", "phohieutruong", "hieutruong")


class Council:
    """The people of a school's council and office."""

    def __init__(self, api: PeopleApi, school: str) -> None:
        self._api = api
        self._school = school
        self.members = [f"{short}.{school}" for short in COUNCIL]

    async def accept(self, dossier_id: str) -> None:
        """The officer accepts the request."""
        await self._api.post(f"vanthu.{self._school}", "intake", f"/v1/dossiers/{dossier_id}/acceptance")

    async def stage(self, dossier_id: str) -> dict[str, Any]:
        """The stage that is open, once it is."""
        for _ in range(_TRIES):
            listed = await self._api.get(
                f"hieutruong.{self._school}", "review", "/v1/stages", dossier_id=dossier_id
            )
            found = [one for one in listed["items"] if one["state"] == "OPEN"]
            if found:
                return dict(found[-1])
            await asyncio.sleep(_PAUSE)
        raise AssertionError("no stage was opened")

    async def decide(self, dossier_id: str, *, recognise: bool) -> str:
        """Everybody marks and votes, and the stage is decided; its id."""
        stage = await self.stage(dossier_id)
        for account in self.members:
            for task in await self._tasks(account, "MARK", stage["id"]):
                await self._mark(account, task, stage, recognise=recognise)
        body: dict[str, Any] = {"outcome": "RECOGNISED", "propose": False}
        if not recognise:
            reasons = "Giải pháp đã được dùng ở trường từ năm 2023."
            body = {"outcome": "REFUSED", "ground": "NOT_NOVEL", "reasons": reasons}
        for account in self.members:
            if await self._tasks(account, "DECIDE", stage["id"]):
                await self._api.post(account, "review", f"/v1/stages/{stage['id']}/decision", body)
                return str(stage["id"])
        raise AssertionError("nobody decides")

    async def _tasks(self, account: str, kind: str, stage_id: str) -> list[dict[str, Any]]:
        listed = await self._api.get(account, "review", "/v1/tasks", kind=kind)
        sheets = [one for one in listed["items"] if one["about_id"] == stage_id]
        return sheets if sheets or kind == "DECIDE" else listed["items"]

    async def _mark(
        self, account: str, task: dict[str, Any], stage: dict[str, Any], *, recognise: bool
    ) -> None:
        whole = await self._api.get(account, "review", f"/v1/stages/{stage['id']}")
        own = next((sheet for sheet in whole["sheets"] if sheet["state"] == "DRAFT"), None)
        if own is None:
            return
        key = "max_score" if recognise else "floor"
        scores = {line["id"]: line[key] for line in whole["rules"]["criteria"]}
        body = {
            "scores": scores,
            "vote": "APPROVE" if recognise else "REJECT",
            "remark": "Đã đọc kỹ.",
            "remarks": dict.fromkeys(scores, "Đã đọc kỹ."),
            "submit": True,
        }
        _, version = await self._api.get_with_etag(account, "review", f"/v1/score-sheets/{own['id']}")
        await self._api.put(account, "review", f"/v1/score-sheets/{own['id']}", body, version)


PROSE: Final = (
    "problem_solved",
    "description",
    "applicability",
    "conditions",
    "benefit_by_author",
    "benefit_by_others",
    "confidential_information",
)
LINES: Final = ("title", "application_field", "investor")


def content(person_id: str, name: str, text: str = "Đã làm và đã có kết quả.", **more: Any) -> dict[str, Any]:
    """A request that may be filed, with this text in every field that takes any."""
    author = {
        "person_id": person_id,
        "full_name": name,
        "date_of_birth": "1985-04-02",
        "workplace": text,
        "job_title": text,
        "qualification": text,
        "contribution_percent": "100",
    }
    return {
        **dict.fromkeys((*PROSE, *LINES), text),
        "kind": "OPERATIONAL",
        "first_applied_on": str(today() - timedelta(days=60)),
        "monetary_benefit_dong": 38_000_000,
        "participants": [{"full_name": text, "workplace": text, "work_done": text}],
        "authors": [author],
        "declaration_of_truth": True,
        **more,
    }


async def begin(api: PeopleApi, account: str, **changes: Any) -> str:
    """A whole draft of this author; its id."""
    me = await api.get(account, "organisation", "/v1/me")
    seasons = (await api.get(account, "rulebook", "/v1/seasons"))["items"]
    # The sample's: tests open others, and close them.
    season = min(seasons, key=lambda one: str(one["opens_on"]))["id"]
    text = changes.pop("text", "Đã làm và đã có kết quả.")
    body = {
        "unit_id": me["posts"][0]["unit_id"],
        "season_id": season,
        "content": content(me["person_id"], me["full_name"], text, **changes),
    }
    return str((await api.post(account, "intake", "/v1/dossiers", body))["id"])


async def file(api: PeopleApi, account: str, **changes: Any) -> str:
    """The same, filed."""
    dossier_id = await begin(api, account, **changes)
    await api.post(account, "intake", f"/v1/dossiers/{dossier_id}/filing")
    return dossier_id
