"""Who looked at a dossier: kept once for each person, part and hour."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Final
from uuid import UUID

from casework.naming import EVER, Days
from kit.db import Tx
from kit.ids import new_id
from kit.inserts import Insert
from kit.rows import read_all
from kit.sorting import ListPlace, Order, Sort, Sorts
from language.views import View
from services.intake.domain.look import LookedAt


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Somebody who is no author looked at a part of a dossier, in this hour for the first time then."""

    id: UUID
    dossier_id: UUID
    dossier_code: str | None
    title: str
    unit_id: UUID
    person_id: UUID
    full_name: str | None
    part: LookedAt
    looked_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LookFilter:
    """Which looks: at this dossier, by these records of one person, in a span; at dossiers under these units
    (None: at all)."""

    unit_ids: Sequence[UUID] | None = None
    dossier_id: UUID | None = None
    person_ids: Sequence[UUID] | None = None
    looked: Days = EVER


IS_KNOWN: Final = """
select exists (select from looks where dossier_id = $1 and person_id = $2 and part = $3 and hour = $4)
"""


async def is_known(tx: Tx, dossier_id: UUID, person_id: UUID, part: LookedAt) -> bool:
    """It is written down already, for this hour."""
    return bool(await tx.conn.fetchval(IS_KNOWN, dossier_id, person_id, part, _hour(tx.now)))


KEEP: Final = Insert("looks", "id, dossier_id, person_id, part, hour, looked_at", "on conflict do nothing")


async def keep_look(tx: Tx, dossier_id: UUID, person_id: UUID, part: LookedAt) -> None:
    """Write it down, unless it is already for this hour."""
    row = KEEP.row(
        id=new_id(),
        dossier_id=dossier_id,
        person_id=person_id,
        part=part,
        hour=_hour(tx.now),
        looked_at=tx.now,
    )
    await tx.conn.execute(KEEP.statement, *row)


def _hour(instant: datetime) -> datetime:
    return instant.replace(minute=0, second=0, microsecond=0)


SORTS: Final = Sorts("-looked", Sort(name="looked", column="looked_at", shown=attrgetter("looked_at")))


def _list(order: Order) -> str:
    return f"""
select l.*, d.code as dossier_code, d.title, d.unit_id, n.full_name
from (
  select * from looks
  where ($1::uuid is null or dossier_id = $1) and ($2::uuid[] is null or person_id = any($2))
    and ($3::timestamptz is null or looked_at >= $3) and ($4::timestamptz is null or looked_at < $4)
    and ($5::uuid[] is null or exists (
      select from dossiers d where d.id = dossier_id and d.unit_path && $5))
    and {order.behind(6)} {order.by()} limit $8
) l join dossiers d on d.id = l.dossier_id left join {View.NAMES} n on n.id = l.person_id
{order.by().replace("order by ", "order by l.").replace(", id", ", l.id")}
"""


LIST: Final = SORTS.statements(_list)


async def list_looks(tx: Tx, wanted: LookFilter, place: ListPlace, limit: int) -> list[Look]:
    """Looks in the order of the place, from there on."""
    rows = await tx.conn.fetch(
        LIST[place.order],
        wanted.dossier_id,
        None if wanted.person_ids is None else list(wanted.person_ids),
        wanted.looked.begins,
        wanted.looked.ends,
        None if wanted.unit_ids is None else list(wanted.unit_ids),
        *place.arguments,
        limit,
    )
    return read_all(Look, rows)
