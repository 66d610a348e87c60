"""The postroom as a fake behind its port."""

from temporalio import activity

from language.messages.notices import NoticeBatch
from language.messages.postroom import PostroomActivities
from tests.workflows.office import Office


class FakePostroom(PostroomActivities):
    """Notices that have come."""

    def __init__(self, office: Office) -> None:
        self._office = office

    @activity.defn(name="postroom.accept_notices")
    async def accept_notices(self, batch: NoticeBatch) -> None:
        """Keeps them, unless it is away."""
        if self._office.times_away:
            self._office.times_away -= 1
            raise ConnectionError("the postroom's database is away")
        self._office.accepted.append(batch)
