"""The ledger and payment lists."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Final
from uuid import UUID

from casework.naming import EVER, Days
from kit.counting import MOST, counting
from kit.db import Tx
from kit.inserts import Insert
from kit.rows import read, read_all
from kit.sorting import NEVER, Key, ListPlace, Order, Sort, Sorts
from language.refusals import NotFound
from language.views import View
from services.payout.domain.award import Award
from services.payout.domain.booking import Balance, Entry, LedgerAccount, Line
from services.payout.domain.payment_list import Item, ListState, PaymentList

_LIST_COLUMNS = (
    "id, number, year, unit_id, unit_path, state, total_dong, made_by, made_at, due_at, rule_version, "
    "payment_people, sent_by, sent_at, confirmed_at, statement_reference, version"
)


INSERT_LINE = Insert(
    "ledger_entries",
    "journal_id, award_id, unit_id, account, person_id, debit_dong, credit_dong, booked_at",
)


async def book(tx: Tx, journal_id: UUID, award: Award, lines: Sequence[Line]) -> None:
    """Write a journal; the database refuses one that does not balance."""
    rows = [
        INSERT_LINE.row(
            line, journal_id=journal_id, award_id=award.id, unit_id=award.unit_id, booked_at=tx.now
        )
        for line in lines
    ]
    await tx.conn.executemany(INSERT_LINE.statement, rows)


LINES_OF_AWARD = (
    "select account, person_id, debit_dong, credit_dong from ledger_entries where award_id = $1 order by seq"
)


async def lines_of_award(tx: Tx, award_id: UUID) -> list[Line]:
    """Everything booked for an award."""
    rows = await tx.conn.fetch(LINES_OF_AWARD, award_id)
    return read_all(Line, rows)


ENTRIES = """
select seq, journal_id, award_id, account, person_id, debit_dong, credit_dong, booked_at from ledger_entries
where unit_id = $1 and seq > $2 and ($4::text is null or account = $4)
  and ($5::uuid is null or person_id = $5)
  and ($6::timestamptz is null or booked_at >= $6) and ($7::timestamptz is null or booked_at < $7)
order by seq limit $3
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryFilter:
    """Which lines of a unit's ledger: of an account, of a payee, booked in a span."""

    unit_id: UUID
    account: LedgerAccount | None = None
    person_id: UUID | None = None
    booked: Days = EVER


async def list_entries(tx: Tx, wanted: EntryFilter, after: int, limit: int) -> list[Entry]:
    """The unit's ledger in order."""
    span = (wanted.booked.begins, wanted.booked.ends)
    asked = (wanted.unit_id, after, limit, wanted.account, wanted.person_id, *span)
    return read_all(Entry, await tx.conn.fetch(ENTRIES, *asked))


GROUNDS = "select id, dossier_code, decision_number from awards where id = any($1)"


async def grounds_of_awards(tx: Tx, award_ids: Iterable[UUID]) -> dict[UUID, tuple[str, str]]:
    """The code of the dossier that each of these awards is for, and the number of its decision."""
    rows = await tx.conn.fetch(GROUNDS, list(set(award_ids)))
    return {row["id"]: (row["dossier_code"], row["decision_number"]) for row in rows}


TRIAL_BALANCE = """
select account, sum(debit_dong)::bigint as debit_dong, sum(credit_dong)::bigint as credit_dong
  from ledger_entries
where unit_id = $1 group by account order by account
"""


async def trial_balance(tx: Tx, unit_id: UUID) -> list[Balance]:
    """The turnover of each account of the unit."""
    return read_all(Balance, await tx.conn.fetch(TRIAL_BALANCE, unit_id))


NEXT_LIST_NUMBER = "select coalesce(max(number), 0) + 1 from payment_lists where unit_id = $1 and year = $2"


async def next_list_number(tx: Tx, unit_id: UUID, year: int) -> int:
    """The next number of the unit's lists of the year, for whoever has the unit's turn."""
    return int(await tx.conn.fetchval(NEXT_LIST_NUMBER, unit_id, year))


INSERT_LIST = Insert(
    "payment_lists",
    "id, number, year, unit_id, unit_path, state, total_dong, made_by, made_at, due_at, rule_version, "
    "payment_people",
)
INSERT_ITEMS = """
insert into payment_list_items (list_id, award_id, person_id, amount_dong)
select $1, award_id, coalesce(paid_to, person_id) as payee_id, sum(amount_dong) from award_shares
where award_id = any($2) and amount_dong > 0 group by award_id, payee_id
"""


async def insert_list(tx: Tx, payment_list: PaymentList, award_ids: Sequence[UUID]) -> None:
    """A new list with its items."""
    await tx.conn.execute(INSERT_LIST.statement, *INSERT_LIST.row(payment_list))
    await tx.conn.execute(INSERT_ITEMS, payment_list.id, list(award_ids))


GET_LIST = f"select {_LIST_COLUMNS} from payment_lists where id = $1"
LOCK_LIST = f"select {_LIST_COLUMNS} from payment_lists where id = $1 for update"


async def get_list(tx: Tx, list_id: UUID, *, lock: bool = False) -> PaymentList:
    """The list; `NotFound` without one."""
    row = await tx.conn.fetchrow(LOCK_LIST if lock else GET_LIST, list_id)
    if row is None:
        raise NotFound
    return read(PaymentList, row)


OWED_BY = """
select coalesce((
  select unit_id from awards where payment_list_id = $1 and state in ('LISTED', 'SENT') order by id limit 1
), unit_id)
from payment_lists where id = $1
"""


async def unit_owing(tx: Tx, list_id: UUID) -> UUID:
    """The unit that owes what is on the list: the one that made it, until that has ended. `NotFound` without
    a list."""
    found: UUID | None = await tx.conn.fetchval(OWED_BY, list_id)
    if found is None:
        raise NotFound
    return found


SOME_LISTS = f"select {_LIST_COLUMNS} from payment_lists where id = any($1)"


async def some_lists(tx: Tx, list_ids: Sequence[UUID]) -> list[PaymentList]:
    """These lists, in any order."""
    return read_all(PaymentList, await tx.conn.fetch(SOME_LISTS, list(list_ids)))


# A list that was sent keeps the ids of its day.
PAYEES_OF_LISTS = f"""
select distinct i.list_id, coalesce(j.kept_id, i.person_id) as person_id
from payment_list_items i left join {View.JOININGS} j on j.joined_id = i.person_id
where i.list_id = any($1) and i.removed_at is null
"""


async def payees_of_lists(tx: Tx, list_ids: Sequence[UUID]) -> dict[UUID, list[UUID]]:
    """Who is paid by each of these lists."""
    found: dict[UUID, list[UUID]] = {}
    for row in await tx.conn.fetch(PAYEES_OF_LISTS, list(list_ids)):
        found.setdefault(row["list_id"], []).append(row["person_id"])
    return found


MOVE_LIST_DUE = "update payment_lists set due_at = $2 where id = $1"


async def move_list_due(tx: Tx, list_id: UUID, due_at: datetime) -> None:
    """The list's clock moved."""
    await tx.conn.execute(MOVE_LIST_DUE, list_id, due_at)


ITEMS = (
    "select award_id, person_id, amount_dong from payment_list_items where list_id = $1 and removed_at "
    "is null order by person_id, award_id"
)


async def items_of(tx: Tx, list_id: UUID) -> list[Item]:
    """The lines of a list."""
    return read_all(Item, await tx.conn.fetch(ITEMS, list_id))


SEND = """
update payment_lists set state = 'SENT', sent_at = $2, sent_by = $3, version = version + 1 where id = $1
"""


async def mark_sent(tx: Tx, list_id: UUID, by: UUID) -> None:
    """This person sent the list to the treasury."""
    await tx.conn.execute(SEND, list_id, tx.now, by)


CONFIRM = (
    "update payment_lists set state = 'CONFIRMED', confirmed_at = $2, statement_reference = $3, version "
    "= version + 1 where id = $1"
)


async def mark_confirmed(tx: Tx, list_id: UUID, reference: str) -> None:
    """The statement shows it paid."""
    await tx.conn.execute(CONFIRM, list_id, tx.now, reference)


CANCEL = "update payment_lists set state = 'CANCELLED', total_dong = 0, version = version + 1 where id = $1"
REMOVE_ITEMS = "update payment_list_items set removed_at = $2 where list_id = $1 and removed_at is null"


async def mark_cancelled(tx: Tx, list_id: UUID) -> None:
    """It pays nothing; its lines stay, as those that were taken off it."""
    await tx.conn.execute(CANCEL, list_id)
    await tx.conn.execute(REMOVE_ITEMS, list_id, tx.now)


DROP_ITEMS = "update payment_list_items set removed_at = $3 where list_id = $1 and award_id = $2"
LOWER_TOTAL = """
update payment_lists set total_dong = total_dong - $2,
  state = case when total_dong = $2 then 'CANCELLED' else state end, version = version + 1
where id = $1
"""


async def drop_from_list(tx: Tx, list_id: UUID, award: Award) -> None:
    """The award leaves the list; a list that loses its last award is cancelled."""
    await tx.conn.execute(DROP_ITEMS, list_id, award.id, tx.now)
    await tx.conn.execute(LOWER_TOTAL, list_id, award.amount_dong)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListFilter:
    """Which payment lists: under these units, in a state, of a year, made or due in a span, and whether they
    are overdue; which this person has made or sent."""

    unit_ids: Sequence[UUID]
    state: ListState | None = None
    year: int | None = None
    made: Days = EVER
    due: Days = EVER
    overdue: bool | None = None
    actor_id: UUID | None = None


LIST_SORTS: Final = Sorts(
    "-made",
    Sort(name="made", column="made_at", shown=attrgetter("made_at")),
    Sort(name="due", column=f"coalesce(due_at, '{NEVER}')", shown=lambda line: line.due_at or NEVER),
    Sort(name="total", column="total_dong", shown=attrgetter("total_dong"), key=Key.NUMBER),
)


def _lists(order: Order) -> str:
    return f"""
select {_LIST_COLUMNS} from payment_lists
where unit_path && $1 and ($5::text is null or state = $5) and ($6::int is null or year = $6)
  and ($7::timestamptz is null or made_at >= $7) and ($8::timestamptz is null or made_at < $8)
  and ($9::timestamptz is null or due_at >= $9) and ($10::timestamptz is null or due_at < $10)
  and ($11::boolean is null or $11 = coalesce(state in ('DRAFT', 'SENT') and due_at < $12, false))
  and ($11 is distinct from true or state in ('DRAFT', 'SENT'))
  and ($13::uuid is null or made_by = $13 or sent_by = $13)
  and {order.behind(2)}
{order.by()} limit $4
"""


LISTS = LIST_SORTS.statements(_lists)


async def list_lists(tx: Tx, wanted: ListFilter, place: ListPlace, limit: int) -> list[PaymentList]:
    """Payment lists in the order of the place, from there on."""
    asked = list_arguments(tx, wanted, place, limit)
    return read_all(PaymentList, await tx.conn.fetch(LISTS[place.order], *asked))


async def count_lists(tx: Tx, wanted: ListFilter) -> int:
    """How many `list_lists` would list."""
    asked = list_arguments(tx, wanted, LIST_SORTS.beginning, MOST + 1)
    return int(await tx.conn.fetchval(counting(LISTS[LIST_SORTS.usual]), *asked))


def list_arguments(tx: Tx, wanted: ListFilter, place: ListPlace, limit: int) -> tuple[object, ...]:
    """Those of `LISTS`."""
    return (
        list(wanted.unit_ids),
        *place.arguments,
        limit,
        wanted.state,
        wanted.year,
        wanted.made.begins,
        wanted.made.ends,
        wanted.due.begins,
        wanted.due.ends,
        wanted.overdue,
        tx.now,
        wanted.actor_id,
    )
