"""What a service says of the runs that it starts."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from kit.db import Tx
from kit.outbox import WorkflowStart
from language.ids import EventId
from language.time_scale import TimeScale

StillOpen = Callable[[Tx, Sequence[UUID]], Awaitable[set[UUID]]]
StartAnew = Callable[[Tx, UUID, EventId, TimeScale | None], Awaitable[WorkflowStart]]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnRuns:
    """The type of workflow that the service starts, each run about one thing: which of those are not over,
    and how a run of one begins by the facts of now. `start` locks the thing; `NotFound` where there is
    none.

    Ids of runs begin with one of `prefixes`. `startable` are those of these things that `start` would not
    refuse, `open_runs` a statement that gives the `workflow_id` of the run of each thing that must have one,
    besides those of open clocks."""

    workflow: str
    prefixes: tuple[str, ...]
    still_open: StillOpen
    startable: StillOpen
    start: StartAnew
    open_runs: str | None = None


OPEN_CLOCKS: Final = """
select subject_id as id from clocks where subject_id = any($1) and closed_at is null
union select about_id from clocks where about_id = any($1) and closed_at is null
"""


async def not_over(tx: Tx, own: OwnRuns | None, about_ids: Sequence[UUID]) -> set[UUID]:
    """Those of these things that still need their run: they are not over, or a clock of theirs runs."""
    found = {row["id"] for row in await tx.conn.fetch(OPEN_CLOCKS, list(about_ids))}
    return found | (await own.still_open(tx, about_ids) if own else set())
