"""How long is kept what casework writes for a time only."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from casework.history.sealed import service_of
from kit.context import Context
from kit.db import Tx
from kit.keeping import Term, by
from language.views import View

# The oldest come first by their position, so a look at the first of them is enough.
FORGET_COLLECTED: Final = f"""
with first as (
  select position, happened_at from notices
  where position <= (select max(position) from {View.COLLECTED} where service = $2)
  order by position limit $3 for update skip locked
)
delete from notices n using first
where n.position = first.position and first.happened_at < $1 returning n.position
"""


async def forget_collected(tx: Tx, kept: timedelta, limit: int) -> int:
    """Notices that happened so long ago and that the postroom has read: there they are kept for their
    readers, here they were only on their way. What it has not read stays, however old."""
    service = await service_of(tx.conn)
    return len(await tx.conn.fetch(FORGET_COLLECTED, tx.now - kept, service, limit))


FORGET_COMPARISONS: Final = """
delete from run_comparisons where id = any(array(
  select id from run_comparisons where asked_at < now() - $1::interval limit $2 for update skip locked
)) returning true
"""


def casework_terms(context: Context) -> Sequence[Term]:
    """Of notices, and of runs that were compared with their rows."""
    settings = context.settings
    return (
        Term(what="notices", kept=timedelta(days=settings.collected_notices_days), remove=forget_collected),
        Term(
            what="run_comparisons",
            kept=timedelta(days=settings.comparisons_kept_days),
            remove=by(FORGET_COMPARISONS),
        ),
    )
