"""What is kept for a time only: mails that are over, notices, and the deliveries of these. Events are kept
for ever."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from kit.db import Tx
from kit.keeping import Term, by
from language.views import View

OLD_MAILS = """
select id from mails where send_at < $1 and state in ('SENT', 'UNSURE', 'FAILED', 'NEEDLESS')
order by send_at, id limit $2 for update skip locked
"""
FORGET_MAIL_NOTICES = "delete from mail_notices where mail_id = any($1)"
FORGET_MAILS = "delete from mails where id = any($1)"


async def forget_mails(tx: Tx, kept: timedelta, limit: int) -> int:
    """Remove mails that were to go so long ago and that nobody sends any more; how many."""
    found = [row["id"] for row in await tx.conn.fetch(OLD_MAILS, tx.now - kept, limit)]
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


async def forget_notices(tx: Tx, kept: timedelta, limit: int) -> int:
    """Remove notices that happened so long ago, with their deliveries; how many. One that is still in a mail,
    or still has to go to a webhook, stays: also when a replay has asked for it in this very moment."""
    found = [row["id"] for row in await tx.conn.fetch(OLD_NOTICES, tx.now - kept, limit)]
    await tx.conn.execute(FORGET_DELIVERIES, found)
    return len(await tx.conn.fetch(FORGET_NOTICES, found))


# A link that may still be used keeps all that was mailed of it, however long it is good.
FORGET_DIGESTS: Final = f"""
delete from account_link_digests where digest = any(array(
  select d.digest from account_link_digests d where d.made_at < now() - $1::interval
    and not exists (select from {View.ACCOUNT_LINKS} l where l.id = d.link_id and l.good_until > now())
  order by d.made_at limit $2 for update of d skip locked
)) returning true
"""


def postroom_terms(notices_kept_days: int, links_kept_days: int) -> Sequence[Term]:
    """Mails first, then the notices that they were of."""
    notices = timedelta(days=notices_kept_days)
    return (
        Term(what="mails", kept=notices, remove=forget_mails),
        Term(what="received_notices", kept=notices, remove=forget_notices),
        Term(
            what="account_link_digests",
            kept=timedelta(days=links_kept_days),
            remove=by(FORGET_DIGESTS),
        ),
    )
