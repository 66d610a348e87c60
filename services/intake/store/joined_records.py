"""What names a person whose record was joined to another."""

from collections.abc import Sequence
from uuid import UUID

from kit.db import Tx

DOSSIERS = """
select dossier_id as id from dossier_authors where person_id = $1
union select id from dossiers where created_by = $1
union select id from dossiers where taken_over_by = $1
union select id from dossiers where prepared_by = $1
union select id from dossiers where handed_in_by = $1
union select dossier_id from author_answers where person_id = $1
order by id
"""


async def dossiers_of(tx: Tx, person_id: UUID) -> list[UUID]:
    """The dossiers and drafts that name the person."""
    return [row["id"] for row in await tx.conn.fetch(DOSSIERS, person_id)]


DROP_ANSWERS = "delete from author_answers where dossier_id = $1 and person_id = any($2)"


async def drop_answers(tx: Tx, dossier_id: UUID, person_ids: Sequence[UUID]) -> None:
    """What these said of their shares is not asked any more; the history has it."""
    await tx.conn.execute(DROP_ANSWERS, dossier_id, list(person_ids))


CARRY_FILING = """
update dossiers set created_by = case created_by when $3 then $2 else created_by end,
  taken_over_by = case taken_over_by when $3 then $2 else taken_over_by end,
  prepared_by = case prepared_by when $3 then $2 else prepared_by end,
  handed_in_by = case handed_in_by when $3 then $2 else handed_in_by end, version = version + 1
where id = $1 and $3 in (created_by, taken_over_by, prepared_by, handed_in_by) returning true
"""


async def pass_filing(tx: Tx, dossier_id: UUID, kept_id: UUID, joined_id: UUID) -> bool:
    """Who prepares, files, supplements and withdraws is the same person under the other record; False when
    the person did none of it."""
    return bool(await tx.conn.fetchval(CARRY_FILING, dossier_id, kept_id, joined_id))
