"""Signing in and out, sessions, forms that nobody else can send."""

import json
from urllib.parse import quote

import httpx
import pytest
from playwright.async_api import BrowserContext, Page

from tests.pages.conftest import World, cookie_of, shoot

AUTHOR, OTHER = "tacgia0001", "kiemtoan"


async def test_somebody_signs_in_and_out(world: World, page: Page, context: BrowserContext) -> None:
    await page.goto(f"{world.base}/dossiers-that-are-not-there")
    await page.goto(world.base)
    await page.wait_for_url("**/welcome")
    await shoot(page, "welcome")
    await world.sign_in(page, AUTHOR)
    assert await page.locator("h1").inner_text() == "Việc của tôi"
    await shoot(page, "home")
    cookie = next(one for one in await context.cookies() if one["name"] == "__Host-session")
    assert (cookie["httpOnly"], cookie["secure"], cookie["sameSite"]) == (True, True, "Lax")
    await page.click("text=Đăng xuất")
    await page.click("main button")
    await page.wait_for_url("**/welcome?done=signed-out")
    async with httpx.AsyncClient(headers={"Cookie": f"__Host-session={cookie['value']}"}) as http:
        assert (await http.get(f"{world.base}/")).headers["location"] == "/welcome"


async def test_a_lost_telephone_is_signed_out(world: World, page: Page, context: BrowserContext) -> None:
    await world.sign_in(page, AUTHOR)
    lost = await cookie_of(context)
    await context.clear_cookies()
    await world.sign_in(page, AUTHOR, "/sessions")
    await page.locator("tr", has_not_text="đang dùng").locator("button").first.click()
    await page.wait_for_url("**/sessions?done=session-ended")
    async with httpx.AsyncClient(headers={"Cookie": f"__Host-session={lost}"}) as http:
        assert (await http.get(f"{world.base}/sessions")).headers["location"].startswith("/sign-in?")


async def test_what_was_typed_outlives_the_session(world: World, page: Page, context: BrowserContext) -> None:
    await world.sign_in(page, AUTHOR, "/sessions")
    form = await page.locator("form[action='/sessions']").first.evaluate(
        "form => Object.fromEntries(new FormData(form))"
    )
    secret = await cookie_of(context)
    await world.end_session(secret)
    sent = {**form, "note": "Đừng mất"}
    async with httpx.AsyncClient(base_url=world.base) as http:
        mine = await http.post("/sessions", data=sent, headers={"Cookie": f"__Host-session={secret}"})
        stranger = await http.post("/sessions", data=sent)
    assert (mine.status_code, stranger.status_code) == (303, 303)
    back = httpx.URL(mine.headers["location"]).params["back"]
    assert back.startswith("/kept/")
    assert httpx.URL(stranger.headers["location"]).params["back"] == "/sessions"
    # Whoever signs in at the same machine next is somebody else.
    await world.sign_in(page, OTHER, "/sessions")
    await page.goto(f"{world.base}{back}")
    assert "Đừng mất" not in await page.content()
    await context.clear_cookies()
    await world.sign_in(page, AUTHOR, back)
    assert "Đừng mất" in await page.content()
    await page.click("text=Gửi ngay")
    await page.wait_for_url(f"{world.base}/**")


async def test_a_form_from_elsewhere_does_nothing(world: World, page: Page, context: BrowserContext) -> None:
    await world.sign_in(page, AUTHOR)
    secret = await cookie_of(context)
    token = await page.goto(f"{world.base}/sign-out")
    assert token
    mine = await page.locator("input[name=form_token]").first.input_value()
    async with httpx.AsyncClient(headers={"Cookie": f"__Host-session={secret}"}) as http:
        for headers, form in (
            ({"Origin": "https://evil.example"}, {"form_token": mine}),
            ({"Origin": "null"}, {"form_token": mine}),
            ({}, {"form_token": ""}),
            ({}, {"form_token": "A" * 44}),
            ({}, {}),
        ):
            answer = await http.post(f"{world.base}/sign-out", data=form, headers=headers)
            assert answer.status_code == 403, (headers, form)
        assert (await http.get(f"{world.base}/")).status_code == 200


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example"])
async def test_nobody_is_led_elsewhere(world: World, page: Page, elsewhere: str) -> None:
    await page.goto(f"{world.base}/sign-in?back={quote(elsewhere)}")
    await page.fill("input[name=username]", AUTHOR)
    await page.fill("input[name=password]", await world.password(AUTHOR))
    await page.click("button")
    await page.wait_for_url(f"{world.base}/")


async def test_a_session_is_never_brought_along(world: World) -> None:
    """Whatever cookie somebody has planted: signing in makes another one."""
    planted = "planted-by-somebody-else"
    async with httpx.AsyncClient(base_url=world.base) as http:
        began = await http.get("/sign-in")
        asked = httpx.URL(began.headers["location"]).params
        mine = {"Cookie": f"{began.headers['set-cookie'].split(';')[0]}; __Host-session={planted}"}
        typed = {"username": AUTHOR, "password": await world.password(AUTHOR)}
        named = ("client_id", "redirect_uri", "code_challenge", "state", "nonce")
        form = {name: asked[name] for name in named} | typed
        allowed = await http.post("/oauth2/authorize", data=form)
        answer = await http.get(allowed.headers["location"], headers=mine)
        secret = next(
            one.split(";")[0].partition("=")[2]
            for one in answer.headers.get_list("set-cookie")
            if one.startswith("__Host-session=")
        )
        assert secret
        assert secret != planted
        # Without what was begun in this browser, a code opens nothing.
        again = await http.get(allowed.headers["location"])
        assert again.status_code == 401


async def test_one_address_for_everything(world: World) -> None:
    async with httpx.AsyncClient(base_url=world.base) as http:
        known = (await http.get("/.well-known/openid-configuration")).json()
        assert known["issuer"] == world.base
        assert (await http.get("/api/intake/v1/tasks")).status_code == 401
        assert (await http.get("/api/intake/openapi.json")).json()["openapi"].startswith("3.")
        for hidden in (
            "/api/intake/metrics",
            "/api/intake/health",
            "/api/nobody/v1/x",
            "/api/intake/v1/../health",
        ):
            assert (await http.get(hidden)).status_code in {401, 404}, hidden
        code = await http.post("/oauth2/token", content=json.dumps({}))
        assert code.status_code in {400, 422}
