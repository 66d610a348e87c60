"""What a change of rules reads and writes of stages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from kit.db import Tx
from kit.rows import read_all
from language.ids import DossierId, UnitId
from language.messages.journey import StageOutcome
from language.messages.transition import DossierStep, Marks, MoveStage, StageStanding, Standing
from services.review.domain.stage import StageState


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stage:
    """One stage of a dossier: how far it is marked, and when somebody last acted there."""

    dossier_id: DossierId
    level: str
    unit_id: UnitId
    last_level: bool
    state: StageState
    outcome: StageOutcome | None
    proposed: bool
    decided_at: datetime | None
    marked: int
    owed: int
    marked_at: datetime | None

    @property
    def marks(self) -> Marks:
        if not self.marked:
            return Marks.NONE
        return Marks.SOME if self.owed else Marks.ALL


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
    found = read_all(_Stage, await tx.conn.fetch(STANDINGS, list(dossier_ids)))
    by_dossier = groupby(found, key=lambda stage: stage.dossier_id)
    return [_standing(dossier_id, list(stages)) for dossier_id, stages in by_dossier]


def _standing(dossier_id: DossierId, stages: list[_Stage]) -> StageStanding:
    decided = tuple(stage.level for stage in stages if stage.state is not StageState.OPEN)
    acts = [at for stage in stages for at in (stage.decided_at, stage.marked_at) if at]
    last = stages[-1]
    if last.state is StageState.OPEN:
        standing = Standing(
            step=DossierStep.EXAMINATION,
            decided=decided,
            level=last.level,
            unit_id=last.unit_id,
            last_level=last.last_level,
            marks=last.marks,
        )
    else:
        goes_up = last.outcome is StageOutcome.RECOGNISED and last.proposed
        standing = Standing(
            step=DossierStep.BETWEEN_LEVELS if goes_up else DossierStep.ENDING, decided=decided
        )
    return StageStanding(dossier_id=dossier_id, standing=standing, acted_at=max(acts, default=None))
