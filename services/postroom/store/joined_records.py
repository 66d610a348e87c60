"""What names a person whose record was joined to another."""

from uuid import UUID

from kit.db import Tx

CARRY_SETTINGS = """
insert into notice_settings
  (person_id, mail_address, language, modes, digest_hour, quiet_from, quiet_to, version)
select $1, mail_address, language, modes, digest_hour, quiet_from, quiet_to, version
from notice_settings where person_id = $2 on conflict do nothing
"""
DROP_SETTINGS = "delete from notice_settings where person_id = $1"


async def pass_settings(tx: Tx, kept_id: UUID, joined_id: UUID) -> None:
    """How the person wants to be told: as was chosen under the kept record, else under the other."""
    await tx.conn.execute(CARRY_SETTINGS, kept_id, joined_id)
    await tx.conn.execute(DROP_SETTINGS, joined_id)


# One mail gathers what comes until its hour: where both records have one, the notices go into the kept one's.
GATHER = """
update mail_notices n set mail_id = kept.id
from mails joined join mails kept
  on kept.person_id = $1 and kept.send_at = joined.send_at and kept.is_gathered and kept.state = 'WAITING'
where joined.person_id = $2 and joined.is_gathered and joined.state = 'WAITING' and n.mail_id = joined.id
"""
CARRY_MAILS = """
update mails m set person_id = $1
where person_id = $2 and state = 'WAITING' and not (is_gathered and exists (
  select from mails kept where kept.person_id = $1 and kept.send_at = m.send_at and kept.is_gathered))
"""
DROP_EMPTY = """
update mails m set state = 'NEEDLESS', outcome = 'it goes out under the other record'
where person_id = $1 and state = 'WAITING' and former_of is null
  and not exists (select from mail_notices n where n.mail_id = m.id)
"""


async def pass_mails(tx: Tx, kept_id: UUID, joined_id: UUID) -> None:
    """What waits to be sent goes to the person as the kept record has it."""
    await tx.conn.execute(GATHER, kept_id, joined_id)
    await tx.conn.execute(CARRY_MAILS, kept_id, joined_id)
    await tx.conn.execute(DROP_EMPTY, joined_id)


CARRY_NOTICES = """
update received_notices n set person_id = $1
where person_id = $2 and not exists (
  select from received_notices known
  where known.event_id = n.event_id and known.person_id = $1 and known.kind = n.kind)
"""


async def pass_notices(tx: Tx, kept_id: UUID, joined_id: UUID) -> None:
    """The inbox; what the person was told under both records is there once."""
    await tx.conn.execute(CARRY_NOTICES, kept_id, joined_id)
