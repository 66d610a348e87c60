"""Awards and their shares."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Final
from uuid import UUID

from casework.about import ALL, SEASON_OF, Found, narrowed
from casework.case import ClockOfCase
from casework.naming import EVER, Days
from kit.counting import MOST, counting
from kit.db import Tx
from kit.inserts import Insert
from kit.rows import read, read_all
from kit.sorting import Key, ListPlace, Order, Sort, Sorts
from language.messages.payout import AwardState
from language.plan.review_plan import Basis
from language.posts.kinds import PostKind
from language.refusals import NotFound
from language.views import View
from services.payout.domain.award import Award, AwardShare, Step

_COLUMNS = """id, dossier_id, dossier_code, level, unit_id, unit_path, decision_number, amount_dong,
  rule_version, basis,
  verifier_post, approver_post, state, verified_by, approved_by, payment_list_id, ended_by,
  replaces, payment_people, assessed_at,
  moved_at, due_at, revision, (select coalesce(max(number), 0) from restores) as epoch, version"""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAward:
    """The money of a recognition that was just published; `list_rules` are those of a payment list that has
    it on it, `payment_people` how many people it takes to pay that."""

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
    payment_people: int = 2
    replaces: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardFilter:
    """Which awards to list: under these units, of a payee, of a dossier or a season, at a level, in a state,
    assessed or due in a span, and whether their signature is overdue; which this person has verified or
    approved, or has to sign now; on a payment list; about these dossiers."""

    unit_ids: Sequence[UUID] | None = None
    payee_id: UUID | None = None
    dossier_id: UUID | None = None
    level: str | None = None
    state: AwardState | None = None
    assessed: Days = EVER
    due: Days = EVER
    overdue: bool | None = None
    season_id: UUID | None = None
    actor_id: UUID | None = None
    signer_id: UUID | None = None
    list_id: UUID | None = None
    about: Found = ALL


SOME = f"select {_COLUMNS} from awards where id = any($1)"


async def some_awards(tx: Tx, award_ids: Sequence[UUID]) -> list[Award]:
    """These awards, in any order."""
    return read_all(Award, await tx.conn.fetch(SOME, list(award_ids)))


OF_LEVEL = f"select {_COLUMNS} from awards where dossier_id = $1 and level = $2 and replaces is null"


async def find_award(tx: Tx, dossier_id: UUID, level: str) -> Award | None:
    """The award of a recognition, as it was assessed at first."""
    row = await tx.conn.fetchrow(OF_LEVEL, dossier_id, level)
    return read(Award, row) if row else None


IDS_OF_LEVEL = "select id from awards where dossier_id = $1 and level = $2 order by assessed_at, id"


async def ids_of_level(tx: Tx, dossier_id: UUID, level: str) -> list[UUID]:
    """Every award of the recognition: the first, and those that were taken up again, oldest first."""
    return [row["id"] for row in await tx.conn.fetch(IDS_OF_LEVEL, dossier_id, level)]


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
    "basis, verifier_post, approver_post, state, assessed_at, moved_at, due_at, list_rules, "
    "payment_people, replaces",
    "on conflict (dossier_id, level) where replaces is null do nothing returning true",
    found={"season_id": SEASON_OF.format("{dossier_id}")},
)


async def insert_award(tx: Tx, new: NewAward) -> bool:
    """False when this recognition has its award already."""
    begun = {"state": AwardState.ASSESSED, "assessed_at": tx.now, "moved_at": tx.now}
    row = INSERT.row(new, **begun)
    return bool(await tx.conn.fetchval(INSERT.statement, *row))


BASIS = "select basis from awards where id = $1"


async def basis_of(tx: Tx, award_id: UUID) -> Basis:
    """By which rule the amount was given."""
    return read(Basis, await tx.conn.fetchval(BASIS, award_id))


LIST_RULES = "select list_rules from awards where id = $1"


async def list_rules(tx: Tx, award_id: UUID) -> ClockOfCase:
    """The rules of a payment list that has this award on it, from the award's frozen plan."""
    return read(ClockOfCase, await tx.conn.fetchval(LIST_RULES, award_id))


INSERT_SHARE = Insert("award_shares", "award_id, position, person_id, percent, amount_dong, outside, paid_to")


async def insert_shares(tx: Tx, award_id: UUID, shares: Sequence[AwardShare]) -> None:
    """Who gets how much."""
    rows = [
        INSERT_SHARE.row(share, award_id=award_id, position=position) for position, share in enumerate(shares)
    ]
    await tx.conn.executemany(INSERT_SHARE.statement, rows)


SHARES = (
    "select person_id, percent, amount_dong, outside, paid_to from award_shares where award_id = $1 "
    "order by position"
)


async def shares_of(tx: Tx, award_id: UUID) -> list[AwardShare]:
    """The parts, in the order of the request."""
    return read_all(AwardShare, await tx.conn.fetch(SHARES, award_id))


UNTIED = """
select a.dossier_code from awards a where id = any($1) and exists (
  select 1 from award_shares s
  where s.award_id = a.id and s.outside and s.paid_to is null and s.amount_dong > 0)
order by a.dossier_code, a.id
"""


async def codes_of_untied(tx: Tx, award_ids: Sequence[UUID]) -> list[str]:
    """The dossiers of those of these awards of which nobody has said yet who is paid."""
    return [row["dossier_code"] for row in await tx.conn.fetch(UNTIED, list(award_ids))]


TIE = "update award_shares set paid_to = $3 where award_id = $1 and person_id = $2 and outside"
NEW_VERSION = "update awards set version = version + 1 where id = $1"


async def tie_payee(tx: Tx, award_id: UUID, author_id: UUID, person_id: UUID) -> None:
    """This person is paid for the author."""
    await tx.conn.execute(TIE, award_id, author_id, person_id)
    await tx.conn.execute(NEW_VERSION, award_id)


IS_KNOWN = f"select exists (select 1 from {View.NAMES} where id = $1)"


async def is_known(tx: Tx, person_id: UUID) -> bool:
    """The organisation knows this person."""
    return bool(await tx.conn.fetchval(IS_KNOWN, person_id))


MOVE = """
update awards set state = $2, moved_at = $3, verified_by = coalesce($4, verified_by),
  approved_by = coalesce($5, approved_by),
  payment_list_id = case when $2 = 'APPROVED' then null else coalesce($6, payment_list_id) end,
  ended_by = coalesce($7, ended_by), revision = revision + 1, version = version + 1
where id = $1
"""


async def move_award(tx: Tx, award_id: UUID, step: Step) -> Award:
    """The award takes the step."""
    await tx.conn.execute(
        MOVE,
        award_id,
        step.state,
        tx.now,
        step.verified_by,
        step.approved_by,
        step.payment_list_id,
        step.ended_by,
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


NEWEST_APPROVED = (
    f"select {_COLUMNS} from awards where unit_id = $1 and state = 'APPROVED' "
    "order by assessed_at desc, id desc limit 1"
)


async def newest_approved(tx: Tx, unit_id: UUID) -> Award | None:
    """The newest of the unit's awards that wait for a list."""
    row = await tx.conn.fetchrow(NEWEST_APPROVED, unit_id)
    return read(Award, row) if row else None


REPLACED = "select exists (select 1 from awards where replaces = $1)"


async def is_taken_up(tx: Tx, award_id: UUID) -> bool:
    """Another award stands in the place of this one."""
    return bool(await tx.conn.fetchval(REPLACED, award_id))


PASS_OWED = f"""
update awards a set unit_id = heir.id, unit_path = heir.path from {View.UNITS} heir
where heir.id = $2 and a.id in (
  select id from awards where unit_id = $1 and state not in ('PAID', 'REJECTED', 'REVERSED')
  order by id for update
)
"""


async def pass_owed(tx: Tx, unit_id: UUID, heir_id: UUID) -> None:
    """Whatever the unit owes this one owes from now on."""
    await tx.conn.execute(PASS_OWED, unit_id, heir_id)


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


SORTS: Final = Sorts(
    "assessed",
    Sort(name="assessed", column="assessed_at", shown=attrgetter("assessed_at")),
    Sort(name="due", column="due_at", shown=attrgetter("due_at")),
    Sort(name="amount", column="amount_dong", shown=attrgetter("amount_dong"), key=Key.NUMBER),
)


def _list(order: Order) -> str:
    return f"""
select {_COLUMNS} from awards a
where ($1::uuid[] is null or unit_path && $1)
  and ($2::uuid is null or a.id = any(array(
    select award_id from award_shares where person_id = $2 or paid_to = $2)))
  and ($3::uuid is null or dossier_id = $3) and ($4::text is null or level = $4)
  and ($5::text is null or state = $5)
  and ($9::timestamptz is null or assessed_at >= $9) and ($10::timestamptz is null or assessed_at < $10)
  and ($11::timestamptz is null or due_at >= $11) and ($12::timestamptz is null or due_at < $12)
  and ($13::boolean is null or $13 = (state in ('ASSESSED', 'VERIFIED') and due_at < $14))
  and ($15::uuid is null or verified_by = $15 or approved_by = $15) {narrowed("dossier_id", 16)}
  and ($18::uuid is null or season_id = $18)
  and ($19::uuid is null or a.id = any(array(
    select about_id from tasks where assignee_id = $19 and state = 'OPEN'
      and kind in ('VERIFY_AWARD', 'APPROVE_AWARD'))))
  and ($20::uuid is null or payment_list_id = $20)
  and {order.behind(6)}
{order.by()} limit $8
"""


LIST = SORTS.statements(_list)


async def list_awards(tx: Tx, wanted: AwardFilter, place: ListPlace, limit: int) -> list[Award]:
    """Awards in the order of the place, from there on."""
    return read_all(Award, await tx.conn.fetch(LIST[place.order], *arguments(tx, wanted, place, limit)))


async def count_awards(tx: Tx, wanted: AwardFilter) -> int:
    """How many `list_awards` would list."""
    asked = arguments(tx, wanted, SORTS.beginning, MOST + 1)
    return int(await tx.conn.fetchval(counting(LIST[SORTS.usual]), *asked))


def arguments(tx: Tx, wanted: AwardFilter, place: ListPlace, limit: int) -> tuple[object, ...]:
    """Those of `LIST`."""
    return (
        list(wanted.unit_ids) if wanted.unit_ids is not None else None,
        wanted.payee_id,
        wanted.dossier_id,
        wanted.level,
        wanted.state,
        *place.arguments,
        limit,
        wanted.assessed.begins,
        wanted.assessed.ends,
        wanted.due.begins,
        wanted.due.ends,
        wanted.overdue,
        tx.now,
        wanted.actor_id,
        *wanted.about.arguments,
        wanted.season_id,
        wanted.signer_id,
        wanted.list_id,
    )


async def _people_by_award(tx: Tx, query: str, award_ids: Sequence[UUID]) -> dict[UUID, list[UUID]]:
    found: dict[UUID, list[UUID]] = {}
    for row in await tx.conn.fetch(query, list(award_ids)):
        found.setdefault(row["award_id"], []).append(row["person_id"])
    return found


PAYEES_OF = (
    "select award_id, coalesce(paid_to, person_id) as person_id from award_shares where award_id = any($1)"
)


async def payees_of(tx: Tx, award_ids: Sequence[UUID]) -> dict[UUID, list[UUID]]:
    """Who is paid from each of these awards."""
    return await _people_by_award(tx, PAYEES_OF, award_ids)


PAYEES_OF_DOSSIER = """
select distinct coalesce(s.paid_to, s.person_id) as person_id
from awards a join award_shares s on s.award_id = a.id where a.dossier_id = $1
"""


async def payees_of_dossier(tx: Tx, dossier_id: UUID) -> list[UUID]:
    """Who is paid for this dossier."""
    return [row["person_id"] for row in await tx.conn.fetch(PAYEES_OF_DOSSIER, dossier_id)]


VERIFIERS_OF = """
select id as award_id, verified_by as person_id from awards where id = any($1) and verified_by is not null
"""


async def verifiers_of(tx: Tx, award_ids: Sequence[UUID]) -> dict[UUID, list[UUID]]:
    """Who has verified each of these awards, if anybody has."""
    return await _people_by_award(tx, VERIFIERS_OF, award_ids)
