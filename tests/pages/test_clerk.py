"""A clerk's day in the browser: a list in Excel becomes drafts, their authors agree, the office files them,
checks them and finds them in the register."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.async_api import Browser, Page, expect

from cli.people_api import PeopleApi
from sheets.workbook import open_workbook
from tests.pages.carrying import content, file
from tests.pages.clerk_cases import (
    AUTHOR,
    CLERK,
    HEAD,
    LONG,
    namesake,
    one,
    picture,
    send_list,
    wait_for_rows,
)
from tests.pages.conftest import World, shoot


@pytest.fixture
async def api(world: World) -> AsyncIterator[PeopleApi]:
    people = PeopleApi(world.instance.urls, world.instance.secrets["cli_client_secret"])
    yield people
    await people.close()


async def _agree(api: PeopleApi, dossier_id: str) -> None:
    """The author completes what the office began, and agrees."""
    path = f"/v1/dossiers/{dossier_id}"
    draft, version = await api.get_with_etag(AUTHOR, "intake", path)
    me = await api.get(AUTHOR, "organisation", "/v1/me")
    whole = content(me["person_id"], me["full_name"], title=draft["content"]["title"])
    await api.put(AUTHOR, "intake", f"{path}/content", whole, version)
    _, version = await api.get_with_etag(AUTHOR, "intake", path)
    await api.post(AUTHOR, "intake", f"{path}/filing-agreement", etag=version)


async def test_the_whole_day(world: World, page: Page, api: PeopleApi, tmp_path: Path) -> None:
    mark, code = uuid4().hex[:6], await namesake(api)
    await world.sign_in(page, CLERK)
    await page.goto(f"{world.base}/lists")
    await picture(page, "van-thu-gui-danh-sach")
    rows = [
        one(1, f"{LONG} {mark}", share="100%"),
        one(2, f"Vườn trường {mark}", share="01a", money="38 triệu"),
        one(3, f"Thư viện xanh {mark}", born=""),
        ["", "Tổng cộng: 3"],
    ]
    address = await send_list(world, page, tmp_path, *rows)
    main = page.locator("main")
    await expect(main).to_contain_text("Danh sách đã được đọc. Chưa có gì được ghi.")
    await expect(main).to_contain_text("“38 triệu” được hiểu là 38.000.000 đồng.")
    await picture(page, "van-thu-xem-danh-sach")
    await shoot(page, "clerk-list")
    await page.click("text=Không đọc (")
    await expect(main).to_contain_text("Tổng cộng: 3")
    await page.goto(address)
    # What is asked is answered at its cell: the share as text, the namesakes as a choice.
    await page.locator("section.card:has-text('Vườn trường') .field.wrong input").fill("100")
    await page.locator(f"label.pick:has-text('{code}') input").check()
    await page.click("text=Lưu các chỗ sửa và đọc lại danh sách")
    await expect(main).to_contain_text("Đã lưu các chỗ sửa.")
    await expect(main).to_contain_text("sẵn sàng: 3")
    # The choice is taken back, and asked again.
    await page.click("summary:has-text('Bạn đã sửa 2 ô')")
    await page.click("button[value^='people:']")
    await expect(main).to_contain_text("phải trả lời: 1")
    await page.locator("label.pick:has-text('tacgia0001') input").check()
    await page.click("text=Lưu các chỗ sửa và đọc lại danh sách")
    async with page.expect_download() as waiting:
        await page.click("text=Tải tệp Excel đã tô màu")
    assert len(open_workbook((await (await waiting.value).path()).read_bytes())) > 1
    await page.click("text=Lập các bản nháp")
    await expect(main).to_contain_text("Đã lập các bản nháp và báo cho tác giả.")
    await expect(main).to_contain_text("đã lập bản nháp: 3")
    links = await page.locator("section.card h2 a").evaluate_all("all => all.map(one => one.pathname)")
    assert len(links) == 3
    await _files_and_checks(world, page, api, links, mark)


async def _files_and_checks(world: World, page: Page, api: PeopleApi, links: list[str], mark: str) -> None:
    main = page.locator("main")
    for link in links[:2]:
        await _agree(api, link.rsplit("/", 1)[1])
    await page.goto(f"{world.base}/lists/drafts?q={mark}")
    await expect(main).to_contain_text("chưa đồng ý")
    await picture(page, "van-thu-ban-nhap")
    assert await page.locator("input[name=dossier_id]").count() == 2
    for box in await page.locator("input[name=dossier_id]").all():
        await box.check()
    await page.click("text=Nộp các hồ sơ đã chọn")
    await expect(main).to_contain_text("Chưa làm gì cả.")
    await page.click("text=Nộp các hồ sơ này")
    await expect(main).to_contain_text("Đã nộp các hồ sơ.")
    # Who files for authors does not check what they filed: that is a colleague's.
    await page.goto(f"{world.base}/checking?q={mark}")
    await expect(main).to_contain_text("Không có hồ sơ nào phù hợp")
    for title in (f"Bếp ăn {mark}", f"Sân trường {mark}"):
        await file(api, AUTHOR, title=title)
    await wait_for_rows(page, f"{world.base}/checking?q={mark}", 2)
    await picture(page, "van-thu-kiem-tra")
    await shoot(page, "clerk-checking")
    boxes = page.locator("input[name=dossier_id]")
    await expect(boxes).to_have_count(2)
    for box in await boxes.all():
        await box.check()
    await page.click("text=Chấp nhận các đơn đã chọn")
    await page.click("text=Chấp nhận các đơn này")
    await expect(main).to_contain_text("Đã chấp nhận các đơn.")
    await page.goto(f"{world.base}/register")
    await expect(main).to_contain_text(f"Vườn trường {mark}")
    await picture(page, "van-thu-so")
    for kind, head in (("Excel", b"PK"), ("CSV", b"\xef\xbb\xbf")):
        async with page.expect_download() as waiting:
            await page.click(f"text=Tải về dạng {kind}")
        assert (await (await waiting.value).path()).read_bytes().startswith(head)
    await page.click("text=Bản để in")
    await expect(main).to_contain_text(f"Vườn trường {mark}")
    await shoot(page, "clerk-register-print")


async def test_without_script_and_on_a_phone(
    world: World, browser: Browser, api: PeopleApi, tmp_path: Path
) -> None:
    context = await browser.new_context(
        locale="vi-VN", java_script_enabled=False, viewport={"width": 360, "height": 740}
    )
    page = await context.new_page()
    title = f"Nhà vòm {uuid4().hex[:6]}"
    await world.sign_in(page, CLERK)
    await send_list(world, page, tmp_path, one(1, title, share="01a"))
    await page.locator(".field.wrong input").fill("100")
    await page.click("text=Lưu các chỗ sửa và đọc lại danh sách")
    await page.click("text=Lập các bản nháp")
    await expect(page.locator("main")).to_contain_text("đã lập bản nháp: 1")
    await shoot(page, "clerk-list-phone")
    await file(api, AUTHOR, title=title)
    await wait_for_rows(page, f"{world.base}/checking?q={title.replace(' ', '+')}", 1)
    await page.click("text=Yêu cầu bổ sung")
    assert await page.locator("datalist option").count() > 5
    await context.close()


async def test_what_cannot_be_taken_is_said_at_its_field(world: World, page: Page, tmp_path: Path) -> None:
    await world.sign_in(page, HEAD)
    nothing = tmp_path / "khong-phai.xlsx"
    nothing.write_bytes(b"no workbook")
    await page.goto(f"{world.base}/lists")
    await page.set_input_files("#file", nothing)
    await page.click("main form button")
    await expect(page.locator("#file")).to_have_attribute("aria-invalid", "true")
    await send_list(world, page, tmp_path, one(1, f"Sân chơi {uuid4().hex[:6]}", share="01a"))
    await page.click("summary:has-text('Sửa một ô khác')")
    await page.fill("#cell", "Z99")
    await page.fill("#value", "x")
    await page.click("text=Sửa ô này")
    await expect(page.locator("#cell")).to_have_attribute("aria-invalid", "true")
    assert await page.input_value("#value") == "x"
    await page.click("text=Bỏ danh sách này")
    await expect(page.locator("main")).to_contain_text("Đã bỏ danh sách.")


async def test_two_tabs_lose_no_answer_of_each_other(world: World, page: Page, tmp_path: Path) -> None:
    await world.sign_in(page, CLERK)
    rows = [one(number, f"Góc đọc {uuid4().hex[:6]}", share="01a") for number in (1, 2)]
    address = await send_list(world, page, tmp_path, *rows)
    other = await page.context.new_page()
    await other.goto(address)
    for place, tab in enumerate((page, other)):
        await tab.locator(".field.wrong input").nth(place).fill("100")
    for tab in (page, other):
        await tab.click("text=Lưu các chỗ sửa và đọc lại danh sách")
        await tab.wait_for_url("**done=list-answered*")
    await expect(other.locator("main")).to_contain_text("sẵn sàng: 2")


async def test_answers_survive_a_line_that_is_cut(world: World, page: Page, tmp_path: Path) -> None:
    await world.sign_in(page, CLERK)
    address = await send_list(world, page, tmp_path, one(1, f"Góc đọc {uuid4().hex[:6]}", share="01a"))
    field = page.locator(".field.wrong input")
    await field.fill("100")
    await page.context.set_offline(True)
    await page.click("text=Lưu các chỗ sửa và đọc lại danh sách", no_wait_after=True)
    await page.wait_for_timeout(500)
    await page.context.set_offline(False)
    await page.goto(address)
    await expect(field).to_have_value("100")
    await page.click("text=Lưu các chỗ sửa và đọc lại danh sách")
    await expect(page.locator("main")).to_contain_text("sẵn sàng: 1")
    kept = await page.evaluate("Object.keys(localStorage).filter(one => one.includes('list-'))")
    assert kept == []
