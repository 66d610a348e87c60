"""What somebody tries who means no good: frames, addresses that lead out, forms of another session, cookies
that are planted, passwords that are guessed, script in what is asked for."""

import asyncio
import http.client
import json
from collections.abc import AsyncIterator
from urllib.parse import quote, urlsplit
from uuid import uuid4

import httpx
import pytest

from cli.browsing import SESSION, Browser, Seen
from tests.pages.conftest import World
from tests.pages.every_page import routes
from tests.pages.ground import SCRIPT
from tests.pages.laying import as_person

AUTHOR, OTHER, ADMIN = "tacgia0001", "tacgia0004", "admin"
GUESSED = "tacgia0003"
GUESSES = 30


@pytest.fixture
async def author(world: World) -> AsyncIterator[Browser]:
    async with await as_person(world, AUTHOR) as browser:
        yield browser


def _raw(
    world: World, target: str, headers: dict[str, str] | None = None, method: str = "GET"
) -> tuple[int, bytes]:
    """The address as it stands here: clients tidy it up."""
    address = urlsplit(world.base)
    connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=30)
    try:
        connection.putrequest(method, target, skip_accept_encoding=True)
        for name, value in (headers or {}).items():
            connection.putheader(name, value)
        connection.endheaders()
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


@pytest.mark.parametrize("language", ["vi", "en"])
async def test_what_no_page_takes_is_refused_on_a_page_for_people_and_as_a_problem_for_programs(
    world: World, language: str
) -> None:
    person = {"Accept": "text/html,*/*;q=0.8", "Accept-Language": language}
    long = {"Content-Length": "200000000", "Content-Type": "application/x-www-form-urlencoded"}
    said = {"vi": ("ký tự rỗng", "quá lớn"), "en": ("null byte", "larger than")}[language]
    for method, status, sentence, more in (("GET", 400, said[0], {}), ("POST", 413, said[1], long)):
        target = "/search?q=%00" if method == "GET" else "/dossiers/new"
        told, body = await asyncio.to_thread(_raw, world, target, person | more, method)
        assert (told, sentence in body.decode(), b"<main" in body) == (status, True, True)
        told, body = await asyncio.to_thread(_raw, world, f"/api/intake{target}", person | more, method)
        assert (told, json.loads(body)["status"]) == (status, status)


OUT = (
    "..",
    "%2e%2e",
    ".%2e",
    "%2E.",
    "..%2f..",
    "%2e%2e%2f%2e%2e",
    "x%2f..%2f..",
    "..%5c..",
    "%2e%2e%5c",
    ".",
    "%2e",
)
INSIDE = ("metrics", "health", "livez", "v1/me")


@pytest.mark.parametrize("way", OUT)
async def test_no_address_leads_out_of_where_it_began(world: World, way: str) -> None:
    """Metrics, health and files lie beside what is passed on."""
    for begins in ("/api/intake/v1", "/api/intake", "/api", "/oauth2", "/.well-known"):
        for inside in INSIDE:
            status, body = await asyncio.to_thread(_raw, world, f"{begins}/{way}/{inside}")
            assert status in {401, 404}, (begins, way, inside, body[:80])
            assert b"sangkien_" not in body
    for begins in ("/static", "/static/x", "/help", "/help/pictures"):
        for inside in ("portal.css", "app.py", "settings.py", "pyproject.toml", "etc/passwd"):
            status, body = await asyncio.to_thread(_raw, world, f"{begins}/{way}/{inside}")
            assert status in {303, 404}, (begins, way, inside)
            assert b"import " not in body


async def test_nobody_frames_a_page_or_keeps_it(world: World, author: Browser) -> None:
    cookie = {"Cookie": f"{SESSION}={author.session}"}
    async with httpx.AsyncClient(base_url=world.base, headers=cookie) as http:
        for path in ("/welcome", "/", "/dossiers", "/nothing", "/dossiers/table.csv", f"/dossiers/{uuid4()}"):
            answer = await http.get(path)
            policy = answer.headers["content-security-policy"]
            assert "frame-ancestors 'none'" in policy, path
            assert "default-src 'none'" in policy, path
            assert "unsafe" not in policy, path
            assert answer.headers["x-frame-options"] == "DENY", path
            assert answer.headers["x-content-type-options"] == "nosniff", path
            assert answer.headers["cache-control"] == "no-store", path


ELSEWHERE = (
    "https://evil.example/",
    "//evil.example",
    "/\\evil.example",
    "/\t/evil.example",
    "/%0d%0aSet-Cookie:x=1",
    "javascript:alert(1)",
    "evil.example",
    "/ /evil.example",
    "https:evil.example",
    "///evil.example",
    "\\\\evil.example",
)


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
async def test_nobody_is_led_elsewhere_by_any_field(world: World, elsewhere: str) -> None:
    """A browser that is led away from the pages' address raises."""
    async with Browser(world.base) as browser:
        seen = await browser.sign_in(AUTHOR, await world.password(AUTHOR), back=elsewhere)
        assert urlsplit(seen.address).netloc == urlsplit(world.base).netloc
        for name in ("back", "next", "url", "lang", "done", "sent", "after", "about"):
            await browser.get(f"/?{name}={quote(elsewhere)}")
            await browser.get(f"/account?{name}={quote(elsewhere)}")


async def test_the_token_of_another_session_opens_nothing(world: World, author: Browser) -> None:
    """Another person's, and another session's of the same person."""
    seen = await author.get("/dossiers/new")
    form = seen.form(action="/dossiers/new") or seen.form(asks="title")
    assert form is not None
    token = next(one.value for one in form.fields if one.name == "form_token")
    for account in (AUTHOR, OTHER):
        async with await as_person(world, account) as other:
            answer = await _forged(other, "/dossiers/new", token)
            assert answer.status == 403, account
    own = await _forged(author, "/dossiers/new", token)
    assert own.status != 403


async def _forged(browser: Browser, path: str, token: str) -> Seen:
    seen = await browser.get(path)
    form = next(one for one in seen.forms if one.method == "post")
    return await browser.send(seen, form, {"form_token": token})


async def test_every_form_needs_the_token_of_its_session(world: World) -> None:
    """Each address that takes a form, without a token: nothing is done, whatever is sent."""
    filled = [path for path in routes() if "{" not in path]
    async with await as_person(world, ADMIN) as browser:
        cookie = {"Cookie": f"{SESSION}={browser.session}"}
        async with httpx.AsyncClient(base_url=world.base, headers=cookie, timeout=60) as http:
            for path in filled:
                for headers in ({}, {"Origin": world.base}, {"Origin": "https://evil.example"}):
                    answer = await http.post(path, data={"act": "do"}, headers=headers)
                    assert answer.status_code in {403, 404}, (path, headers)
            assert (await http.get("/account")).status_code == 200


async def test_a_cookie_that_was_planted_becomes_nobodys_session(world: World) -> None:
    """Not before signing in, not by signing in, and one that has ended stays so."""
    async with Browser(world.base) as browser:
        await browser.sign_in(AUTHOR, await world.password(AUTHOR))
        mine = browser.session
        seen = await browser.get("/sign-out")
        form = seen.form(action="/sign-out") or seen.form()
        assert form is not None
        await browser.send(seen, form)
        assert browser.session == ""
    for secret in (mine, "", "x", mine[:-1], mine + "A", "' or 1=1 --", "%00", mine.swapcase()):
        status, _ = await asyncio.to_thread(_raw, world, "/account", {"Cookie": f"{SESSION}={secret}"})
        assert status == 303, secret


@pytest.mark.parametrize(
    "typed", [SCRIPT, "javascript:alert(1)", "{{7*7}}${7*7}<%=7*7%>", "\x00\u202e\ufeff", "%s%d%n"]
)
async def test_what_is_asked_for_is_shown_as_text(world: World, typed: str) -> None:
    """In every list, whatever name the field has; script also where nothing else is asked for."""
    names = (
        "q",
        "sort",
        "state",
        "kind",
        "unit",
        "unit_id",
        "after",
        "level",
        "year",
        "part",
        "days",
        "done",
    )
    query = "&".join(f"{name}={quote(typed[:80])}" for name in names)
    async with await as_person(world, ADMIN) as browser:
        for path in routes():
            if "{" in path or path.startswith("/sign"):
                continue
            alone = [f"{name}={quote(typed[:80])}" for name in ("q", "lang") if typed is SCRIPT]
            for asked in (query, *alone):
                seen = await browser.get(f"{path}?{asked}")
                assert seen.status < 500, (path, asked)
                for alive in ("<script>", "<img src=x", 'href="javascript:', "49${49}"):
                    assert alive not in seen.html, (path, asked)


async def test_whoever_guesses_a_password_has_to_wait(world: World) -> None:
    """Many at once gain nothing, nor does saying that each comes from elsewhere; others still get in."""
    async with Browser(world.base) as browser:
        asked = await browser.get("/sign-in")
        form = asked.form(asks="password")
        assert form is not None
        begun = {name: value for name, (value, *_) in form.filled({}).items() if value}
        async with httpx.AsyncClient(base_url=world.base, timeout=60) as http:

            async def guess(number: int) -> int:
                typed = {**begun, "username": GUESSED, "password": f"sai-mat-khau-{number}"}
                said = {"X-Forwarded-For": f"10.0.0.{number}", "Origin": world.base}
                return (await http.post("/oauth2/authorize", data=typed, headers=said)).status_code

            statuses = await asyncio.gather(*(guess(number) for number in range(GUESSES)))
    assert set(statuses) <= {401, 429}
    assert statuses.count(429) >= GUESSES // 2
    async with Browser(world.base) as other:
        await other.sign_in(AUTHOR, await world.password(AUTHOR))


MANY = 90
"""More than the portal has connections to the services."""


async def test_whoever_hangs_up_leaves_the_others_their_connections(world: World, author: Browser) -> None:
    """In the middle of a page that leads on, of a file, and of an API's answer."""
    dossiers = await author.get("/dossiers?scope=mine")
    dossier = next(link.address for link in dossiers.links if link.address.startswith("/dossiers/0"))
    for path in (f"{dossier}/edit/idea", "/dossiers/table.csv", "/api/intake/openapi.json"):
        for _ in range(MANY // 10):
            await asyncio.gather(*(_hang_up(world, path, author.session) for _ in range(10)))
        seen = await asyncio.wait_for(author.get("/"), 30)
        assert seen.status == 200, path
        assert seen.form() is None, path
        assert "tạm không trả lời" not in seen.html, path


async def _hang_up(world: World, path: str, session: str) -> None:
    address = urlsplit(world.base)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    cookie = f"Cookie: {SESSION}={session}\r\n"
    writer.write(f"GET {path} HTTP/1.1\r\nHost: {address.netloc}\r\n{cookie}\r\n".encode())
    await writer.drain()
    await asyncio.wait_for(reader.read(64), 60)
    writer.transport.abort()
