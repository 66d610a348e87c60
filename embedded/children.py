"""A supervised child process: its own log, a restart with a growing pause, and a word to the person when it
falls."""

import asyncio
import contextlib
import ctypes
import errno
import os
import signal
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

_FIRST_PAUSE = 0.3
_LONGEST_PAUSE = 30.0
_STEADY_AFTER = 5.0
_TAIL = 8_000
_PR_SET_PDEATHSIG = 1
_DISK_FULL = os.strerror(errno.ENOSPC)
_LIBC = ctypes.CDLL(None)

Say = Callable[[str], None]


@dataclass(slots=True, kw_only=True)
class Child:
    """One process under supervision. `before_start` runs before each start (PostgreSQL forgets a dead
    server's lock file there), `after_start` after each."""

    name: str
    command: Sequence[str]
    log: Path
    environment: Mapping[str, str]
    say: Say
    before_start: Callable[[], None] = lambda: None
    after_start: Callable[[], None] = lambda: None
    stop_signal: signal.Signals = signal.SIGTERM
    process: asyncio.subprocess.Process | None = field(default=None, init=False)
    restarts: int = field(default=0, init=False)
    _keeper: asyncio.Task[None] | None = field(default=None, init=False)

    @property
    def pid(self) -> int | None:
        """The process id while it runs."""
        return self.process.pid if self.process and self.process.returncode is None else None

    async def start(self) -> None:
        """Start it and keep it running until `stop`."""
        await self._spawn()
        self._keeper = asyncio.create_task(self._keep())

    async def stop(self, patience: float = 15.0) -> None:
        """Ask it to end; after `patience` seconds make it end."""
        if self._keeper:
            self._keeper.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._keeper
        if self.process is None or self.process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(self.stop_signal)
        try:
            await asyncio.wait_for(self.process.wait(), patience)
        except TimeoutError:
            self.kill()
            await self.process.wait()

    def kill(self) -> None:
        """kill -9, as an accident would; the keeper starts it again."""
        if self.pid is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)

    def last_words(self, lines: int = 5) -> str:
        """The end of its log."""
        try:
            with self.log.open("rb") as file:
                file.seek(max(0, file.seek(0, os.SEEK_END) - _TAIL))
                return "\n".join(file.read().decode(errors="replace").splitlines()[-lines:])
        except OSError:
            return ""

    @staticmethod
    def _die_with_launcher() -> None:
        # Runs in the child between fork and exec. Everything here survives kill -9, and nobody would be left
        # to insist on a milder signal.
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)

    async def _spawn(self) -> None:
        self.before_start()
        with self.log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                *self.command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=dict(self.environment),
                cwd=self.log.parent,
                start_new_session=True,
                umask=0o077,
                preexec_fn=self._die_with_launcher,
            )
        self.after_start()

    async def _keep(self) -> None:
        pause = _FIRST_PAUSE
        loop = asyncio.get_running_loop()
        while self.process is not None:
            began = loop.time()
            code = await self.process.wait()
            if loop.time() - began > _STEADY_AFTER:
                pause = _FIRST_PAUSE
            self.restarts += 1
            why = " (ổ đĩa đầy; the disk is full)" if _DISK_FULL in self.last_words() else ""
            self.say(
                f"{self.name} {_ending(code)}{why}; chạy lại sau {_seconds(pause)} giây (starting it again)"
            )
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)
            try:
                await self._spawn()
            except OSError as error:
                self.say(f"{self.name} không chạy được (could not be started): {error.strerror}")


def _seconds(span: float) -> str:
    return f"{span:.1f}".replace(".", ",")


def _ending(code: int) -> str:
    return (
        f"bị dừng bởi {signal.Signals(-code).name} (was ended)"
        if code < 0
        else f"đã dừng với mã {code} (ended with this code)"
    )
