"""Every page in a browser, in both languages, light and dark, with letters of twice the size, on a telephone,
a tablet and a screen: axe finds nothing, no script that was typed runs, and a telephone shows all without
moving sideways."""

from collections.abc import AsyncIterator, Iterator, Sequence
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


LOOKS: Final = (
    Look(360, "light", 100),
    Look(768, "dark", 200),
    Look(1440, "light", 200),
    Look(360, "dark", 200),
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


def _looks(addresses: Sequence[str]) -> Iterator[tuple[str, str, Look]]:
    """Each page in each language, in another look each time."""
    for place, path in enumerate(addresses):
        for language in ("vi", "en"):
            turn = place + (len(LOOKS) // 2 if language == "en" else 0)
            yield path, language, LOOKS[turn % len(LOOKS)]


@pytest.mark.timeout(900)
@pytest.mark.parametrize("reader", sorted({*READERS.values(), AUTHOR}))
async def test_everybody_can_read_every_page(
    world: World, ground: Ground, browser: Chromium, reader: str
) -> None:
    context = await browser.new_context(locale="vi-VN")
    page = await context.new_page()
    await world.sign_in(page, reader)
    wrong = []
    for path, language, look in _looks(_addresses(ground, reader)):
        await page.set_viewport_size({"width": look.width, "height": 900})
        await page.emulate_media(color_scheme=look.scheme)
        await page.goto(f"{world.base}{path}{'&' if '?' in path else '?'}lang={language}")
        wrong += [f"{path} {language} {look}: {one}" for one in await _seen(page, look)]
    await context.close()
    assert not wrong, "\n".join(wrong)


async def _seen(page: Page, look: Look) -> list[str]:
    """What is wrong with the page that is open."""
    found = []
    if await page.title() == "stolen":
        found.append("a script ran")
    if look.width == min(one.width for one in LOOKS):
        width = await page.evaluate("document.documentElement.scrollWidth")
        found += [f"{width} px wide"] if width > look.width else []
    await page.evaluate("size => { document.documentElement.style.fontSize = size }", f"{look.letters}%")
    told = await Axe().run(page, options={"runOnly": RULES, "resultTypes": ["violations"]})
    for one in told.response["violations"]:
        found.append(f"{one['id']}: {one['nodes'][0]['html'][:200].replace(SCRIPT, '…')}")
    return found
