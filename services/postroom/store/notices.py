"""Received notices, and how each person wants to be told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Final
from uuid import UUID

from kit.db import Tx
from kit.inserts import Insert
from kit.rows import read_all
from kit.sorting import ListPlace, Order, Sort, Sorts
from language.messages.notices import Notice, NoticeKind
from language.views import View
from services.postroom.domain.notices import ListedNotice
from services.postroom.domain.telling import NoticeSettings

_SETTINGS = "person_id, mail_address, language, modes, digest_hour, quiet_from, quiet_to, version"
_NOTICE = (
    "id, service, event_id, person_id, kind, subject_id, subject_code, level, due_at, detail, reference, "
    "happened_at, read_at, reason, amount_dong"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeCount:
    """How many notices of a kind there are, and how many of them nobody has read."""

    kind: NoticeKind
    count: int
    unread: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reached:
    """Where the organisation knows a person to be reached."""

    person_id: UUID
    mail_address: str | None


SETTINGS_OF = f"select {_SETTINGS} from notice_settings where person_id = any($1)"
WHERE_REACHED = f"select id as person_id, mail_address from {View.PERSONS} where id = any($1)"


async def settings_of(tx: Tx, person_ids: Sequence[UUID]) -> dict[UUID, NoticeSettings]:
    """Everybody's settings; who has chosen nothing has the usual ones, and is mailed where the organisation
    knows the person to be reached."""
    rows = await tx.conn.fetch(SETTINGS_OF, list(person_ids))
    chosen = {settings.person_id: settings for settings in read_all(NoticeSettings, rows)}
    others = [person_id for person_id in person_ids if person_id not in chosen]
    reached = read_all(_Reached, await tx.conn.fetch(WHERE_REACHED, others))
    usual = {person_id: NoticeSettings(person_id=person_id) for person_id in others}
    usual |= {
        one.person_id: NoticeSettings(person_id=one.person_id, mail_address=one.mail_address)
        for one in reached
    }
    return chosen | usual


INSERT_SETTINGS = Insert(
    "notice_settings",
    "person_id, mail_address, language, modes, digest_hour, quiet_from, quiet_to",
    "on conflict (person_id) do nothing returning true",
)
UPDATE_SETTINGS = """
update notice_settings set mail_address = $2, language = $3, modes = $4, digest_hour = $5, quiet_from = $6,
  quiet_to = $7, version = version + 1
where person_id = $1 and version = $8 returning true
"""


async def save_settings(tx: Tx, new: NoticeSettings) -> bool:
    """Put these settings in the place of the version they bear; False when somebody else was first."""
    row = INSERT_SETTINGS.row(new, modes=dict(new.modes))
    if new.version == 0:
        return bool(await tx.conn.fetchval(INSERT_SETTINGS.statement, *row))
    return bool(await tx.conn.fetchval(UPDATE_SETTINGS, *row, new.version))


INSERT_NOTICE = Insert(
    "received_notices",
    "id, service, event_id, person_id, kind, subject_id, subject_code, level, due_at, detail, reference, "
    "happened_at, reason, amount_dong",
    "on conflict do nothing returning true",
)


async def insert_notice(tx: Tx, service: str, notice: Notice) -> bool:
    """False when it came before."""
    row = INSERT_NOTICE.row(notice, service=service)
    return bool(await tx.conn.fetchval(INSERT_NOTICE.statement, *row))


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeFilter:
    """Whose notices, and which of them."""

    person_id: UUID
    unread: bool | None = None
    kind: NoticeKind | None = None


SORTS: Final = Sorts(
    "-happened", Sort(name="happened", column="happened_at", shown=attrgetter("happened_at"))
)


PACK_CALLED: Final = f"""
left join lateral (
  select p.content ->> 'title_vi' as pack_vi, p.content ->> 'title_en' as pack_en
  from (select case n.kind when 'PACK_PUBLISHED' then n.subject_code else n.reference end as code) told
  join {View.PACKS} p
    on p.name = split_part(told.code, '@', 1) and p.version::text = split_part(told.code, '@', 2)
  where n.kind in ('PACK_PUBLISHED', 'RULES_CHANGED')
) pack on true
"""
"""What the pack that a notice `n` names is called. People know it by that, not by its code."""


def _list(order: Order) -> str:
    return f"""
select {_NOTICE}, pack_vi, pack_en from received_notices n {PACK_CALLED}
where person_id = $1 and ($2::boolean is null or (read_at is null) = $2) and ($3::text is null
  or kind = $3) and {order.behind(4)}
{order.by()} limit $6
"""


LIST = SORTS.statements(_list)


async def list_notices(tx: Tx, wanted: NoticeFilter, place: ListPlace, limit: int) -> list[ListedNotice]:
    """A person's notices in the order of the place, from there on."""
    asked = (wanted.person_id, wanted.unread, wanted.kind, *place.arguments, limit)
    return read_all(ListedNotice, await tx.conn.fetch(LIST[place.order], *asked))


COUNTS = """
select kind, count(*)::int as count, (count(*) filter (where read_at is null))::int as unread
from received_notices where person_id = $1 group by kind order by kind
"""


async def count_notices(tx: Tx, person_id: UUID) -> list[NoticeCount]:
    """Exact counts by kind."""
    return read_all(NoticeCount, await tx.conn.fetch(COUNTS, person_id))


READ_SOME = (
    "update received_notices set read_at = $3 where person_id = $1 and id = any($2) and read_at is null "
    "returning id"
)
READ_UP_TO = (
    "update received_notices set read_at = $3 where person_id = $1 and happened_at <= $2 and read_at is "
    "null returning id"
)


async def mark_read(tx: Tx, person_id: UUID, which: Sequence[UUID] | datetime) -> int:
    """These of the person's notices, or all up to an instant, are read now; how many were not before."""
    if isinstance(which, datetime):
        return len(await tx.conn.fetch(READ_UP_TO, person_id, which, tx.now))
    return len(await tx.conn.fetch(READ_SOME, person_id, list(which), tx.now))
