"""Somebody is invited by mail, forgets the password, and is in again: with script and without."""

import asyncio
import re

from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]
from playwright.async_api import Browser, Page, expect

from cli.mail import caught
from tests.notice_cases import text_of
from tests.pages.conftest import World, shoot

NAME, ADDRESS = "moi.9100", "moi.9100@sangkien.test"
FIRST, SECOND = "ruong-bac-thang-thang-chin", "cau-go-qua-suoi-2026"
_LINK = re.compile(r"https?://\S+/oauth2/password\?ui_locales=vi#(\S+)")


async def _link(world: World, count: int) -> tuple[str, str]:
    """The address of the newest mail that brings one, once there are so many, and its code."""
    async with asyncio.timeout(30):
        while True:
            mails = [mail for mail in caught(world.instance.data / "mail") if mail["To"] == ADDRESS]
            found = [link for mail in mails if (link := _LINK.search(text_of(mail)))]
            if len(found) >= count:
                return found[-1].group(0), found[-1].group(1)
            await asyncio.sleep(0.2)


async def _choose(page: Page, password: str) -> None:
    await page.fill("input[name=new_password]", password)
    await page.fill("input[name=new_password_again]", password)
    await page.click("button")


async def _invite(world: World, page: Page) -> None:
    await world.sign_in(page, "admin", "/administration/people")
    await page.goto(f"{world.base}/administration/people/new")
    await page.fill("input[name=code]", "CB-9100")
    await page.fill("input[name=full_name]", "Giàng A Mới")
    await page.fill("input[name=mail_address]", ADDRESS)
    await page.click("button[value=do]")
    await page.wait_for_url("**?done=person-added*")
    await page.goto(f"{world.base}/administration/people?q=CB-9100")
    await page.click("tbody a")
    await page.click("main a[href$='/account']")
    await page.fill("input[name=username]", NAME)
    await page.check("input[name=invite]")
    await shoot(page, "administration-invite")
    await page.click("button[value=do]")
    await page.wait_for_url("**?done=account-set*")


async def test_an_invitation_and_a_forgotten_password(world: World, page: Page, browser: Browser) -> None:
    await _invite(world, page)
    address, code = await _link(world, 1)
    async with await browser.new_context(locale="vi-VN") as reader:
        tab = await reader.new_page()
        seen: list[str] = []
        tab.on("request", lambda request: seen.append(f"{request.url} {request.headers}"))
        await tab.goto(f"{world.base}/oauth2/password?ui_locales=vi#{code}")
        await expect(tab.locator("#code")).to_be_hidden()
        assert tab.url.endswith("/oauth2/password?ui_locales=vi"), "the code is gone from the address"
        await shoot(tab, "password-link")
        assert (await Axe().run(tab)).violations_count == 0
        await _choose(tab, "123456789012")
        await expect(tab.locator(".error")).to_be_visible()
        await tab.click("header a")
        await expect(tab.locator("#code")).to_be_hidden()
        await tab.click("header a")
        await expect(tab.locator("#code")).to_be_hidden()
        await _choose(tab, FIRST)
        await expect(tab.get_by_text("Mật khẩu mới đã được đặt")).to_be_visible()
        assert not any(code in one for one in seen), "no address and no header has borne it"
        world.passwords[NAME] = FIRST
        await world.sign_in(tab, NAME)
    assert "/oauth2/password" in address
    async with await browser.new_context(locale="vi-VN", java_script_enabled=False) as plain:
        tab = await plain.new_page()
        await tab.goto(f"{world.base}/sign-in?back=/")
        await tab.click("text=Quên mật khẩu?")
        await tab.fill("input[name=username]", NAME)
        await tab.click("button")
        await expect(tab.get_by_text("Nếu có tài khoản mang tên này")).to_be_visible()
        address, code = await _link(world, 2)
        await tab.goto(f"{world.base}/oauth2/password?ui_locales=vi#{code}")
        await tab.fill("#code", code)
        await _choose(tab, SECOND)
        await tab.click("main a")
        world.passwords[NAME] = SECOND
        await world.sign_in(tab, NAME)
