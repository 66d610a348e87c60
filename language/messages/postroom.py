"""What is asked of the postroom: to tell people of what happened."""

from temporalio import activity

from language.messages.notices import NoticeBatch


class PostroomActivities:
    """What is asked of the postroom."""

    @activity.defn(name="postroom.accept_notices")
    async def accept_notices(self, batch: NoticeBatch) -> None:
        """Keep a service's notices and plan their delivery; repeat-safe by notice id."""
        raise NotImplementedError
