"""Who administers the whole province."""

from datetime import date
from uuid import UUID

from kit.db import Tx
from language.posts.kinds import ADMINS

RULES_PROVINCE = """
select exists (
  select 1 from holdings h join posts p on p.id = h.post_id join units u on u.id = p.unit_id
  where h.person_id = $1 and p.kind = any($2) and u.parent_id is null
    and (h.held_to is null or h.held_to >= $3))
"""


async def rules_province(tx: Tx, person_id: UUID, day: date) -> bool:
    """The person administers the whole province, or will."""
    return bool(await tx.conn.fetchval(RULES_PROVINCE, person_id, sorted(ADMINS), day))


# Two who leave at once wait for each other, so that each sees whether the other stays.
LOCK_ROOT = "select id from units where parent_id is null for no key update"
FEWEST_OTHERS = """
with others as (
  select h.person_id, h.held_from, h.held_to
  from holdings h join posts p on p.id = h.post_id join units u on u.id = p.unit_id
  join accounts a on a.person_id = h.person_id and a.disabled_at is null
  where u.parent_id is null and p.kind = any($2) and h.id <> $1 and h.merged_into is null
    and (h.held_to is null or h.held_to >= $3)
),
days as (
  select $3::date as day
  union
  select held_to + 1 from others where $4::date is null or held_to + 1 <= $4
)
select min((
  select count(distinct person_id) from others
  where held_from <= day and (held_to is null or held_to >= day)
))::int from days where day is not null
"""


async def fewest_without(tx: Tx, holding_id: UUID, first_day: date, last_day: date | None) -> int:
    """How many people who can sign in administer the province by other holdings than this one, on the day of
    these (None: without end) on which they are fewest. Nobody else is counted out before this transaction
    ends."""
    await tx.conn.execute(LOCK_ROOT)
    return int(await tx.conn.fetchval(FEWEST_OTHERS, holding_id, sorted(ADMINS), first_day, last_day))
