"""Complaints about refusals."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from kit.db import Tx
from kit.inserts import Insert
from kit.rows import read, read_all
from language.cases import ComplaintEnd
from language.refusals import NotFound
from services.review.domain.complaint import Complaint

_FILED: Final = """id, stage_id, dossier_id, dossier_code, level, unit_id, unit_path, first_number,
  complainant_id, reason, settler_post, barred_id, rule_version, filed_at, due_at"""
_COLUMNS: Final = f"{_FILED}, ended, ended_at, ended_by, answer, version"
INSERT: Final = Insert("complaints", _FILED)


async def insert_complaint(tx: Tx, new: Complaint) -> None:
    """Write it down."""
    await tx.conn.execute(INSERT.statement, *INSERT.row(new))


GET = f"select {_COLUMNS} from complaints where id = $1"
LOCK = f"select {_COLUMNS} from complaints where id = $1 for update"


async def get_complaint(tx: Tx, complaint_id: UUID, *, lock: bool = False) -> Complaint:
    """The complaint, if wished locked; `NotFound` without one."""
    row = await tx.conn.fetchrow(LOCK if lock else GET, complaint_id)
    if row is None:
        raise NotFound
    return read(Complaint, row)


SOME = f"select {_COLUMNS} from complaints where id = any($1)"


async def some_complaints(tx: Tx, complaint_ids: Sequence[UUID]) -> list[Complaint]:
    """These, in any order."""
    return read_all(Complaint, await tx.conn.fetch(SOME, list(complaint_ids)))


OF_STAGE = f"select {_COLUMNS} from complaints where stage_id = $1 order by filed_at, id"


async def complaints_about(tx: Tx, stage_id: UUID) -> list[Complaint]:
    """All about the decision of this stage, in their order."""
    return read_all(Complaint, await tx.conn.fetch(OF_STAGE, stage_id))


END = """
update complaints set ended = $2, ended_at = $3, ended_by = $4, answer = $5, version = version + 1
where id = $1
"""


async def end_complaint(
    tx: Tx, complaint_id: UUID, ended: ComplaintEnd, by: UUID | None, answer: str
) -> None:
    """It was settled or taken back, with this answer."""
    await tx.conn.execute(END, complaint_id, ended, tx.now, by, answer)


MOVE_DUE = "update complaints set due_at = $2 where id = $1"


async def move_due(tx: Tx, complaint_id: UUID, due_at: datetime) -> None:
    """Its clock moved."""
    await tx.conn.execute(MOVE_DUE, complaint_id, due_at)
