"""The command line signs in at the real issuer, over real HTTP, below one public address as a reverse proxy
gives it."""

import asyncio
import json
import re
import socket
import webbrowser
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from cli import sign_in as command
from cli.installation import AccountNotChosen
from cli.issuer import NotSignedIn
from cli.kept_sign_ins import SignInBook
from cli.outside_found import clocks, examine_outside
from cli.reach import SERVER
from cli.reader import Reader
from kit.auth import TokenVerifier
from kit.clock import Clock
from language.names import SERVICES
from processes.bootstrap import ADMIN
from services.organisation.app import SERVICE
from tests.api.test_organisation_signing_in import chosen
from tests.conftest import AUDIENCE, ServiceOpener


@dataclass
class Installed:
    """An installation with its administrator's password."""

    address: str
    password: str


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
async def installed(open_service: ServiceOpener) -> AsyncIterator[Installed]:
    port = _free_port()
    address = f"http://127.0.0.1:{port}"
    async with open_service(SERVICE, oidc_issuer=address) as service:
        keys = service.app.state.issuer_keys
        service.app.state.verifier = TokenVerifier(
            own=address, audience=AUDIENCE, keys={address: keys}, clock=Clock()
        )
        password = await chosen(service)

        async def below(scope: Scope, receive: Receive, send: Send) -> None:
            """As the proxy passes it on."""
            path = scope["path"].removeprefix("/api/organisation")
            await service.app({**scope, "path": path, "raw_path": path.encode()}, receive, send)

        listening = socket.create_server(("127.0.0.1", port))
        server = uvicorn.Server(uvicorn.Config(below, log_level="warning", lifespan="off"))
        serving = asyncio.create_task(server.serve([listening]))
        yield Installed(address, password)
        server.should_exit = True
        await serving


@pytest.fixture(autouse=True)
def at(installed: Installed, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The address is named; the folder in which sign-ins are kept."""
    monkeypatch.setenv(SERVER, installed.address)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setattr(webbrowser, "open", lambda _: True)
    return tmp_path / "sangkien" / "sign-ins.json"


async def _told(capsys: pytest.CaptureFixture[str], wanted: str) -> str:
    """What the command has shown, once this is in it."""
    shown = ""
    for _ in range(400):
        shown += capsys.readouterr().err
        if found := re.search(wanted, shown):
            return found.group()
        await asyncio.sleep(0.05)
    raise AssertionError(shown)


async def _sign_in_by_code(installed: Installed, capsys: pytest.CaptureFixture[str]) -> None:
    waiting = asyncio.create_task(asyncio.to_thread(command.sign_in, by_code=True))
    code = await _told(capsys, r"[A-Z]{4}-[A-Z]{4}")
    async with httpx.AsyncClient() as browser:
        typed = {"user_code": code, "username": ADMIN, "password": installed.password}
        page = await browser.post(f"{installed.address}/oauth2/device", data=typed)
        assert page.status_code == 200, page.text
    await asyncio.wait_for(waiting, 30)


async def _ask() -> object:
    def ask() -> object:
        with closing(Reader()) as reader:
            return reader.get("organisation", "/v1/me")

    return await asyncio.to_thread(ask)


async def test_by_a_code_and_out_again(
    installed: Installed, at: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(NotSignedIn):
        await _ask()
    await _sign_in_by_code(installed, capsys)
    assert (at.stat().st_mode & 0o777, at.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert await _ask()
    kept = SignInBook().find(installed.address)
    assert kept is not None
    assert kept.who
    assert kept.access_token not in repr(kept)
    with pytest.raises(AccountNotChosen):
        Reader("somebody")
    await asyncio.to_thread(command.sign_out)
    with pytest.raises(NotSignedIn):
        await _ask()
    form = {"grant_type": "refresh_token", "client_id": "sangkien-cli", "refresh_token": kept.refresh_token}
    async with httpx.AsyncClient() as thief:
        assert (await thief.post(f"{installed.address}/oauth2/token", data=form)).status_code == 400


async def test_a_doctor_looks_from_outside(installed: Installed, capsys: pytest.CaptureFixture[str]) -> None:
    await _sign_in_by_code(installed, capsys)
    found = await asyncio.to_thread(examine_outside, installed.address)
    assert [one for one in found if not one.is_fine] == []
    assert {one.name for one in found} == {"portal", *SERVICES, "clock", "cases"}
    now = Clock().real_now()
    assert not clocks(now - timedelta(seconds=61), now).is_fine
    assert not clocks(now + timedelta(seconds=61), now).is_fine


async def test_by_a_browser_on_this_machine(installed: Installed, capsys: pytest.CaptureFixture[str]) -> None:
    waiting = asyncio.create_task(asyncio.to_thread(command.sign_in, by_code=False))
    address = await _told(capsys, r"http\S+/oauth2/authorize\S+")
    async with httpx.AsyncClient() as browser:
        page = await browser.get(address)
        hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.text))
        typed = {**hidden, "username": ADMIN, "password": installed.password}
        back = (await browser.post(f"{installed.address}/oauth2/authorize", data=typed)).headers["location"]
        forged = await browser.get(re.sub("state=[^&]*", "state=another", back))
        assert forged.status_code == 404, "what belongs to another sign-in is not taken"
        assert (await browser.get(back)).status_code == 200
    await asyncio.wait_for(waiting, 30)
    assert await _ask()


async def test_a_token_is_renewed_before_its_end_once_for_two_commands(
    installed: Installed, at: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await _sign_in_by_code(installed, capsys)
    before = SignInBook().find(installed.address)
    assert before is not None
    SignInBook().keep(installed.address, replace(before, until=0.0))
    assert all(await asyncio.gather(_ask(), _ask()))
    after = SignInBook().find(installed.address)
    assert after is not None
    assert after.refresh_token != before.refresh_token
    # What renewed it long ago renews nothing: somebody else has it, or a restored file.
    SignInBook().keep(installed.address, replace(after, until=0.0, refresh_token="gone"))
    with pytest.raises(NotSignedIn):
        await _ask()
    assert SignInBook().find(installed.address) is None


async def test_who_refuses_is_told_to_the_command(
    installed: Installed, capsys: pytest.CaptureFixture[str]
) -> None:
    waiting = asyncio.create_task(asyncio.to_thread(command.sign_in, by_code=True))
    code = await _told(capsys, r"[A-Z]{4}-[A-Z]{4}")
    async with httpx.AsyncClient() as browser:
        await browser.post(
            f"{installed.address}/oauth2/device", data={"user_code": code, "decision": "refuse"}
        )
    with pytest.raises(NotSignedIn, match="từ chối"):
        await asyncio.wait_for(waiting, 30)


async def test_what_is_no_file_of_sign_ins_is_said(installed: Installed, at: Path) -> None:
    at.parent.mkdir(parents=True)
    at.write_text(json.dumps({"sign_ins": []}), encoding="utf-8")
    with pytest.raises(Exception, match=r"sign-ins\.json"):
        await _ask()
