"""The directory's Temporal edge."""

from temporalio import activity

from services.directory.operations import hand_over, journey, telling
from services.kit.db import Database
from workflows.contracts.directory import DirectoryActivities, FreezePlan, PostsResolved, ResolvePosts
from workflows.contracts.hand_over import ResolveTasks, TasksResolved
from workflows.contracts.notices import NoticeBatch
from workflows.contracts.plan import ReviewPlan


class Activities(DirectoryActivities):
    """What journeys ask of the directory, which only reads; and the notices of every service, which it keeps."""

    def __init__(self, database: Database, *, mails_go_out: bool) -> None:
        self._database = database
        self._mails_go_out = mails_go_out

    @activity.defn(name="directory.freeze_plan")
    async def freeze_plan(self, command: FreezePlan) -> ReviewPlan:
        """See the port."""
        async with self._database.reading() as tx:
            return await journey.freeze_plan(tx, command)

    @activity.defn(name="directory.resolve_posts")
    async def resolve_posts(self, command: ResolvePosts) -> PostsResolved:
        """See the port."""
        async with self._database.reading() as tx:
            return await journey.resolve_posts(tx, command)

    @activity.defn(name="directory.resolve_tasks")
    async def resolve_tasks(self, command: ResolveTasks) -> TasksResolved:
        """See the port."""
        async with self._database.reading() as tx:
            return await hand_over.resolve_tasks(tx, command)

    @activity.defn(name="directory.accept_notices")
    async def accept_notices(self, batch: NoticeBatch) -> None:
        """See the port."""
        async with self._database.transaction() as tx:
            await telling.accept_notices(tx, batch, mails_go_out=self._mails_go_out)
