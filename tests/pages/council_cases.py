"""Dossiers of one school that its council has to mark, filed and accepted through the public API."""

import asyncio
from dataclasses import dataclass
from typing import Any

from playwright.async_api import Page

from cli.people_api import PeopleApi
from tests.pages.conftest import SHOTS

SCHOOL = "t010"
AUTHOR, OFFICER = "tacgia0001", f"vanthu.{SCHOOL}"
CHAIR, DEPUTY, SECRETARY = (f"{name}.{SCHOOL}" for name in ("hieutruong", "phohieutruong", "thuky"))
MEMBER, OTHER_MEMBER = f"uyvien1.{SCHOOL}", f"uyvien2.{SCHOOL}"
COUNCIL = (CHAIR, DEPUTY, SECRETARY, MEMBER, OTHER_MEMBER)
GOOD = {"novelty": "34", "applicability": "26", "practical_benefit": "25"}
POOR = {"novelty": "12", "applicability": "15", "practical_benefit": "11"}
TITLES = (
    "Một số biện pháp rèn kỹ năng đọc hiểu văn bản cho học sinh lớp 4 người dân tộc Tày, Nùng thông qua "
    "thư viện góc lớp và sổ tay đọc sách song ngữ tại các điểm trường lẻ vùng cao",
    "Ứng dụng bảng tương tác tự làm từ vật liệu tái chế trong dạy học môn Toán lớp 2",
    "Giải pháp quản lý bữa ăn bán trú theo nhóm hộ gia đình",
    "Xây dựng bộ câu hỏi trắc nghiệm môn Tiếng Việt lớp 5 theo bốn mức độ nhận thức",
    "Tổ chức trò chơi dân gian trong giờ ra chơi nhằm giảm bạo lực học đường",
    "Nâng cao chất lượng sinh hoạt tổ chuyên môn theo nghiên cứu bài học ở trường ghép",
)


async def picture(page: Page, name: str, to: str = "") -> None:
    """A picture for the guides: as much as fits on a page of theirs, from this place on."""
    before = page.viewport_size
    await page.set_viewport_size({"width": 960, "height": 760})
    if to:
        await page.locator(to).first.evaluate("one => one.scrollIntoView()")
    await page.screenshot(path=SHOTS / f"guide-{name}.png")
    if before:
        await page.set_viewport_size(before)


@dataclass(frozen=True, slots=True)
class Opened:
    """A dossier that is examined."""

    dossier_id: str
    code: str
    stage_id: str


class CouncilCase:
    """Speaks for the people of the school."""

    def __init__(self, api: PeopleApi) -> None:
        self.api = api
        self._sample: dict[str, Any] | None = None

    async def opened(self, title: str, **content: Any) -> Opened:
        """A dossier of this title, filed by its author, accepted by the officer, and opened at the first
        level."""
        sample = await self._draft()
        draft = {**sample, "content": {**sample["content"], "title": title, **content}}
        made = await self.api.post(AUTHOR, "intake", "/v1/dossiers", draft)
        path = f"/v1/dossiers/{made['id']}"
        await self.api.upload(
            AUTHOR, "intake", f"{path}/attachments", b"%PDF-1.4\n%%EOF\n", filename="minh-chung.pdf"
        )
        await self.api.post(AUTHOR, "intake", f"{path}/filing")
        await self.api.post(OFFICER, "intake", f"{path}/acceptance")
        return await self.stage_of(made["id"])

    async def stage_of(self, dossier_id: str) -> Opened:
        """Its stage, as soon as the workflow has opened it."""
        for _ in range(240):
            found = await self.api.get(CHAIR, "review", "/v1/stages", dossier_id=dossier_id)
            if found["items"]:
                stage = found["items"][0]
                return Opened(dossier_id, stage["dossier_code"], stage["id"])
            await asyncio.sleep(0.25)
        raise TimeoutError(dossier_id)

    async def _draft(self) -> dict[str, Any]:
        if self._sample is None:
            mine = await self.api.get(AUTHOR, "intake", "/v1/dossiers", sort="made")
            first = await self.api.get(AUTHOR, "intake", f"/v1/dossiers/{mine['items'][0]['id']}")
            content = first["content"]
            content["authors"] = [{**one, "contribution_percent": "100"} for one in content["authors"][:1]]
            self._sample = {
                "unit_id": first["unit_id"],
                "season_id": first["season_id"],
                "content": content,
            }
        return self._sample

    async def sheet(self, account: str, stage_id: str) -> tuple[dict[str, Any], str]:
        """The account's own sheet, and its version."""
        stage = await self.api.get(account, "review", f"/v1/stages/{stage_id}")
        me = await self.api.get(account, "organisation", "/v1/me")
        own = next(one for one in stage["sheets"] if one["person_id"] == me["person_id"])
        return await self.api.get_with_etag(account, "review", f"/v1/score-sheets/{own['id']}")

    async def mark(
        self, account: str, stage_id: str, scores: dict[str, str] = GOOD, vote: str = "APPROVE"
    ) -> None:
        """Hand the sheet in."""
        own = await self.sheet(account, stage_id)
        item = {
            "id": own[0]["id"],
            "version": own[0]["version"],
            "scores": scores,
            "vote": vote,
            "remark": None if vote == "APPROVE" else "Giải pháp chưa có điểm mới so với cách làm cũ.",
            "submit": True,
        }
        done = await self.api.post(account, "review", "/v1/batch/score-sheets", {"items": [item]})
        assert done["refused"] == 0, done

    async def mark_all(self, stage_id: str, scores: dict[str, str] = GOOD, vote: str = "APPROVE") -> None:
        """The whole council hands in alike."""
        for account in COUNCIL:
            await self.mark(account, stage_id, scores, vote)
