"""Awards and their shares."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.kit.db import Row, Tx
from services.payout.domain.award import Award, AwardShare
from workflows.contracts.ids import DossierId
from workflows.contracts.payout import AwardState
from workflows.contracts.plan import Basis, PostKind
from workflows.contracts.refusals import NotFound

_COLUMNS = """
  id, dossier_id, dossier_code, level, unit_id, unit_path, decision_number, amount_dong, rule_version, basis, verifier_kind, approver_kind,
  state, version, assessed_at, due_at, moved_at, moved_event_id, verified_by, approved_by
"""
INSERT = f"""
insert into awards ({_COLUMNS})
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
on conflict (dossier_id, level) do nothing returning true
"""  # noqa: S608
INSERT_SHARE = "insert into award_shares (award_id, person_id, position, percent, amount_dong) values ($1, $2, $3, $4, $5)"
UPDATE = """
update awards set state = $2, version = $3, moved_at = $4, moved_event_id = $5, verified_by = $6, approved_by = $7 where id = $1
"""
GET = f"select {_COLUMNS} from awards where id = $1"  # noqa: S608
LOCK = f"select {_COLUMNS} from awards where id = $1 for update"  # noqa: S608
OF_LEVEL = f"select {_COLUMNS} from awards where dossier_id = $1 and level = $2"  # noqa: S608
OF_DOSSIER = f"select {_COLUMNS} from awards where dossier_id = $1 order by assessed_at, id"  # noqa: S608
APPROVED_OF_UNIT = f"""
select {_COLUMNS} from awards where unit_id = $1 and state = 'APPROVED' order by assessed_at, id
"""  # noqa: S608
LOCK_APPROVED_OF_UNIT = f"{APPROVED_OF_UNIT} for update"
LOCK_OF_LIST = f"""
select {_COLUMNS} from awards
where id in (select award_id from payment_list_items where list_id = $1 and removed_at is null) order by id for update
"""  # noqa: S608
SHARES = "select award_id, person_id, percent, amount_dong from award_shares where award_id = any($1) order by award_id, position"
UNIT_PATH = "select unit_path from awards where unit_path && array[$1::uuid] and unit_id = $1 limit 1"
LIST = f"""
select {_COLUMNS} from awards
where (unit_path && $1 or id = any(array(select award_id from award_shares where person_id = $2)))
  and ($3::uuid is null or dossier_id = $3) and ($4::uuid is null or unit_path @> array[$4]) and ($5::text is null or state = $5)
  and (assessed_at, id) < ($6, $7)
order by assessed_at desc, id desc limit $8
"""  # noqa: S608
PENDING = """
select assignee_id, count(*) as pending from tasks where assignee_id = any($1) and state in ('WAITING', 'OPEN') group by assignee_id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardFilter:
    """Which awards to list: those under `caller_units` and those that pay the caller, further narrowed by the rest."""

    caller_units: Sequence[UUID]
    payee_id: UUID
    dossier_id: UUID | None = None
    unit_id: UUID | None = None
    state: AwardState | None = None


def _award(row: Row, shares: Sequence[AwardShare]) -> Award:
    values = dict(row)
    values["unit_path"] = tuple(values["unit_path"])
    values["basis"] = Basis(**values["basis"])
    values["verifier_kind"] = PostKind(values["verifier_kind"])
    values["approver_kind"] = PostKind(values["approver_kind"])
    values["state"] = AwardState(values["state"])
    return Award(**values, shares=tuple(shares))


async def _with_shares(tx: Tx, rows: Sequence[Row]) -> list[Award]:
    shares: defaultdict[UUID, list[AwardShare]] = defaultdict(list)
    if rows:
        for row in await tx.conn.fetch(SHARES, [row["id"] for row in rows]):
            share = AwardShare(person_id=row["person_id"], percent=row["percent"], amount_dong=row["amount_dong"])
            shares[row["award_id"]].append(share)
    return [_award(row, shares[row["id"]]) for row in rows]


async def insert_award(tx: Tx, award: Award) -> bool:
    """Write the award with its shares; False when its dossier has one at this level already."""
    inserted = await tx.conn.fetchval(
        INSERT, award.id, award.dossier_id, award.dossier_code, award.level, award.unit_id, list(award.unit_path), award.decision_number,
        award.amount_dong, award.rule_version, award.basis, award.verifier_kind, award.approver_kind, award.state, award.version,
        award.assessed_at, award.due_at, award.moved_at, award.moved_event_id, award.verified_by, award.approved_by,
    )  # fmt: skip
    if inserted:
        rows = [(award.id, share.person_id, number, share.percent, share.amount_dong) for number, share in enumerate(award.shares)]
        await tx.conn.executemany(INSERT_SHARE, rows)
    return bool(inserted)


async def update_award(tx: Tx, award: Award) -> None:
    """Save where the award stands and who signed."""
    await tx.conn.execute(
        UPDATE, award.id, award.state, award.version, award.moved_at, award.moved_event_id, award.verified_by, award.approved_by
    )


async def _one(tx: Tx, query: str, *arguments: object) -> Award:
    found = await _with_shares(tx, await tx.conn.fetch(query, *arguments))
    if not found:
        raise NotFound
    return found[0]


async def get_award(tx: Tx, award_id: UUID) -> Award:
    """The award; `NotFound` without one."""
    return await _one(tx, GET, award_id)


async def lock_award(tx: Tx, award_id: UUID) -> Award:
    """The award, locked until the transaction ends."""
    return await _one(tx, LOCK, award_id)


async def get_award_of_level(tx: Tx, dossier_id: DossierId, level: str) -> Award:
    """The one award of a dossier at a level."""
    return await _one(tx, OF_LEVEL, dossier_id, level)


async def list_awards_of_dossier(tx: Tx, dossier_id: UUID) -> list[Award]:
    """The dossier's awards, the first level first."""
    return await _with_shares(tx, await tx.conn.fetch(OF_DOSSIER, dossier_id))


async def list_approved_of_unit(tx: Tx, unit_id: UUID) -> list[Award]:
    """What a payment list made now would take."""
    return await _with_shares(tx, await tx.conn.fetch(APPROVED_OF_UNIT, unit_id))


async def lock_approved_of_unit(tx: Tx, unit_id: UUID) -> list[Award]:
    """The same, locked."""
    return await _with_shares(tx, await tx.conn.fetch(LOCK_APPROVED_OF_UNIT, unit_id))


async def lock_awards_of_list(tx: Tx, list_id: UUID) -> list[Award]:
    """The awards on a list, locked."""
    return await _with_shares(tx, await tx.conn.fetch(LOCK_OF_LIST, list_id))


async def list_awards(tx: Tx, wanted: AwardFilter, before: tuple[datetime, UUID], limit: int) -> list[Award]:
    """Awards, newest first."""
    rows = await tx.conn.fetch(
        LIST, list(wanted.caller_units), wanted.payee_id, wanted.dossier_id, wanted.unit_id, wanted.state, *before, limit
    )
    return await _with_shares(tx, rows)


async def find_unit_path(tx: Tx, unit_id: UUID) -> tuple[UUID, ...] | None:
    """The way from the root to the unit, as its awards know it; None while it has none."""
    path = await tx.conn.fetchval(UNIT_PATH, unit_id)
    return tuple(path) if path else None


async def count_pending(tx: Tx, people: Collection[UUID]) -> dict[UUID, int]:
    """How many tasks each of these people has; people without any are left out."""
    return {row["assignee_id"]: row["pending"] for row in await tx.conn.fetch(PENDING, list(people))}
