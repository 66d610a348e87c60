"""What a change of rules reads and writes of stages."""

from collections.abc import Sequence
from itertools import groupby

from kit.db import Row, Tx
from language.ids import DossierId
from language.messages.transition import DossierStep, Marks, MoveStage, StageStanding, Standing

CLOSE_AS_MOVED = """
update stages set state = 'MOVED', moved_to_level = $2, moved_by = $3, decided_at = $4,
  version = version + 1 where id = $1
"""


async def close_as_moved(tx: Tx, command: MoveStage) -> None:
    """The stage is over without a decision."""
    await tx.conn.execute(CLOSE_AS_MOVED, command.stage_id, command.to_level, command.transition_id, tx.now)


STANDINGS = """
select s.dossier_id, s.level, s.unit_id, s.last_level, s.state, s.outcome, s.proposed, s.decided_at,
  sheets.marked, sheets.owed, sheets.marked_at
from stages s cross join lateral (
  select count(*) filter (where m.state = 'SUBMITTED')::int as marked,
  count(*) filter (where m.state = 'DRAFT')::int as owed,
    max(m.submitted_at) as marked_at
  from score_sheets m where m.stage_id = s.id) sheets
where s.dossier_id = any($1) and s.state <> 'MOVED' order by s.dossier_id, s.opened_at, s.id
"""


async def list_standings(tx: Tx, dossier_ids: Sequence[DossierId]) -> list[StageStanding]:
    """Where each of these dossiers stands that has a stage."""
    rows = await tx.conn.fetch(STANDINGS, list(dossier_ids))
    return [
        _standing(DossierId(dossier_id), list(found))
        for dossier_id, found in groupby(rows, key=lambda row: row["dossier_id"])
    ]


def _standing(dossier_id: DossierId, rows: list[Row]) -> StageStanding:
    decided = tuple(row["level"] for row in rows if row["state"] != "OPEN")
    acts = [at for row in rows for at in (row["decided_at"], row["marked_at"]) if at]
    last = rows[-1]
    if last["state"] == "OPEN":
        standing = Standing(
            step=DossierStep.EXAMINATION,
            decided=decided,
            level=last["level"],
            unit_id=last["unit_id"],
            last_level=last["last_level"],
            marks=_marks(last["marked"], last["owed"]),
        )
    else:
        goes_up = last["outcome"] == "RECOGNISED" and last["proposed"]
        standing = Standing(
            step=DossierStep.BETWEEN_LEVELS if goes_up else DossierStep.ENDING, decided=decided
        )
    return StageStanding(dossier_id=dossier_id, standing=standing, acted_at=max(acts, default=None))


def _marks(marked: int, owed: int) -> Marks:
    if not marked:
        return Marks.NONE
    return Marks.SOME if owed else Marks.ALL
