"""Dashboards and the auditor's day in the browser: every figure is the length of the list it leads to, a
history is read whole, nothing can be changed, and each look is written down."""

import csv
import io
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, Page, expect

from cli.first_start import give_passwords
from cli.people_api import PeopleApi
from tests.pages.conftest import World
from tests.pages.council_cases import AUTHOR, CHAIR, COUNCIL, OFFICER, TITLES, picture
from tests.pages.ground import SCRIPT
from tests.pages.money_cases import ACCOUNTANT, CHIEF, MoneyCase

AUDITOR, ADMIN = "kiemtoan", "admin"
_ENGLISH = re.compile(r"\b(the|overdue|open|recognised|RUNNING|OVER|FORMAL_CHECK|UNIT)\b")
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-")


class Paid:
    """A dossier that has been everywhere, and one that was refused."""

    def __init__(self, case: MoneyCase, dossier_id: str, approver_id: str) -> None:
        self.case, self.dossier_id, self.approver_id = case, dossier_id, approver_id


@pytest.fixture(scope="module")
async def paid(world: World) -> AsyncIterator[Paid]:
    api = PeopleApi(world.instance.urls, world.instance.secrets["cli_client_secret"])
    names = [ACCOUNTANT, CHIEF, AUDITOR, ADMIN, AUTHOR, OFFICER, *COUNCIL]
    world.passwords |= await give_passwords(world.instance, names)
    case = MoneyCase(api)
    award = await case.approved(f"{TITLES[0]} {SCRIPT}")
    await case.award(TITLES[1])
    refused = await case.council.opened(TITLES[2])
    await case.council.mark_all(refused.stage_id)
    no = {"outcome": "REFUSED", "ground": "NOT_NOVEL", "reasons": f"Đã dùng từ năm 2023. {SCRIPT}"}
    await api.post(CHAIR, "review", f"/v1/stages/{refused.stage_id}/decision", no)
    await case.council.opened(TITLES[3])
    yield Paid(case, str(award["dossier_id"]), str(award["approved_by"]))
    await api.close()


async def _fetched(page: Page, address: str) -> tuple[int, str]:
    """What a link gives, asked for by the page itself."""
    status, text = await page.evaluate(
        "address => fetch(address).then(async one => [one.status, await one.text()])", address
    )
    return int(status), str(text)


async def _says_vietnamese(page: Page) -> None:
    text = await page.locator("main").inner_text()
    assert not _ENGLISH.search(text), _ENGLISH.findall(text)
    assert not _ID.search(text)


async def test_every_figure_is_the_length_of_the_list_it_leads_to(
    world: World, paid: Paid, page: Page
) -> None:
    await world.sign_in(page, AUDITOR, "/overview")
    await expect(page.locator("svg.chart").first).to_be_visible()
    await _says_vietnamese(page)
    await picture(page, "overview")
    links = await page.eval_on_selector_all(
        "main td.n a", "all => all.map(one => [one.textContent.trim(), one.getAttribute('href')])"
    )
    assert len(links) > 20
    told = {urlsplit(address).path for _, address in links}
    assert told >= {"/dossiers", "/stages", "/decisions", "/money", "/overview/cases", "/overview/work"}
    for figure, address in links:
        await page.goto(f"{world.base}{address}")
        said = await page.locator("p.total").first.inner_text()
        assert re.findall(r"\d+", said)[0] == figure, (address, said)


async def test_figures_are_narrowed_to_a_unit_and_taken_as_a_file(
    world: World, paid: Paid, page: Page
) -> None:
    await world.sign_in(page, AUDITOR, "/overview")
    before = page.url
    table = page.get_by_role("table", name="Đúng hạn hay trễ hạn, theo đơn vị")
    commune = table.locator("tbody tr").first.locator("th a")
    name = await commune.inner_text()
    await commune.click()
    await expect(page.locator("main strong").first).to_have_text(name)
    assert page.url != before
    await expect(table).to_contain_text("Trường")
    address = await page.get_by_role("link", name="CSV").first.get_attribute("href")
    status, text = await _fetched(page, f"{world.base}{address}")
    head, *rows = csv.reader(io.StringIO(text.removeprefix("\ufeff")))
    assert (status, head[0]) == (200, "Cấp")
    assert rows
    for kind in ("dossiers", "money", "ageing-review", "punctuality-intake", "waiting-payout"):
        status, text = await _fetched(page, f"{world.base}/overview/table/{kind}.xlsx")
        assert (status, text[:2]) == (200, "PK"), kind
    assert (await _fetched(page, f"{world.base}/overview/table/secrets.csv"))[0] == 404


async def test_the_auditor_reads_a_history_takes_the_proof_and_is_written_down(
    world: World, paid: Paid, browser: Browser
) -> None:
    context = await browser.new_context(locale="vi-VN", java_script_enabled=False, accept_downloads=True)
    page = await context.new_page()
    await world.sign_in(page, AUDITOR, "/audit")
    await expect(page.get_by_text("không có gì sai")).to_have_count(6)
    await picture(page, "audit")
    dossier = await paid.case.api.get(AUDITOR, "intake", f"/v1/dossiers/{paid.dossier_id}")
    await page.fill("main input[name=q]", dossier["code"])
    await page.click("main form button")
    await page.click(f"main a[href='/audit/dossiers/{paid.dossier_id}']")
    lines = page.locator("ol.line > li")
    for said in ("Nộp hồ sơ", "Chấp nhận đơn", "Quyết định của cấp xét", "Duyệt khoản thưởng"):
        await expect(lines.filter(has_text=said).first).to_be_visible()
    await expect(lines.filter(has_text="Chấp nhận đơn").first).to_contain_text("Theo bộ quy định")
    await picture(page, "audit-history")
    whole = await lines.count()
    await page.select_option("select[name=part]", "payout")
    await page.click("main form button")
    assert 0 < await lines.count() < whole
    await page.fill("input[name=from]", "31/02/2026")
    await page.click("main form button")
    await expect(page.locator("#from-fault")).to_be_visible()
    await page.goto(f"{world.base}/audit/dossiers/{paid.dossier_id}?from=01/01/2031")
    await expect(page.locator(".nothing")).to_be_visible()
    await page.goto(f"{world.base}/audit/dossiers/{paid.dossier_id}")
    async with page.expect_download() as coming:
        await page.get_by_role("link", name="Tải bằng chứng").click()
    proof = json.loads(Path(await (await coming.value).path()).read_text("utf-8"))
    assert paid.dossier_id in json.dumps(proof)
    await page.goto(f"{world.base}/audit/looks?dossier_id={paid.dossier_id}")
    for part in ("hồ sơ", "lịch sử", "bằng chứng"):
        await expect(page.locator("td[data-label='Phần đã xem']", has_text=part).first).to_be_visible()
    await _says_vietnamese(page)
    await picture(page, "audit-looks")
    await context.close()


async def test_all_acts_of_a_person_of_all_histories_and_of_a_post(
    world: World, paid: Paid, page: Page
) -> None:
    await world.sign_in(page, AUDITOR, f"/audit/acts?actor_id={paid.approver_id}")
    acts = page.locator("ol.line > li")
    await expect(acts.first).to_contain_text("Duyệt khoản thưởng")
    await picture(page, "audit-acts")
    await acts.first.locator("a[href*='post_id=']").click()
    await expect(page.locator("h1")).to_contain_text("Kế toán trưởng")
    await expect(acts.first).to_be_visible()
    await page.goto(f"{world.base}/audit/acts?actor_id={paid.approver_id}&part=organisation")
    await expect(page.locator("main")).not_to_contain_text("Duyệt khoản thưởng")
    await page.goto(f"{world.base}/audit?q=quang+trung")
    await page.locator("main a[href^='/audit/units/']").first.click()
    await expect(page.get_by_role("table")).to_contain_text("Hiệu trưởng")


async def test_an_auditor_changes_nothing_and_stored_script_stays_text(
    world: World, paid: Paid, page: Page
) -> None:
    await world.sign_in(page, AUDITOR, "/audit")
    one = f"/audit/dossiers/{paid.dossier_id}"
    paths = ["/audit", one, "/audit/looks", f"/audit/acts?actor_id={paid.approver_id}", "/overview"]
    for path in (*paths, "/overview/cases", "/overview/work"):
        await page.goto(f"{world.base}{path}")
        assert await page.locator("main form[method=post]").count() == 0, path
        assert await page.locator("main script:not([src]), main img[onerror]").count() == 0, path
        assert "Temporal" not in await page.locator("main").inner_text(), path
    for bad in ("actor_id=x", "post_id=../../etc"):
        await page.goto(f"{world.base}/audit/acts?{bad}")
        await expect(page.locator(".nothing")).to_be_visible()


async def test_an_administrator_sees_the_run_one_click_away(world: World, paid: Paid, page: Page) -> None:
    await world.sign_in(page, ADMIN, f"/audit/dossiers/{paid.dossier_id}")
    run = page.get_by_role("link", name="Quy trình của hồ sơ trong Temporal")
    await expect(run).to_have_attribute(
        "href", re.compile(rf"/namespaces/default/workflows/initiative%3A{paid.dossier_id}$")
    )


@pytest.mark.parametrize(
    ("account", "entries"),
    [(AUTHOR, set()), (OFFICER, {"/overview"}), (CHIEF, {"/overview"}), (ADMIN, {"/overview", "/audit"})],
)
async def test_the_menu_and_the_pages_are_for_those_whom_the_api_tells(
    world: World, paid: Paid, page: Page, account: str, entries: set[str]
) -> None:
    await world.sign_in(page, account, "/")
    shown = {"/overview", "/audit"} & set(
        await page.eval_on_selector_all("nav a", "all => all.map(one => one.getAttribute('href'))")
    )
    assert shown == entries
    await page.goto(f"{world.base}/audit/acts?actor_id={paid.approver_id}")
    assert (await page.locator("ol.line > li").count() > 0) is ("/audit" in entries)
    looks = await page.goto(f"{world.base}/audit/looks")
    assert looks is not None
    assert looks.status == (200 if "/audit" in entries else 403)
    await page.goto(f"{world.base}/overview")
    has_figures = await page.locator("main section").count() > 0
    assert has_figures is bool(entries)
