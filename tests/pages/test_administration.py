"""An administrator's day in the browser: people, accounts, units and posts, alarms, the second administrator,
and what others see of it."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import Browser, Page, expect

from cli.first_start import give_passwords
from cli.people_api import PeopleApi
from language.deadline.arithmetic import local_day
from tests.pages.conftest import World, shoot
from tests.pages.council_cases import AUTHOR, CHAIR, OFFICER, TITLES, CouncilCase, Opened, picture
from tests.pages.ground import SCRIPT

TYPED = f"{SCRIPT} 100%"
PAGES = (
    "/administration",
    "/administration/people",
    "/administration/people?q=zzzz",
    "/administration/people/new",
    "/administration/units",
    "/administration/proposals",
    "/administration/forecast?days=90",
    "/administration/seasons",
    "/administration/packs",
    "/administration/system?state=ALL",
)


async def _add(page: Page, world: World, code: str, name: str) -> None:
    """A new person, by the form; the page is that of the person afterwards."""
    await page.goto(f"{world.base}/administration/people/new")
    await page.fill("input[name=code]", code)
    await page.fill("input[name=full_name]", name)
    await page.click("button[value=do]")
    await page.wait_for_url("**?done=person-added*")
    await page.goto(f"{world.base}/administration/people?q={code}")
    await page.click("tbody a")


async def test_a_person_gets_account_post_and_leave(world: World, page: Page) -> None:
    await world.sign_in(page, "admin", "/administration/people")
    await shoot(page, "administration-people")
    await picture(page, "administration-people")
    await _add(page, world, "CB-9001", "Nguyễn Thị Hoài Thương")
    await expect(page.get_by_text("Chưa có tài khoản")).to_be_visible()
    await page.click("main a[href$='/account']")
    await page.fill("input[name=username]", "thuong.9001")
    await page.fill("input[name=password]", "12345678")
    await page.click("button[value=do]")
    await expect(page.locator("#faults")).to_be_visible()
    await expect(page.locator("input[name=username]")).to_have_value("thuong.9001")
    await page.fill("input[name=password]", "suoi-vang-mua-he-2026")
    await page.click("button[value=do]")
    await page.wait_for_url("**?done=account-set*")
    await page.click("main a[href$='/leave']")
    first = local_day(datetime.now(UTC)) + timedelta(days=30)
    await page.fill("input[name=starts_on]", first.isoformat())
    await page.fill("input[name=ends_on]", (first - timedelta(days=3)).isoformat())
    await page.click("button[value=do]")
    await expect(page.locator("#faults")).to_be_visible()
    await page.fill("input[name=ends_on]", (first + timedelta(days=3)).isoformat())
    await page.click("button[value=try]")
    await expect(page.get_by_text("Chưa ghi gì")).to_be_visible()
    await page.click("button[value=do]")
    await page.wait_for_url("**?done=leave-entered*")
    await page.click("main a[href$='/cancel']")
    await page.click("button[value=do]")
    await page.wait_for_url("**?done=leave-cancelled*")
    await page.click("main a[href$='/closing']")
    await page.fill("input[name=reason]", "Chuyển công tác")
    await page.click("button[value=do]")
    await page.wait_for_url("**?done=account-closed*")
    await shoot(page, "administration-person")
    await picture(page, "administration-person")
    await page.click("main a[href$='/reopening']")
    await page.fill("input[name=reason]", "Trở lại công tác")
    await page.click("button[value=do]")
    await page.wait_for_url("**?done=account-reopened*")


async def test_a_post_is_made_given_and_ended_without_script(world: World, browser: Browser) -> None:
    context = await browser.new_context(
        locale="vi-VN", java_script_enabled=False, viewport={"width": 360, "height": 800}
    )
    page = await context.new_page()
    await world.sign_in(page, "admin", "/administration/people")
    await _add(page, world, "CB-9002", "Hoàng Văn Bế")
    await page.goto(f"{world.base}/administration/units?q=quang trung&level=SCHOOL")
    await page.click("tbody td:first-child a")
    unit = page.url
    await page.click("text=Thêm vị trí")
    await page.select_option("select[name=kind]", "STAFF")
    await page.fill("input[name=title]", TYPED)
    await page.click("button[value=do]")
    await page.wait_for_url("**?done=post-added*")
    row = page.locator("tbody tr", has_text=TYPED)
    await row.locator("a[href$=appoint]").click()
    await expect(page.locator("p.lead")).to_have_text(TYPED)
    await page.fill("input[name=held_from]", local_day(datetime.now(UTC)).isoformat())
    await page.click("button[value=do]")
    await expect(page.locator("#person_id")).to_be_visible()
    await page.fill("input[name=person_id_q]", "CB-9002")
    await page.click("button[value=look]")
    await page.check("input[name=person_id]")
    await page.click("button[value=try]")
    await page.click("button[value=do]")
    await page.wait_for_url("**?done=appointed*")
    await shoot(page, "administration-unit-phone")
    await row.locator("a[href$='/end']").click()
    await page.fill("input[name=held_to]", (local_day(datetime.now(UTC)) + timedelta(days=1)).isoformat())
    await page.click("button[value=do]")
    await page.wait_for_url(f"{unit}?done=holding-ended*")
    await context.close()


async def test_an_edit_that_came_second_overwrites_nothing(world: World, page: Page) -> None:
    await world.sign_in(page, "admin", "/administration/people")
    await _add(page, world, "CB-9003", "Lò Thị Ban")
    await page.click("text=Sửa tên, ngày sinh")
    other = await page.context.new_page()
    await other.goto(page.url)
    await other.fill("input[name=full_name]", "Lò Thị Ban Mai")
    await other.click("button[value=do]")
    await other.wait_for_url("**?done=person-changed*")
    await page.fill("input[name=full_name]", "Lò Thị Bản")
    await page.click("button[value=do]")
    await expect(page.get_by_text("Hiện đang lưu: Lò Thị Ban Mai")).to_be_visible()
    await expect(page.locator("input[name=full_name]")).to_have_value("Lò Thị Bản")


async def test_the_account_of_an_administrator_takes_two(world: World, page: Page, browser: Browser) -> None:
    await world.sign_in(page, "admin", "/administration/people")
    await page.goto(f"{world.base}/administration/people?q=quantri2")
    await page.click("tbody a")
    await page.click("main a[href$='/closing']")
    await page.fill("input[name=reason]", "Mất điện thoại")
    await page.click("button[value=do]")
    await page.click("button[value=propose]")
    await page.wait_for_url("**?done=proposed*")
    await page.goto(f"{world.base}/administration/proposals")
    await expect(page.get_by_text("Mất điện thoại")).to_be_visible()
    assert await page.locator("a[href$=approve]").count() == 0
    await shoot(page, "administration-proposals")
    await picture(page, "administration-proposals")
    await page.locator("li", has_text="Mất điện thoại").get_by_text("Bỏ đề xuất").click()
    await page.click("button[value=do]")
    await page.wait_for_url("**?done=dropped*")
    await expect(page.get_by_text("Mất điện thoại")).to_have_count(0)


async def _opened(world: World) -> Opened:
    """A dossier that a council examines."""
    world.passwords |= await give_passwords(world.instance, [AUTHOR, OFFICER, CHAIR])
    api = PeopleApi(world.instance.urls, world.instance.secrets["cli_client_secret"])
    try:
        return await CouncilCase(api).opened(TITLES[2])
    finally:
        await api.close()


async def test_a_journey_is_stopped_with_a_reason_and_started_anew(world: World, page: Page) -> None:
    opened = await _opened(world)
    dossier, stop = f"/dossiers/{opened.dossier_id}", f"/administration/journeys/{opened.dossier_id}/stop"
    await world.sign_in(page, CHAIR, dossier)
    assert await page.locator(f"a[href='{stop}']").count() == 0
    await page.goto(f"{world.base}{stop}")
    assert await page.locator("main form").count() == 0
    await page.context.clear_cookies()
    await world.sign_in(page, "admin", dossier)
    await page.click(f"a[href='{stop}']")
    await page.fill("input[name=reason]", "Nộp nhầm đợt, chờ Sở trả lời")
    await page.click("button[value=try]")
    await expect(page.get_by_text("Chưa ghi gì")).to_be_visible()
    await shoot(page, "administration-stop")
    await page.click("button[value=do]")
    await page.wait_for_url("**/administration?done=journey-stopped*")
    line = page.locator("li.card", has_text=opened.code)
    await line.get_by_role("link", name="Cho chạy lại").click()
    await page.fill("input[name=reason]", "Sở đã trả lời")
    await page.click("button[value=do]")
    await page.wait_for_url("**/administration?done=alarm-restart*")


@pytest.mark.parametrize("account", ["tacgia0001", "vanthu.t010", "kiemtoan"])
async def test_others_are_offered_nothing(world: World, page: Page, account: str) -> None:
    await world.sign_in(page, account, "/")
    for path in PAGES[:4]:
        answer = await page.goto(f"{world.base}{path}")
        assert answer is not None
        if path == "/administration/people/new":
            assert await page.locator("main form").count() == 0
        else:
            assert answer.status == 403, path
    await page.goto(f"{world.base}/administration/units?q=quang trung")
    await page.click("tbody td:first-child a")
    assert await page.locator("main a.button").count() == 0
    assert await page.locator("a[href$=appoint]").count() == 0
