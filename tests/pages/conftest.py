"""A running system with made-up people, and a real browser. Without Chromium these tests are skipped, and
the reason says what to install; as root the first run installs it."""

import os
import shutil
import subprocess
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import asyncpg
import pytest
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from cli.first_start import complete_first_start, give_passwords
from embedded.instance import Instance
from embedded.layout import free_ports
from language.names import PORTAL

SHOTS = Path(os.environ.get("SANGKIEN_SHOTS", ".sangkien-shots")).resolve()
_END = "update portal.sessions set ends_at = now() where secret_hash = $1"
_SHELL = "chromium-headless-shell"
"""The browser without the window around a page, which costs a third of what all of it does."""
_CHROMIUM = (_SHELL, "chromium", "chromium-browser", "google-chrome")
_INSTALL = ("apt-get", "install", "-y", "-qq")


def _chromium() -> str | None:
    return next((found for name in _CHROMIUM if (found := shutil.which(name))), None)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser's program."""
    if _chromium() is None and os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "update", "-qq"], check=False, capture_output=True)
        for package in (_SHELL, "chromium"):
            if subprocess.run([*_INSTALL, package], check=False, capture_output=True).returncode == 0:
                break
    found = _chromium()
    if found is None:
        pytest.skip("no Chromium: apt-get install chromium (cần Chromium để kiểm thử các trang)")
    return found


@dataclass
class World:
    """A province that runs, with a password for whoever a test signs in as."""

    instance: Instance
    passwords: dict[str, str] = field(default_factory=dict)

    @property
    def base(self) -> str:
        """The public address."""
        return self.instance.ports.url(PORTAL)

    async def password(self, account: str) -> str:
        """The account's password, given to it the first time it is asked for."""
        if account not in self.passwords:
            self.passwords |= await give_passwords(self.instance, [account])
        return self.passwords[account]

    async def sign_in(self, page: Page, account: str, back: str = "/") -> None:
        """As a person does it: open the pages, type name and password."""
        await page.goto(f"{self.base}/sign-in?back={back}")
        await page.fill("input[name=username]", account)
        await page.fill("input[name=password]", await self.password(account))
        await page.click("button")
        await page.wait_for_url(f"{self.base}{back}*")

    async def end_session(self, secret: str) -> None:
        """As if its time were over."""
        admin = await asyncpg.connect(self.instance.admin_database_url)
        await admin.execute(_END, sha256(secret.encode()).digest())
        await admin.close()


async def cookie_of(context: BrowserContext) -> str:
    """The secret of the session that this browser has."""
    found = {one.get("name"): one.get("value") for one in await context.cookies()}
    return str(found["__Host-session"])


@pytest.fixture(scope="session")
async def world(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    """The sample province with its first twenty dossiers."""
    data = tmp_path_factory.mktemp("pages")
    async with Instance(data=data, ports=free_ports(), private=True, pages=True) as instance:
        await complete_first_start(instance, empty=False)
        yield World(instance)


@pytest.fixture(scope="session")
async def browser(chromium: str) -> AsyncIterator[Browser]:
    """One browser for all tests; each test has a profile of its own."""
    async with async_playwright() as playwright:
        arguments = ["--disable-gpu", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
        browser = await playwright.chromium.launch(executable_path=chromium, args=arguments)
        yield browser
        await browser.close()


@pytest.fixture
async def context(browser: Browser) -> AsyncIterator[BrowserContext]:
    """A fresh profile, Vietnamese, on a screen of a laptop."""
    context = await browser.new_context(locale="vi-VN", viewport={"width": 1366, "height": 900})
    yield context
    await context.close()


@pytest.fixture
async def page(context: BrowserContext) -> AsyncIterator[Page]:
    """A tab in which any error of a script, and anything that the policy forbids, fails the test."""
    page = await context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda told: faults.append(told.text) if "Content Security" in told.text else None)
    yield page
    assert faults == []


@pytest.fixture(scope="session", autouse=True)
def _shots() -> None:
    SHOTS.mkdir(parents=True, exist_ok=True)


async def shoot(page: Page, name: str) -> None:
    """Keep what the page looks like."""
    await page.screenshot(path=SHOTS / f"{name}.png", full_page=True)
