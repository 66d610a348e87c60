"""Files over a line that breaks: they go on from what was received, by themselves, after the page was opened
anew, after signing in again; and nobody sends any into somebody else's dossier."""

import re
from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]
from playwright.async_api import BrowserContext, Page, Request, Route, expect

from cli.people_api import PeopleApi
from tests.pages.carrying import begin
from tests.pages.conftest import World, shoot

AUTHOR, STRANGER = "tacgia0001", "tacgia0004"
PIECE = 131_072
CONTENT = b"%PDF-1.7\n1 0 obj\n" + b"".join(b"%07d\n" % number for number in range(390_000))
PIECES = -(-len(CONTENT) // PIECE)
NAME = "phiếu khảo sát 28 học sinh lớp 3 trước và sau khi áp dụng.pdf"


@pytest.fixture
async def api(world: World) -> AsyncIterator[PeopleApi]:
    people = PeopleApi(world.instance.urls, world.instance.secrets["cli_client_secret"])
    yield people
    await people.close()


@pytest.fixture
def proof(tmp_path: Path) -> Path:
    file = tmp_path / NAME
    file.write_bytes(CONTENT)
    return file


class Line:
    """The line to the pages: counts what goes over it, and is cut."""

    def __init__(self, page: Page) -> None:
        self.sent = 0
        self.cut_at: set[int] = set()
        self.deaf_at: set[int] = set()
        self._page = page

    async def watch(self) -> "Line":
        """From now on."""
        await self._page.route("**/uploads", self._pass)
        return self

    async def _pass(self, route: Route, request: Request) -> None:
        if request.method != "POST":
            await route.continue_()
            return
        self.sent += 1
        if self.sent in self.cut_at:
            await route.abort("connectionreset")
        elif self.sent in self.deaf_at:
            await route.fetch()
            await route.abort("connectionreset")
        else:
            await route.continue_()

    async def until(self, sent: int) -> None:
        """So much has gone over it."""
        while self.sent < sent:
            await self._page.wait_for_timeout(20)


async def _files(world: World, page: Page, api: PeopleApi) -> str:
    """The step of the files of a new dossier; its id."""
    await world.sign_in(page, AUTHOR)
    dossier_id = await begin(api, AUTHOR)
    await page.goto(f"{world.base}/dossiers/{dossier_id}/edit/files")
    return dossier_id


async def _choose(page: Page, proof: Path) -> None:
    await page.set_input_files("#file", str(proof))
    await page.click("button[value=add]")


async def _is_kept(page: Page, api: PeopleApi, dossier_id: str) -> None:
    await expect(page.locator("table")).to_contain_text(NAME, timeout=60_000)
    kept = await api.get(AUTHOR, "intake", f"/v1/dossiers/{dossier_id}/attachments")
    assert [(one["filename"], one["sha256"]) for one in kept["items"]] == [
        (NAME, sha256(CONTENT).hexdigest())
    ]


async def test_a_broken_line_costs_what_was_on_it_and_no_more(
    world: World, page: Page, api: PeopleApi, proof: Path
) -> None:
    dossier_id = await _files(world, page, api)
    line = await Line(page).watch()
    # Cut before anything came through, cut in a piece, and an answer that is lost.
    line.cut_at, line.deaf_at = {1, 8}, {14}
    await _choose(page, proof)
    await line.until(4)
    await expect(page.locator("[data-uploads] progress")).to_have_count(1)
    await expect(page.locator("[data-uploads]")).to_contain_text(re.compile(r"\d+ %"))
    await _is_kept(page, api, dossier_id)
    # Begun twice (once in vain), each piece once, the one that was cut again, and asked twice how far it is.
    assert line.sent == 2 + PIECES + 1 + 2
    assert await page.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('upload:'))") == []


async def test_while_the_line_is_gone_it_waits_and_then_goes_on(
    world: World, page: Page, context: BrowserContext, api: PeopleApi, proof: Path
) -> None:
    dossier_id = await _files(world, page, api)
    line = await Line(page).watch()
    await _choose(page, proof)
    await line.until(10)
    await context.set_offline(True)
    await expect(page.locator("[data-uploads]")).to_contain_text("Phần đã gửi vẫn còn")
    await shoot(page, "uploads-mat-mang")
    before = line.sent
    await page.wait_for_timeout(4_000)
    assert line.sent == before
    await context.set_offline(False)
    await _is_kept(page, api, dossier_id)
    assert line.sent <= 1 + PIECES + 2 + 1


async def test_opened_anew_it_goes_on_with_the_same_file(
    world: World, page: Page, context: BrowserContext, api: PeopleApi, proof: Path
) -> None:
    dossier_id = await _files(world, page, api)
    line = await Line(page).watch()
    await _choose(page, proof)
    await line.until(12)
    await page.reload()
    begun = page.locator("[data-uploads] li")
    await expect(begun).to_contain_text("Chọn lại đúng tệp này")
    percent = int(re.findall(r"(\d+) %", await begun.inner_text())[0])
    assert 100 * 9 * PIECE // len(CONTENT) <= percent < 100
    await _looked_at(page)
    # The session ends in the middle: after signing in it goes on all the same.
    await _choose(page, proof)
    await line.until(18)
    await context.clear_cookies()
    await page.wait_for_url("**/oauth2/authorize**")
    await page.fill("input[name=username]", AUTHOR)
    await page.fill("input[name=password]", await world.password(AUTHOR))
    await page.click("button")
    await page.wait_for_url(f"**/dossiers/{dossier_id}/edit/files*")
    await expect(page.locator("[data-uploads] li")).to_contain_text("Chọn lại đúng tệp này")
    await _choose(page, proof)
    await _is_kept(page, api, dossier_id)
    # Begun once; what was on the line at each break comes again, and each page asks twice how far it is.
    assert line.sent <= 1 + PIECES + 2 + 4 + 1
    await expect(page.locator("[data-uploads] li")).to_have_count(0)


async def _looked_at(page: Page) -> None:
    """On a telephone and on a screen, in both languages."""
    for width in (360, 768, 1440):
        await page.set_viewport_size({"width": width, "height": 800})
        await shoot(page, f"uploads-do-dang-{width}")
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    found = await Axe().run(page)
    assert found.response["violations"] == [], found.generate_report()


async def test_what_is_refused_at_the_end_is_said_and_can_be_sent_corrected(
    world: World, page: Page, api: PeopleApi, tmp_path: Path
) -> None:
    dossier_id = await _files(world, page, api)
    wrong = tmp_path / "không phải.pdf"
    wrong.write_bytes(b"MZ" + bytes(300_000))
    line = await Line(page).watch()
    await _choose(page, wrong)
    await expect(page.locator("[data-uploads] .fault")).to_contain_text("Tệp không phải PDF")
    await shoot(page, "uploads-khong-nhan")
    # Begun, three pieces, and given up.
    await line.until(5)
    large = tmp_path / "lớn.pdf"
    with large.open("wb") as file:
        file.truncate(21 * 1024 * 1024)
    await page.set_input_files("#file", str(large))
    await page.click("button[value=add]")
    await expect(page.locator("[data-uploads] .fault").last).to_contain_text("20 MB")
    assert line.sent == 6
    kept = await api.get(AUTHOR, "intake", f"/v1/dossiers/{dossier_id}/attachments")
    assert kept["items"] == []


SEND = """
async ([dossier, fields, token]) => {
  const shown = new DOMParser().parseFromString(await (await fetch("/dossiers/new")).text(), "text/html");
  const data = new FormData();
  data.set("form_token", token || shown.querySelector("[name=form_token]").value);
  data.set("key", crypto.randomUUID());
  Object.entries(fields).forEach(([name, value]) => data.set(name, value));
  if ("at" in fields) data.set("piece", new Blob(["%PDF-1.7"]));
  const answer = await fetch(`/dossiers/${dossier}/uploads`, { method: "POST", body: data });
  const text = await answer.text();
  return [answer.status, text.startsWith("{") ? JSON.parse(text) : null];
}
"""


async def test_into_somebody_elses_dossier_nothing_goes(
    world: World, page: Page, context: BrowserContext, api: PeopleApi
) -> None:
    dossier_id = await _files(world, page, api)
    begun = await page.evaluate(SEND, [dossier_id, {"upload": "", "filename": "a.pdf", "size": "8"}, ""])
    assert begun[0] == 200
    mine = begun[1]["upload"]
    # A form that no page of this session has made.
    forged = await page.evaluate(SEND, [dossier_id, {"upload": mine, "at": "0"}, "A" * 44])
    assert forged == [403, None]
    other = await context.browser.new_context(locale="vi-VN")  # type: ignore[union-attr]
    stranger = await other.new_page()
    await world.sign_in(stranger, STRANGER)
    for fields in ({"upload": mine}, {"upload": mine, "at": "0"}, {"upload": mine, "drop": "1"}):
        assert await stranger.evaluate(SEND, [dossier_id, fields, ""]) == [404, {"gone": True}]
    status, said = await stranger.evaluate(
        SEND, [dossier_id, {"upload": "../../x", "filename": "a.pdf", "size": "8"}, ""]
    )
    assert status == 404
    assert set(said) == {"said"}
    await other.close()
    assert await page.evaluate(SEND, [dossier_id, {"upload": mine}, ""]) == [
        200,
        {"upload": mine, "at": 0, "done": False},
    ]
    done = await page.evaluate(SEND, [dossier_id, {"upload": mine, "at": "0"}, ""])
    assert done[1]["done"] is True
