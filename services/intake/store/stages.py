"""What review publishes of a dossier's stages."""

from dataclasses import dataclass
from uuid import UUID

from kit.db import Tx
from kit.rows import read
from language.views import View
from services.intake.domain.ending import Decision


@dataclass(frozen=True, slots=True, kw_only=True)
class Stages:
    """The decisions in the order in which they were made, and whether a stage is open."""

    decisions: tuple[Decision, ...]
    has_open_stage: bool


STAGES = f"""
select
  (select coalesce(jsonb_agg(jsonb_build_object('level', level, 'outcome', outcome, 'proposed', proposed,
      'decision_number', decision_number) order by decided_at, id), '[]')
    from {View.DECISIONS} where dossier_id = $1) as decisions,
  exists (select 1 from {View.STAGES} where dossier_id = $1 and state = 'OPEN') as has_open_stage
"""


async def stages_of(tx: Tx, dossier_id: UUID) -> Stages:
    """One statement, so that it sees one state."""
    row = await tx.conn.fetchrow(STAGES, dossier_id)
    if row is None:
        raise AssertionError("a statement of aggregates gives one row")
    return read(Stages, row)
