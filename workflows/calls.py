"""How activities are called: one configuration for each owner's task queue. Attempts never end: our own
databases come back."""

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

from language.names import TaskQueue


def _calls(owner: TaskQueue) -> workflow.ActivityConfig:
    return workflow.ActivityConfig(
        task_queue=owner,
        start_to_close_timeout=timedelta(seconds=20),
        retry_policy=RetryPolicy(
            initial_interval=timedelta(milliseconds=500), maximum_interval=timedelta(seconds=20)
        ),
    )


ORGANISATION = _calls(TaskQueue.ORGANISATION)
RULEBOOK = _calls(TaskQueue.RULEBOOK)
INTAKE = _calls(TaskQueue.INTAKE)
REVIEW = _calls(TaskQueue.REVIEW)
PAYOUT = _calls(TaskQueue.PAYOUT)
POSTROOM = _calls(TaskQueue.POSTROOM)
