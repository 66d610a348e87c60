"""Whoever looks at dossiers: what each may see and do, the list and its tables, stored script, and that
everybody can use the pages."""

from collections.abc import AsyncIterator
from typing import Final
from uuid import uuid4

import httpx
import pytest
from playwright.async_api import BrowserContext, Page, expect

from cli.browsing import Browser
from cli.people_api import PeopleApi, Refused
from tests.pages.carrying import begin, file
from tests.pages.conftest import World
from tests.pages.ground import SCRIPT
from tests.pages.laying import as_person

AUTHOR, SCHOOL = "tacgia0001", "t010"
STRANGER, AUDITOR, OFFICER = "tacgia0004", "kiemtoan", f"vanthu.{SCHOOL}"
ROLES: Final = (AUTHOR, STRANGER, OFFICER, f"hieutruong.{SCHOOL}", f"ketoan.{SCHOOL}", AUDITOR, "admin")
STEPS: Final = ("idea", "problem", "solution", "trial", "effect", "authors", "files", "review")
PAGES: Final = ("", "/history", "/versions/1", *(f"/edit/{step}" for step in STEPS))
ACTS: Final = {
    "withdrawal": "withdrawal",
    "takeover": "takeover",
    "share-confirmation": "share-confirmation",
    "share-refusal": "share-refusal",
    "filing-agreement": "filing-agreement",
    "acceptance": "acceptance",
    "rejection": "rejection",
    "supplement-notice": "supplement-notice",
}
"""The page of each act, and the command of the dossier that it gives."""


@pytest.fixture
async def api(world: World) -> AsyncIterator[PeopleApi]:
    people = PeopleApi(world.instance.urls, world.instance.secrets["cli_client_secret"])
    yield people
    await people.close()


async def _actions(api: PeopleApi, role: str, dossier_id: str) -> dict[str, bool | None] | None:
    """What the API lets this role do; None where the dossier is not there for it."""
    try:
        found = await api.get(role, "intake", f"/v1/dossiers/{dossier_id}", actions="true")
    except Refused as refusal:
        if refusal.status == httpx.codes.NOT_FOUND:
            return None
        raise
    return {one["command"]: one["allowed"] for one in found["actions"]}


async def _see_every_page(browser: Browser, dossier: str, actions: dict[str, bool | None] | None) -> None:
    for path in PAGES:
        seen = await browser.get(f"{dossier}{path}")
        if actions is None:
            assert seen.status == 404, path
        elif path.startswith("/edit/") and not actions["content"]:
            # Nobody is shown a form that would be refused.
            assert seen.path == dossier, path
        elif path != "/versions/1":
            assert seen.status == 200, path


async def _only_what_is_allowed(browser: Browser, dossier: str, actions: dict[str, bool | None]) -> None:
    links = (await browser.get(dossier)).links
    offered = {link.path.rsplit("/", 1)[1] for link in links if "/acts/" in link.path}
    allowed = {name for name, command in ACTS.items() if actions[command] is not False}
    assert offered <= allowed
    for name, command in ACTS.items():
        seen = await browser.get(f"{dossier}/acts/{name}")
        has_form = seen.form(action=f"/acts/{name}") is not None
        assert has_form == (actions[command] is not False), name


@pytest.mark.parametrize("role", ROLES)
async def test_a_page_shows_and_offers_what_the_api_allows_and_nothing_else(
    world: World, api: PeopleApi, role: str
) -> None:
    # A new password ends what is signed in with the old one.
    async with await as_person(world, role) as browser:
        for dossier_id in (await begin(api, AUTHOR), await file(api, AUTHOR)):
            actions = await _actions(api, role, dossier_id)
            dossier = f"/dossiers/{dossier_id}"
            await _see_every_page(browser, dossier, actions)
            if actions is not None:
                await _only_what_is_allowed(browser, dossier, actions)


async def test_a_form_that_nobody_offered_changes_nothing(
    world: World, page: Page, context: BrowserContext, api: PeopleApi
) -> None:
    draft, filed = await begin(api, AUTHOR), await file(api, AUTHOR)
    await world.sign_in(page, STRANGER)
    await page.goto(f"{world.base}/dossiers/new")
    token = await page.locator("input[name=form_token]").first.input_value()
    cookies = {one["name"]: one["value"] for one in await context.cookies()}
    before = [await api.get(AUTHOR, "intake", f"/v1/dossiers/{one}") for one in (draft, filed)]
    async with httpx.AsyncClient(base_url=world.base, cookies=cookies) as http:
        http.headers["Cookie"] = f"__Host-session={cookies['__Host-session']}"
        for dossier_id in (draft, filed):
            for path in (*(f"edit/{step}" for step in STEPS), *(f"acts/{name}" for name in ACTS)):
                form = {"form_token": token, "key": str(uuid4()), "version": '"1"', "reason": "x"}
                form |= {"do": "filing", "title": "Của tôi", "ground": "INCOMPLETE", "defects": "x"}
                answer = await http.post(f"/dossiers/{dossier_id}/{path}", data=form)
                assert answer.status_code == 404, path
        for path in ("dossiers/%2e%2e/edit/idea", "dossiers/x/acts/takeover", "tasks/postroom/x"):
            assert (await http.get(f"/{path}")).status_code == 404, path
    after = [await api.get(AUTHOR, "intake", f"/v1/dossiers/{one}") for one in (draft, filed)]
    assert after == before


async def test_script_that_was_stored_never_runs(world: World, page: Page, api: PeopleApi) -> None:
    draft = await begin(api, AUTHOR, text=SCRIPT)
    filed = await file(api, AUTHOR, text=SCRIPT)
    defects = {"defects": [{"content_field": "description", "what": SCRIPT}, SCRIPT]}
    await api.post(OFFICER, "intake", f"/v1/dossiers/{filed}/supplement-notice", defects)
    await api.upload(
        AUTHOR, "intake", f"/v1/dossiers/{draft}/attachments", b"%PDF-1.7\n1", filename="<img src=x>.pdf"
    )
    await world.sign_in(page, AUTHOR)
    typed = f"/dossiers?q={SCRIPT[:90]}&filed_from={SCRIPT[:40]}&done={SCRIPT[:20]}&sent={SCRIPT[:20]}"
    own = [f"/dossiers/{one}{path}" for one in (draft, filed) for path in PAGES]
    for path in ("/", "/dossiers", typed, *own, f"/dossiers/{filed}/acts/withdrawal"):
        await page.goto(f"{world.base}{path}")
        assert await page.evaluate("window.stolen ?? null") is None, path
        assert await page.locator("main script, main img[src=x]").count() == 0, path
        assert "49" not in (await page.inner_text("main h1")), path
    await page.goto(f"{world.base}/dossiers/{draft}/edit/authors?q={SCRIPT[:60]}")
    assert await page.locator("main script").count() == 0


async def test_the_list_is_filtered_sorted_and_had_as_a_table(
    world: World, page: Page, context: BrowserContext, api: PeopleApi
) -> None:
    mark = f"Bảng nhân {uuid4().hex[:6]}"
    for place in ("b", "a"):
        await file(api, AUTHOR, title=f"{mark} {place}")
    await world.sign_in(page, OFFICER)
    await page.goto(f"{world.base}/dossiers?scope=all")
    await page.click("summary")
    await page.fill("#q", mark.lower())
    await page.select_option("#sort", "title")
    await page.click("form.filters button")
    await page.wait_for_load_state()
    titles = await page.locator("td[data-label='Tên sáng kiến']").all_inner_texts()
    assert titles == [f"{mark} a", f"{mark} b"]
    assert "Tất cả 2 dòng" in await page.inner_text("main")
    async with page.expect_download() as waiting:
        await page.click("text=Tải về dạng CSV")
    table = (await (await waiting.value).path()).read_bytes()
    assert table.startswith(b"\xef\xbb\xbf")
    assert table.decode("utf-8").count(mark) == 2
    async with page.expect_download() as waiting:
        await page.click("text=Tải về dạng Excel")
    assert (await (await waiting.value).path()).read_bytes().startswith(b"PK")
    await page.click("td[data-label='Đơn vị'] a >> nth=0")
    assert "và các đơn vị trực thuộc" in await page.inner_text("main")
    assert await page.locator("tbody tr").count() == len(titles)
    await page.goto(f"{world.base}/dossiers?filed_from=45/1/2026")
    await expect(page.locator("#filed_from")).to_have_attribute("aria-invalid", "true")
    await page.goto(f"{world.base}/dossiers?q=khong+co+cai+nay")
    assert "Không có hồ sơ nào phù hợp" in await page.inner_text("main")
    await page.goto(f"{world.base}/dossiers?state=NONSENSE")
    await expect(page.locator("#faults")).to_be_visible()


async def test_a_task_leads_to_where_it_is_done(world: World, page: Page, api: PeopleApi) -> None:
    dossier_id = await file(api, AUTHOR)
    await api.post(OFFICER, "intake", f"/v1/dossiers/{dossier_id}/supplement-notice", {"defects": ["x"]})
    tasks = await api.get(AUTHOR, "intake", "/v1/tasks")
    task = next(one for one in tasks["items"] if one["subject_id"] == dossier_id)
    await world.sign_in(page, AUTHOR)
    await page.goto(f"{world.base}/tasks/intake/{task['id']}")
    assert page.url == f"{world.base}/dossiers/{dossier_id}/edit/idea"
    await page.goto(f"{world.base}/tasks/intake/{uuid4()}")
    assert "Không tìm thấy" in await page.inner_text("h1")
