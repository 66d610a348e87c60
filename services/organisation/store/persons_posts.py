"""Which posts a person holds, held and will hold."""

from uuid import UUID

from kit.db import Tx
from kit.rows import read_all
from services.organisation.domain.post import PersonsPost

POSTS_OF_PERSON = """
select p.id as post_id, p.kind, p.title, p.unit_id, u.name as unit_name, h.id as holding_id, h.held_from,
  h.held_to, h.acting
from holdings h join posts p on p.id = h.post_id join units u on u.id = p.unit_id
where h.person_id = $1 and h.merged_into is null order by h.held_from desc, u.name, p.title, h.id
"""


async def list_posts_of(tx: Tx, person_id: UUID) -> list[PersonsPost]:
    """The posts that the person holds, held or will hold, the newest first."""
    return read_all(PersonsPost, await tx.conn.fetch(POSTS_OF_PERSON, person_id))
