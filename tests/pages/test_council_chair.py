"""A chair's day in the browser: stages, reminders, decisions alone and in bulk, what becomes of them, and
complaints."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from cli.first_start import give_passwords
from cli.people_api import PeopleApi
from language.deadline.arithmetic import local_day
from tests.pages.conftest import World, shoot
from tests.pages.council_cases import (
    AUTHOR,
    CHAIR,
    COUNCIL,
    MEMBER,
    OFFICER,
    OTHER_MEMBER,
    POOR,
    SECRETARY,
    TITLES,
    CouncilCase,
    Opened,
    picture,
)

REASONS = "Giải pháp trùng với cách làm đã phổ biến ở các trường trong cụm; chưa nêu được số liệu so sánh."


@pytest.fixture(scope="module")
async def case(world: World) -> AsyncIterator[CouncilCase]:
    api = PeopleApi(world.instance.urls, world.instance.secrets["cli_client_secret"])
    world.passwords |= await give_passwords(world.instance, [*COUNCIL, OFFICER])
    yield CouncilCase(api)
    await api.close()


async def _stage(case: CouncilCase, opened: Opened) -> dict[str, Any]:
    found: dict[str, Any] = await case.api.get(CHAIR, "review", f"/v1/stages/{opened.stage_id}")
    return found


async def test_who_has_not_marked_is_reminded_at_one_click(
    world: World, case: CouncilCase, page: Page
) -> None:
    opened = await case.opened(TITLES[3])
    await case.mark(MEMBER, opened.stage_id)
    await world.sign_in(page, SECRETARY, "/stages")
    await page.goto(f"{world.base}/stages?state=OPEN&sort=due")
    await expect(page.locator("tr", has_text=opened.code)).to_contain_text("1/5")
    await page.click(f"a[href='/stages/{opened.stage_id}']")
    assert await page.locator("input[name=task_id]").count() == 4
    await expect(page.get_by_text("Điểm và ý kiến chỉ hiện khi đã đủ phiếu")).to_be_visible()
    await shoot(page, "council-stage-owed")
    await picture(page, "council-stage-owed", "main h1")
    await page.click("text=Nhắc những người đã chọn")
    await page.wait_for_url("**?done=council-reminded*")
    assert await page.locator("input[name=task_id]").count() == 0
    await expect(page.get_by_text("vừa được nhắc").first).to_be_visible()
    notices = await case.api.get(OTHER_MEMBER, "postroom", "/v1/notices")
    assert notices["items"]


async def test_the_chair_decides_with_reasons_after_a_dry_run(
    world: World, case: CouncilCase, page: Page
) -> None:
    opened = await case.opened(TITLES[4])
    await case.mark_all(opened.stage_id)
    await world.sign_in(page, CHAIR, f"/stages/{opened.stage_id}")
    await expect(page.locator("tfoot")).to_contain_text("85")
    await expect(page.get_by_text("đủ điều kiện theo kết quả chấm").first).to_be_visible()
    await shoot(page, "council-stage")
    await picture(page, "council-stage", "main h2")
    await page.click("button[value=decide]")
    await expect(page.locator("#verdict-fault")).to_be_visible()
    await page.check("input[name=verdict][value=REFUSED]")
    await page.click("button[value=try]")
    await expect(page.locator("#faults")).to_contain_text("căn cứ và lý do")
    await page.select_option("select[name=ground]", "BELOW_THRESHOLD")
    await page.fill("textarea[name=reasons]", REASONS)
    await page.click("button[value=try]")
    await expect(page.locator("#ground-fault")).to_contain_text("trái với phiếu chấm")
    await expect(page.locator("textarea[name=reasons]")).to_have_value(REASONS)
    await page.check("input[name=verdict][value=RECOGNISED]")
    await page.select_option("select[name=ground]", "")
    await page.click("button[value=try]")
    await expect(page.get_by_text("Đã thử: quyết định này đúng quy định")).to_be_visible()
    assert (await _stage(case, opened))["state"] == "OPEN"
    await page.click("button[value=decide]")
    await page.wait_for_url("**/decisions/*?done=decided*")
    number = (await _stage(case, opened))["decision_number"]
    await expect(page.locator("h2").first).to_contain_text(number)
    await page.click("text=Đính chính quyết định")
    await page.fill("textarea[name=reason]", "Sai tên đợt xét")
    await page.click("button[value=do]")
    await expect(page.locator("#faults")).to_contain_text("Đính chính phải nêu nội dung đúng")
    await expect(page.locator("textarea[name=reason]")).to_have_value("Sai tên đợt xét")
    await page.fill("textarea[name=reasons]", "Công nhận theo biên bản họp Hội đồng.")
    await page.click("button[value=try]")
    await expect(page.get_by_text("Chưa ghi gì")).to_be_visible()
    await page.click("button[value=do]")
    await page.wait_for_url("**?done=decision-act*")
    await expect(page.locator("ol.line")).to_contain_text("Sai tên đợt xét")
    await expect(page.locator("dl.facts")).to_contain_text("Công nhận theo biên bản họp Hội đồng.")
    await shoot(page, "council-decision")
    await picture(page, "council-decision")


async def test_an_officer_writes_down_the_paper_without_script(
    world: World, case: CouncilCase, browser: Browser
) -> None:
    opened = await case.opened(TITLES[5])
    await case.mark_all(opened.stage_id)
    body = {"outcome": "RECOGNISED"}
    await case.api.post(CHAIR, "review", f"/v1/stages/{opened.stage_id}/decision", body)
    context = await browser.new_context(locale="vi-VN", java_script_enabled=False)
    page = await context.new_page()
    await world.sign_in(page, OFFICER, f"/decisions/{opened.stage_id}")
    assert await page.get_by_text("Hủy bỏ việc công nhận", exact=True).count() == 0
    await page.click("text=Ghi số, ngày, người ký")
    await page.fill("input[name=number]", "12/QĐ-THQT")
    await page.fill("input[name=issued_on]", "2020-01-31")
    await page.fill("input[name=signer]", "Lương Văn Tám")
    await page.click("button[value=do]")
    await expect(page.locator("#issued_on-fault")).to_contain_text("Ngày ban hành phải từ")
    decided = datetime.fromisoformat((await _stage(case, opened))["decided_at"])
    await page.fill("input[name=issued_on]", local_day(decided).isoformat())
    await page.click("button[value=do]")
    await page.wait_for_url("**?done=decision-act*")
    await expect(page.locator("dl.facts")).to_contain_text("12/QĐ-THQT")
    await context.close()


async def test_many_are_decided_after_a_dry_run(world: World, case: CouncilCase, page: Page) -> None:
    good, poor = await case.opened(TITLES[1]), await case.opened(TITLES[2])
    await case.mark_all(good.stage_id)
    await case.mark_all(poor.stage_id, POOR, "REJECT")
    await world.sign_in(page, CHAIR, "/stages/deciding")
    await page.click("button[value=try]")
    await expect(page.locator("#faults")).to_contain_text("Hãy chọn các hồ sơ")
    for one in (good, poor):
        await page.check(f"input[name=stage_id][value='{one.stage_id}']")
    await page.check("input[name=verdict][value=RECOGNISED]")
    await page.click("button[value=try]")
    await expect(page.locator("#report")).to_contain_text("1 hồ sơ quyết định được, 1 hồ sơ chưa được")
    await expect(page.locator("tr", has_text=poor.code)).to_contain_text("Chưa đủ điều kiện công nhận")
    assert (await _stage(case, good))["state"] == "OPEN"
    assert not await page.is_checked(f"input[name=stage_id][value='{poor.stage_id}']")
    await shoot(page, "council-deciding")
    await picture(page, "council-deciding", "#report")
    await page.click("button[value=do]")
    await expect(page.locator("#report")).to_contain_text("Đã quyết định: 1")
    assert (await _stage(case, good))["outcome"] == "RECOGNISED"
    assert (await _stage(case, poor))["state"] == "OPEN"
    await page.goto(f"{world.base}/stages/forecast?days=90")
    await expect(page.locator("h1")).to_have_text("Sắp diễn ra")
    await expect(page.locator("tbody tr").first).to_be_visible()
    await shoot(page, "council-forecast")
    await picture(page, "council-forecast")


async def test_a_complaint_is_settled_and_the_dossier_examined_again(
    world: World, case: CouncilCase, page: Page
) -> None:
    opened = await case.opened(TITLES[0])
    await case.mark_all(opened.stage_id, POOR, "REJECT")
    refusal = {"outcome": "REFUSED", "ground": "BELOW_THRESHOLD", "reasons": REASONS}
    await case.api.post(CHAIR, "review", f"/v1/stages/{opened.stage_id}/decision", refusal)
    made = await case.api.post(
        AUTHOR,
        "review",
        f"/v1/stages/{opened.stage_id}/complaints",
        {"reason": "Hội đồng chưa xem phụ lục số liệu."},
    )
    settler = await _settler(case, made["id"])
    world.passwords |= await give_passwords(world.instance, [settler])
    await world.sign_in(page, settler, f"/complaints/{made['id']}")
    await expect(page.get_by_text("Hội đồng chưa xem phụ lục")).to_be_visible()
    await page.fill("textarea[name=reason]", "Đã xem lại phụ lục; khiếu nại có cơ sở.")
    await page.click("button[value=do]")
    await expect(page.locator("#outcome-fault")).to_be_visible()
    await page.check("input[name=outcome][value=UPHELD]")
    await shoot(page, "council-complaint")
    for _ in range(40):
        await page.click("button[value=do]")
        await page.wait_for_load_state()
        if "done=complaint-settled" in page.url:
            break
        # The dossier is being closed by its workflow; the page says so and keeps what was typed.
        await expect(page.locator("textarea[name=reason]")).to_have_value(
            "Đã xem lại phụ lục; khiếu nại có cơ sở."
        )
        await asyncio.sleep(0.5)
    await expect(page.get_by_text("Đã giải quyết khiếu nại")).to_be_visible()
    await page.goto(f"{world.base}/decisions/{opened.stage_id}")
    await expect(page.get_by_text("Xem nơi đang xét lại")).to_be_visible()


async def _settler(case: CouncilCase, complaint_id: str) -> str:
    """The account of who has to settle it: the head above, for the decider does not."""
    tasks = await case.api.get(
        "admin", "review", "/v1/tasks", scope="all", kind="SETTLE_COMPLAINT", limit=200
    )
    person = next(one["assignee_id"] for one in tasks["items"] if one["about_id"] == complaint_id)
    found = await case.api.get("admin", "organisation", f"/v1/people/{person}")
    return str(found["code"])
