"""What names a person whose record was joined to another."""

from uuid import UUID

from kit.db import Tx

AWARDS = """
select award_id as id from award_shares where person_id = $1 and (paid_to is null or paid_to = $1)
union select award_id from award_shares where paid_to = $1
union select id from awards where verified_by = $1 or approved_by = $1 or ended_by = $1
order by id
"""


async def awards_of(tx: Tx, person_id: UUID) -> list[UUID]:
    """The awards that are paid to the person, or bear the person's signature."""
    return [row["id"] for row in await tx.conn.fetch(AWARDS, person_id)]


CARRY_SHARES = """
update award_shares set paid_to = $2 where award_id = $1 and coalesce(paid_to, person_id) = $3
returning position
"""


async def pass_shares(tx: Tx, award_id: UUID, kept_id: UUID, joined_id: UUID) -> bool:
    """Who is paid is the person under the other record; the share and what was booked keep the author's id of
    their day. False when the person is not paid from it."""
    return bool(await tx.conn.fetch(CARRY_SHARES, award_id, kept_id, joined_id))


CARRY_SIGNATURES = """
update awards set verified_by = case verified_by when $3 then $2 else verified_by end,
  approved_by = case approved_by when $3 then $2 else approved_by end,
  ended_by = case ended_by when $3 then $2 else ended_by end, version = version + 1
where id = $1 and (verified_by = $3 or approved_by = $3 or ended_by = $3) returning id
"""


async def pass_signatures(tx: Tx, award_id: UUID, kept_id: UUID, joined_id: UUID) -> bool:
    """Whoever has signed signs nothing else of it, under neither record. False when the person has not."""
    return bool(await tx.conn.fetch(CARRY_SIGNATURES, award_id, kept_id, joined_id))


LISTS = """
select l.id from payment_lists l where l.state = 'DRAFT' and exists (
  select 1 from payment_list_items i where i.list_id = l.id and i.person_id = $1 and i.removed_at is null)
order by l.id
"""


async def lists_of(tx: Tx, person_id: UUID) -> list[UUID]:
    """The lists in the making that pay the person."""
    return [row["id"] for row in await tx.conn.fetch(LISTS, person_id)]


ADD_ITEMS = """
insert into payment_list_items as i (list_id, award_id, person_id, amount_dong)
select list_id, award_id, $2, amount_dong from payment_list_items
where list_id = $1 and person_id = $3 and removed_at is null
on conflict (list_id, award_id, person_id) do update set amount_dong = i.amount_dong + excluded.amount_dong
"""
DROP_ITEMS = """
update payment_list_items set removed_at = $3 where list_id = $1 and person_id = $2 and removed_at is null
"""


async def pass_items(tx: Tx, list_id: UUID, kept_id: UUID, joined_id: UUID) -> None:
    """The list pays the person under the other record: the same sum, in one line of each award."""
    await tx.conn.execute(ADD_ITEMS, list_id, kept_id, joined_id)
    await tx.conn.execute(DROP_ITEMS, list_id, joined_id, tx.now)
