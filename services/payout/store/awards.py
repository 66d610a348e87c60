"""Awards and their shares."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from casework.case import ClockOfCase
from kit.db import Tx
from kit.inserts import Insert
from kit.rows import read, read_all
from language.messages.payout import AwardState
from language.plan.review_plan import Basis
from language.posts.kinds import PostKind
from language.refusals import NotFound
from services.payout.domain.award import Award, AwardShare, Step

_COLUMNS = """id, dossier_id, dossier_code, level, unit_id, unit_path, decision_number, amount_dong,
  rule_version, basis,
  verifier_post, approver_post, state, verified_by, approved_by, payment_list_id, assessed_at,
  moved_at, due_at, revision, (select coalesce(max(number), 0) from restores) as epoch, version"""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAward:
    """The money of a recognition that was just published; `list_rules` are those of a payment list that has
    it on it."""

    id: UUID
    dossier_id: UUID
    dossier_code: str
    level: str
    unit_id: UUID
    unit_path: Sequence[UUID]
    decision_number: str
    amount_dong: int
    rule_version: str
    basis: Basis
    verifier_post: PostKind
    approver_post: PostKind
    due_at: datetime
    list_rules: ClockOfCase


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardFilter:
    """Which awards to list."""

    unit_ids: Sequence[UUID] | None = None
    payee_id: UUID | None = None
    dossier_id: UUID | None = None
    unit_id: UUID | None = None
    state: AwardState | None = None


SOME = f"select {_COLUMNS} from awards where id = any($1)"


async def some_awards(tx: Tx, award_ids: Sequence[UUID]) -> list[Award]:
    """These awards, in any order."""
    return read_all(Award, await tx.conn.fetch(SOME, list(award_ids)))


OF_LEVEL = f"select {_COLUMNS} from awards where dossier_id = $1 and level = $2"


async def find_award(tx: Tx, dossier_id: UUID, level: str) -> Award | None:
    """The award of a recognition."""
    row = await tx.conn.fetchrow(OF_LEVEL, dossier_id, level)
    return read(Award, row) if row else None


GET = f"select {_COLUMNS} from awards where id = $1"
LOCK = f"select {_COLUMNS} from awards where id = $1 for update"


async def get_award(tx: Tx, award_id: UUID, *, lock: bool = False) -> Award:
    """The award, if wished locked; `NotFound` without one."""
    row = await tx.conn.fetchrow(LOCK if lock else GET, award_id)
    if row is None:
        raise NotFound
    return read(Award, row)


INSERT = Insert(
    "awards",
    "id, dossier_id, dossier_code, level, unit_id, unit_path, decision_number, amount_dong, rule_version, "
    "basis, verifier_post, approver_post, state, assessed_at, moved_at, due_at, list_rules",
    "on conflict (dossier_id, level) do nothing returning true",
)


async def insert_award(tx: Tx, new: NewAward) -> bool:
    """False when this recognition has its award already."""
    row = INSERT.row(new, state=AwardState.ASSESSED, assessed_at=tx.now, moved_at=tx.now)
    return bool(await tx.conn.fetchval(INSERT.statement, *row))


LIST_RULES = "select list_rules from awards where id = $1"


async def list_rules(tx: Tx, award_id: UUID) -> ClockOfCase:
    """The rules of a payment list that has this award on it, from the award's frozen plan."""
    return read(ClockOfCase, await tx.conn.fetchval(LIST_RULES, award_id))


INSERT_SHARE = Insert("award_shares", "award_id, position, person_id, percent, amount_dong, outside")


async def insert_shares(tx: Tx, award_id: UUID, shares: Sequence[AwardShare]) -> None:
    """Who gets how much."""
    rows = [
        INSERT_SHARE.row(share, award_id=award_id, position=number) for number, share in enumerate(shares)
    ]
    await tx.conn.executemany(INSERT_SHARE.statement, rows)


SHARES = """
select person_id, percent, amount_dong, outside from award_shares where award_id = $1 order by position
"""


async def shares_of(tx: Tx, award_id: UUID) -> list[AwardShare]:
    """The parts, in the order of the request."""
    return read_all(AwardShare, await tx.conn.fetch(SHARES, award_id))


TIE = """
update award_shares set person_id = $3, outside = false
where award_id = $1 and person_id = $2 and outside returning true
"""


async def tie_share(tx: Tx, award_id: UUID, outside_id: UUID, person_id: UUID) -> bool:
    """The part is this person's from now on; False when it is nobody's from outside."""
    return bool(await tx.conn.fetchval(TIE, award_id, outside_id, person_id))


MOVE = """
update awards set state = $2, moved_at = $3, verified_by = coalesce($4, verified_by),
  approved_by = coalesce($5, approved_by),
  payment_list_id = coalesce($6, payment_list_id), revision = revision + 1, version = version + 1
where id = $1
"""


async def move_award(tx: Tx, award_id: UUID, step: Step) -> Award:
    """The award takes the step."""
    await tx.conn.execute(
        MOVE, award_id, step.state, tx.now, step.verified_by, step.approved_by, step.payment_list_id
    )
    return await get_award(tx, award_id)


MOVE_DUE = "update awards set due_at = $2 where id = $1"


async def move_due(tx: Tx, award_id: UUID, due_at: datetime) -> None:
    """The clock of the approval moved."""
    await tx.conn.execute(MOVE_DUE, award_id, due_at)


LOCK_APPROVED = (
    f"select {_COLUMNS} from awards where unit_id = $1 and state = 'APPROVED' order by id for update"
)


async def lock_approved(tx: Tx, unit_id: UUID) -> list[Award]:
    """The unit's awards that wait for a list."""
    return read_all(Award, await tx.conn.fetch(LOCK_APPROVED, unit_id))


LOCK_LISTED = (
    f"select {_COLUMNS} from awards where payment_list_id = $1 and state = $2 order by id for update"
)


async def lock_listed(tx: Tx, list_id: UUID, state: AwardState) -> list[Award]:
    """The awards of a list that are in a state."""
    return read_all(Award, await tx.conn.fetch(LOCK_LISTED, list_id, state))


OF_DOSSIER = f"select {_COLUMNS} from awards where dossier_id = $1"


async def awards_of_dossier(tx: Tx, dossier_id: UUID) -> list[Award]:
    """All awards of a dossier."""
    return read_all(Award, await tx.conn.fetch(OF_DOSSIER, dossier_id))


LIST = f"""
select {_COLUMNS} from awards a
where ($1::uuid[] is null or unit_path && $1)
  and ($2::uuid is null or a.id = any(array(select award_id from award_shares where person_id = $2)))
  and ($3::uuid is null or dossier_id = $3) and ($4::uuid is null or unit_id = $4) and ($5::text is null
  or state = $5)
  and (assessed_at, id) > ($6, $7)
order by assessed_at, id limit $8
"""


async def list_awards(tx: Tx, wanted: AwardFilter, after: tuple[datetime, UUID], limit: int) -> list[Award]:
    """Oldest first."""
    units = list(wanted.unit_ids) if wanted.unit_ids is not None else None
    rows = await tx.conn.fetch(
        LIST, units, wanted.payee_id, wanted.dossier_id, wanted.unit_id, wanted.state, *after, limit
    )
    return read_all(Award, rows)


async def _people_by_award(tx: Tx, query: str, award_ids: Sequence[UUID]) -> dict[UUID, list[UUID]]:
    found: dict[UUID, list[UUID]] = {}
    for row in await tx.conn.fetch(query, list(award_ids)):
        found.setdefault(row["award_id"], []).append(row["person_id"])
    return found


PAYEES_OF = "select award_id, person_id from award_shares where award_id = any($1)"


async def payees_of(tx: Tx, award_ids: Sequence[UUID]) -> dict[UUID, list[UUID]]:
    """Who is paid from each of these awards."""
    return await _people_by_award(tx, PAYEES_OF, award_ids)


VERIFIERS_OF = (
    "select id as award_id, verified_by as person_id from awards where id = any($1) and verified_by is "
    "not null"
)


async def verifiers_of(tx: Tx, award_ids: Sequence[UUID]) -> dict[UUID, list[UUID]]:
    """Who has verified each of these awards, if anybody has."""
    return await _people_by_award(tx, VERIFIERS_OF, award_ids)
