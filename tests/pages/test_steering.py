"""What an administrator steers by, in the browser: the calendar with its effect, seasons, and packs of rules
from a draft to its publication by the second person."""

from datetime import UTC, date, datetime, timedelta

from playwright.async_api import Browser, Page, expect

from language.deadline.arithmetic import local_day
from tests.pages.conftest import World, shoot
from tests.pages.council_cases import picture
from tests.pages.ground import SCRIPT

TYPED = f"{SCRIPT} 100%"
PACK = "two-tier-since-2025-07-01"


def _in_days(days: int) -> date:
    return local_day(datetime.now(UTC)) + timedelta(days=days)


async def _write(page: Page, find: str, put: str) -> None:
    """Change the text of the pack; typing all of it takes a browser long."""
    await page.evaluate(
        "([find, put]) => { const text = document.querySelector('#text');"
        " text.value = text.value.replace(find, put);"
        " text.dispatchEvent(new Event('input', {bubbles: true})); }",
        [find, put],
    )


async def test_days_are_changed_only_as_their_effect_was_shown(world: World, page: Page) -> None:
    await world.sign_in(page, "admin", "/administration/calendar")
    await picture(page, "administration-calendar")
    year = datetime.now(UTC).year + 1
    await page.goto(f"{world.base}/administration/calendar/days/{year}")
    days = await page.input_value("#holidays")
    await page.fill("#holidays", f"{days}\n31/02/{year}")
    await page.fill("#reason", TYPED)
    await page.click("button[value=try]")
    await expect(page.locator("#faults")).to_contain_text(f"31/02/{year}")
    await expect(page.locator("#reason")).to_have_value(TYPED)
    await page.fill("#holidays", f"{days}\n24/03/{year}, 25.3.{year}")
    await page.click("button[value=try]")
    await expect(page.locator(".told.good")).to_contain_text(f"24/03/{year}: thành ngày nghỉ")
    await shoot(page, "steering-calendar-effect")
    await picture(page, "administration-calendar-effect")
    await page.fill("#holidays", f"{days}\n26/03/{year}")
    await page.click("button[value=do]")
    await expect(page.locator(".told.good")).to_contain_text(f"26/03/{year}: thành ngày nghỉ")
    await page.click("button[value=do]")
    await page.wait_for_url("**done=calendar-changed*")
    await expect(page.get_by_text(f"26/03/{year}")).to_be_visible()
    await expect(page.get_by_text(f"24/03/{year}")).to_have_count(0)


async def test_of_two_editions_made_at_once_the_second_overwrites_nothing(world: World, page: Page) -> None:
    await world.sign_in(page, "admin", "/administration/calendar")
    year = datetime.now(UTC).year + 2
    first = await page.context.new_page()
    for tab, day in ((page, "05/05"), (first, "06/05")):
        await tab.goto(f"{world.base}/administration/calendar/days/{year}")
        await tab.fill("#make_up_days", f"{day}/{year}")
        await tab.fill("#reason", "Hoán đổi ngày làm việc")
        await tab.click("button[value=try]")
    await first.click("button[value=do]")
    await first.wait_for_url("**done=calendar-changed*")
    await page.click("button[value=do]")
    await expect(page.get_by_text(f"Hiện đang lưu: 06/05/{year}")).to_be_visible()
    await expect(page.locator("#make_up_days")).to_have_value(f"05/05/{year}")


async def test_a_break_is_entered_and_ended_on_a_phone_without_script(world: World, browser: Browser) -> None:
    context = await browser.new_context(
        locale="vi-VN", java_script_enabled=False, viewport={"width": 360, "height": 800}
    )
    page = await context.new_page()
    await world.sign_in(page, "admin", "/administration/calendar")
    await page.click("text=Ghi kỳ nghỉ của đơn vị")
    await page.fill("#unit_id_q", "T005")
    await page.click("button[value=look]")
    await page.check("input[name=unit_id]")
    await page.fill("#name", TYPED)
    await page.fill("#first_day", _in_days(20).isoformat())
    await page.fill("#last_day", _in_days(200).isoformat())
    await page.fill("#reason", "Nghỉ chống bão")
    await page.click("button[value=try]")
    await expect(page.locator("#faults")).to_be_visible()
    await page.fill("#last_day", _in_days(24).isoformat())
    await page.click("button[value=try]")
    await expect(page.locator(".told.good")).to_contain_text("thành ngày nghỉ")
    await shoot(page, "steering-break-phone")
    await page.click("button[value=do]")
    await page.wait_for_url("**done=break-entered*")
    row = page.locator("tbody tr", has_text=TYPED)
    await row.locator("a[href$='/end']").click()
    await page.fill("#reason", "Bão tan")
    await page.click("button[value=try]")
    await expect(page.locator(".told.good")).to_contain_text("thành ngày làm việc")
    await page.click("button[value=do]")
    await page.wait_for_url("**done=break-ended*")
    await expect(page.locator("tbody tr", has_text=TYPED)).to_have_count(0)
    await context.close()


async def test_a_season_is_opened_extended_closed_and_opened_again(world: World, page: Page) -> None:
    await world.sign_in(page, "admin", "/administration/seasons")
    await page.click("text=Mở đợt xét")
    await page.fill("#name", TYPED)
    await page.fill("#code", "dot-thu-9001")
    await page.fill("#opens_on", _in_days(-3).isoformat())
    await page.fill("#closes_on", _in_days(-5).isoformat())
    await page.click("button[value=do]")
    await expect(page.locator("#faults")).to_be_visible()
    await page.fill("#closes_on", _in_days(5).isoformat())
    await page.click("button[value=do]")
    await page.wait_for_url("**done=season-opened*")
    await expect(page.locator("h1")).to_have_text(TYPED)
    await page.click("text=Thêm đợt nhỏ")
    await page.fill("#code", "truong")
    await page.select_option("#level", "SCHOOL")
    await page.fill("#opens_at", _in_days(-1).isoformat())
    await page.fill("#closes_at", _in_days(9).isoformat())
    await page.click("button[value=do]")
    await expect(page.locator("#closes_at-fault")).to_be_visible()
    await page.fill("#closes_at", _in_days(3).isoformat())
    await page.click("button[value=do]")
    await page.wait_for_url("**done=round-added*")
    for way, done in (("extend", "window-extend"), ("close", "window-close"), ("reopen", "window-reopen")):
        await page.click(f"p.ways a[href$='/{way}']")
        await page.fill("#document", f"Công văn {way}")
        await page.fill("#reason", TYPED)
        if way != "close":
            await page.fill("#closes_at", _in_days(12).isoformat())
        await page.click("button[value=do]")
        await page.wait_for_url(f"**done={done}*")
    await page.click("text=Cho một đơn vị nộp muộn")
    await page.fill("#unit_id_q", "T003")
    await page.click("button[value=look]")
    await page.fill("#until", _in_days(30).isoformat())
    await page.fill("#document", TYPED)
    await page.fill("#reason", "Lũ quét")
    await page.click("button[value=do]")
    await page.wait_for_url("**done=late-permitted*")
    await expect(page.locator("tbody tr", has_text=TYPED)).to_be_visible()
    await shoot(page, "steering-season")
    await page.click("p.ways a[href$='/close']")
    await page.fill("#document", "Công văn 9")
    await page.fill("#reason", "Xong")
    await page.click("button[value=do]")
    await page.wait_for_url("**done=window-close*")


async def test_a_pack_goes_from_a_draft_to_its_publication_by_the_second_person(
    world: World, page: Page, browser: Browser
) -> None:
    await world.sign_in(page, "admin", "/administration/packs")
    await page.click(f"tbody a[href*='{PACK}']")
    await page.click("a[href$='/draft']")
    await page.fill("#effective_from", _in_days(60).isoformat())
    await page.click("button[value=do]")
    await page.wait_for_url("**done=draft-begun*")
    draft = page.url.partition("?")[0]
    await page.click("a[href$='/numbers']")
    examination = page.locator("fieldset.card:nth-of-type(4)").get_by_label("Thời hạn xét", exact=True)
    await examination.fill("hai mươi")
    await page.click("main form p.ways button")
    await expect(page.locator("#faults")).to_be_visible()
    await expect(examination).to_have_value("hai mươi")
    await examination.fill("17")
    await page.click("main form p.ways button")
    await page.wait_for_url("**done=draft-saved*")
    await expect(page.get_by_text("giảm từ 20 xuống 17 ngày làm việc")).to_be_visible()
    await picture(page, "administration-draft")
    await _faults_of_a_text(page, draft)
    await page.goto(f"{draft}/check")
    await page.click("button[value=do]")
    await page.wait_for_url("**done=draft-check*")
    assert await page.locator("a[href$='/publish']").count() == 0
    second = await (await browser.new_context(locale="vi-VN")).new_page()
    await world.sign_in(second, "quantri2", "/administration/packs")
    await second.goto(f"{draft}/publish")
    await second.click("button[value=do]")
    await second.wait_for_url("**done=draft-publish*")
    await expect(second.get_by_text("17 ngày làm việc").first).to_be_visible()
    await second.context.close()


async def _faults_of_a_text(page: Page, draft: str) -> None:
    """A fault is said at its line, and what was typed outlives a line that is cut."""
    await page.goto(f"{draft}/text")
    await _write(page, "amount: 17", "amount: mười bảy")
    await page.click("button[value=do]")
    await expect(page.get_by_text("Có chỗ chưa điền đúng").or_(page.locator("#faults"))).to_be_visible()
    await expect(page.locator("main ul li", has_text="levels.0.examination.amount")).to_contain_text("Dòng")
    await _write(page, "amount: mười bảy", "amount: 17")
    await _write(page, "title_vi: Mẫu", "title_vi: <script>alert(1)</script> Mẫu")
    await page.context.set_offline(True)
    await page.click("button[value=do]", no_wait_after=True)
    await page.wait_for_timeout(500)
    await page.context.set_offline(False)
    await page.goto(f"{draft}/text")
    assert "<script>alert(1)</script>" in await page.input_value("#text")
    await page.click("button[value=try]")
    await expect(page.locator(".told.good")).to_be_visible()
    await page.click("button[value=do]")
    await page.wait_for_url("**done=draft-saved*")
    await expect(page.locator("h1")).to_contain_text("<script>alert(1)</script>")


async def test_a_draft_that_somebody_else_edited_is_not_overwritten(world: World, page: Page) -> None:
    await world.sign_in(page, "admin", "/administration/packs")
    await page.click(f"tbody a[href*='{PACK}']")
    await page.click("a[href$='/draft']")
    await page.fill("#version", "900")
    await page.fill("#effective_from", _in_days(90).isoformat())
    await page.click("button[value=do]")
    await page.wait_for_url("**done=draft-begun*")
    draft = page.url.partition("?")[0]
    await page.goto(f"{draft}/text")
    other = await page.context.new_page()
    await other.goto(f"{draft}/numbers")
    await other.fill("#effective_from", _in_days(91).isoformat())
    await other.click("main form p.ways button")
    await other.wait_for_url("**done=draft-saved*")
    await _write(page, "version: 900", "version: 901")
    await page.click("button[value=do]")
    await expect(page.get_by_text("Hiện đang lưu, do người khác sửa").first).to_be_visible()
    assert "version: 901" in await page.input_value("#text")
    await page.goto(f"{draft}/drop")
    await page.click("button[value=do]")
    await page.wait_for_url("**done=draft-drop*")
