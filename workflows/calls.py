"""How activities are called: one configuration for each owner's task queue. Attempts never end: our own
databases come back, and what an owner refuses, somebody mends."""

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

from language.names import TaskQueue

ASKED_AGAIN_AFTER = timedelta(minutes=1)
"""When an owner is asked again who does not know yet what another has said."""


def calls_of(owner: TaskQueue) -> workflow.ActivityConfig:
    """How this owner is called."""
    return workflow.ActivityConfig(
        task_queue=owner,
        start_to_close_timeout=timedelta(seconds=20),
        retry_policy=RetryPolicy(
            initial_interval=timedelta(milliseconds=500), maximum_interval=timedelta(seconds=20)
        ),
    )


RULEBOOK = calls_of(TaskQueue.RULEBOOK)
INTAKE = calls_of(TaskQueue.INTAKE)
REVIEW = calls_of(TaskQueue.REVIEW)
PAYOUT = calls_of(TaskQueue.PAYOUT)
