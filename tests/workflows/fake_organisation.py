"""The organisation as a fake behind its port."""

from uuid import uuid5

from temporalio import activity

from language.deadline.arithmetic import build_clock
from language.ids import PersonId, PostId
from language.messages.organisation import OrganisationActivities, PostsResolved, ResolvePosts
from language.posts.holders import PostHolder
from tests.workflows.cases import CALENDAR
from tests.workflows.office import Office


class FakeOrganisation(OrganisationActivities):
    """Posts; clocks by the real rules of time."""

    def __init__(self, office: Office) -> None:
        self._office = office

    @activity.defn(name="organisation.resolve_posts")
    async def resolve_posts(self, command: ResolvePosts) -> PostsResolved:
        """One holder a post, never an author."""
        self._office.note_look(command.dossier_id, command.level)
        rules = command.clock
        return PostsResolved(
            unit_id=command.unit_id,
            unit_path=(command.unit_id,),
            holders=tuple(
                PostHolder(
                    post_id=PostId(uuid5(command.unit_id, kind)),
                    kind=kind,
                    person_id=PersonId(uuid5(command.unit_id, f"{kind}!")),
                )
                for kind in command.posts
            ),
            superiors=(),
            clock=build_clock(command.at, rules.budget, rules.ladder, CALENDAR) if rules else None,
        )
