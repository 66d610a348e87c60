"""The supervisor's children, with small real processes."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from embedded.children import Child
from embedded.processes import is_alive, memory_bytes, with_descendants, works_on

SLEEPER = [sys.executable, "-c", "import time; print('started', flush=True); time.sleep(60)"]


async def until(is_so: Callable[[], bool]) -> None:
    for _ in range(500):
        if is_so():
            return
        await asyncio.sleep(0.02)
    raise TimeoutError


def make_child(folder: Path, command: Sequence[str], told: list[str]) -> Child:
    return Child(
        name="part", command=command, log=folder / "part.log", environment=dict(os.environ), say=told.append
    )


async def test_a_killed_child_is_started_again_and_said_so(tmp_path: Path) -> None:
    told: list[str] = []
    child = make_child(tmp_path, SLEEPER, told)
    await child.start()
    first = child.pid
    child.kill()
    await until(lambda: child.pid not in {None, first})
    await child.stop()
    assert told == ["part bị dừng bởi SIGKILL (was ended); chạy lại sau 0,3 giây (starting it again)"]
    assert child.restarts == 1


async def test_the_pause_grows_while_a_child_keeps_failing(tmp_path: Path) -> None:
    told: list[str] = []
    child = make_child(tmp_path, [sys.executable, "-c", "raise SystemExit(7)"], told)
    await child.start()
    await until(lambda: len(told) == 3)
    await child.stop()
    assert told == [
        f"part đã dừng với mã 7 (ended with this code); chạy lại sau {pause} giây (starting it again)"
        for pause in ("0,3", "0,6", "1,2")
    ]


async def test_a_full_disk_is_named_as_the_reason(tmp_path: Path) -> None:
    told: list[str] = []
    child = make_child(
        tmp_path, [sys.executable, "-c", "raise SystemExit('write: No space left on device')"], told
    )
    await child.start()
    await until(lambda: bool(told))
    await child.stop()
    assert "ổ đĩa đầy" in told[0]


async def test_a_child_that_ignores_the_request_to_end_is_made_to_end(tmp_path: Path) -> None:
    deaf = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); "
        "time.sleep(60)"
    )
    child = make_child(tmp_path, [sys.executable, "-c", deaf], [])
    await child.start()
    pid = child.pid
    await until(lambda: "deaf" in child.last_words())
    await child.stop(patience=0.2)
    assert pid is not None
    assert not is_alive(pid)


async def test_children_end_when_the_launcher_is_killed(tmp_path: Path) -> None:
    launcher = f"""
import asyncio, os
from pathlib import Path
from embedded.children import Child

async def main():
    child = Child(name="part", command={SLEEPER!r}, log=Path({str(tmp_path)!r}) / "part.log",
        environment=dict(os.environ), say=print)
    await child.start()
    print(child.pid, flush=True)
    await asyncio.sleep(60)

asyncio.run(main())
"""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", launcher, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    child = int(await process.stdout.readline())
    assert child in with_descendants([process.pid])
    process.send_signal(signal.SIGKILL)
    await process.communicate()
    await until(lambda: not is_alive(child))


async def test_a_process_is_known_by_the_folder_it_works_on(tmp_path: Path) -> None:
    by_argument = await asyncio.create_subprocess_exec(
        *SLEEPER, f"{tmp_path}/postgres", stdout=asyncio.subprocess.DEVNULL
    )
    environment = {**os.environ, "SANGKIEN_DATA": str(tmp_path)}
    by_environment = await asyncio.create_subprocess_exec(
        *SLEEPER, env=environment, stdout=asyncio.subprocess.DEVNULL
    )
    stranger = await asyncio.create_subprocess_exec(
        *SLEEPER, f"{tmp_path}-other", stdout=asyncio.subprocess.DEVNULL
    )
    try:
        await until(lambda: works_on(by_argument.pid, tmp_path) and works_on(by_environment.pid, tmp_path))
        assert not works_on(stranger.pid, tmp_path)
        assert memory_bytes(by_argument.pid) > 1_000_000
    finally:
        for process in (by_argument, by_environment, stranger):
            process.kill()
            await process.wait()
