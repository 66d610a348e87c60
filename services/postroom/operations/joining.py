"""What stands under the record of a person that was joined to another: inbox, settings, mails that wait."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from casework.joined import Joined
from casework.joining_watch import PersonColumn
from kit.db import Tx
from services.postroom.store import joined_records


class Reading:
    """All that one person is told, at once."""

    async def things(self, tx: Tx, joined: Joined) -> Sequence[UUID]:
        """See the base."""
        return (joined.joined_id,)

    async def carry_over(self, tx: Tx, joined: Joined, thing_id: UUID) -> None:
        """Mails before the notices that they are of."""
        await joined_records.pass_settings(tx, joined.kept_id, thing_id)
        await joined_records.pass_mails(tx, joined.kept_id, thing_id)
        await joined_records.pass_notices(tx, joined.kept_id, thing_id)


FOLLOWERS: Final = (Reading(),)
COLUMNS: Final = (PersonColumn(table="webhooks", column="made_by"),)
