"""Carries a batch of notices to the postroom: it may be away for as long as it likes."""

from temporalio import workflow

from language.messages.notices import NoticeBatch
from language.messages.postroom import PostroomActivities
from language.names import NOTICES_WORKFLOW
from workflows.calls import POSTROOM


@workflow.defn(name=NOTICES_WORKFLOW)
class NoticesWorkflow:
    """One activity, tried until it is done."""

    @workflow.run
    async def run(self, batch: NoticeBatch) -> None:
        """The story."""
        await workflow.execute_activity_method(PostroomActivities.accept_notices, batch, **POSTROOM)
