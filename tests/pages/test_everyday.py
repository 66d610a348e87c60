"""Everybody's day: notices, the own account, search, help; without script, on a telephone."""

from collections.abc import AsyncIterator

import httpx
import pyotp
import pytest
from playwright.async_api import Browser, BrowserContext, Page

from tests.pages.conftest import World, cookie_of, shoot
from tests.pages.ground import SCRIPT

AUTHOR, OTHER, THIRD = "tacgia0001", "tacgia0002", "tacgia0003"
ADMIN, OFFICER, AUDITOR = "admin", "vanthu.t010", "kiemtoan"
READER = "tacgia0005"
"""Somebody whose notices no other test reads."""
SHOWN = 25
PAGES = (
    "/notices",
    "/notices?show=all",
    "/account",
    "/account/password",
    "/account/leave",
    "/account/notices",
    "/account/codes",
    "/search?q=phuong",
    "/search?q=zzzq",
    "/help",
    "/help/tac-gia",
    "/design",
    "/design?light=night",
)


@pytest.fixture
async def plain(browser: Browser) -> AsyncIterator[Page]:
    """A telephone without script."""
    context = await browser.new_context(
        locale="vi-VN", viewport={"width": 360, "height": 800}, java_script_enabled=False
    )
    yield await context.new_page()
    await context.close()


async def test_notices_are_read_at_one_click(world: World, plain: Page) -> None:
    await world.sign_in(plain, READER, "/notices")
    unread = int(await plain.locator("nav.menu a[href='/notices'] .count").inner_text())
    assert await plain.locator("li.card").count() == min(unread, SHOWN)
    await plain.locator("button[name=open]").first.click()
    assert "/dossiers/" in plain.url or plain.url.endswith("/account")
    await plain.goto(f"{world.base}/notices")
    assert await plain.locator("li.card").count() == min(unread - 1, SHOWN)
    await plain.click("text=Đánh dấu đã đọc hết")
    assert "Bạn đã đọc hết thông báo" in await plain.inner_text("main")
    assert (
        await plain.locator("nav.menu .count").count() == 0
        or "Thông báo" not in await plain.locator("nav.menu li:has(.count)").first.inner_text()
    )
    await plain.goto(f"{world.base}/notices?show=read")
    # What was read before is there, too.
    assert await plain.locator("li.card h2 a").count() >= min(unread, SHOWN)


async def test_leave_is_written_down_and_taken_back(world: World, plain: Page) -> None:
    await world.sign_in(plain, AUTHOR, "/account/leave")
    await plain.fill("#starts_on", "20/12/2027")
    await plain.fill("#ends_on", "10/12/2027")
    await plain.click("main button:has-text('Ghi lại')")
    assert await plain.get_attribute("#ends_on", "aria-invalid") == "true"
    assert await plain.input_value("#starts_on") == "20/12/2027"
    await plain.fill("#ends_on", SCRIPT[:10])
    await plain.click("main button:has-text('Ghi lại')")
    assert "Hãy ghi ngày theo mẫu" in await plain.inner_text("#ends_on-fault")
    await plain.fill("#ends_on", "24/12/2027")
    await plain.click("main button:has-text('Ghi lại')")
    assert "Đã ghi ngày nghỉ" in await plain.inner_text("main")
    await plain.locator("tr", has_text="20/12/2027").locator("button").click()
    assert "Đã hủy ngày nghỉ" in await plain.inner_text("main")
    assert "20/12/2027" not in await plain.inner_text("main")


async def test_how_one_is_told_is_saved_and_nothing_overwritten(
    world: World, page: Page, plain: Page
) -> None:
    await world.sign_in(page, AUTHOR, "/account/notices")
    await world.sign_in(plain, AUTHOR, "/account/notices")
    assert await page.locator("select[name=mode-STAGE_DECIDED] option[value=OFF]").count() == 0
    await page.fill("#mail_address", "khong-phai-thu")
    await page.eval_on_selector("form[action='/account/notices']", "form => form.noValidate = true")
    await page.click("main form >> text=Lưu")
    assert await page.get_attribute("#mail_address", "aria-invalid") == "true"
    await page.fill("#mail_address", "nha@sangkien.test")
    await page.click("main form >> text=Lưu")
    await page.wait_for_url("**done=saved")
    assert await page.input_value("#mail_address") == "nha@sangkien.test"
    await plain.fill("#mail_address", "khac@sangkien.test")
    await plain.click("main form >> text=Lưu")
    assert "được lưu từ nơi khác" in await plain.inner_text("main")
    assert await plain.input_value("#mail_address") == "khac@sangkien.test"
    await plain.click("text=xem nội dung đang được lưu")
    assert await plain.input_value("#mail_address") == "nha@sangkien.test"


async def test_the_password_is_changed_with_the_old_one(world: World, page: Page) -> None:
    old, new = await world.password(OTHER), "hoa sen nở trên đồi 2026"
    await world.sign_in(page, OTHER, "/account/password")
    for first, second, third, wrong in (
        ("sai mật khẩu cũ", new, new, "old_password"),
        (old, "ngắn", "ngắn", "new_password"),
        (old, new, f"{new}x", "new_password_again"),
    ):
        await page.fill("#old_password", first)
        await page.fill("#new_password", second)
        await page.fill("#new_password_again", third)
        await page.click("main form button")
        assert await page.get_attribute(f"#{wrong}", "aria-invalid") == "true", wrong
        assert await page.input_value("#old_password") == ""
    await page.fill("#old_password", old)
    await page.fill("#new_password", new)
    await page.fill("#new_password_again", new)
    await page.click("main form button")
    await page.wait_for_url("**/welcome?done=password-changed")
    world.passwords[OTHER] = new
    await world.sign_in(page, OTHER, "/account")
    await page.click("main form button.danger")
    await page.wait_for_url("**/welcome?done=signed-out-everywhere")
    await page.goto(f"{world.base}/account")
    assert "/oauth2/authorize" in page.url


async def test_one_time_codes_are_set_up_and_removed(world: World, page: Page) -> None:
    await world.sign_in(page, THIRD, "/account/codes")
    await page.fill("#password", "sai mật khẩu")
    await page.click("text=Hiện khóa")
    assert await page.get_attribute("#password", "aria-invalid") == "true"
    await page.fill("#password", await world.password(THIRD))
    await page.click("text=Hiện khóa")
    secret = "".join((await page.inner_text("main ol code")).split())
    await page.fill("#code-confirm", "000000")
    await page.click("text=Bắt đầu dùng mã dùng một lần")
    assert await page.get_attribute("#one_time_code", "aria-invalid") == "true"
    assert secret not in "".join((await page.content()).split())
    await page.fill("#one_time_code", pyotp.TOTP(secret).now())
    await page.click("text=Bắt đầu dùng mã dùng một lần")
    recovery = await page.locator("main ul.card code").all_inner_texts()
    assert len(recovery) == 10
    await page.goto(f"{world.base}/account/codes")
    assert recovery[0] not in await page.content()
    await page.fill("#code-remove", recovery[0])
    await page.click("text=Bỏ mã dùng một lần")
    await page.wait_for_url("**done=codes-removed")
    assert await page.locator("#password").count() == 1


async def test_a_password_is_never_kept(world: World, page: Page, context: BrowserContext) -> None:
    """A session had ended when it was sent: the form is kept, without what is secret in it."""
    secret, prose = "mật khẩu không được giữ", "Chữ này thì giữ lại"
    await world.sign_in(page, AUTHOR, "/account/password")
    session = await cookie_of(context)
    await world.end_session(session)
    async with httpx.AsyncClient(headers={"Cookie": f"__Host-session={session}"}) as http:
        typed = {"old_password": secret, "new_password": secret, "one_time_code": secret, "note": prose}
        answer = await http.post(f"{world.base}/account/password", data=typed)
    await context.clear_cookies()
    await world.sign_in(page, AUTHOR, httpx.URL(answer.headers["location"]).params["back"])
    assert prose in await page.inner_text("main")
    assert secret not in await page.content()


async def test_search_says_what_was_searched(world: World, page: Page) -> None:
    await world.sign_in(page, AUTHOR, "/account")
    name = await page.inner_text("h1")
    await page.fill("#find", name.lower())
    await page.press("#find", "Enter")
    assert await page.locator("td[data-label='Tên sáng kiến'] a").count() >= 1
    assert "Chưa tìm: cán bộ và đơn vị" in await page.inner_text("main")
    await page.goto(f"{world.base}/search?q={SCRIPT}")
    assert await page.locator("main script, main img[src=x]").count() == 0
    await shoot(page, "everyday-search")


@pytest.mark.parametrize("account", [AUTHOR, ADMIN, OFFICER, AUDITOR])
async def test_every_role_has_every_page(world: World, page: Page, account: str) -> None:
    await world.sign_in(page, account, "/account")
    for path in PAGES:
        answer = await page.goto(f"{world.base}{path}")
        assert answer
        assert answer.status == 200, path
    await page.goto(f"{world.base}/search?q=truong")
    heads = await page.locator("main h2").all_inner_texts()
    assert ("Cán bộ" in heads) == (account == ADMIN)
    for hidden in ("/help/..%2f..%2fREADME", "/help/pictures/..%2fvi%2ftac-gia.md", "/help/khong-co"):
        answer = await page.goto(f"{world.base}{hidden}")
        assert answer
        assert answer.status == 404, hidden
