"""What a stranger stumbled over who did literally what the guides of `docs/vi` say."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from playwright.async_api import Browser, Page, expect

from cli.first_start import give_passwords
from cli.people_api import PeopleApi
from tests.intake_cases import today
from tests.pages.carrying import begin, content
from tests.pages.clerk_cases import one, send_list
from tests.pages.conftest import World
from tests.pages.council_cases import AUTHOR, CHAIR, COUNCIL, GOOD, MEMBER, OFFICER, TITLES, CouncilCase

CO_AUTHOR = "tacgia0004"


@pytest.fixture(scope="module")
async def case(world: World) -> AsyncIterator[CouncilCase]:
    api = PeopleApi(world.instance.urls, world.instance.secrets["cli_client_secret"])
    world.passwords |= await give_passwords(world.instance, [*COUNCIL, AUTHOR, CO_AUTHOR, OFFICER])
    yield CouncilCase(api)
    await api.close()


async def _authors(case: CouncilCase, share: str) -> list[dict[str, Any]]:
    """The author with 60 percent, and a co-author who has confirmed nothing."""
    found = []
    for account, percent in ((AUTHOR, "60"), (CO_AUTHOR, share)):
        me = await case.api.get(account, "organisation", "/v1/me")
        author = content(me["person_id"], me["full_name"])["authors"][0]
        found.append({**author, "contribution_percent": percent})
    return found


async def test_a_day_that_is_over_is_told_while_one_types(
    world: World, case: CouncilCase, page: Page
) -> None:
    dossier = await begin(case.api, AUTHOR, first_applied_on=None)
    await world.sign_in(page, AUTHOR)
    await page.goto(f"{world.base}/dossiers/{dossier}/edit/trial")
    await expect(page.locator("ol.steps [aria-current] + .count")).to_have_text("1")
    long_ago = today() - timedelta(days=800)
    await page.fill("#first_applied_on", long_ago.strftime("%d/%m/%Y"))
    await expect(page.locator("#file-by")).to_contain_text("Đã quá một năm")
    await expect(page.locator("#saved")).not_to_contain_text("Được nộp đến")
    await page.fill("#first_applied_on", today().strftime("%d/%m/%Y"))
    await expect(page.locator("#file-by")).to_contain_text("được nộp đến hết ngày")
    await expect(page.locator("#file-by")).not_to_contain_text("Đã quá một năm")
    await expect(page.locator("ol.steps [aria-current] + .count")).to_have_count(0)


async def test_who_has_not_confirmed_is_named_before_one_sends(
    world: World, case: CouncilCase, page: Page
) -> None:
    authors = await _authors(case, "40")
    dossier = await begin(case.api, AUTHOR, declaration_of_truth=False, authors=authors)
    await world.sign_in(page, AUTHOR)
    await page.goto(f"{world.base}/dossiers/{dossier}/edit/review")
    await expect(page.locator("main .told.wait").first).to_contain_text(authors[1]["full_name"])
    await expect(page.locator("main .told.good")).to_have_count(0)
    await expect(page.locator("ol.steps a[href$=authors] + .count")).to_have_text("1")


async def test_shares_that_are_not_a_hundred_are_told_before_one_sends(
    world: World, case: CouncilCase, page: Page
) -> None:
    authors = await _authors(case, "70")
    dossier = await begin(case.api, AUTHOR, declaration_of_truth=False, authors=authors)
    await world.sign_in(page, AUTHOR)
    await page.goto(f"{world.base}/dossiers/{dossier}/edit/review")
    await expect(page.locator("main .told.wait").first).to_contain_text("130 %")


async def test_what_an_office_prepared_is_agreed_to_where_it_is_read(
    world: World, case: CouncilCase, page: Page, tmp_path: Path
) -> None:
    title = f"Vườn rau {uuid4().hex[:6]}"
    await world.sign_in(page, OFFICER)
    await send_list(world, page, tmp_path, one(1, title))
    await page.click("text=Lập các bản nháp")
    made = await page.locator("section.card h2 a").get_attribute("href")
    await page.context.clear_cookies()
    await world.sign_in(page, AUTHOR, f"{made}/edit/review")
    await page.click("text=Đồng ý cho nộp")
    await expect(page.locator("main form button").first).to_have_text("Tôi đã đọc và đồng ý")


async def test_the_first_page_says_where_to_go_when_nothing_waits(
    world: World, case: CouncilCase, page: Page
) -> None:
    await begin(case.api, AUTHOR, authors=await _authors(case, "40"))
    await world.sign_in(page, CO_AUTHOR)
    told = page.locator("main a[href='/notices']")
    await expect(told).to_contain_text("thông báo chưa đọc")
    await expect(page.locator("main a[href='/dossiers/new']")).to_be_visible()


async def test_a_telephone_is_not_full_of_frame(world: World, case: CouncilCase, browser: Browser) -> None:
    context = await browser.new_context(locale="vi-VN", viewport={"width": 360, "height": 740})
    page = await context.new_page()
    await world.sign_in(page, MEMBER)
    box = await page.locator("main").bounding_box()
    assert box
    assert box["y"] <= 300, "less than half of the screen is frame, with seven ways in the menu"
    await context.close()


async def test_a_sheet_says_what_is_missing_and_shows_how_it_is_handed_in(
    world: World, case: CouncilCase, page: Page
) -> None:
    opened = await case.opened(TITLES[0])
    await page.set_viewport_size({"width": 1440, "height": 900})
    await world.sign_in(page, MEMBER, f"/marking/{opened.stage_id}")
    button = page.locator("button[value=submit]")
    await page.mouse.move(400, 500)
    await page.mouse.wheel(0, 2000)
    await expect(button).to_be_in_viewport()
    await button.click()
    told = page.locator("#faults li")
    await expect(told.first).to_contain_text("Tính mới")
    assert len(set(await told.all_inner_texts())) == await told.count(), "each says which field it means"
    for name, mark in GOOD.items():
        await page.fill(f"input[name=score-{name}]", mark)
    await page.check("input[name=vote][value=APPROVE]")
    await expect(page.locator("#saved")).to_contain_text("Đã tự lưu")
    await button.click()
    while "/marking/" in page.url.partition("?")[0]:
        await expect(page.locator("main")).to_contain_text("Đây là phiếu tiếp theo")
        await case.mark(MEMBER, page.url.partition("?")[0].rsplit("/", 1)[-1])
        await page.goto(f"{world.base}/marking?done=sheet-handed-in-last")
    await expect(page.locator("main")).not_to_contain_text("phiếu tiếp theo")


async def test_a_principal_finds_the_formal_check(world: World, case: CouncilCase, page: Page) -> None:
    await world.sign_in(page, CHAIR)
    await page.click(".menu a[href='/checking']")
    await expect(page.locator("h1")).to_have_text("Hồ sơ chờ kiểm tra")


async def test_lists_of_people_are_not_ordered_by_codes_of_dossiers(
    world: World, case: CouncilCase, page: Page
) -> None:
    await world.sign_in(page, "admin", "/administration/people")
    for path in ("people", "units"):
        await page.goto(f"{world.base}/administration/{path}")
        await expect(page.locator("main form").first).not_to_contain_text("mã hồ sơ")
    await page.goto(f"{world.base}/administration/system")
    await expect(page.locator("main h2").first).to_have_text("Các bộ phận")
    await page.goto(f"{world.base}/administration/calendar")
    await expect(page.locator("main")).not_to_contain_text("policies/")


async def test_whoever_mistypes_a_password_types_the_name_once(world: World, page: Page) -> None:
    name = f'x"><b>{uuid4().hex[:6]}'
    await page.goto(f"{world.base}/sign-in?back=/")
    await page.fill("input[name=username]", name)
    await page.fill("input[name=password]", "Khong-dung-mat-khau")
    await page.click("button")
    await expect(page.locator(".error")).to_be_visible()
    assert await page.input_value("input[name=username]") == name
    assert await page.input_value("input[name=password]") == ""
    await expect(page.locator("input[name=password]")).to_be_focused()
