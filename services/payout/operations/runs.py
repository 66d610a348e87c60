"""The runs that payout starts: of payment lists, of awaited ones, and of awards that were taken up again."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from casework.case import AnyCase
from casework.clocks.kept import kept_clock
from casework.clocks.moves import as_it_stands
from casework.runs.own import OwnRuns
from kit.db import Tx
from kit.outbox import WorkflowStart, start_workflow
from language.ids import EventId
from language.messages.case import StartCase
from language.names import CASE_WORKFLOW, RECOGNISING_UNIT, TaskQueue, case_workflow_prefix
from language.refusals import NotFound
from language.time_scale import TimeScale
from services.payout.operations.approval import AWARD_APPROVAL
from services.payout.operations.list_making import LIST_MAKING
from services.payout.operations.list_payment import PAYMENT_LIST

_KINDS: Final[tuple[AnyCase, ...]] = (PAYMENT_LIST, LIST_MAKING, AWARD_APPROVAL)


async def start_run(tx: Tx, kind: AnyCase, about_id: UUID, event_id: UUID, scale: TimeScale | None) -> None:
    """The case gets its run, with the clock as it stands once the work is given out."""
    [case] = await kind.some(tx, [about_id])
    await start_workflow(tx, await _run_of(tx, kind, case, EventId(event_id), scale))


async def _run_of(
    tx: Tx, kind: AnyCase, case: object, event_id: EventId, scale: TimeScale | None
) -> WorkflowStart:
    of = kind.particulars(case)
    message = StartCase(
        event_id=event_id,
        owner=TaskQueue.PAYOUT,
        case=kind.type,
        clock=as_it_stands(await kept_clock(tx, of.about_id)),
        time_scale=scale,
    )
    return WorkflowStart(
        event_id=event_id,
        workflow_id=of.workflow_id,
        workflow=CASE_WORKFLOW,
        message=message,
        search_attributes={RECOGNISING_UNIT.name: str(of.unit_id)},
    )


async def start_anew(tx: Tx, about_id: UUID, event_id: EventId, scale: TimeScale | None) -> WorkflowStart:
    """The start of the run of a case that is not over: rungs that have fired, it finds done."""
    for kind in _KINDS:
        if await kind.some(tx, [about_id]):
            case = await kind.lock(tx, about_id)
            if await still_open(tx, [about_id]):
                return await _run_of(tx, kind, case, event_id, scale)
    raise NotFound


async def still_open(tx: Tx, about_ids: Sequence[UUID]) -> set[UUID]:
    """Which of these are not over, and have a run of their own."""
    left: set[UUID] = set()
    for kind in _KINDS:
        left |= {
            kind.particulars(case).about_id
            for case in await kind.some(tx, about_ids)
            if not kind.is_over(case) and kind.particulars(case).workflow_id.startswith("case:")
        }
    return left


CASE_RUNS: Final = OwnRuns(
    workflow=CASE_WORKFLOW,
    prefixes=tuple(case_workflow_prefix(kind.type) for kind in _KINDS),
    still_open=still_open,
    startable=still_open,
    start=start_anew,
)
