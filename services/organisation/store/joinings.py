"""Joinings of two records, and what stands under them here and in the other services."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import Final
from uuid import UUID

from casework.joined import keep_place
from kit.db import Tx
from kit.inserts import Insert
from kit.rows import read, read_all
from kit.sorting import ListPlace, Sort, Sorts
from language.joined import JoinedAs
from language.names import TaskQueue
from language.posts.kinds import PostKind
from language.refusals import NotFound
from language.views import OF_PEOPLE, View
from services.organisation.domain.joining import HeldDays, Joining, Moving, StandsTwice

_COLUMNS = (
    "id, kept_id, joined_id, document, reason, from_day, state, proposed_by, proposed_at, approved_by, "
    "approved_at, in_force_at, version"
)
INSERT = Insert(
    "joinings",
    "id, kept_id, joined_id, document, reason, from_day, state, proposed_by, proposed_at, version",
)


async def insert_joining(tx: Tx, new: Joining) -> None:
    """Write it down."""
    await tx.conn.execute(INSERT.statement, *INSERT.row(new))


GET = f"select {_COLUMNS} from joinings where id = $1"
LOCK = f"{GET} for update"


async def get_joining(tx: Tx, joining_id: UUID, *, lock: bool = False) -> Joining:
    """The joining, if wished locked; `NotFound` without one."""
    row = await tx.conn.fetchrow(LOCK if lock else GET, joining_id)
    if row is None:
        raise NotFound
    return read(Joining, row)


SORTS: Final = Sorts(
    "-proposed", Sort(name="proposed", column="proposed_at", shown=attrgetter("proposed_at"))
)
LIST = SORTS.statements(
    lambda order: f"select {_COLUMNS} from joinings where {order.behind(1)} {order.by()} limit $3"
)


async def list_joinings(tx: Tx, place: ListPlace, limit: int) -> list[Joining]:
    """All of them."""
    return read_all(Joining, await tx.conn.fetch(LIST[place.order], *place.arguments, limit))


IS_OPEN = """
select exists (select 1 from joinings where state in ('PROPOSED', 'APPROVED')
  and (kept_id = any($1) or joined_id = any($1)))
"""


async def is_any_open(tx: Tx, person_ids: list[UUID]) -> bool:
    """One of these records is part of a joining that is not over."""
    return bool(await tx.conn.fetchval(IS_OPEN, person_ids))


TO_BE_JOINED = """
select id from (
  select unnest(array[kept_id, joined_id]) as id from joinings where state in ('PROPOSED', 'APPROVED')
    and (kept_id = any($1) or joined_id = any($1))
) records
"""


async def with_those_to_be_joined(tx: Tx, person_ids: Collection[UUID]) -> set[UUID]:
    """These records, and those that are about to be joined to one of them, or one of them to it."""
    rows = await tx.conn.fetch(TO_BE_JOINED, list(person_ids))
    return {*person_ids, *(row["id"] for row in rows)}


HOLD_ANY = """
select exists (
  select 1 from holdings h join posts p on p.id = h.post_id
  where h.person_id = any($1) and p.kind = any($2) and h.merged_into is null
    and (h.held_to is null or h.held_to >= $3))
"""


async def hold_any(tx: Tx, person_ids: Collection[UUID], kinds: Collection[PostKind], day: date) -> bool:
    """One of these holds a post of these kinds on the day, or will."""
    return bool(await tx.conn.fetchval(HOLD_ANY, list(person_ids), sorted(kinds), day))


IS_DUE = "select exists (select 1 from joinings where state = 'APPROVED' and from_day <= $1)"


async def is_any_due(tx: Tx, day: date) -> bool:
    """An approved joining waits whose day has come."""
    return bool(await tx.conn.fetchval(IS_DUE, day))


DUE = f"""
select {_COLUMNS} from joinings where state = 'APPROVED' and from_day <= $1
order by from_day, approved_at, id limit 1 for update
"""


async def lock_due(tx: Tx, day: date) -> Joining | None:
    """The next approved joining whose day has come."""
    row = await tx.conn.fetchrow(DUE, day)
    return read(Joining, row) if row else None


APPROVE = """
update joinings set state = 'APPROVED', approved_by = $2, approved_at = $3, version = version + 1
where id = $1
"""


async def approve(tx: Tx, joining_id: UUID, approved_by: UUID) -> None:
    """Another administrator has said yes."""
    await tx.conn.execute(APPROVE, joining_id, approved_by, tx.now)


CANCEL = "update joinings set state = 'CANCELLED', version = version + 1 where id = $1"


async def cancel(tx: Tx, joining_id: UUID) -> None:
    """Taken back."""
    await tx.conn.execute(CANCEL, joining_id)


IN_FORCE = """
update joinings set state = 'IN_FORCE', in_force_at = $2, version = version + 1,
  position = (select coalesce(max(position), 0) + 1 from joinings)
where id = $1 returning position
"""


async def set_in_force(tx: Tx, joining_id: UUID) -> None:
    """It was carried out; one at a time, so that positions are committed in their order."""
    await keep_place(tx, int(await tx.conn.fetchval(IN_FORCE, joining_id, tx.now)))


HOLDINGS = """
select id, post_id, held_from, held_to, acting from holdings where person_id = $1 and merged_into is null
order by post_id, held_from
"""


async def holdings_of(tx: Tx, person_id: UUID) -> list[HeldDays]:
    """All that the record ever held or will hold."""
    return read_all(HeldDays, await tx.conn.fetch(HOLDINGS, person_id))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Count:
    joined_as: JoinedAs
    count: int
    open: int


OWN: Final = """
select 'HOLDER' as joined_as, count(*)::int as count,
  (count(*) filter (where held_to is null or held_to >= $2))::int as open
from holdings where person_id = $1 and merged_into is null
union all
select 'ABSENT', count(*)::int, (count(*) filter (where ends_on >= $2))::int
from leaves where person_id = $1 and cancelled_at is null
union all
select 'GRANTOR', count(*)::int, (count(*) filter (where ends_on >= $2))::int
from delegations where grantor_id = $1 and cancelled_at is null
union all
select 'DELEGATE', count(*)::int, (count(*) filter (where ends_on >= $2))::int
from delegations where delegate_id = $1 and cancelled_at is null
"""
COUNTS: Final = {
    service: f"""
select joined_as, count(*)::int as count, (count(*) filter (where is_open))::int as open
from {view} where person_id = $1 group by joined_as order by joined_as
"""
    for service, view in OF_PEOPLE.items()
}
_TASKS: Final = {
    TaskQueue.INTAKE: View.INTAKE_TASKS,
    TaskQueue.REVIEW: View.REVIEW_TASKS,
    TaskQueue.PAYOUT: View.PAYOUT_TASKS,
}
WORK: Final = {
    service: f"""
select 'ASSIGNEE' as joined_as, count(*)::int as count,
  (count(*) filter (where state in ('WAITING', 'OPEN')))::int as open
from {view} where assignee_id = $1
"""
    for service, view in _TASKS.items()
}


async def moves_of(tx: Tx, person_id: UUID, day: date) -> tuple[Moving, ...]:
    """What stands under this record in each service."""
    found = [(TaskQueue.ORGANISATION, row) for row in await tx.conn.fetch(OWN, person_id, day)]
    for statements in (COUNTS, WORK):
        for service, statement in statements.items():
            found += [(service, row) for row in await tx.conn.fetch(statement, person_id)]
    counts = [(service, read(_Count, row)) for service, row in found]
    return tuple(
        Moving(service=service, joined_as=one.joined_as, count=one.count, open=one.open)
        for service, one in counts
        if one.count
    )


_ONE_OF: Final = {
    TaskQueue.INTAKE: (JoinedAs.AUTHOR,),
    TaskQueue.REVIEW: (JoinedAs.MEMBER,),
    TaskQueue.PAYOUT: (JoinedAs.PAYEE, JoinedAs.SIGNER),
}
TWICE: Final = {
    service: f"""
select distinct one.joined_as, one.about_id from {OF_PEOPLE[service]} one
join {OF_PEOPLE[service]} other on other.about_id = one.about_id and other.joined_as = one.joined_as
where one.person_id = $1 and other.person_id = $2 and one.joined_as = any($3)
order by one.joined_as, one.about_id limit 200
"""
    for service in _ONE_OF
}
POSTS_TWICE = """
select distinct 'HOLDER' as joined_as, one.post_id as about_id
from holdings one join holdings other on other.post_id = one.post_id
where one.person_id = $1 and other.person_id = $2 and one.merged_into is null and other.merged_into is null
order by about_id
"""


async def standing_twice(tx: Tx, kept_id: UUID, joined_id: UUID) -> tuple[StandsTwice, ...]:
    """Where both records stand in one thing."""
    rows = await tx.conn.fetch(POSTS_TWICE, kept_id, joined_id)
    found = [read(StandsTwice, row, service=TaskQueue.ORGANISATION) for row in rows]
    for service, statement in TWICE.items():
        rows = await tx.conn.fetch(statement, kept_id, joined_id, list(_ONE_OF[service]))
        found += [read(StandsTwice, row, service=service) for row in rows]
    return tuple(found)
