"""A member's day in the browser: inbox, sheet, autosave, two tabs, a lost line, without script, Excel."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, FilePayload, Page, expect

from cli.first_start import give_passwords
from cli.people_api import PeopleApi
from sheets.workbook import Sheet, open_workbook
from sheets.writing import package, styled_sheet
from tests.pages.conftest import World, shoot
from tests.pages.council_cases import (
    COUNCIL,
    GOOD,
    MEMBER,
    OTHER_MEMBER,
    TITLES,
    CouncilCase,
    Opened,
    picture,
)
from tests.pages.ground import SCRIPT

_HIDDEN = "_sang_kien"


@pytest.fixture(scope="module")
async def case(world: World) -> AsyncIterator[CouncilCase]:
    api = PeopleApi(world.instance.urls, world.instance.secrets["cli_client_secret"])
    world.passwords |= await give_passwords(world.instance, [one for one in COUNCIL])
    yield CouncilCase(api)
    await api.close()


@pytest.fixture
async def opened(case: CouncilCase) -> Opened:
    return await case.opened(TITLES[0])


async def _scores(case: CouncilCase, account: str, opened: Opened) -> dict[str, Any]:
    found: dict[str, Any] = (await case.sheet(account, opened.stage_id))[0]["scores"]
    return found


async def _fill(page: Page, scores: Mapping[str, str] = GOOD) -> None:
    for name, mark in scores.items():
        await page.fill(f"input[name=score-{name}]", mark)


async def test_a_member_marks_from_the_inbox_to_the_next_sheet(
    world: World, case: CouncilCase, opened: Opened, page: Page
) -> None:
    other = await case.opened(TITLES[1])
    await world.sign_in(page, MEMBER, "/marking")
    await shoot(page, "council-inbox")
    await picture(page, "council-inbox")
    await page.click(f"a[href='/marking/{opened.stage_id}']")
    await expect(page.locator("h1")).to_have_text(TITLES[0])
    await expect(page.get_by_text("minh-chung.pdf")).to_be_visible()
    await expect(page.locator("[data-more]").first).to_be_visible()
    mark = page.locator("input[name=score-novelty]")
    await mark.fill("33")
    await mark.press("ArrowUp")
    await page.locator("[data-more]").nth(1).click()
    await expect(page.locator("[data-total]")).to_have_text("35")
    await expect(page.locator("#saved")).to_contain_text("Đã tự lưu lúc", timeout=20_000)
    assert await _scores(case, MEMBER, opened) == {"novelty": "34", "applicability": "1"}
    await page.fill("input[name=score-practical_benefit]", "31")
    await page.click("button[value=submit]")
    await expect(page.locator("#faults")).to_contain_text("Lợi ích thiết thực")
    await expect(page.locator("input[name=score-practical_benefit]")).to_have_value("31")
    await expect(page.locator("input[name=score-practical_benefit]")).to_have_attribute(
        "aria-invalid", "true"
    )
    await page.fill("input[name=score-practical_benefit]", "25,5x")
    await page.click("button[value=save]")
    await expect(page.locator("#score-practical_benefit-fault")).to_contain_text("25,5")
    await page.fill("input[name=score-practical_benefit]", "25")
    await page.click("button[value=submit]")
    await expect(page.locator("#vote-fault")).to_be_visible()
    await shoot(page, "council-sheet-faults")
    await page.check("input[name=vote][value=REJECT]")
    await page.click("button[value=submit]")
    await expect(page.locator("#remark-fault")).to_be_visible()
    await page.check("input[name=vote][value=APPROVE]")
    await shoot(page, "council-sheet")
    await picture(page, "council-sheet", ".beside")
    await page.click("button[value=submit]")
    await page.wait_for_url("**/marking/*?done=sheet-handed-in*")
    await expect(page.get_by_role("status").first).to_contain_text("Đã nộp phiếu")
    sheet = (await case.sheet(MEMBER, opened.stage_id))[0]
    assert (sheet["state"], sheet["total"]) == ("SUBMITTED", "60")
    await page.goto(f"{world.base}/marking/table")
    row = page.locator("tr", has_text=opened.code)
    await expect(row).to_contain_text("60")
    await shoot(page, "council-table")
    await picture(page, "council-table")
    await page.goto(f"{world.base}/marking/{opened.stage_id}")
    await page.click("text=Rút lại phiếu")
    await page.fill("textarea[name=reason]", "Chấm nhầm điểm khả năng áp dụng")
    await page.click("main form button")
    await page.wait_for_url("**?done=sheet-taken-back*")
    await page.fill("input[name=score-applicability]", "21")
    await page.click("button[value=submit]")
    await page.wait_for_url("**?done=sheet-handed-in*")
    assert (await case.sheet(MEMBER, opened.stage_id))[0]["total"] == "80"
    assert other.code


async def test_without_script_and_on_a_telephone(
    world: World, case: CouncilCase, opened: Opened, browser: Browser
) -> None:
    context = await browser.new_context(
        locale="vi-VN", java_script_enabled=False, viewport={"width": 360, "height": 740}
    )
    page = await context.new_page()
    await world.sign_in(page, MEMBER, f"/marking/{opened.stage_id}")
    await _fill(page, {"novelty": "30,0"})
    await page.fill("textarea[name=remark]", "Dòng một\nDòng hai")
    await page.click("button[value=save]")
    await page.wait_for_url("**?done=sheet-saved*")
    await expect(page.locator("textarea[name=remark]")).to_have_value("Dòng một\nDòng hai")
    await shoot(page, "council-sheet-phone")
    await _fill(page)
    await page.check("input[name=vote][value=APPROVE]")
    await page.click("button[value=submit]")
    await page.wait_for_url("**?done=sheet-handed-in*")
    assert (await case.sheet(MEMBER, opened.stage_id))[0]["state"] == "SUBMITTED"
    await context.close()


async def test_two_tabs_overwrite_nothing(
    world: World, case: CouncilCase, opened: Opened, context: BrowserContext, page: Page
) -> None:
    await world.sign_in(page, MEMBER, f"/marking/{opened.stage_id}")
    second = await context.new_page()
    await second.goto(page.url)
    await page.fill("input[name=score-novelty]", "31")
    await page.click("button[value=save]")
    await page.wait_for_url("**?done=sheet-saved*")
    await second.fill("input[name=score-novelty]", "12")
    await expect(second.locator("#saved")).to_contain_text("đã được sửa ở nơi khác", timeout=20_000)
    assert await _scores(case, MEMBER, opened) == {"novelty": "31"}
    await second.click("button[value=save]")
    await expect(second.locator("#faults")).to_contain_text("Chưa có gì bị ghi đè")
    await expect(second.locator("form[data-sheet]")).to_contain_text("Đang lưu trong hệ thống: 31")
    await expect(second.locator("input[name=score-novelty]")).to_have_value("12")
    assert await _scores(case, MEMBER, opened) == {"novelty": "31"}
    await shoot(second, "council-conflict")
    await picture(second, "council-conflict", ".beside")
    await second.click("button[value=save]")
    await second.wait_for_url("**?done=sheet-saved*")
    assert await _scores(case, MEMBER, opened) == {"novelty": "12"}


async def test_a_line_cut_in_the_middle_loses_nothing(
    world: World, case: CouncilCase, opened: Opened, context: BrowserContext, page: Page
) -> None:
    await world.sign_in(page, MEMBER, f"/marking/{opened.stage_id}")
    await context.set_offline(True)
    await page.fill("textarea[name=remark]", "Viết khi mất mạng giữa chừng")
    await expect(page.locator("[data-unsaved]")).to_be_visible(timeout=20_000)
    await context.set_offline(False)
    await expect(page.locator("#saved")).to_contain_text("Đã tự lưu", timeout=30_000)
    await expect(page.locator("[data-unsaved]")).to_be_hidden()
    assert (await case.sheet(MEMBER, opened.stage_id))[0]["remark"] == "Viết khi mất mạng giữa chừng"
    await context.set_offline(True)
    await page.fill("textarea[name=remark]", "Viết tiếp rồi đóng trang")
    await page.close()
    await context.set_offline(False)
    again = await context.new_page()
    await again.goto(f"{world.base}/marking/{opened.stage_id}")
    await expect(again.locator("textarea[name=remark]")).to_have_value("Viết tiếp rồi đóng trang")
    await expect(again.locator("[data-restored]")).to_be_visible()


async def test_somebody_stays_out(world: World, case: CouncilCase, opened: Opened, page: Page) -> None:
    await world.sign_in(page, OTHER_MEMBER, f"/marking/{opened.stage_id}")
    await page.click("text=Xin không tham gia xét")
    await page.click("main form button")
    assert not await page.locator("textarea[name=reason]").evaluate("field => field.checkValidity()")
    await page.fill("textarea[name=reason]", SCRIPT)
    await page.click("main form button")
    await page.wait_for_url("**/marking?done=recused*")
    assert await page.locator(f"a[href='/marking/{opened.stage_id}']").count() == 0
    await page.goto(f"{world.base}/stages/{opened.stage_id}")
    await expect(page.locator("tr", has_text="đã thay: Ủy viên dự khuyết")).to_be_visible()


def _refilled(content: bytes, changes: Mapping[tuple[str, str], Any]) -> bytes:
    """The workbook with these cells, by code of the dossier and heading, filled in."""
    parts = [(sheet.name, _changed(sheet, changes)) for sheet in open_workbook(content)]
    return package([(name, styled_sheet(rows)) for name, rows in parts], hidden=(_HIDDEN,))


def _changed(sheet: Sheet, changes: Mapping[tuple[str, str], Any]) -> Sequence[Sequence[tuple[Any, int]]]:
    header = [str(value) for value in sheet.rows[0]]
    rows = []
    for row in sheet.rows:
        given = [
            next(
                (
                    value
                    for (code, name), value in changes.items()
                    if row[0] == code and header[at].startswith(name)
                ),
                cell,
            )
            for at, cell in enumerate(row)
        ]
        rows.append([(cell, 0) for cell in given])
    return rows


async def test_many_sheets_go_out_and_come_back_as_a_workbook(
    world: World, case: CouncilCase, opened: Opened, page: Page
) -> None:
    other = await case.opened(TITLES[2])
    account = OTHER_MEMBER
    await world.sign_in(page, account, "/marking/workbook")
    async with page.expect_download() as waiting:
        await page.click("a[href='/marking/workbook/file']")
    path = await (await waiting.value).path()
    content = path.read_bytes()
    await _save(case, account, other, {"novelty": "20"}, "Sửa trên trang")
    filled = _refilled(
        content,
        {
            (opened.code, "Tính mới"): 34,
            (opened.code, "Khả năng"): "26,0",
            (opened.code, "Lợi ích"): 25,
            (opened.code, "Ý kiến"): "Đồng ý",
            (other.code, "Tính mới"): 33,
            (other.code, "Khả năng"): "cao",
            (other.code, "Lợi ích"): 12,
        },
    )
    await _choose(page, filled)
    await page.check("input[name=submit]")
    await page.click("button[value=try]")
    await expect(page.locator("h1")).to_have_text("Các thay đổi từ bảng chấm")
    await expect(page.get_by_text("Đây không phải là số")).to_be_visible()
    await expect(page.get_by_text("giữ nguyên: đã sửa trên trang")).to_be_visible()
    await expect(page.get_by_text("Cả hai nơi đều sửa")).to_be_visible()
    await shoot(page, "council-workbook-report")
    await picture(page, "council-workbook-report", "main form")
    assert await _scores(case, account, opened) == {}
    await page.click("button[value=do]")
    await page.wait_for_url("**/marking?done=sheets-read*")
    assert (await case.sheet(account, opened.stage_id))[0]["state"] == "SUBMITTED"
    draft = (await case.sheet(account, other.stage_id))[0]
    assert draft["scores"] == {"novelty": "20", "practical_benefit": "12"}
    assert (draft["state"], draft["remark"]) == ("DRAFT", "Sửa trên trang")
    await page.goto(f"{world.base}/marking/workbook")
    await _send(page, filled)
    await page.check("input[value=given]")
    await page.click("button[value=do]")
    await page.wait_for_url("**/marking?done=sheets-read*")
    assert (await _scores(case, account, other))["novelty"] == "33"
    await page.goto(f"{world.base}/marking/workbook")
    await _send(page, b"PK\x03\x04 no workbook")
    await expect(page.locator("#workbook-fault")).to_be_visible()
    await page.goto(f"{world.base}/marking/workbook")
    async with page.expect_download() as waiting:
        await page.click("a[href='/marking/workbook/file']")
    fresh = (await (await waiting.value).path()).read_bytes()
    await _send(page, _refilled(fresh, {(other.code, "Tính mới"): 33.1234567}))
    await expect(page.locator("#workbook-fault")).to_contain_text("!E")


async def _choose(page: Page, content: bytes) -> None:
    file = FilePayload(name="phieu.xlsx", mimeType="application/octet-stream", buffer=content)
    await page.set_input_files("input[name=workbook]", file)


async def _send(page: Page, content: bytes) -> None:
    await _choose(page, content)
    await page.click("button[value=try]")
    await page.wait_for_load_state()


async def _save(
    case: CouncilCase, account: str, opened: Opened, scores: Mapping[str, str], remark: str
) -> None:
    sheet = (await case.sheet(account, opened.stage_id))[0]
    item = {
        "id": sheet["id"],
        "version": sheet["version"],
        "scores": dict(scores),
        "vote": None,
        "remark": remark,
    }
    done = await case.api.post(account, "review", "/v1/batch/score-sheets", {"items": [item]})
    assert done["refused"] == 0, done
