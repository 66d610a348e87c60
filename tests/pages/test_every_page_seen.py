"""Every page in a browser, light and dark, with letters of twice the size, on a telephone, a tablet and a
screen: axe finds nothing; in both languages no script that was typed runs, and a telephone shows all without
moving sideways."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final, Literal

import pytest
from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]
from playwright.async_api import Browser as Chromium
from playwright.async_api import Page

from cli.first_start import give_passwords
from cli.people_api import PeopleApi
from tests.pages.conftest import World
from tests.pages.council_cases import AUTHOR, CHAIR, COUNCIL, MEMBER, OFFICER
from tests.pages.every_page import samples
from tests.pages.ground import ADMIN, ROLES, SCRIPT, Ground
from tests.pages.laying import Laying, send_lists
from tests.pages.money_cases import ACCOUNTANT
from tests.pages.steering_ground import SteeringGround

RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_FILES: Final = (
    ".csv",
    ".json",
    ".xlsx",
    "/attachments/",
    "/files/",
    "/pictures/",
    "workbook/file",
    "/proof",
    "/sign-out",
)
READERS: Final = {
    "/administration": ADMIN,
    "/money": ACCOUNTANT,
    "/marking": MEMBER,
    "/stages": CHAIR,
    "/decisions": CHAIR,
    "/complaints": CHAIR,
    "/checking": OFFICER,
    "/register": OFFICER,
    "/lists": OFFICER,
}
"""Who has most on a page; all others are looked at by their author."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a page is looked at; `letters` is their size in per cent."""

    width: int
    scheme: Literal["light", "dark"]
    letters: int


TELEPHONE: Final = 360
LOOKS: Final = (
    Look(TELEPHONE, "light", 100),
    Look(768, "dark", 200),
    Look(1440, "light", 200),
    Look(TELEPHONE, "dark", 200),
    Look(1440, "dark", 100),
    Look(768, "light", 100),
)


@pytest.fixture(scope="module")
async def ground(world: World) -> AsyncIterator[Ground]:
    api = PeopleApi(world.instance.urls, world.instance.secrets["cli_client_secret"])
    world.passwords |= await give_passwords(world.instance, list({*ROLES, *COUNCIL}))
    laid = await Laying(api).lay()
    await send_lists(world, laid)
    yield laid
    await SteeringGround(api, laid).clear()
    await api.close()


def _reader(path: str) -> str:
    return next((reader for begins, reader in READERS.items() if path.startswith(begins)), AUTHOR)


def _addresses(ground: Ground, reader: str) -> list[str]:
    # One of each route: its others are the same page with other words.
    found = [one for told in samples(ground).values() for one in told[:1]]
    return [one for one in found if _reader(one) == reader and not any(file in one for file in _FILES)]


_LANGUAGES: Final = ("vi", "en")


@pytest.mark.timeout(900)
@pytest.mark.parametrize("reader", sorted({*READERS.values(), AUTHOR}))
async def test_everybody_can_read_every_page(
    world: World, ground: Ground, browser: Chromium, reader: str
) -> None:
    context = await browser.new_context(locale="vi-VN")
    page = await context.new_page()
    await world.sign_in(page, reader)
    wrong = []
    for place, path in enumerate(_addresses(ground, reader)):
        # Another look each time, in one language and the other; in both it is seen on a telephone.
        look, language = LOOKS[place % len(LOOKS)], _LANGUAGES[place // len(LOOKS) % 2]
        for of in _LANGUAGES:
            await page.emulate_media(color_scheme=look.scheme)
            await page.set_viewport_size({"width": TELEPHONE, "height": 900})
            await page.goto(f"{world.base}{path}{'&' if '?' in path else '?'}lang={of}")
            wrong += [f"{path} {of}: {one}" for one in await _on_a_telephone(page)]
            if of == language:
                wrong += [f"{path} {of} {look}: {one}" for one in await _looked_at(page, look)]
    await context.close()
    assert not wrong, "\n".join(wrong)


async def _on_a_telephone(page: Page) -> list[str]:
    """What is wrong with the page that is open."""
    found = ["a script ran"] if await page.title() == "stolen" else []
    width = await page.evaluate("document.documentElement.scrollWidth")
    return found + ([f"{width} px wide"] if width > TELEPHONE else [])


async def _looked_at(page: Page, look: Look) -> list[str]:
    """What axe finds in it."""
    await page.set_viewport_size({"width": look.width, "height": 900})
    await page.evaluate("size => { document.documentElement.style.fontSize = size }", f"{look.letters}%")
    told = await Axe().run(page, options={"runOnly": RULES, "resultTypes": ["violations"]})
    return [
        f"{one['id']}: {one['nodes'][0]['html'][:200].replace(SCRIPT, '…')}"
        for one in told.response["violations"]
    ]
