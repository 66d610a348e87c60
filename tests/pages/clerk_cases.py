"""Lists as an intake office has them, for tests of its pages."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from playwright.async_api import Page

from cli.people_api import PeopleApi
from tests.intake_cases import today
from tests.pages.conftest import SHOTS, World
from tests.workbooks import HEADER, row, workbook

SCHOOL: Final = "t010"
CLERK, HEAD, AUTHOR = f"vanthu.{SCHOOL}", f"hieutruong.{SCHOOL}", "tacgia0001"
LONG: Final = (
    "Một số biện pháp nâng cao chất lượng rèn chữ viết và giữ vở sạch cho học sinh lớp 1 ở điểm trường lẻ"
)
_TRIES: Final = 60
_PAUSE: Final = 0.5
FIRST: Final = (today() - timedelta(days=60)).strftime("%d/%m/%Y")


def one(number: int, title: str, **changes: Any) -> list[Any]:
    """A row of the school's teacher."""
    return row(number, title=title, first=FIRST, **changes)


async def send_list(world: World, page: Page, folder: Path, *rows: list[Any]) -> str:
    """Send these rows as a list; its address."""
    file = folder / f"danh-sach-{uuid4().hex[:6]}.xlsx"
    file.write_bytes(workbook([["DANH SÁCH SÁNG KIẾN"], HEADER, *rows]))
    await page.goto(f"{world.base}/lists")
    await page.set_input_files("#file", file)
    await page.click("main form button")
    return page.url.partition("?")[0]


async def namesake(api: PeopleApi) -> str:
    """A second teacher of the same name in the school; the code."""
    me = await api.get(CLERK, "organisation", "/v1/me")
    code = f"gv{uuid4().hex[:6]}"
    person = await api.post(
        "admin",
        "organisation",
        "/v1/people",
        {"code": code, "full_name": "Lý Thị Phượng", "date_of_birth": "1987-03-04"},
    )
    post = await api.post(
        "admin",
        "organisation",
        "/v1/posts",
        {"unit_id": me["posts"][0]["unit_id"], "kind": "STAFF", "title": "Giáo viên"},
    )
    holding = {"person_id": person["id"], "held_from": str(today() - timedelta(days=90))}
    await api.post("admin", "organisation", f"/v1/posts/{post['id']}/holdings", holding)
    return code


async def wait_for_rows(page: Page, address: str, count: int) -> None:
    """A request that was filed comes to the desk by itself: look until it is there."""
    for _ in range(_TRIES):
        await page.goto(address)
        if await page.locator("tbody tr").count() >= count:
            return
        await asyncio.sleep(_PAUSE)
    raise AssertionError(f"{count} rows do not come to {address}")


async def picture(page: Page, name: str) -> None:
    """For the guide: what stands on the screen."""
    await page.screenshot(path=SHOTS / f"{name}.png")
