"""What members take back: sheets as they were submitted, and their part in a dossier."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from kit.db import Tx
from kit.inserts import Insert
from kit.rows import read
from language.ids import PersonId, StageId
from services.review.domain.stage import ScoreSheet, SheetContent

KEEP = Insert(
    "taken_back_sheets",
    "sheet_id, version, event_id, scores, remarks, vote, remark, total, submitted_at, taken_back_at, reason",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenBackSheet:
    """A sheet as it was submitted before its member took it back, and why."""

    sheet_id: UUID
    version: int
    content: SheetContent
    total: Decimal
    submitted_at: datetime
    taken_back_at: datetime
    reason: str


async def keep_taken_back(tx: Tx, sheet: ScoreSheet, event_id: UUID, reason: str) -> None:
    """Keep what was submitted; the sheet itself goes on as a draft."""
    row = KEEP.row(
        sheet,
        sheet_id=sheet.id,
        event_id=event_id,
        scores=sheet.content.scores,
        remarks=sheet.content.remarks,
        vote=sheet.content.vote,
        remark=sheet.content.remark,
        taken_back_at=tx.now,
        reason=reason,
    )
    await tx.conn.execute(KEEP.statement, *row)


TAKEN_BACK = """
select sheet_id, version, scores, remarks, vote, remark, total, submitted_at, taken_back_at, reason
from taken_back_sheets where sheet_id = $1 order by version
"""


async def taken_back(tx: Tx, sheet_id: UUID) -> Sequence[TakenBackSheet]:
    """What the sheet said each time it was submitted and taken back, in that order."""
    return [
        read(TakenBackSheet, row, content=read(SheetContent, row))
        for row in await tx.conn.fetch(TAKEN_BACK, sheet_id)
    ]


RECUSE = Insert("recusals", "stage_id, person_id, event_id, reason, recused_at")


async def insert_recusal(tx: Tx, stage_id: StageId, person_id: PersonId, event_id: UUID, reason: str) -> None:
    """From now on the person is left out of the stage."""
    row = RECUSE.row(
        stage_id=stage_id, person_id=person_id, event_id=event_id, reason=reason, recused_at=tx.now
    )
    await tx.conn.execute(RECUSE.statement, *row)


CARRY = """
insert into recusals (stage_id, person_id, event_id, reason, recused_at)
select $2, person_id, event_id, reason, recused_at from recusals where stage_id = $1
"""


async def carry_recusals(tx: Tx, stage_id: StageId, new_stage_id: StageId) -> None:
    """Who stayed out of the first stage stays out of the one that takes its place."""
    await tx.conn.execute(CARRY, stage_id, new_stage_id)


BEFORE = """
select distinct r.person_id from recusals r join stages s on s.id = r.stage_id
where s.dossier_id = $1 and s.level = $2 order by r.person_id
"""


async def recused_before(tx: Tx, dossier_id: UUID, level: str) -> list[PersonId]:
    """Who stayed out of the dossier when the level examined it before."""
    return [row["person_id"] for row in await tx.conn.fetch(BEFORE, dossier_id, level)]


CARRY_OF_LEVEL = """
insert into recusals (stage_id, person_id, event_id, reason, recused_at)
select distinct on (r.person_id) anew.id, r.person_id, r.event_id, r.reason, r.recused_at
from stages anew
join stages s on s.dossier_id = anew.dossier_id and s.level = anew.level and s.id <> anew.id
join recusals r on r.stage_id = s.id
where anew.id = $1 order by r.person_id, r.recused_at
"""


async def carry_recusals_of_level(tx: Tx, new_stage_id: StageId) -> None:
    """Who stayed out then stays out of the stage in which the level examines it again."""
    await tx.conn.execute(CARRY_OF_LEVEL, new_stage_id)
