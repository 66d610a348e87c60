"""What people call those who are paid, and what they are paid for."""

from collections.abc import Iterable
from uuid import UUID

from kit.db import Tx
from language.views import View

PEOPLE = f"select id, full_name from {View.NAMES} where id = any($1)"
CODES = "select id, dossier_code from awards where id = any($1)"


async def people_called(tx: Tx, person_ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """The names of these people, as far as the organisation knows them."""
    ids = list({one for one in person_ids if one})
    return {row["id"]: row["full_name"] for row in await tx.conn.fetch(PEOPLE, ids)}


async def codes_of_awards(tx: Tx, award_ids: Iterable[UUID]) -> dict[UUID, str]:
    """The codes of the dossiers that these awards are for."""
    rows = await tx.conn.fetch(CODES, list(set(award_ids)))
    return {row["id"]: row["dossier_code"] for row in rows}
