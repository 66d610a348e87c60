"""What a reviewer found: text that came back to others, forms that were sent twice, addresses and amounts
that broke a page, filters that were refused."""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]
from playwright.async_api import Page, expect

from cli.first_start import give_passwords
from cli.people_api import PeopleApi
from language.deadline.arithmetic import local_day
from tests.pages.conftest import World, shoot
from tests.pages.council_cases import AUTHOR, CHAIR, COUNCIL, MEMBER, OFFICER, TITLES, CouncilCase

REFUSED = (
    (CHAIR, "/stages?due_from=31/02/2026", "due_from"),
    (CHAIR, "/stages?sort=zzz", "sort"),
    (CHAIR, "/decisions?decided_until=mai", "decided_until"),
    (CHAIR, "/stages/deciding?level=%C4%91%C3%A2y", "level"),
    (MEMBER, "/marking?due_until=x", "due_until"),
    (MEMBER, "/marking/table?sort=zzz", "sort"),
    (MEMBER, "/notices?sort=zzz", "sort"),
    ("admin", "/administration?kind=zzz", "kind"),
    ("admin", "/administration/people?sort=zzz", "sort"),
    ("admin", "/administration/units?sort=zzz", "sort"),
    ("admin", "/administration/system?sort=zzz", "sort"),
)


@pytest.fixture(scope="module")
async def case(world: World) -> AsyncIterator[CouncilCase]:
    api = PeopleApi(world.instance.urls, world.instance.secrets["cli_client_secret"])
    world.passwords |= await give_passwords(world.instance, [one for one in (*COUNCIL, AUTHOR, OFFICER)])
    yield CouncilCase(api)
    await api.close()


async def _kept(page: Page) -> Sequence[str]:
    found: list[str] = await page.evaluate("Object.keys(localStorage).filter(one => one.startsWith('form:'))")
    return found


async def _as_another(world: World, page: Page, account: str, back: str) -> None:
    """On the same machine somebody else signs in."""
    await page.goto(f"{world.base}/sign-out")
    await page.click("main form button")
    await page.wait_for_url("**/welcome*")
    await page.context.clear_cookies()
    await world.sign_in(page, account, back)


async def test_what_is_typed_comes_back_to_its_own_act_and_person_only(
    world: World, case: CouncilCase, page: Page
) -> None:
    opened = await case.opened(TITLES[0])
    await case.mark(MEMBER, opened.stage_id)
    here = f"/marking/{opened.stage_id}"
    await world.sign_in(page, MEMBER, f"{here}/retraction")
    await page.fill("textarea[name=reason]", "Chấm nhầm tiêu chí")
    await page.goto(f"{world.base}{here}/recusal")
    await expect(page.locator("textarea[name=reason]")).to_have_value("")
    await page.goto(f"{world.base}{here}/retraction")
    await expect(page.locator("textarea[name=reason]")).to_have_value("Chấm nhầm tiêu chí")
    await expect(page.locator("[data-restored]")).to_be_visible()
    await shoot(page, "mended-restored")
    assert len(await _kept(page)) == 1
    await _as_another(world, page, CHAIR, "/")
    assert await _kept(page) == []


async def test_a_form_of_an_administrator_opens_empty_after_it_was_taken(world: World, page: Page) -> None:
    await world.sign_in(page, "admin", "/administration/people/new")
    for code in ("x", f"CB-{uuid4().hex[:6]}"):
        await expect(page.locator("input[name=full_name]")).to_have_value("")
        await page.fill("input[name=code]", code)
        await page.fill("input[name=full_name]", "Nông Văn Thử")
        await page.fill("input[name=date_of_birth]", "5/9/1985")
        await page.click("button[value=do]")
        await page.wait_for_url("**done=person-added*")
        assert await _kept(page) == []
        await page.goto(f"{world.base}/administration/people/new")
    await expect(page.locator("input[name=code]")).to_be_visible()
    answer = await page.request.get(f"{world.base}/administration/system?state=ALL&as=csv")
    assert (answer.status, answer.headers["content-type"].split(";")[0]) == (200, "text/csv")


async def test_ids_in_another_writing_are_ids(world: World, case: CouncilCase, page: Page) -> None:
    await world.sign_in(page, OFFICER, "/register")
    own = await page.input_value("#unit_id")
    for path in ("/register", "/register/print"):
        for unit_id in (own.upper(), own.replace("-", "")):
            answer = await page.goto(f"{world.base}{path}?unit_id={unit_id}")
            assert answer is not None
            assert answer.status == 200, (path, unit_id)
    for unit_id in ("%0A" + "1" * 31, "0x" + "1" * 30, f"urn:uuid:{own}"):
        answer = await page.goto(f"{world.base}/register?unit_id={unit_id}")
        assert answer is not None
        assert answer.status == 200, unit_id
    await expect(page.locator("#unit_id")).to_have_value(own)


async def test_an_amount_that_cannot_be_costs_no_text(world: World, case: CouncilCase, page: Page) -> None:
    await world.sign_in(page, AUTHOR, "/dossiers/new")
    await page.fill("#title", TITLES[1])
    await page.locator("input[name=unit_id]").first.check()
    await page.click("text=Bắt đầu viết")
    await page.wait_for_url("**/edit/idea*")
    await page.goto(page.url.split("/idea")[0] + "/effect")
    await page.fill("textarea[name=benefit_by_author]", "Số học sinh đọc thông tăng gấp đôi.")
    await page.fill("input[name=monetary_benefit_dong]", "9" * 25)
    await page.click("button[value=save]")
    await expect(page.locator("#monetary_benefit_dong-fault")).to_be_visible()
    await expect(page.locator("input[name=monetary_benefit_dong]")).to_have_value("9" * 25)
    await expect(page.locator("textarea[name=benefit_by_author]")).to_have_value(
        "Số học sinh đọc thông tăng gấp đôi."
    )
    await page.goto(page.url.split("/effect")[0] + "/authors")
    await page.fill("input[name='authors.0.contribution_percent']", "1e9999")
    await page.fill("input[name='authors.0.date_of_birth']", "12-1990")
    await page.click("button.quiet[value=save]")
    await expect(page.locator("#faults")).to_be_visible()
    await expect(page.locator("input[name='authors.0.contribution_percent']")).to_have_value("1e9999")
    await expect(page.locator("input[name='authors.0.date_of_birth']")).to_have_value("12-1990")


async def test_an_act_that_became_barred_keeps_what_was_typed(
    world: World, case: CouncilCase, page: Page
) -> None:
    opened = await case.opened(TITLES[2])
    await world.sign_in(page, AUTHOR, f"/dossiers/{opened.dossier_id}/acts/withdrawal")
    await page.fill("textarea[name=reason]", "Cần viết lại phần giải pháp")
    await case.api.post(
        AUTHOR, "intake", f"/v1/dossiers/{opened.dossier_id}/withdrawal", {"reason": "Đã rút nơi khác"}
    )
    await page.click("main form button")
    await expect(page.locator("#faults")).to_be_visible()
    await expect(page.locator("textarea[name=reason]")).to_have_value("Cần viết lại phần giải pháp")


async def test_a_form_sent_again_with_other_text_is_told_of_the_first(world: World, page: Page) -> None:
    await world.sign_in(page, MEMBER, "/account/leave")
    key = await page.input_value("main form input[name=key]")
    first = local_day(datetime.now(UTC)) + timedelta(days=40)
    for last in (first + timedelta(days=1), first + timedelta(days=2)):
        await page.evaluate(
            "key => { document.querySelector('main form input[name=key]').value = key; }", key
        )
        await page.fill("input[name=starts_on]", f"{first:%d/%m/%Y}")
        await page.fill("input[name=ends_on]", f"{last:%d/%m/%Y}")
        async with page.expect_navigation():
            await page.click("main form button >> nth=0")
    await expect(page.locator("h1")).to_have_text("Biểu mẫu này đã được gửi trước đó và đã được ghi nhận")
    assert "Idempotency" not in await page.content()
    await shoot(page, "mended-sent-before")
    await page.get_by_role("link", name="Xem những gì đang có").click()
    await expect(page.locator("tbody")).to_contain_text(f"{first + timedelta(days=1):%d/%m/%Y}")
    await expect(page.locator("tbody")).not_to_contain_text(f"{first + timedelta(days=2):%d/%m/%Y}")


@pytest.mark.parametrize(("account", "address", "field"), REFUSED)
async def test_a_filter_that_is_refused_is_told_in_its_list(
    world: World, case: CouncilCase, page: Page, account: str, address: str, field: str
) -> None:
    await world.sign_in(page, account, "/account")
    await page.goto(f"{world.base}{address}")
    await expect(page.locator("#faults")).to_be_visible()
    await expect(page.locator(f"form.filters [name={field}]")).to_be_visible()
    text = await page.locator("main").inner_text()
    assert "Query" not in text
    assert "RequestInvalid" not in text
    found = (await Axe().run(page)).response["violations"]
    assert [(it["id"], it["nodes"][0]["html"]) for it in found] == [], address


async def test_browsers_and_grades_are_called_as_people_call_them(
    world: World, case: CouncilCase, page: Page
) -> None:
    opened = await case.opened(TITLES[3])
    await case.mark_all(opened.stage_id)
    await case.api.post(CHAIR, "review", f"/v1/stages/{opened.stage_id}/decision", {"outcome": "RECOGNISED"})
    await world.sign_in(page, CHAIR, "/sessions")
    await expect(page.locator("tbody")).to_contain_text("Chrome, Linux")
    await page.goto(f"{world.base}/decisions/{opened.stage_id}")
    await expect(page.locator("dl.facts").first).to_contain_text("Loại A")
    await page.goto(f"{world.base}/decisions?grade=A")
    await expect(page.locator("tr", has_text=opened.code)).to_contain_text("Loại A")
    await expect(page.locator("#grade")).to_have_value("A")
    await shoot(page, "mended-decisions")
