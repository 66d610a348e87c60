"""The ledger: journals written whole, read as entries and sums."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from services.kit.db import Row, Tx
from services.kit.ids import new_id
from services.payout.domain.ledger import Account, AccountBalance, Entry, JournalKind, Line

INSERT_JOURNAL = "insert into ledger_journals (id, award_id, kind, posted_at) values ($1, $2, $3, $4)"
INSERT_ENTRY = """
insert into ledger_entries (journal_id, award_id, account, person_id, debit_dong, credit_dong) values ($1, $2, $3, $4, $5, $6)
"""
LINES_OF_AWARD = "select account, person_id, debit_dong, credit_dong from ledger_entries where award_id = $1 order by id"
LIST = """
select e.id, e.journal_id, e.award_id, j.kind, j.posted_at, e.account, e.person_id, e.debit_dong, e.credit_dong
from ledger_entries e join ledger_journals j on j.id = e.journal_id join awards a on a.id = e.award_id
where a.unit_path && $1 and ($2::uuid is null or a.unit_path @> array[$2]) and ($3::uuid is null or e.award_id = $3) and e.id > $4
order by e.id limit $5
"""
TRIAL_BALANCE = """
with sums as (
  select e.account, sum(e.debit_dong)::bigint as debit_dong, sum(e.credit_dong)::bigint as credit_dong
  from ledger_entries e join awards a on a.id = e.award_id
  where a.unit_path && $1 and ($2::uuid is null or a.unit_path @> array[$2])
  group by e.account
)
select l.account, l.title_vi, l.title_en, coalesce(s.debit_dong, 0) as debit_dong, coalesce(s.credit_dong, 0) as credit_dong
from ledger_accounts l left join sums s using (account) order by l.account
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerFilter:
    """Whose ledger: the awards under all of the caller's units, and further under this unit, or of this award."""

    caller_units: Sequence[UUID]
    unit_id: UUID | None = None
    award_id: UUID | None = None


async def insert_journal(tx: Tx, award_id: UUID, kind: JournalKind, lines: Sequence[Line]) -> None:
    """Post the lines. The database refuses a second journal of a kind for an award, and at commit one that does not balance."""
    journal_id = new_id()
    await tx.conn.execute(INSERT_JOURNAL, journal_id, award_id, kind, tx.now)
    rows = [(journal_id, award_id, line.account, line.person_id, line.debit_dong, line.credit_dong) for line in lines]
    await tx.conn.executemany(INSERT_ENTRY, rows)


def _line(row: Row) -> Line:
    return Line(
        account=Account(row["account"]), person_id=row["person_id"], debit_dong=row["debit_dong"], credit_dong=row["credit_dong"]
    )


async def list_lines_of_award(tx: Tx, award_id: UUID) -> list[Line]:
    """Everything posted for the award so far."""
    return [_line(row) for row in await tx.conn.fetch(LINES_OF_AWARD, award_id)]


async def list_entries(tx: Tx, wanted: LedgerFilter, after: int, limit: int) -> list[Entry]:
    """Entries in the order of posting."""
    rows = await tx.conn.fetch(LIST, list(wanted.caller_units), wanted.unit_id, wanted.award_id, after, limit)
    return [Entry(**{**dict(row), "kind": JournalKind(row["kind"]), "account": Account(row["account"])}) for row in rows]


async def trial_balance(tx: Tx, wanted: LedgerFilter) -> list[AccountBalance]:
    """The sums of every account."""
    rows = await tx.conn.fetch(TRIAL_BALANCE, list(wanted.caller_units), wanted.unit_id)
    return [AccountBalance(**{**dict(row), "account": Account(row["account"])}) for row in rows]
