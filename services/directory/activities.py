"""The directory's Temporal edge."""

from temporalio import activity

from services.directory.operations import hand_over, journey
from services.kit.db import Database
from workflows.contracts.directory import DirectoryActivities, FreezePlan, PostsResolved, ResolvePosts
from workflows.contracts.hand_over import ResolveTasks, TasksResolved
from workflows.contracts.plan import ReviewPlan


class Activities(DirectoryActivities):
    """What journeys ask of the directory; reads only."""

    def __init__(self, database: Database) -> None:
        self._database = database

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
