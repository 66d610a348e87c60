"""Links by which people choose passwords, and the digests of their secrets, which the postroom keeps."""

from datetime import datetime
from typing import Final
from uuid import UUID

from kit.db import Tx
from kit.inserts import Insert
from kit.rows import read
from language.events.organisation import PersonChanged, PersonCreated
from language.views import View
from services.organisation.sign_in.domain.password_links import PasswordLink

_COLUMNS: Final = (
    "id, person_id, event_id, is_invitation, address_digest, sent_at, good_until, used_at, ended_at"
)
INSERT = Insert("account_links", _COLUMNS)


async def insert_link(tx: Tx, new: PasswordLink) -> None:
    """Keep it."""
    await tx.conn.execute(INSERT.statement, *INSERT.row(new))


FIND = f"select {_COLUMNS} from account_links where id = $1"


async def find_link(tx: Tx, link_id: UUID) -> PasswordLink | None:
    """The link. Whoever acts by it locks its account first."""
    row = await tx.conn.fetchrow(FIND, link_id)
    return read(PasswordLink, row) if row else None


HAS_DIGEST = f"select exists (select 1 from {View.ACCOUNT_LINK_DIGESTS} where link_id = $1 and digest = $2)"


async def was_mailed(tx: Tx, link_id: UUID, digest: str) -> bool:
    """A mail has brought this secret to the link."""
    return bool(await tx.conn.fetchval(HAS_DIGEST, link_id, digest))


USE = "update account_links set used_at = $2 where id = $1"


async def set_used(tx: Tx, link_id: UUID, now: datetime) -> None:
    """Nobody uses it again."""
    await tx.conn.execute(USE, link_id, now)


# Of a joined record the address may have been entered there.
ENTERED_BY = """
select e.actor_id from events e join event_values v on v.event_id = e.event_id
where e.subject_id in (select $1::uuid union all select id from people where joined_into = $1)
  and e.kind = any($3) and v.field = 'mail_address' and e.actor_id is not null
  and $2 in (v.value ->> 'new', v.value #>> '{}')
order by e.seq desc limit 1
"""


async def who_entered(tx: Tx, person_id: UUID, address: str) -> UUID | None:
    """Whoever was the last to write down that the person is mailed at this address."""
    kinds = [PersonCreated.__name__, PersonChanged.__name__]
    found: UUID | None = await tx.conn.fetchval(ENTERED_BY, person_id, address, kinds)
    return found
