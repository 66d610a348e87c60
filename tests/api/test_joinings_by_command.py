"""`sangkien joining` at the service: proposed, looked at, approved, taken back by command."""

import asyncio
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

import cli.joining
from cli.joining import JoiningNotSent
from cli.reader import Reader, ReadRefused
from language.posts.kinds import PostKind
from tests.api.test_joinings import Twins, twins
from tests.conftest import held

__all__ = ["twins"]


class _ToService(httpx.BaseTransport):
    """From the thread of the command to the service in this one."""

    def __init__(self, case: Twins) -> None:
        self._case = case
        self._loop = asyncio.get_running_loop()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        async def send() -> httpx.Response:
            path = request.url.raw_path.decode()
            return await self._case.service.http.request(
                request.method, path, content=request.content, headers=dict(request.headers)
            )

        answer = asyncio.run_coroutine_threadsafe(send(), self._loop).result(30)
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)


class _At:
    def url(self, service: str) -> str:
        assert service == "organisation"
        return "http://service"


@pytest.fixture
async def accounts(twins: Twins, monkeypatch: pytest.MonkeyPatch) -> dict[str, UUID]:
    """Who an account is; readers of the command are those of these people."""
    known = {"admin": twins.province.admin, "second": twins.second}

    def reader(account: str) -> Reader:
        person = known[account]
        made = Reader.__new__(Reader)
        headers = twins.service.headers(person, held(PostKind.ADMIN, twins.province.root, post_id=person))
        made.at = _At()  # type: ignore[assignment]
        made._http = httpx.Client(transport=transport, headers={"Authorization": headers["Authorization"]})
        return made

    transport = _ToService(twins)
    monkeypatch.setattr(cli.joining, "Reader", reader)
    return known


async def _run(command: Callable[..., None], *arguments: Any, **options: Any) -> None:
    await asyncio.to_thread(command, *arguments, **options)


async def test_a_joining_goes_its_way_by_command(
    twins: Twins, accounts: dict[str, UUID], capsys: pytest.CaptureFixture[str]
) -> None:
    post = await twins.post()
    for person in (twins.kept, twins.joined):
        await twins.hold(person, post, "2020-01-01")
    codes = [
        str((await twins.rows("select code from people where id = $1", person))[0]["code"])
        for person in (twins.kept, twins.joined)
    ]
    asked = {"document": "12/BB-SKHCN", "reason": "Nhập hai lần", "from_day": twins.tomorrow}
    await _run(cli.joining.propose, *codes, **asked, account="admin", dry_run=True)
    told = capsys.readouterr().out
    assert f"{codes[1]} → {codes[0]}" in told
    assert "1 người giữ vị trí" in told
    assert "cả hai (both)" in told
    assert "Chưa ghi gì" in told
    assert not await twins.rows("select 1 from joinings")

    await _run(cli.joining.propose, *codes, **asked, account="admin", dry_run=False)
    joining = str((await twins.rows("select id from joinings"))[0]["id"])
    assert f"{joining}: chờ quản trị viên khác duyệt" in capsys.readouterr().out
    with pytest.raises(ReadRefused, match="OwnJoining"):
        await _run(cli.joining.approve, joining, "admin", dry_run=False)
    await _run(cli.joining.approve, joining, "second", dry_run=True)
    assert "Chưa ghi gì" in capsys.readouterr().out
    await _run(cli.joining.approve, joining, "second", dry_run=False)
    assert "đã duyệt" in capsys.readouterr().out
    await _run(cli.joining.show, "all", "admin")
    assert joining in capsys.readouterr().out
    await _run(cli.joining.cancel, joining, "Nhầm người", "admin", dry_run=False)
    assert "đã rút lại" in capsys.readouterr().out
    await _run(cli.joining.show, joining, "admin")
    assert "đã rút lại" in capsys.readouterr().out


async def test_what_nobody_knows_is_said(twins: Twins, accounts: dict[str, UUID]) -> None:
    asked = {"document": "x", "reason": "x", "from_day": twins.tomorrow}
    with pytest.raises(JoiningNotSent, match="khong-co"):
        await _run(cli.joining.propose, "khong-co", "x", **asked, account="admin", dry_run=True)
    for unknown in ("khong-co", str(uuid4())):
        with pytest.raises(JoiningNotSent, match=unknown):
            await _run(cli.joining.show, unknown, "admin")
        with pytest.raises(JoiningNotSent, match=unknown):
            await _run(cli.joining.approve, unknown, "admin", dry_run=True)
