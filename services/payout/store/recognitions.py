"""Recognitions and whose they are, as review and intake publish them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from casework.joined import authors_now
from kit.db import Tx
from kit.rows import read
from language.messages.journey import AuthorShare, StageOutcome
from language.refusals import NotFound
from language.views import View


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognition:
    """The decision by which a level has recognised an initiative; `plan_hash` names the rules of its
    stage."""

    unit_id: UUID
    decision_number: str
    plan_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FiledDossier:
    """A dossier as the register knows it, and who is paid for it in which shares."""

    code: str
    authors: Sequence[AuthorShare]


RECOGNITION = f"""
select unit_id, decision_number, plan_hash from {View.DECISIONS}
where dossier_id = $1 and level = $2 and outcome = $3 and annulled_at is null
order by decided_at desc, id desc limit 1
"""


async def find_recognition(tx: Tx, dossier_id: UUID, level: str) -> Recognition | None:
    """None when the level has not recognised it, or its recognition was cancelled."""
    row = await tx.conn.fetchrow(RECOGNITION, dossier_id, level, StageOutcome.RECOGNISED)
    return read(Recognition, row) if row else None


DOSSIER = f"select code, authors from {View.DOSSIERS} where id = $1"


async def filed_dossier(tx: Tx, dossier_id: UUID) -> FiledDossier:
    """`NotFound` without one: then a restore has taken it away, and it will come again."""
    row = await tx.conn.fetchrow(DOSSIER, dossier_id)
    if row is None:
        raise NotFound
    found = read(FiledDossier, row)
    return replace(found, authors=await authors_now(tx, found.authors))


UNIT_PATH = f"select u.path from {View.DOSSIERS} d join {View.UNITS} u on u.id = d.unit_id where d.id = $1"


async def unit_path_of(tx: Tx, dossier_id: UUID) -> Sequence[UUID]:
    """The units from the root to the one it was filed in; empty for a dossier that nobody has filed."""
    path: Sequence[UUID] | None = await tx.conn.fetchval(UNIT_PATH, dossier_id)
    return path or ()
