"""The pages of an intake office for every role, with stored script in every field."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import httpx
import pytest
from playwright.async_api import Browser, Page

from cli.people_api import PeopleApi, Refused
from tests.pages.carrying import file
from tests.pages.clerk_cases import AUTHOR, CLERK, HEAD, SCHOOL, one, send_list
from tests.pages.conftest import World
from tests.pages.ground import SCRIPT

ROLES: Final = (AUTHOR, CLERK, HEAD, f"ketoan.{SCHOOL}", f"uyvien1.{SCHOOL}", "kiemtoan", "admin")
PAGES: Final = (
    "/checking",
    "/checking?scope=office",
    "/register",
    "/register/print",
    "/lists",
    "/lists/drafts",
)


@pytest.fixture
async def api(world: World) -> AsyncIterator[PeopleApi]:
    people = PeopleApi(world.instance.urls, world.instance.secrets["cli_client_secret"])
    yield people
    await people.close()


async def _status(api: PeopleApi, role: str, method: str, path: str, **more: Any) -> int:
    try:
        if method == "GET":
            await api.get(role, "intake", path, **more)
        else:
            await api.post(role, "intake", path, more["body"], dry_run="true")
    except Refused as refusal:
        return refusal.status
    return 200


async def _wait_for_task(api: PeopleApi, title: str) -> None:
    for _ in range(60):
        found = await api.get(CLERK, "intake", "/v1/tasks", kind="FORMAL_CHECK", q=title)
        if found["items"]:
            return
        await asyncio.sleep(0.5)
    raise AssertionError("no task was opened")


@pytest.mark.parametrize("role", ROLES)
async def test_a_page_does_what_the_api_allows_and_nothing_else(
    world: World, page: Page, api: PeopleApi, tmp_path: Path, role: str
) -> None:
    title = f"Của ai {uuid4().hex[:6]}"
    await world.password(role)
    dossier_id = await file(api, AUTHOR, title=title)
    await world.sign_in(page, role)
    me = await api.get(role, "organisation", "/v1/me")
    unit_id = me["posts"][0]["unit_id"]
    may_read = await _status(api, role, "GET", "/v1/register", unit_id=unit_id, year=2026) == 200
    answer = await page.goto(f"{world.base}/register?unit_id={unit_id}&year=2026")
    assert answer
    assert (answer.status == 200) == may_read
    await _wait_for_task(api, title)
    # Each request that waits is offered only to who may accept it.
    await page.goto(f"{world.base}/checking?scope=office&q={title.replace(' ', '+')}")
    offered = await page.locator(f"input[value='{dossier_id}']").count()
    allowed = await _status(api, role, "POST", f"/v1/dossiers/{dossier_id}/acceptance", body=None) == 200
    assert (offered == 1) == allowed
    address = await send_list(world, page, tmp_path, one(1, title, name="Vi Văn Lạ"))
    assert address.endswith("/lists") == (
        role in {AUTHOR, f"ketoan.{SCHOOL}", f"uyvien1.{SCHOOL}", "kiemtoan"}
    )


async def test_a_list_is_its_senders_alone(
    world: World, browser: Browser, page: Page, tmp_path: Path
) -> None:
    await world.sign_in(page, CLERK)
    address = await send_list(world, page, tmp_path, one(1, f"Riêng {uuid4().hex[:6]}", share="01a"))
    other = await browser.new_context(locale="vi-VN")
    stranger = await other.new_page()
    await world.sign_in(stranger, HEAD)
    for path in (address, f"{address}/marked.xlsx", f"{world.base}/lists/{uuid4()}"):
        answer = await stranger.request.get(path)
        assert answer.status == 404, path
    # What waits after a session had ended is asked for at another address, and is no list.
    answer = await stranger.request.get(f"{world.base}/kept/{address.rsplit('/', 1)[1]}")
    assert "Riêng" not in await answer.text()
    await other.close()


async def test_a_forged_form_changes_nothing(world: World, page: Page, api: PeopleApi) -> None:
    dossier_id = await file(api, AUTHOR)
    await world.sign_in(page, AUTHOR)
    await page.goto(f"{world.base}/dossiers/new")
    token = await page.locator("input[name=form_token]").first.input_value()
    secret = next(one["value"] for one in await page.context.cookies() if one["name"] == "__Host-session")
    headers = {"Cookie": f"__Host-session={secret}"}
    async with httpx.AsyncClient(base_url=world.base, headers=headers, timeout=60) as http:
        form = {"form_token": token, "key": str(uuid4()), "dossier_id": dossier_id, "act": "do"}
        for path in ("/checking/acceptance", "/lists/drafts/filing"):
            answer = await http.post(path, data=form)
            assert answer.status_code == 200, path
            assert "Chưa xử lý được, và lý do" in answer.text, path
        assert (await http.post("/checking/acceptance", data={**form, "form_token": "x"})).status_code == 403
    assert (await api.get(AUTHOR, "intake", f"/v1/dossiers/{dossier_id}"))["state"] == "FILED"


async def test_script_that_was_stored_never_runs(
    world: World, page: Page, api: PeopleApi, tmp_path: Path
) -> None:
    await file(api, AUTHOR, text=SCRIPT)
    await world.sign_in(page, CLERK)
    rows = [
        one(1, f"{SCRIPT} {uuid4().hex[:6]}", name=SCRIPT[:60], school=SCRIPT[:60], share=SCRIPT[:40]),
        one(2, f"{SCRIPT} {uuid4().hex[:6]}", born="", share="", money=SCRIPT[:30], secret=SCRIPT),
        [SCRIPT[:50]],
    ]
    address = await send_list(world, page, tmp_path, *rows)
    typed = f"q={SCRIPT[:60]}&done={SCRIPT[:20]}&sent={SCRIPT[:20]}"
    lists = [f"{address}?show={view}" for view in ("asks", "remarks", "all", "left-out", SCRIPT[:20])]
    own = [f"{world.base}{path}" for path in PAGES]
    for path in (*lists, *own, f"{world.base}/lists?{typed}", f"{world.base}/register?unit={SCRIPT[:50]}"):
        await page.goto(path)
        assert "stolen" not in await page.title(), path
        assert await page.locator("main script, main img[src=x]").count() == 0, path
        assert "49" not in await page.inner_text("main h1"), path
