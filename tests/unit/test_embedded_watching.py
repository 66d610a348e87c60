"""The supervisor ends what hangs, and only that; its children's logs are put aside while they run."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from embedded.children import Child
from embedded.watching import MISSED, Watch, put_aside
from tests.conftest import free_port
from tests.unit.test_cli_children import make_child, until

# Lives, and is ready never: its database is away. The second path hangs the loop for good.
PART = """
import http.server, sys, time
class Part(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/hang":
            time.sleep(1000)
        self.send_response(200 if self.path == "/livez" else 503)
        self.end_headers()
    def log_message(self, *_):
        print("asked", flush=True)
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Part).serve_forever()
"""


@asynccontextmanager
async def _watched(folder: Path, told: list[str]) -> AsyncIterator[tuple[Child, int]]:
    port = free_port()
    child = make_child(folder, [sys.executable, "-c", PART, str(port)], told)
    await child.start()
    watch = Watch(
        children={"part": child},
        asked=lambda _: [f"http://127.0.0.1:{port}"],
        logs=folder,
        say=told.append,
        look_every=0.1,
        answer_within=0.5,
    )
    task = asyncio.create_task(watch.run())
    try:
        await until(lambda: child.last_words(1) == "asked")
        yield child, port
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await child.stop()


async def test_a_stopped_process_is_started_anew(tmp_path: Path) -> None:
    told: list[str] = []
    async with _watched(tmp_path, told) as (child, _):
        first = child.pid
        assert first is not None
        os.kill(first, signal.SIGSTOP)
        await until(lambda: child.pid not in {None, first})
        assert child.restarts == 1
        assert told[0] == f"part không trả lời {MISSED} lần liền, nên bị dừng (does not answer: it is ended)"


async def test_a_process_whose_loop_hangs_is_started_anew(tmp_path: Path) -> None:
    told: list[str] = []
    async with _watched(tmp_path, told) as (child, port):
        first = child.pid
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /hang HTTP/1.0\r\n\r\n")
        await writer.drain()
        await until(lambda: child.pid not in {None, first})
        writer.close()
        assert "không trả lời" in told[0]


async def test_what_waits_for_its_database_is_left_alone(tmp_path: Path) -> None:
    told: list[str] = []
    async with _watched(tmp_path, told) as (child, _):
        first = child.pid
        await asyncio.sleep(2)
        assert child.pid == first
        assert not told


def test_a_long_log_is_put_aside_and_written_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("embedded.watching.LOG_KEPT", 10)
    names: Sequence[str] = ("supervisor.log", "worker.log")
    (tmp_path / "short.log").write_bytes(b"short")
    for name in names:
        with (tmp_path / name).open("ab") as writing:
            writing.write(b"what was written before\n")
            writing.flush()
            assert put_aside(tmp_path) == [name]
            writing.write(b"and after")
        assert (tmp_path / f"{name}.1").read_bytes() == b"what was written before\n"
        assert (tmp_path / name).read_bytes() == b"and after"
    assert (tmp_path / "short.log").read_bytes() == b"short"
