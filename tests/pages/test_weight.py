"""What a first visit loads on a slow line."""

from playwright.async_api import BrowserContext, Page

from tests.pages.conftest import World
from tests.pages.council_cases import AUTHOR
from tests.pages.ground import FIRST_PAGE, LATER_PAGE


async def _loaded(context: BrowserContext, page: Page) -> list[float]:
    """Grows by the bytes of everything that the page fetches, as they came over the wire."""
    weights: list[float] = []
    cdp = await context.new_cdp_session(page)
    await cdp.send("Network.enable")
    cdp.on("Network.loadingFinished", lambda told: weights.append(told["encodedDataLength"]))
    return weights


async def test_the_first_page_and_the_one_after_signing_in_are_light(
    world: World, context: BrowserContext, page: Page
) -> None:
    weights = await _loaded(context, page)
    await page.goto(world.base, wait_until="networkidle")
    assert 0 < sum(weights) <= FIRST_PAGE
    await world.sign_in(page, AUTHOR)
    await page.wait_for_load_state("networkidle")
    # With all that every page shares: nothing of it is loaded a second time.
    assert sum(weights) <= FIRST_PAGE
    before = sum(weights)
    await page.goto(f"{world.base}/dossiers", wait_until="networkidle")
    assert 0 < sum(weights) - before <= LATER_PAGE
