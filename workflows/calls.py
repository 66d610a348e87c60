"""How activities are called: one configuration for each owner's task queue. Attempts never end: our own
databases come back."""

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

from language.names import TaskQueue


def calls_of(owner: TaskQueue) -> workflow.ActivityConfig:
    """How this owner is called."""
    return workflow.ActivityConfig(
        task_queue=owner,
        start_to_close_timeout=timedelta(seconds=20),
        retry_policy=RetryPolicy(
            initial_interval=timedelta(milliseconds=500), maximum_interval=timedelta(seconds=20)
        ),
    )


ORGANISATION = calls_of(TaskQueue.ORGANISATION)
RULEBOOK = calls_of(TaskQueue.RULEBOOK)
INTAKE = calls_of(TaskQueue.INTAKE)
REVIEW = calls_of(TaskQueue.REVIEW)
PAYOUT = calls_of(TaskQueue.PAYOUT)
POSTROOM = calls_of(TaskQueue.POSTROOM)
