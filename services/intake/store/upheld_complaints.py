"""Complaints about rejected requests that were upheld, as review publishes them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from casework.watching import BATCH
from kit.db import Tx
from kit.rows import read_all
from language.views import View


@dataclass(frozen=True, slots=True, kw_only=True)
class UpheldComplaint:
    """The request of this dossier was wrongly rejected, by the move `check_revision` of its check."""

    id: UUID
    dossier_id: UUID
    check_revision: int


WAITING = f"""
select u.id, u.dossier_id, u.check_revision
from {View.UPHELD_COMPLAINTS} u join dossiers d on d.id = u.dossier_id
where d.state = 'REQUEST_REJECTED' and d.closed_at is not null and d.check_revision = u.check_revision
  and ($1::uuid is null or u.id > $1)
order by u.id limit $2
"""


async def waiting(tx: Tx, after: UpheldComplaint | None) -> Sequence[UpheldComplaint]:
    """Those whose request still stands rejected. While its journey is only being closed it is not time
    yet."""
    return read_all(UpheldComplaint, await tx.conn.fetch(WAITING, after.id if after else None, BATCH))
