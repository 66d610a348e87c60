"""The postroom's Temporal edge."""

from temporalio import activity

from kit.db import Database
from language.messages.notices import NoticeBatch
from language.messages.postroom import PostroomActivities
from services.postroom.operations import telling


class Activities(PostroomActivities):
    """The notices of every service come in."""

    def __init__(self, database: Database, *, mails_go_out: bool) -> None:
        self._database = database
        self._mails_go_out = mails_go_out

    @activity.defn(name="postroom.accept_notices")
    async def accept_notices(self, batch: NoticeBatch) -> None:
        """See the port."""
        async with self._database.transaction() as tx:
            await telling.accept_notices(tx, batch, mails_go_out=self._mails_go_out)
