"""What every service with work offers for many tasks or clocks at once, and the reminder of one."""

from uuid import UUID

from fastapi.responses import Response

from casework import hand_over, reminding
from casework.case import Cases
from casework.clocks import acts as clock_acts
from casework.routes.clocks import ClockOut, ExtensionIn, shown_clock
from casework.routes.tasks import TaskOut
from kit.auth import Principal
from kit.db import Tx
from kit.http.batches import Batched, BatchIn, BatchOut, Named
from kit.http.commands import Commanded
from kit.http.routers import Router


class ExtensionItemIn(Named, ExtensionIn):
    """So much longer for the clock of this thing (`id` is its `about_id`)."""


def reminders_router(cases: Cases) -> Router:
    """Reminding by hand, of one task or of many; the ladder does it by itself."""
    router = Router(prefix="/v1", tags=["tasks"])

    @router.post("/tasks/{task_id}/reminder", response_model=TaskOut)
    async def remind(task_id: UUID, command: Commanded) -> Response:
        """Remind whoever has the task, at most once a day."""
        return await command.run(lambda tx: reminding.remind(tx, cases, command.caller, task_id), TaskOut.of)

    @router.post("/batch/tasks/reminder", response_model=BatchOut[TaskOut])
    async def remind_many(body: BatchIn[Named], batch: Batched) -> Response:
        """Remind of many tasks."""
        return await batch.run(
            body.items, lambda tx, caller, item: reminding.remind(tx, cases, caller, item.id), TaskOut.of
        )

    return router


def many_clocks_router(cases: Cases) -> Router:
    """Extending many clocks."""
    router = Router(prefix="/v1/batch/clocks", tags=["clocks"])

    @router.post("/extension", response_model=BatchOut[ClockOut])
    async def extend_many(body: BatchIn[ExtensionItemIn], batch: Batched) -> Response:
        """Give more time for many things, within the limit of the rules of each."""

        async def act(tx: Tx, caller: Principal, item: ExtensionItemIn) -> ClockOut:
            extended = await clock_acts.extend_clock(tx, cases, caller, item.id, item.amount, item.reason)
            return await shown_clock(tx, extended)

        return await batch.run(body.items, act, ClockOut.of)

    return router


def many_takings_router(cases: Cases) -> Router:
    """Taking many tasks of an office."""
    router = Router(prefix="/v1/batch/tasks", tags=["tasks"])

    @router.post("/taking", response_model=BatchOut[TaskOut])
    async def take_many(body: BatchIn[Named], batch: Batched) -> Response:
        """Take over many tasks of the office: each is the caller's from now on."""
        return await batch.run(
            body.items, lambda tx, caller, item: hand_over.take_task(tx, cases, caller, item.id), TaskOut.of
        )

    return router
