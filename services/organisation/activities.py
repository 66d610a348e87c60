"""The organisation's Temporal edge."""

from temporalio import activity

from kit.db import Database
from language.messages.organisation import OrganisationActivities, PostsResolved, ResolvePosts
from services.organisation.operations import resolving


class Activities(OrganisationActivities):
    """What journeys and the hand-over of open work ask of the organisation."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @activity.defn(name="organisation.resolve_posts")
    async def resolve_posts(self, command: ResolvePosts) -> PostsResolved:
        """See the port."""
        async with self._database.reading() as tx:
            return await resolving.resolve_posts(tx, command)
