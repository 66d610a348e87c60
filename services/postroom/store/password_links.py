"""Links that mails bring: which may still be used, by what the organisation publishes, and the digests of the
secrets that were made for them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from kit.db import Tx
from kit.rows import read
from language.messages.notices import LinkSent, NoticeKind
from language.views import View


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenLink:
    """A link that may be used, where its mail goes, and until when (real time) it is good."""

    id: UUID
    mail_address: str
    good_until: datetime


_DETAILS: Final = sorted(LinkSent)
IN_MAIL = f"""
select l.id, l.mail_address, l.good_until
from mail_notices m join received_notices n on n.id = m.notice_id
join {View.ACCOUNT_LINKS} l on l.event_id = n.event_id
where m.mail_id = $1 and n.kind = $2 and n.detail = any($3) and l.good_until > now()
"""


async def link_in_mail(tx: Tx, mail_id: UUID) -> OpenLink | None:
    """The link that this mail brings; it is in a mail of its own."""
    row = await tx.conn.fetchrow(IN_MAIL, mail_id, NoticeKind.ACCOUNT_CHANGED, _DETAILS)
    return read(OpenLink, row) if row else None


INSERT = "insert into account_link_digests (digest, link_id, made_at) values ($1, $2, now())"


async def insert_digest(tx: Tx, link_id: UUID, digest: str) -> None:
    """A mail brings this secret to the link from now on."""
    await tx.conn.execute(INSERT, digest, link_id)
