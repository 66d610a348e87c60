"""kill -9 in the course of a season; and a clock that runs faster than what was killed comes back."""

import asyncio
import math
import os
import random
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final, Self

from embedded.children import Child

_KILL_EVERY = (3.0, 6.0)
LOST_FOR_SECONDS: Final = 20.0
"""What a process was doing when it died is done by nobody until Temporal gives it up: for an activity that is
the time it may take (`workflows/calls.py`), the longest of all."""
SHORTEST_DAY_SECONDS: Final = 0.06
"""With less what was killed may be away for a whole season: nothing could be said of it."""
_REST_SECONDS = 180.0
_YEAR = timedelta(days=365)


@dataclass(slots=True)
class Killing:
    """Use as `async with Killing(…) as killer:`. Every process is killed once, in random order, and then
    again; the supervisor starts it again. `killed` counts."""

    victims: Mapping[str, Child]
    day_seconds: float
    say: Callable[[str], None]
    killed: Counter[str] = field(default_factory=Counter)
    overran: bool = False
    _task: asyncio.Task[None] | None = None

    @property
    def goes_on(self) -> bool:
        """Whatever runs may be killed at any moment."""
        return self._task is not None and not self._task.done() and not self._task.cancelling()

    @property
    def lost_days(self) -> float:
        """How many of the season's days what was killed may be away for."""
        return LOST_FOR_SECONDS / self.day_seconds

    @property
    def time_to_rest(self) -> timedelta:
        """Domain time for everything to come back and to be done by its people: a year, or what some minutes
        are."""
        return max(_YEAR, timedelta(days=math.ceil(_REST_SECONDS / self.day_seconds)))

    async def __aenter__(self) -> Self:
        self.say(
            f"Một ngày = {self.day_seconds:.2f} giây: việc dở của tiến trình bị giết có thể chậm tới "
            f"{LOST_FOR_SECONDS:.0f} giây, tức {self.lost_days:.0f} ngày (what is lost may be away so long)."
        )
        self._task = asyncio.create_task(self._kill_on_and_on())
        return self

    async def __aexit__(self, *_: object) -> None:
        self.stop()
        if self._task:
            with suppress(asyncio.CancelledError):
                await self._task

    def stop(self) -> None:
        """Nothing more is killed."""
        if self._task:
            self._task.cancel()

    def give_in(self, still_open: int) -> None:
        """The season's last day is over, and dossiers are open: on this clock what was lost had no time to
        come back. Say so and stop."""
        self.overran = True
        self.stop()
        self.say(
            f"[yellow]Đồng hồ chạy nhanh hơn việc khôi phục: hết ngày cuối mùa mà việc chưa xong, còn "
            f"{still_open} hồ sơ mở (một ngày = {self.day_seconds:.2f} giây, {LOST_FOR_SECONDS:.0f} giây = "
            f"{self.lost_days:.0f} ngày). Thôi giết, chờ mọi việc yên; lần sau hãy tăng --day "
            "(too fast: nothing more is killed, and all is waited for; raise --day).[/]"
        )

    def told(self) -> dict[str, Any]:
        """For the report."""
        overran = {"day_seconds": self.day_seconds, "lost_days": round(self.lost_days)}
        return {"killed": dict(self.killed), **({"too_fast": overran} if self.overran else {})}

    async def _kill_on_and_on(self) -> None:
        luck = random.Random(os.urandom(8))
        while True:
            for victim in luck.sample(sorted(self.victims), len(self.victims)):
                await asyncio.sleep(luck.uniform(*_KILL_EVERY))
                self.say(f"kill -9 {victim}")
                self.killed[victim] += self.victims[victim].pid is not None
                self.victims[victim].kill()
