"""Two accountants' day in the browser: awards signed alone and many at once, a payment list made, sent,
confirmed in part; and who is offered what."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page, expect

from cli.first_start import give_passwords
from cli.people_api import PeopleApi
from tests.pages.conftest import World
from tests.pages.council_cases import AUTHOR, COUNCIL, OFFICER, TITLES, picture
from tests.pages.ground import SCRIPT
from tests.pages.money_cases import ACCOUNTANT, CHIEF, MoneyCase

AUDITOR = "kiemtoan"


@pytest.fixture(scope="module")
async def case(world: World) -> AsyncIterator[MoneyCase]:
    api = PeopleApi(world.instance.urls, world.instance.secrets["cli_client_secret"])
    world.passwords |= await give_passwords(
        world.instance, [ACCOUNTANT, CHIEF, AUDITOR, AUTHOR, OFFICER, *COUNCIL]
    )
    yield MoneyCase(api)
    await api.close()


async def test_the_accountant_verifies_many_after_a_dry_run_without_script(
    world: World, case: MoneyCase, browser: Browser
) -> None:
    awards = [await case.award(title) for title in TITLES[:2]]
    context = await browser.new_context(locale="vi-VN", java_script_enabled=False)
    page = await context.new_page()
    await world.sign_in(page, ACCOUNTANT, "/money/signing")
    await page.click("button[value=try]")
    await expect(page.locator("#faults")).to_contain_text("Hãy đánh dấu các khoản bạn ký")
    for award in awards:
        await page.check(f"input[value='{award['id']}']")
    await page.click("button[value=try]")
    await expect(page.locator("#report")).to_contain_text("Đã thử, chưa ghi gì: 2 khoản sẽ ký được")
    assert (await case.read(awards[0]["id"]))["state"] == "ASSESSED"
    await picture(page, "money-signing")
    await page.click("button[value=do]")
    await expect(page.locator("#report")).to_contain_text("Đã ký 2 khoản")
    assert {(await case.read(award["id"]))["state"] for award in awards} == {"VERIFIED"}
    await context.close()


async def test_the_chief_looks_at_the_decision_and_approves_or_rejects(
    world: World, case: MoneyCase, page: Page
) -> None:
    award = await case.award(TITLES[2])
    await world.sign_in(page, ACCOUNTANT, f"/money/awards/{award['id']}")
    await expect(page.get_by_text("Quyết định làm căn cứ")).to_be_visible()
    await picture(page, "money-award")
    assert await page.get_by_text("Duyệt: đơn vị ghi nợ khoản này").count() == 0
    await page.click("text=Từ chối khoản thưởng")
    await page.click("main form button")
    await page.fill("textarea[name=reason]", SCRIPT)
    await page.click("main form button")
    await page.wait_for_url("**done=award-rejected*")
    assert (await case.read(award["id"]))["state"] == "REJECTED"


async def test_a_list_is_made_of_some_sent_by_another_and_paid_in_part(
    world: World, case: MoneyCase, browser: Browser, page: Page
) -> None:
    paid, returned, later = [await case.approved(f"{title} {SCRIPT}") for title in TITLES[3:6]]
    await world.sign_in(page, ACCOUNTANT, "/money/lists/new")
    assert await page.locator(f"input[value='{later['id']}']").is_checked()
    checked = page.locator("input[type=checkbox]:checked")
    while await checked.count():
        await checked.first.uncheck()
    for award in (paid, returned):
        await page.check(f"input[value='{award['id']}']")
    await page.click("button[value=try]")
    await expect(page.locator("#report")).to_contain_text("Một triệu đồng")
    await picture(page, "money-making")
    form = "new URLSearchParams(new FormData(document.querySelector('main form[method=post]'))).toString()"
    sent, making = f"{await page.evaluate(form)}&act=do", page.url
    await page.click("button[value=do]")
    await page.wait_for_url("**done=payment-list-made*")
    again = await page.request.post(
        making, data=sent, headers={"content-type": "application/x-www-form-urlencoded"}
    )
    assert (again.status, again.url.split("?")[0]) == (200, page.url.split("?")[0]), "sent twice, made once"
    assert await page.get_by_role("button", name="Đã gửi đến Kho bạc").count() == 0
    assert await page.locator("main script:not([src]), main img[onerror]").count() == 0
    await picture(page, "money-list")
    address = page.url.split("?")[0].removeprefix(world.base)
    assert (await case.read(later["id"]))["state"] == "APPROVED"
    context = await browser.new_context(locale="vi-VN", viewport={"width": 360, "height": 740})
    chief = await context.new_page()
    await world.sign_in(chief, CHIEF, address)
    await chief.get_by_role("button", name="Đã gửi đến Kho bạc").click()
    await chief.wait_for_url("**done=list-sent*")
    await context.close()
    await page.goto(f"{world.base}{address}/confirmation")
    await page.fill("input[name=statement_reference]", "SK-KB/2026/15")
    await page.check(f"input[value='{returned['id']}']")
    await page.click("button[value=try]")
    await expect(page.locator("#faults")).to_contain_text("Hãy ghi lý do chưa chi")
    await expect(page.locator("input[name=statement_reference]")).to_have_value("SK-KB/2026/15")
    await page.fill(f"input[name='reason-{returned['id']}']", "Sai số tài khoản")
    await page.click("button[value=try]")
    await picture(page, "money-confirmation")
    await page.click("button[value=do]")
    await page.wait_for_url("**done=list-confirmed*")
    assert (await case.read(paid["id"]))["state"] == "PAID"
    assert (await case.read(returned["id"]))["state"] == "APPROVED"
    await page.goto(f"{world.base}{address}/history")
    await expect(page.locator("ol.line")).to_contain_text("SK-KB/2026/15")
    await page.goto(f"{world.base}/money/ledger")
    await expect(page.get_by_text("Hai bên bằng nhau.")).to_be_visible()


@pytest.mark.parametrize("account", [AUDITOR, AUTHOR])
async def test_who_only_reads_is_offered_nothing(
    world: World, case: MoneyCase, page: Page, account: str
) -> None:
    award = await case.award(TITLES[1])
    await world.sign_in(page, account, "/money")
    await page.goto(f"{world.base}/money/awards/{award['id']}")
    assert await page.locator("main form[method=post], main a.button").count() == 0
    await page.goto(f"{world.base}/money/signing")
    assert await page.locator("input[name=award_id]").count() == 0
