"""The run of a change of rules started anew from the rulebook's rows, when it was lost."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from casework.runs.own import OwnRuns
from kit.db import Tx
from kit.outbox import WorkflowStart
from language.ids import EventId, TransitionId
from language.messages.transition import StartTransition
from language.names import TRANSITION_PREFIX, TRANSITION_WORKFLOW, transition_workflow_id
from language.refusals import NotFound
from language.time_scale import TimeScale
from services.rulebook.domain.transition import TransitionState
from services.rulebook.store import transitions

_APPROVED: Final = frozenset({TransitionState.APPROVED, TransitionState.RUNNING})
_OPEN: Final = _APPROVED | {TransitionState.DRAFT}


async def start_anew(
    tx: Tx, transition_id: UUID, event_id: EventId, scale: TimeScale | None
) -> WorkflowStart:
    """The start of a run that goes on where the change stands; what is sorted and told, it finds done."""
    found = await transitions.get_transition(tx, transition_id, lock=True)
    if found.state not in _OPEN:
        raise NotFound
    message = StartTransition(
        transition_id=TransitionId(transition_id),
        planned=found.planned_at is not None,
        approved=found.state in _APPROVED,
    )
    return WorkflowStart(
        event_id=event_id,
        workflow_id=transition_workflow_id(message.transition_id),
        workflow=TRANSITION_WORKFLOW,
        message=message,
        search_attributes={},
    )


async def still_open(tx: Tx, transition_ids: Sequence[UUID]) -> set[UUID]:
    """Which of these are not over."""
    return await transitions.in_states(tx, transition_ids, _OPEN)


TRANSITION_RUNS = OwnRuns(
    workflow=TRANSITION_WORKFLOW,
    prefixes=(TRANSITION_PREFIX,),
    still_open=still_open,
    startable=still_open,
    start=start_anew,
    open_runs=transitions.OPEN_RUNS,
)
