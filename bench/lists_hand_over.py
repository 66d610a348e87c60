"""A head with many decisions to make goes on leave: how long until the last of them is the deputy's, and how
the inboxes answer meanwhile."""

import asyncio
import time
from dataclasses import dataclass
from datetime import timedelta

from bench.lists_asked import own_id
from bench.lists_rows import PEOPLE_A_UNIT
from cli.people_api import PeopleApi
from kit.clock import Clock
from language.deadline.arithmetic import local_day

_FIRST_SCHOOL = 1001
_LOOK_EVERY = 0.25
_PATIENCE_SECONDS = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOver:
    """How many tasks went over, how long the click took, and how long all of them."""

    tasks: int
    click_ms: float
    seconds: float


async def hand_over(api: PeopleApi) -> HandedOver:
    """The head of the first school goes on leave today."""
    head, deputy = f"d.{_FIRST_SCHOOL}.0", f"d.{_FIRST_SCHOOL}.1"
    person = own_id(2, _FIRST_SCHOOL * PEOPLE_A_UNIT)
    today = local_day(Clock().now())
    await api.get(head, "review", "/v1/tasks/counts")
    begun_at = time.perf_counter()
    await api.post(
        head,
        "organisation",
        f"/v1/people/{person}/leaves",
        {"starts_on": today.isoformat(), "ends_on": (today + timedelta(days=5)).isoformat()},
    )
    click = (time.perf_counter() - begun_at) * 1000
    while time.perf_counter() - begun_at < _PATIENCE_SECONDS:
        await asyncio.sleep(_LOOK_EVERY)
        page = await api.get(head, "review", "/v1/tasks", kind="DECIDE", state=["OPEN", "WAITING"], limit=1)
        if not page["items"]:
            break
    seconds = time.perf_counter() - begun_at
    passed = 0
    after: str | None = None
    while True:
        params = {"kind": "DECIDE", "limit": 200} | ({"after": after} if after else {})
        page = await api.get(deputy, "review", "/v1/tasks", **params)
        passed += len(page["items"])
        after = page["next"]
        if not after:
            break
    return HandedOver(tasks=passed, click_ms=click, seconds=seconds)
