"""Mails: made of notices, claimed before they are sent, finished after."""

from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Final
from uuid import UUID

from kit.db import Tx
from kit.ids import new_id
from kit.inserts import Insert
from kit.rows import read, read_all
from kit.sorting import ListPlace, Order, Sort, Sorts
from language.telling import MailState
from language.views import ALARMS, TASKS, View
from services.postroom.domain.letters import LetterItem
from services.postroom.domain.mails import ClaimedMail, Mail
from services.postroom.domain.worth_telling import Matters, still_open
from services.postroom.store.notices import PACK_CALLED

_MAIL = "id, person_id, send_at, state, attempts, next_try_at, sent_at, outcome, made_at"


INSERT = "insert into mails (id, person_id, send_at, is_gathered, made_at) values ($1, $2, $3, false, $4)"
PUT_IN = "insert into mail_notices (notice_id, mail_id) values ($1, $2)"


async def mail_alone(tx: Tx, notice_id: UUID, person_id: UUID, send_at: datetime) -> None:
    """A mail of this notice only."""
    mail_id = new_id()
    await tx.conn.execute(INSERT, mail_id, person_id, send_at, tx.now)
    await tx.conn.execute(PUT_IN, notice_id, mail_id)


GATHER = """
insert into mails (id, person_id, send_at, is_gathered, made_at) values ($1, $2, $3, true, $4)
on conflict (person_id, send_at) where is_gathered do update set is_gathered = true
  where mails.state = 'WAITING' returning id
"""


async def mail_gathered(tx: Tx, notice_id: UUID, person_id: UUID, send_at: datetime) -> None:
    """Put the notice into the person's mail of that instant; into one of its own when that has gone
    already."""
    mail_id = await tx.conn.fetchval(GATHER, new_id(), person_id, send_at, tx.now)
    if mail_id is None:
        await mail_alone(tx, notice_id, person_id, send_at)
    else:
        await tx.conn.execute(PUT_IN, notice_id, mail_id)


TO_FORMER = Insert("mails", "id, person_id, send_at, is_gathered, made_at, former_of, former_address")


async def mail_to_former(
    tx: Tx, notice_id: UUID, person_id: UUID, send_at: datetime, former_address: str
) -> None:
    """A mail of this notice to where its reader was mailed before."""
    row = TO_FORMER.row(
        id=new_id(),
        person_id=person_id,
        send_at=send_at,
        is_gathered=False,
        made_at=tx.now,
        former_of=notice_id,
        former_address=former_address,
    )
    await tx.conn.execute(TO_FORMER.statement, *row)


@dataclass(frozen=True, slots=True, kw_only=True)
class DueMail:
    """A mail whose time has come, and whose it is."""

    id: UUID
    person_id: UUID


DUE = """
select id, person_id from mails where state = 'WAITING' and send_at <= $1 and next_try_at <= now()
order by send_at, id limit $2
"""


async def due_mails(tx: Tx, limit: int) -> list[DueMail]:
    """Mails whose time has come."""
    return read_all(DueMail, await tx.conn.fetch(DUE, tx.now, limit))


CLAIM = """
update mails set state = 'SENDING', attempts = attempts + 1, claimed_in = $2 where id = $1
  and state = 'WAITING'
returning id, person_id, attempts, send_at, claimed_in, former_address
"""
_TASKS = " union all ".join(
    f"select kind, subject_id, assignee_id, state from {view}" for view in sorted(TASKS)
)
_ALARMS = " union all ".join(f"select kind, subject_id from {view}" for view in sorted(ALARMS))
NOTICES = f"""
select n.kind, n.subject_id, n.subject_code, n.level, n.due_at, n.detail, n.reference, n.reason,
  n.amount_dong, pack.pack_vi, pack.pack_en,
  array(select t.kind from ({_TASKS}) t where t.subject_id = n.subject_id and t.assignee_id = n.person_id
    and t.state in ('WAITING', 'OPEN') and t.state = 'OPEN') as own_tasks,
  array(select distinct t.kind from ({_TASKS}) t where t.subject_id = n.subject_id
    and t.state in ('WAITING', 'OPEN')) as all_tasks,
  array(select a.kind from ({_ALARMS}) a where a.subject_id = n.subject_id) as alarms,
  array(select a.kind from {View.ASKED} a where a.subject_id = n.subject_id and a.person_id = n.person_id)
    as asked,
  exists (select 1 from received_notices later where later.person_id = n.person_id and later.kind = n.kind
    and later.subject_id = n.subject_id and later.happened_at > n.happened_at) as has_gone_on,
  exists (select 1 from {View.ACCOUNT_LINKS} l where l.event_id = n.event_id and l.good_until > now())
    as has_link
from (
  select notice_id from mail_notices where mail_id = $1
  union all
  select former_of from mails where id = $1 and former_of is not null
) m join received_notices n on n.id = m.notice_id {PACK_CALLED}
order by n.happened_at, n.id
"""


async def claim_mail(tx: Tx, mail_id: UUID, term: int) -> ClaimedMail | None:
    """Take the mail to send it, with what in it is still open for its reader; None when it does not wait any
    more. From now on nobody else sends it."""
    row = await tx.conn.fetchrow(CLAIM, mail_id, term)
    if row is None:
        return None
    rows = await tx.conn.fetch(NOTICES, mail_id)
    found = [(read(LetterItem, one), read(Matters, one)) for one in rows]
    return read(ClaimedMail, row, items=still_open(found))


NEEDLESS = """
update mails set state = 'NEEDLESS', outcome = 'nothing in it was open any more' where id = $1
  and state = 'SENDING' and claimed_in = $2
"""


async def drop_needless(tx: Tx, mail: ClaimedMail) -> None:
    """Nothing in it is open any more: it is not sent."""
    await tx.conn.execute(NEEDLESS, mail.id, mail.claimed_in)


SENT = """
update mails set state = 'SENT', sent_at = $2, outcome = $3, former_address = null
where id = $1 and state in ('SENDING', 'UNSURE')
"""


async def mark_sent(tx: Tx, mail_id: UUID, outcome: str) -> None:
    """The server has taken it."""
    await tx.conn.execute(SENT, mail_id, tx.now, outcome)


GIVE_UP = "update mails set state = $3, outcome = $4 where id = $1 and state = 'SENDING' and claimed_in = $2"


async def give_up(tx: Tx, mail: ClaimedMail, state: MailState, outcome: str) -> None:
    """It is not tried again by itself. A claim of a term that is over says nothing any more."""
    await tx.conn.execute(GIVE_UP, mail.id, mail.claimed_in, state, outcome)


TRY_AGAIN = """
update mails set state = 'WAITING', outcome = $3, next_try_at = now() + make_interval(mins => least(360,
  power(2, attempts - 1)::int))
where id = $1 and state = 'SENDING' and claimed_in = $2
"""


async def try_again(tx: Tx, mail: ClaimedMail, outcome: str) -> None:
    """The server has not taken it: once more, after a pause that doubles from a minute to six hours. A claim
    of a term that is over says nothing any more: somebody may be sending it now."""
    await tx.conn.execute(TRY_AGAIN, mail.id, mail.claimed_in, outcome)


DOUBT = (
    "update mails set state = 'UNSURE', outcome = 'the process ended while the server had it' where "
    "state = 'SENDING' returning id"
)


async def doubt_unfinished(tx: Tx) -> int:
    """Mails that a process was sending when it ended: whether the server took them nobody knows. Only who
    leads may ask."""
    return len(await tx.conn.fetch(DOUBT))


SORTS: Final = Sorts("-made", Sort(name="made", column="made_at", shown=attrgetter("made_at")))


def _list(order: Order) -> str:
    return f"""
select {_MAIL} from mails where ($1::text is null or state = $1) and {order.behind(2)}
{order.by()} limit $4
"""


LIST = SORTS.statements(_list)


async def list_mails(tx: Tx, state: MailState | None, place: ListPlace, limit: int) -> list[Mail]:
    """Mails in the order of the place, from there on."""
    return read_all(Mail, await tx.conn.fetch(LIST[place.order], state, *place.arguments, limit))


GET = f"select {_MAIL} from mails where id = $1"


async def find_mail(tx: Tx, mail_id: UUID) -> Mail | None:
    """The mail."""
    row = await tx.conn.fetchrow(GET, mail_id)
    return read(Mail, row) if row else None


LOCK = f"{GET} for update"


async def lock_mail(tx: Tx, mail_id: UUID) -> Mail | None:
    """The mail, locked."""
    row = await tx.conn.fetchrow(LOCK, mail_id)
    return read(Mail, row) if row else None


RESEND = f"""
update mails set state = 'WAITING', attempts = 0, next_try_at = now(), send_at = $2, is_gathered = false
  where id = $1 returning {_MAIL}
"""


async def resend(tx: Tx, mail_id: UUID) -> Mail:
    """It waits again, to be sent now."""
    [row] = await tx.conn.fetch(RESEND, mail_id, tx.now)
    return read(Mail, row)
