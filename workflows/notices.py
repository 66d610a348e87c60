"""Carries a batch of notices to the directory: it may be away for as long as it likes."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from workflows.contracts.directory import DirectoryActivities
    from workflows.contracts.names import NOTICES_WORKFLOW
    from workflows.contracts.notices import NoticeBatch

from workflows.calls import DIRECTORY


@workflow.defn(name=NOTICES_WORKFLOW)
class NoticesWorkflow:
    """One activity, tried until it is done."""

    @workflow.run
    async def run(self, batch: NoticeBatch) -> None:
        """The story."""
        await workflow.execute_activity_method(DirectoryActivities.accept_notices, batch, **DIRECTORY)
