"""The pages of councils for every role, with stored script in every field, on a telephone."""

from collections.abc import AsyncIterator

import httpx
import pytest
from playwright.async_api import Browser, Page

from cli.first_start import give_passwords
from cli.people_api import PeopleApi
from tests.pages.conftest import World
from tests.pages.council_cases import (
    AUTHOR,
    CHAIR,
    COUNCIL,
    MEMBER,
    OFFICER,
    POOR,
    SECRETARY,
    CouncilCase,
    Opened,
)
from tests.pages.ground import SCRIPT

AUDITOR = "kiemtoan"
ROLES = (AUTHOR, OFFICER, MEMBER, SECRETARY, CHAIR, AUDITOR)


class Ground:
    """An open stage with sheets owed, one with all in, and a refusal that is complained about, whose every
    field holds script."""

    def __init__(self, owed: Opened, ready: Opened, refused: Opened, complaint: str) -> None:
        self.owed, self.ready, self.refused, self.complaint = owed, ready, refused, complaint

    @property
    def pages(self) -> list[str]:
        """Every page of councils."""
        return [
            "/marking",
            "/marking/table",
            "/marking/table?state=DRAFT",
            "/marking/workbook",
            f"/marking/{self.owed.stage_id}",
            f"/marking/{self.ready.stage_id}",
            f"/marking/{self.owed.stage_id}/recusal",
            f"/marking/{self.ready.stage_id}/retraction",
            "/stages",
            "/stages?state=WITHDRAWN&sort=due",
            "/stages/deciding",
            "/stages/forecast?days=90",
            f"/stages/{self.owed.stage_id}",
            f"/stages/{self.ready.stage_id}",
            "/decisions",
            f"/decisions/{self.refused.stage_id}",
            f"/decisions/{self.refused.stage_id}/correction",
            f"/decisions/{self.refused.stage_id}/paper",
            f"/complaints/{self.complaint}",
        ]


@pytest.fixture(scope="module")
async def ground(world: World) -> AsyncIterator[Ground]:
    api = PeopleApi(world.instance.urls, world.instance.secrets["cli_client_secret"])
    world.passwords |= await give_passwords(world.instance, [*COUNCIL, *ROLES])
    case = CouncilCase(api)
    prose = dict.fromkeys(
        ("problem_solved", "description", "applicability", "benefit_by_author"), f"{SCRIPT}\nMô tả dài"
    )
    owed = await case.opened(f"Sáng kiến {SCRIPT}", **prose)
    ready = await case.opened("Giải pháp quản lý bữa ăn bán trú theo nhóm hộ gia đình")
    refused = await case.opened(f"Bị từ chối {SCRIPT}")
    await case.mark_all(ready.stage_id)
    for account in COUNCIL:
        sheet = (await case.sheet(account, refused.stage_id))[0]
        item = {
            "id": sheet["id"],
            "version": sheet["version"],
            "scores": POOR,
            "vote": "REJECT",
            "remark": SCRIPT,
            "remarks": {"novelty": SCRIPT},
            "submit": True,
        }
        done = await api.post(account, "review", "/v1/batch/score-sheets", {"items": [item]})
        assert done["refused"] == 0, done
    body = {"outcome": "REFUSED", "ground": "BELOW_THRESHOLD", "reasons": SCRIPT}
    path = f"/v1/stages/{refused.stage_id}"
    await api.post(CHAIR, "review", f"{path}/decision", body)
    complaint = await api.post(AUTHOR, "review", f"{path}/complaints", {"reason": SCRIPT})
    yield Ground(owed, ready, refused, complaint["id"])
    await api.close()


async def _client(world: World, browser: Browser, account: str) -> httpx.AsyncClient:
    """A client with the session of somebody who has signed in."""
    context = await browser.new_context(locale="vi-VN")
    page = await context.new_page()
    await world.sign_in(page, account)
    secret = next(one["value"] for one in await context.cookies() if one["name"] == "__Host-session")
    await context.close()
    return httpx.AsyncClient(
        base_url=world.base, timeout=60, headers={"Cookie": f"__Host-session={secret}; language=vi"}
    )


OFFERED = {
    "the sheet": "data-sheet",
    "the decision": 'value="decide"',
    "many decisions": 'name="stage_id"',
    "reminders": 'name="task_id"',
    "corrections": "/correction",
    "the paper": "/paper",
    "settling": 'name="outcome"',
}
"""What is offered, by what stands in the page only then."""
MAY = {
    AUTHOR: set[str](),
    OFFICER: {"the paper"},
    MEMBER: {"the sheet"},
    SECRETARY: {"the sheet", "reminders"},
    CHAIR: {"the sheet", "the decision", "many decisions", "reminders", "corrections"},
    AUDITOR: set[str](),
}


@pytest.mark.parametrize("account", ROLES)
async def test_each_role_is_offered_what_the_api_allows_and_no_more(
    world: World, ground: Ground, browser: Browser, account: str
) -> None:
    where = {
        "the sheet": f"/marking/{ground.owed.stage_id}",
        "the decision": f"/stages/{ground.ready.stage_id}",
        "many decisions": "/stages/deciding",
        "reminders": f"/stages/{ground.owed.stage_id}",
        "corrections": f"/decisions/{ground.refused.stage_id}",
        "the paper": f"/decisions/{ground.refused.stage_id}",
        "settling": f"/complaints/{ground.complaint}",
    }
    async with await _client(world, browser, account) as http:
        for path in ground.pages:
            answer = await http.get(path)
            assert answer.status_code in {200, 303, 403, 404}, (account, path, answer.status_code)
        found = set()
        for what, path in where.items():
            answer = await http.get(path, follow_redirects=True)
            if answer.status_code == 200 and OFFERED[what] in answer.text:
                found.add(what)
        assert found == MAY[account]


async def test_nobody_without_a_session_sees_any_of_it(world: World, ground: Ground) -> None:
    async with httpx.AsyncClient(base_url=world.base) as http:
        for path in ground.pages:
            answer = await http.get(path)
            assert (answer.status_code, answer.headers["location"].split("?")[0]) == (303, "/sign-in"), path
        for path in ("/marking/..%2f..%2fx", "/stages/nobody", "/complaints/1", "/decisions/x/cancellation"):
            assert (await http.get(path)).status_code == 404, path


async def test_an_author_learns_nothing_of_marks_before_the_decision(
    world: World, ground: Ground, browser: Browser
) -> None:
    async with await _client(world, browser, AUTHOR) as http:
        for path in (f"/stages/{ground.ready.stage_id}", f"/marking/{ground.ready.stage_id}"):
            assert (await http.get(path)).status_code == 404, path


async def test_stored_script_is_text_everywhere(world: World, ground: Ground, page: Page) -> None:
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    await world.sign_in(page, CHAIR, "/marking")
    for path in ground.pages:
        await page.goto(f"{world.base}{path}")
        assert await page.locator("main script:not([src]), main img[onerror]").count() == 0, path
    assert dialogs == []


async def test_nothing_of_the_inside_is_shown(world: World, ground: Ground, page: Page) -> None:
    await world.sign_in(page, CHAIR, "/marking?lang=vi")
    inside = (
        "DRAFT",
        "SUBMITTED",
        "OPEN",
        "DECIDED",
        "REFUSED",
        "APPROVE",
        "UNIT",
        "COUNCIL_",
        "None",
        "T00:",
    )
    for path in ground.pages:
        await page.goto(f"{world.base}{path}")
        shown = await page.inner_text("main")
        assert [word for word in inside if word in shown] == [], path
