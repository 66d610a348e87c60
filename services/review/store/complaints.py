"""Complaints about refusals and rejections."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from kit.db import Tx
from kit.inserts import Insert
from kit.rows import read, read_all
from language.cases import ComplaintEnd
from language.ids import PersonId
from language.refusals import NotFound
from language.views import View
from services.review.domain.complaint import Complained, Complaint

_FILED: Final = """id, stage_id, check_revision, dossier_id, dossier_code, level, unit_id, unit_path,
  first_number, instance, complainant_id, reason, settler_post, rule_version, filed_at, due_at"""
_COLUMNS: Final = f"{_FILED}, ended, ended_at, ended_by, answer, version"
INSERT: Final = Insert("complaints", _FILED)
BAR: Final = "insert into complaints_barred (complaint_id, person_id) select $1, unnest($2::uuid[])"


async def insert_complaint(tx: Tx, new: Complaint, barred: Collection[PersonId]) -> None:
    """Write it down, and who does not settle it."""
    await tx.conn.execute(INSERT.statement, *INSERT.row(new))
    await tx.conn.execute(BAR, new.id, sorted(barred))


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


BARRED_FROM = "select complaint_id, person_id from complaints_barred where complaint_id = any($1)"


async def barred_from(tx: Tx, complaint_ids: Sequence[UUID]) -> dict[UUID, list[UUID]]:
    """Who does not settle each of these."""
    found: dict[UUID, list[UUID]] = {}
    for row in await tx.conn.fetch(BARRED_FROM, list(complaint_ids)):
        found.setdefault(row["complaint_id"], []).append(row["person_id"])
    return found


OF_STAGE = f"select {_COLUMNS} from complaints where stage_id = $1 order by filed_at, id"


async def complaints_about(tx: Tx, stage_id: UUID) -> list[Complaint]:
    """All about the decision of this stage, in their order."""
    return read_all(Complaint, await tx.conn.fetch(OF_STAGE, stage_id))


OF_DOSSIER = f"select {_COLUMNS} from complaints where dossier_id = $1 order by filed_at, id"


async def complaints_of(tx: Tx, dossier_id: UUID) -> list[Complaint]:
    """All about this dossier, in their order."""
    return read_all(Complaint, await tx.conn.fetch(OF_DOSSIER, dossier_id))


async def known_about(tx: Tx, about: Complained) -> list[Complaint]:
    """All about the same refusal or rejection, in their order."""
    return [
        one
        for one in await complaints_of(tx, about.dossier_id)
        if (one.stage_id, one.check_revision) == (about.stage_id, about.check_revision)
    ]


TAKE_TURN = "select pg_advisory_xact_lock(hashtextextended('complaints:' || $1::uuid::text, 0))"


async def take_turn(tx: Tx, dossier_id: UUID) -> None:
    """Whoever complains about the rejection of this request waits for others who do."""
    await tx.conn.execute(TAKE_TURN, dossier_id)


PATH_OF_POST = f"select unit_path from {View.POSTS} where id = $1"


async def path_of_post(tx: Tx, post_id: UUID) -> Sequence[UUID]:
    """From the root to the unit of the post; empty where there is no such post any more."""
    path: Sequence[UUID] | None = await tx.conn.fetchval(PATH_OF_POST, post_id)
    return path or ()


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
