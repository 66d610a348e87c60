"""While an instance runs: a child that lives and does not answer is started anew, and logs do not grow
without end."""

import asyncio
import contextlib
import shutil
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import httpx

from embedded.children import Child, Say

LOOK_EVERY: Final = 2.0
ANSWER_WITHIN: Final = 5.0
MISSED: Final = 5
"""So many looks in a row without an answer, half a minute in all: a busy machine is slow, and slow is not
hanging."""
STARTS_WITHIN: Final = 90.0
"""For so long a process may be silent before its first answer."""
LOG_KEPT: Final = 10_000_000
"""Bytes of a log before it is put aside; the one before it is kept beside it."""

Asked = Callable[[str], Collection[str]]
"""The addresses at which a child of this name answers; none where it is not asked."""


@dataclass(slots=True)
class _Seen:
    """What is known of one process."""

    pid: int
    since: float
    has_answered: bool = False
    missed: int = 0


@dataclass(slots=True, kw_only=True)
class Watch:
    """Runs until cancelled. What is asked is whether the process turns (`/livez`): a restart mends no
    database that is away."""

    children: Mapping[str, Child]
    asked: Asked
    logs: Path
    say: Say
    look_every: float = LOOK_EVERY
    answer_within: float = ANSWER_WITHIN
    _seen: dict[str, _Seen] = field(default_factory=dict, init=False)

    @asynccontextmanager
    async def beside(self) -> AsyncIterator[None]:
        """Run beside what is done in here."""
        task = asyncio.create_task(self.run())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def run(self) -> None:
        """One look after another."""
        async with httpx.AsyncClient(timeout=self.answer_within, trust_env=False) as http:
            while True:
                await asyncio.sleep(self.look_every)
                with contextlib.suppress(
                    OSError
                ):  # a disk that is full; whoever hangs is looked for all the same
                    await asyncio.to_thread(put_aside, self.logs)
                await asyncio.gather(*(self._look(http, child) for child in list(self.children.values())))

    async def _look(self, http: httpx.AsyncClient, child: Child) -> None:
        addresses, now = self.asked(child.name), asyncio.get_running_loop().time()
        if not addresses or child.pid is None:
            return
        seen = self._seen.get(child.name)
        if seen is None or seen.pid != child.pid:
            seen = self._seen[child.name] = _Seen(child.pid, now)
        if await _all_answer(http, addresses):
            seen.has_answered, seen.missed = True, 0
        elif seen.has_answered or now - seen.since > STARTS_WITHIN:
            seen.missed += 1
        if seen.missed >= MISSED and child.pid == seen.pid:
            self.say(
                f"{child.name} không trả lời {MISSED} lần liền, nên bị dừng (does not answer: it is ended)"
            )
            child.kill()


async def _all_answer(http: httpx.AsyncClient, addresses: Collection[str]) -> bool:
    return all(await asyncio.gather(*(_answers(http, address) for address in addresses)))


async def _answers(http: httpx.AsyncClient, address: str) -> bool:
    try:
        return (await http.get(f"{address}/livez")).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False


def put_aside(logs: Path) -> Sequence[str]:
    """Copy each log that has grown too long, and empty it; their names. Whoever writes has it open to append,
    and goes on at its new end. What is written between the copy and the emptying is lost."""
    long = [log for log in logs.glob("*.log") if log.stat().st_size > LOG_KEPT]
    for log in long:
        shutil.copyfile(log, log.with_suffix(".log.1"))
        with log.open("r+b") as emptied:
            emptied.truncate()
    return [log.name for log in long]
