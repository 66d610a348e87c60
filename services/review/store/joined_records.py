"""What names a person whose record was joined to another."""

from uuid import UUID

from kit.db import Tx
from kit.ids import new_id

STAGES = """
select stage_id as id from stage_authors where person_id = $1
union select stage_id from seats where person_id = $1 or on_behalf_of = $1 or replaced_by = $1
union select stage_id from recusals where person_id = $1
union select id from stages where decider_id = $1 or decider_on_behalf_of = $1
order by id
"""


async def stages_of(tx: Tx, person_id: UUID) -> list[UUID]:
    """The stages that name the person."""
    return [row["id"] for row in await tx.conn.fetch(STAGES, person_id)]


ADD_AUTHOR = """
insert into stage_authors (stage_id, person_id) select stage_id, $2 from stage_authors
where stage_id = $1 and person_id = $3 on conflict do nothing
"""
DROP_AUTHOR = "delete from stage_authors where stage_id = $1 and person_id = $2"


async def pass_authorship(tx: Tx, stage_id: UUID, kept_id: UUID, joined_id: UUID) -> None:
    """The author under the other record."""
    await tx.conn.execute(ADD_AUTHOR, stage_id, kept_id, joined_id)
    await tx.conn.execute(DROP_AUTHOR, stage_id, joined_id)


CARRY_DECISION = """
update stages set decider_id = case decider_id when $3 then $2 else decider_id end,
  decider_on_behalf_of = nullif(case decider_on_behalf_of when $3 then $2 else decider_on_behalf_of end,
    case decider_id when $3 then $2 else decider_id end),
  version = version + 1
where id = $1 and (decider_id = $3 or decider_on_behalf_of = $3)
"""
# Nobody sits or marks on the own behalf.
CARRY_BEHALF = """
update seats set on_behalf_of = nullif(case on_behalf_of when $3 then $2 else on_behalf_of end,
    case person_id when $3 then $2 else person_id end),
  replaced_by = case replaced_by when $3 then $2 else replaced_by end
where stage_id = $1 and ($3 in (on_behalf_of, replaced_by) or (person_id = $3 and on_behalf_of = $2))
"""


CARRY_WORK = """
update tasks set on_behalf_of = nullif(case on_behalf_of when $3 then $2 else on_behalf_of end,
    case assignee_id when $3 then $2 else assignee_id end)
where about_id = $1 and kind = 'MARK' and state in ('WAITING', 'OPEN')
  and (on_behalf_of = $3 or (assignee_id = $3 and on_behalf_of = $2))
"""


async def pass_decision(tx: Tx, stage_id: UUID, kept_id: UUID, joined_id: UUID) -> None:
    """Who decides, for whom somebody sits and marks, and who took a seat over."""
    await tx.conn.execute(CARRY_DECISION, stage_id, kept_id, joined_id)
    await tx.conn.execute(CARRY_BEHALF, stage_id, kept_id, joined_id)
    await tx.conn.execute(CARRY_WORK, stage_id, kept_id, joined_id)


# The sheet goes along with its seat.
CARRY_SEAT = "update seats set person_id = $3 where stage_id = $1 and person_id = $2"
CARRY_TASKS = """
update tasks set assignee_id = $3
where about_id = $1 and kind = 'MARK' and assignee_id = $2 and state in ('WAITING', 'OPEN')
"""


async def pass_seat(tx: Tx, stage_id: UUID, from_id: UUID, to_id: UUID) -> None:
    """The seat with its sheet and the task to fill it in is under another record."""
    await tx.conn.execute(CARRY_SEAT, stage_id, from_id, to_id)
    await tx.conn.execute(CARRY_TASKS, stage_id, from_id, to_id)


async def swap_seats(tx: Tx, stage_id: UUID, kept_id: UUID, joined_id: UUID) -> None:
    """Each seat is under the other record: by way of an id that is nobody's, for no record sits twice."""
    nobody = new_id()
    for from_id, to_id in ((kept_id, nobody), (joined_id, kept_id), (nobody, joined_id)):
        await pass_seat(tx, stage_id, from_id, to_id)


COPY_RECUSAL = """
insert into recusals (stage_id, person_id, event_id, reason, recused_at)
select stage_id, $2, $4, reason, $5 from recusals where stage_id = $1 and person_id = $3
on conflict do nothing
"""


async def keep_out(tx: Tx, stage_id: UUID, kept_id: UUID, joined_id: UUID, event_id: UUID) -> None:
    """Who stays out under one record stays out under the other."""
    await tx.conn.execute(COPY_RECUSAL, stage_id, kept_id, joined_id, event_id, tx.now)


IS_LEFT_OUT = """
select exists (select 1 from recusals where stage_id = $1 and person_id = $3)
  and not exists (select 1 from recusals where stage_id = $1 and person_id = $2)
"""


async def is_newly_left_out(tx: Tx, stage_id: UUID, kept_id: UUID, joined_id: UUID) -> bool:
    """The joined record is out of the stage, and the kept one not yet."""
    return bool(await tx.conn.fetchval(IS_LEFT_OUT, stage_id, kept_id, joined_id))
