"""What is kept for a time only: mails that are over, notices, and the deliveries of these. Events are kept
for ever."""

from datetime import datetime

from kit.db import Tx

OLD_MAILS = """
select id from mails where send_at < $1 and state in ('SENT', 'UNSURE', 'FAILED', 'NEEDLESS')
order by send_at, id limit $2 for update skip locked
"""
FORGET_MAIL_NOTICES = "delete from mail_notices where mail_id = any($1)"
FORGET_MAILS = "delete from mails where id = any($1)"


async def forget_mails(tx: Tx, before: datetime, limit: int) -> int:
    """Remove mails that were to go before this instant and that nobody sends any more; how many."""
    found = [row["id"] for row in await tx.conn.fetch(OLD_MAILS, before, limit)]
    await tx.conn.execute(FORGET_MAIL_NOTICES, found)
    await tx.conn.execute(FORGET_MAILS, found)
    return len(found)


OLD_NOTICES = """
select id from received_notices n where happened_at < $1
  and not exists (select from mail_notices m where m.notice_id = n.id)
  and not exists (select from mails f where f.former_of = n.id)
  and not exists (select from webhook_deliveries d where d.notice_id = n.id and d.state = 'WAITING')
order by happened_at, id limit $2 for update of n skip locked
"""
FORGET_DELIVERIES = "delete from webhook_deliveries where notice_id = any($1) and state <> 'WAITING'"
FORGET_NOTICES = """
delete from received_notices n where id = any($1) and not exists (select from webhook_deliveries d
  where d.notice_id = n.id) returning id
"""


async def forget_notices(tx: Tx, before: datetime, limit: int) -> int:
    """Remove notices that happened before this instant, with their deliveries; how many. One that is still in
    a mail, or still has to go to a webhook, stays: also when a replay has asked for it in this very
    moment."""
    found = [row["id"] for row in await tx.conn.fetch(OLD_NOTICES, before, limit)]
    await tx.conn.execute(FORGET_DELIVERIES, found)
    return len(await tx.conn.fetch(FORGET_NOTICES, found))


FORGET_DIGESTS = """
delete from account_link_digests where digest in (
  select digest from account_link_digests where made_at < now() - interval '90 days' limit $1)
returning link_id
"""


async def forget_digests(tx: Tx, _: datetime, limit: int) -> int:
    """Remove the digests of links that nobody could use for months; how many."""
    return len(await tx.conn.fetch(FORGET_DIGESTS, limit))
