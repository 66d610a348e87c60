"""An author's day in a browser: from the idea to the receipt, the supplement, the decision and the money;
without script, on a telephone, with the line cut, and in two windows."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect

from cli.people_api import PeopleApi
from tests.pages.carrying import Council, begin, file
from tests.pages.conftest import SHOTS, World

AUTHOR, CO_AUTHOR, SCHOOL = "tacgia0001", "tacgia0004", "t010"
OFFICER = f"vanthu.{SCHOOL}"
TITLE = "Dạy phép chia có dư bằng sỏi và trò chơi đổi quân cho học sinh lớp 3 ở điểm trường lẻ"
PDF = b"%PDF-1.7\n1 0 obj"
PHONE = {"width": 360, "height": 740}


@pytest.fixture
async def api(world: World) -> AsyncIterator[PeopleApi]:
    people = PeopleApi(world.instance.urls, world.instance.secrets["cli_client_secret"])
    yield people
    await people.close()


async def _picture(page: Page, name: str, around: str = "") -> None:
    """What one screen shows, for the guide; `around`: at this place."""
    if around:
        await page.locator(around).last.scroll_into_view_if_needed()
    await page.screenshot(path=SHOTS / f"{name}.png")


async def _go_on(page: Page, step: str) -> None:
    await page.click("button[value=next]")
    await page.wait_for_url(f"**/edit/{step}*")


async def _begin(world: World, page: Page, title: str) -> str:
    await page.goto(f"{world.base}/dossiers/new")
    await page.fill("#title", title)
    await page.click("main button.big")
    await page.wait_for_url("**/edit/idea*")
    return page.url.split("/edit/", maxsplit=1)[0]


async def _write(page: Page) -> None:
    """Every step up to the authors."""
    await page.check("input[value=OPERATIONAL]")
    await page.fill("#application_field", "Giáo dục tiểu học")
    await _go_on(page, "problem")
    await page.fill("#problem_solved", "17 trong 28 học sinh lớp 3 chưa chia có dư được.")
    await _go_on(page, "solution")
    await page.fill("#description", "Bước 1: chia sỏi vào đĩa.\nBước 2: đổi quân.")
    await page.fill("#conditions", "Không cần thiết bị.")
    await _go_on(page, "trial")
    await page.fill("#first_applied_on", "31/13/2026")
    await page.fill("#applicability", "Cả khối 3.")
    await page.click("button[value=next]")
    # A day that is none is said at its field, and nothing that was typed is lost.
    await expect(page.locator("#first_applied_on")).to_have_attribute("aria-invalid", "true")
    assert await page.input_value("#applicability") == "Cả khối 3."
    await page.fill("#first_applied_on", "5/9/2026")
    await _go_on(page, "effect")
    await page.fill("#benefit_by_author", "25 trong 28 em chia đúng.")
    await page.fill("#monetary_benefit_dong", "38.000.000")
    await _go_on(page, "authors")


async def _name_authors(page: Page) -> None:
    for number in (0, 1):
        if number:
            await page.fill("#q", "nguyen minh hoa")
            await page.click("button[value=find]")
            await page.wait_for_url("**q=nguyen*")
            await page.locator("label.pick", has_text="Nguyễn Minh Hoa").locator("input").check()
            await page.fill("#add_percent", "40")
            await _picture(page, "tac-gia-dong-tac-gia", "button[value=add]")
            await page.click("button[value=add]")
            await page.wait_for_url("**done=saved*")
        await page.fill(f"[name='authors.{number}.date_of_birth']", "02/04/1985")
        await page.fill(f"[name='authors.{number}.job_title']", "Giáo viên")
        await page.fill(f"[name='authors.{number}.qualification']", "Đại học sư phạm")
    await page.fill("[name='authors.0.contribution_percent']", "60")
    await _go_on(page, "files")


async def _confirm(world: World, browser: Browser, dossier: str) -> None:
    """The co-author, on a telephone."""
    context = await browser.new_context(locale="vi-VN", viewport=PHONE)  # type: ignore[arg-type]
    phone = await context.new_page()
    await world.sign_in(phone, CO_AUTHOR)
    await phone.goto(dossier)
    await _picture(phone, "tac-gia-xac-nhan-dien-thoai")
    await phone.click("text=Xác nhận tỷ lệ của tôi")
    assert "40 %" in await phone.inner_text("main")
    await phone.click("main form button")
    await phone.wait_for_url("**done=share-confirmed*")
    assert await phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await context.close()


async def test_from_the_idea_to_the_receipt_and_through_a_supplement(
    world: World, page: Page, browser: Browser, tmp_path: Path
) -> None:
    await world.sign_in(page, AUTHOR)
    dossier = await _begin(world, page, TITLE)
    await _picture(page, "tac-gia-y-tuong")
    await _write(page)
    await page.goto(f"{dossier}/edit/trial")
    # The term and its last day; a year later is a Sunday.
    assert "được nộp đến hết ngày 06/09/2027" in await page.inner_text("main")
    await _picture(page, "tac-gia-ap-dung-thu")
    await page.goto(f"{dossier}/edit/authors")
    await _name_authors(page)
    proof, wrong = tmp_path / "minh-chung.pdf", tmp_path / "ghi-chu.txt"
    proof.write_bytes(PDF)
    wrong.write_text("x")
    await page.set_input_files("#file", [str(wrong)])
    await page.click("button[value=add]")
    await expect(page.locator("[data-uploads] .fault")).to_contain_text("Tệp không phải PDF")
    await page.set_input_files("#file", [str(proof)])
    await page.click("button[value=add]")
    await expect(page.locator("table")).to_contain_text("minh-chung.pdf")
    await page.goto(f"{dossier}/edit/review")
    await page.check("#declaration_of_truth")
    await page.click("button[value=filing]")
    await expect(page.locator("#faults")).to_contain_text("Nguyễn Minh Hoa chưa xác nhận")
    await _confirm(world, browser, dossier)
    await page.goto(f"{dossier}/edit/review")
    await expect(page.locator(".told.good")).to_contain_text("Không còn thiếu gì")
    await _picture(page, "tac-gia-doc-lai", "button[value=filing]")
    await page.click("button[value=filing]")
    await page.wait_for_url("**done=filed")
    assert re.search(r"SK-\d{4}-\d{5}", await page.inner_text("main"))
    await _picture(page, "tac-gia-bien-nhan")
    await _be_asked(world, browser, dossier)
    await _supplement(world, page, dossier)


async def _be_asked(world: World, browser: Browser, dossier: str) -> None:
    """The officer asks for a supplement: beside a field, and in general."""
    context = await browser.new_context(locale="vi-VN")
    office = await context.new_page()
    await world.sign_in(office, OFFICER)
    await office.click(f"main a:has-text('{TITLE}')")
    await office.wait_for_url(dossier)
    await office.click("text=Yêu cầu bổ sung")
    await office.click("main form button")
    await expect(office.locator("#faults")).to_be_visible()
    await office.click("summary:has-text('Mô tả')")
    await office.fill("[name='defect.description']", "Chưa nêu các bước thực hiện")
    await office.fill("#defects", "Thiếu dấu của trường")
    await office.click("main form button")
    await office.wait_for_url("**done=supplement-asked*")
    await context.close()


async def _supplement(world: World, page: Page, dossier: str) -> None:
    await page.goto(world.base)
    await page.click(f"main li a:has-text('{TITLE}')")
    await page.wait_for_url(f"{dossier}/edit/idea")
    assert "Thiếu dấu của trường" in await page.inner_text("main")
    await page.click("main .told a:has-text('Mô tả')")
    await page.wait_for_url("**/edit/solution#description")
    await expect(page.locator(".told", has_text="Cần sửa:").last).to_be_in_viewport()
    await _picture(page, "tac-gia-bo-sung")
    await page.fill("#description", "Bước 1: chia sỏi vào đĩa.\nBước 2: đổi quân.\nBước 3: viết phép tính.")
    await _go_on(page, "trial")
    await page.goto(f"{dossier}/edit/review")
    await page.click("button[value=supplement]")
    await page.wait_for_url("**done=supplemented")
    await page.click("text=nội dung đã thay đổi")
    await expect(page.locator(".change .new")).to_contain_text("Bước 3: viết phép tính.")
    await expect(page.locator(".change .old")).not_to_contain_text("Bước 3")
    await _picture(page, "tac-gia-so-sanh")


async def test_a_refusal_is_complained_about_and_money_is_seen(
    world: World, page: Page, api: PeopleApi
) -> None:
    council = Council(api, SCHOOL)
    refused, recognised = await file(api, AUTHOR), await file(api, AUTHOR)
    for dossier_id in (refused, recognised):
        await council.accept(dossier_id)
        await council.decide(dossier_id, recognise=dossier_id == recognised)
    await world.sign_in(page, AUTHOR)
    await page.goto(f"{world.base}/dossiers/{refused}")
    await page.click("main section a:text-is('Khiếu nại')")
    await page.fill("#reason", "Giải pháp năm 2023 là của môn khác.")
    await page.click("main form button")
    await page.wait_for_url("**done=complained*")
    assert "giải quyết chậm nhất" in await page.inner_text("main")
    await _picture(page, "tac-gia-khieu-nai", "text=Rút khiếu nại")
    await page.click("text=Rút khiếu nại")
    await page.fill("#reason", "Tôi đã được giải thích.")
    await page.click("main form button")
    await page.wait_for_url("**done=complaint-withdrawn*")
    assert "đã rút khiếu nại" in await page.inner_text("main")
    await page.goto(f"{world.base}/dossiers/{recognised}")
    for _ in range(40):
        if await page.locator("h2:text-is('Tiền thưởng')").count():
            break
        await page.wait_for_timeout(500)
        await page.reload()
    said = await page.inner_text("main")
    assert "(bạn)" in said
    assert re.search(r"\d{3}\.000 đ", said)
    await _picture(page, "tac-gia-tien-thuong", "text=(bạn)")
    await page.click("text=Toàn bộ diễn biến")
    assert "Nộp" in await page.inner_text("main ol")


async def test_all_of_it_without_script(world: World, browser: Browser) -> None:
    context = await browser.new_context(locale="vi-VN", java_script_enabled=False)
    page = await context.new_page()
    await world.sign_in(page, AUTHOR)
    dossier = await _begin(world, page, "Không cần mã lệnh")
    await _write(page)
    await page.fill("[name='authors.0.job_title']", "Giáo viên")
    await page.fill("[name='authors.0.date_of_birth']", "không nhớ")
    await page.click("button[value=next]")
    assert await page.input_value("[name='authors.0.date_of_birth']") == "không nhớ"
    await page.fill("[name='authors.0.date_of_birth']", "02/04/1985")
    await page.fill("[name='authors.0.qualification']", "Đại học")
    await _go_on(page, "files")
    await page.set_input_files("#file", {"name": "anh.pdf", "mimeType": "application/pdf", "buffer": PDF})
    await page.click("button[value=add]")
    await page.wait_for_url("**done=files-added")
    await page.click("button[name=remove]")
    await page.wait_for_url("**done=file-removed")
    await page.goto(f"{dossier}/edit/review")
    await page.click("button[value=filing]")
    await expect(page.locator("#declaration_of_truth")).to_have_attribute("aria-invalid", "true")
    await page.check("#declaration_of_truth")
    await page.click("button[value=filing]")
    await page.wait_for_url("**done=filed")
    await page.click("text=Rút hồ sơ")
    await page.fill("#reason", "Nộp nhầm đợt.")
    await page.click("main form button")
    await page.wait_for_url("**done=withdrawn*")
    assert "đã rút" in await page.inner_text("main")
    await context.close()


async def test_a_cut_line_loses_nothing(
    world: World, page: Page, context: BrowserContext, api: PeopleApi
) -> None:
    dossier_id = await begin(api, AUTHOR, problem_solved="")
    await world.sign_in(page, AUTHOR)
    address = f"{world.base}/dossiers/{dossier_id}/edit/problem"
    await page.goto(address)
    await page.fill("#problem_solved", "Trước khi mất mạng.")
    await expect(page.locator("#saved")).to_contain_text("Đã lưu lúc")
    await context.set_offline(True)
    await page.fill("#problem_solved", "Trong khi mất mạng.")
    await expect(page.locator("#saved")).to_contain_text("Chưa gửi được vì mất mạng")
    await context.set_offline(False)
    # It goes by itself when the line is back.
    await expect(page.locator("#saved")).to_contain_text("Đã lưu lúc")
    await context.set_offline(True)
    await page.fill("#problem_solved", "Máy tắt giữa chừng.")
    await expect(page.locator("#saved")).to_contain_text("Chưa gửi được vì mất mạng")
    await context.set_offline(False)
    await page.evaluate("document.querySelector('[data-autosave]').remove()")
    await page.close()
    again = await context.new_page()
    await again.goto(address)
    assert await again.input_value("#problem_solved") == "Máy tắt giữa chừng."
    await expect(again.locator("[data-restored]")).to_be_visible()
    await again.click("button[value=save]")
    await again.wait_for_url("**done=saved*")
    kept = await api.get(AUTHOR, "intake", f"/v1/dossiers/{dossier_id}")
    assert kept["content"]["problem_solved"] == "Máy tắt giữa chừng."


async def test_two_windows_overwrite_nothing_silently(
    world: World, page: Page, context: BrowserContext, api: PeopleApi
) -> None:
    dossier_id = await begin(api, AUTHOR)
    await world.sign_in(page, AUTHOR)
    address = f"{world.base}/dossiers/{dossier_id}/edit/problem"
    other = await context.new_page()
    await page.goto(address)
    await other.goto(address)
    await other.fill("#problem_solved", "Viết ở cửa sổ kia.")
    await other.click("button[value=save]")
    await other.wait_for_url("**done=saved*")
    await page.fill("#problem_solved", "Viết ở cửa sổ này.")
    await page.click("button[value=save]")
    await expect(page.locator("#faults")).to_contain_text("Có người đã sửa")
    assert await page.input_value("#problem_solved") == "Viết ở cửa sổ này."
    assert "Viết ở cửa sổ kia." in await page.inner_text("main")
    kept = await api.get(AUTHOR, "intake", f"/v1/dossiers/{dossier_id}")
    assert kept["content"]["problem_solved"] == "Viết ở cửa sổ kia."
    # A third window shows both as well: what was typed here was not sent.
    await other.goto(address)
    await expect(other.locator("[data-unsent] pre")).to_have_text("Viết ở cửa sổ này.")
    assert await other.input_value("#problem_solved") == "Viết ở cửa sổ kia."
    # Whoever has seen both decides.
    await page.click("button[value=save]")
    await page.wait_for_url("**done=saved*")
    kept = await api.get(AUTHOR, "intake", f"/v1/dossiers/{dossier_id}")
    assert kept["content"]["problem_solved"] == "Viết ở cửa sổ này."
