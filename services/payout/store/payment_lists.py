"""Payment lists and what stands on them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.kit.db import Row, Tx
from services.payout.domain.award import Award
from services.payout.domain.payment_list import ListState, PaymentList, PaymentListItem
from workflows.contracts.refusals import NotFound

_COLUMNS = "id, number, unit_id, unit_path, state, total_dong, award_count, statement_reference, version, drafted_at"
LOCK_NUMBERS = "select pg_advisory_xact_lock(hashtextextended('payment_list:' || $1::uuid, 0))"
COUNT_OF_YEAR = "select count(*) from payment_lists where unit_id = $1 and number like $2::int || '-%'"
INSERT = f"""
insert into payment_lists ({_COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
"""  # noqa: S608
INSERT_ITEM = "insert into payment_list_items (list_id, award_id, person_id, amount_dong) values ($1, $2, $3, $4)"
UPDATE = """
update payment_lists set state = $2, total_dong = $3, award_count = $4, statement_reference = $5, version = $6 where id = $1
"""
GET = f"select {_COLUMNS} from payment_lists where id = $1"  # noqa: S608
LOCK = f"select {_COLUMNS} from payment_lists where id = $1 for update"  # noqa: S608
LOCK_HOLDING = f"""
select {_COLUMNS} from payment_lists
where id in (select list_id from payment_list_items where award_id = $1 and removed_at is null) for update
"""  # noqa: S608
REMOVE_AWARD = "update payment_list_items set removed_at = $2 where award_id = $1 and removed_at is null"
LIST = f"""
select {_COLUMNS} from payment_lists
where unit_path && $1 and ($2::uuid is null or unit_path @> array[$2]) and ($3::text is null or state = $3)
  and (drafted_at, id) < ($4, $5)
order by drafted_at desc, id desc limit $6
"""  # noqa: S608
ITEMS = """
select i.award_id, a.dossier_code, a.decision_number, i.person_id, i.amount_dong
from payment_list_items i join awards a on a.id = i.award_id join award_shares s on s.award_id = i.award_id and s.person_id = i.person_id
where i.list_id = $1 and i.removed_at is null and (a.dossier_code, i.person_id) > ($2, $3) order by a.dossier_code, i.person_id limit $4
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListFilter:
    """Which lists: under all of the caller's units, and further under this unit, in this state."""

    caller_units: Sequence[UUID]
    unit_id: UUID | None = None
    state: ListState | None = None


def _list(row: Row) -> PaymentList:
    return PaymentList(**{**dict(row), "unit_path": tuple(row["unit_path"]), "state": ListState(row["state"])})


async def next_sequence(tx: Tx, unit_id: UUID, year: int) -> int:
    """The next number of the unit's lists in the year; others wait for it until the transaction ends."""
    await tx.conn.execute(LOCK_NUMBERS, unit_id)
    return int(await tx.conn.fetchval(COUNT_OF_YEAR, unit_id, year)) + 1


async def insert_list(tx: Tx, payment_list: PaymentList, awards: Sequence[Award]) -> None:
    """Write the list with an item for each payee of each award."""
    new = payment_list
    await tx.conn.execute(
        INSERT, new.id, new.number, new.unit_id, list(new.unit_path), new.state, new.total_dong, new.award_count, new.statement_reference,
        new.version, new.drafted_at,
    )  # fmt: skip
    rows = [(new.id, award.id, share.person_id, share.amount_dong) for award in awards for share in award.shares]
    await tx.conn.executemany(INSERT_ITEM, rows)


async def update_list(tx: Tx, changed: PaymentList) -> None:
    """Save where the list stands."""
    await tx.conn.execute(
        UPDATE, changed.id, changed.state, changed.total_dong, changed.award_count, changed.statement_reference, changed.version
    )


async def get_list(tx: Tx, list_id: UUID) -> PaymentList:
    """The list; `NotFound` without one."""
    row = await tx.conn.fetchrow(GET, list_id)
    if row is None:
        raise NotFound
    return _list(row)


async def lock_list(tx: Tx, list_id: UUID) -> PaymentList:
    """The list, locked until the transaction ends. Lock a list before its awards, never after."""
    row = await tx.conn.fetchrow(LOCK, list_id)
    if row is None:
        raise NotFound
    return _list(row)


async def lock_list_holding(tx: Tx, award_id: UUID) -> PaymentList | None:
    """The list on which the award stands, locked; None when it stands on none."""
    row = await tx.conn.fetchrow(LOCK_HOLDING, award_id)
    return _list(row) if row else None


async def remove_award(tx: Tx, award_id: UUID) -> None:
    """Strike the award from its list; the struck items stay in the table."""
    await tx.conn.execute(REMOVE_AWARD, award_id, tx.now)


async def list_lists(tx: Tx, wanted: ListFilter, before: tuple[datetime, UUID], limit: int) -> list[PaymentList]:
    """Payment lists, newest first."""
    rows = await tx.conn.fetch(LIST, list(wanted.caller_units), wanted.unit_id, wanted.state, *before, limit)
    return [_list(row) for row in rows]


async def list_items(tx: Tx, list_id: UUID, after: tuple[str, UUID], limit: int) -> list[PaymentListItem]:
    """What stands on the list, by dossier code."""
    return [PaymentListItem(**dict(row)) for row in await tx.conn.fetch(ITEMS, list_id, *after, limit)]
