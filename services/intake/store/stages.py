"""What review publishes of a dossier's stages."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kit.db import Tx
from kit.rows import read, read_all
from language.ids import StageId, UnitId
from language.messages.journey import StageOutcome
from language.views import View
from services.intake.domain.ending import Decision
from services.intake.domain.standing import LevelDecided, StageNow


@dataclass(frozen=True, slots=True, kw_only=True)
class Stages:
    """The decisions in the order in which they were made, and whether a stage is open."""

    decisions: tuple[Decision, ...]
    has_open_stage: bool


_STANDS = "annulled_by is distinct from 'REOPENING'"
"""What is examined again has not spoken; what was cancelled has, but sends nothing up."""
STAGES = f"""
select
  (select coalesce(jsonb_agg(jsonb_build_object('level', level, 'outcome', outcome,
      'proposed', proposed and annulled_at is null,
      'decision_number', decision_number) order by decided_at, id), '[]')
    from {View.DECISIONS} where dossier_id = $1 and {_STANDS}) as decisions,
  exists (select 1 from {View.STAGES} where dossier_id = $1 and state = 'OPEN') as has_open_stage
"""


async def stages_of(tx: Tx, dossier_id: UUID) -> Stages:
    """One statement, so that it sees one state."""
    row = await tx.conn.fetchrow(STAGES, dossier_id)
    if row is None:
        raise AssertionError("a statement of aggregates gives one row")
    return read(Stages, row)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """A stage that was decided or withdrawn."""

    stage_id: StageId
    level: str
    outcome: StageOutcome
    proposed: bool
    decision_number: str | None
    decided_at: datetime


SPOKEN = f"""
select stage_id, level, outcome, proposed and annulled_at is null as proposed, decision_number, decided_at
from {View.DECISIONS} where dossier_id = $1 and {_STANDS} order by decided_at, id
"""


async def spoken_levels(tx: Tx, dossier_id: UUID) -> list[Spoken]:
    """The stages that have spoken, in their order."""
    return read_all(Spoken, await tx.conn.fetch(SPOKEN, dossier_id))


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenStage:
    """The stage that is open."""

    id: StageId
    level: str
    unit_id: UnitId


ANEW = f"""
select new_stage_id as id, level, unit_id from {View.ANNULMENTS} a
where dossier_id = $1 and kind = 'REOPENING'
  and not exists (select 1 from {View.STAGES} s where s.id = a.new_stage_id)
order by acted_at desc limit 1
"""


async def stage_anew(tx: Tx, dossier_id: UUID) -> OpenStage | None:
    """The stage in which a refusal is to be examined again, if it is not open yet."""
    row = await tx.conn.fetchrow(ANEW, dossier_id)
    return read(OpenStage, row) if row else None


RECOGNISED = f"""
select exists (
  select 1 from {View.DECISIONS} where dossier_id = $1 and outcome = 'RECOGNISED' and annulled_at is null)
"""


async def is_recognised(tx: Tx, dossier_id: UUID) -> bool:
    """Some level's recognition stands."""
    return bool(await tx.conn.fetchval(RECOGNISED, dossier_id))


OPEN = f"select id, level, unit_id from {View.STAGES} where dossier_id = $1 and state = 'OPEN' limit 1"


async def open_stage(tx: Tx, dossier_id: UUID) -> OpenStage | None:
    """The stage of the dossier that is open, if one is."""
    row = await tx.conn.fetchrow(OPEN, dossier_id)
    return read(OpenStage, row) if row else None


NOW = f"""
select id, level, unit_id, opened_at, due_at, is_suspended from {View.STAGES}
where dossier_id = $1 and state = 'OPEN' limit 1
"""


async def stage_now(tx: Tx, dossier_id: UUID) -> StageNow | None:
    """The stage that is open, with its clock."""
    row = await tx.conn.fetchrow(NOW, dossier_id)
    return read(StageNow, row) if row else None


async def levels_decided(tx: Tx, dossier_id: UUID) -> list[LevelDecided]:
    """What each level has said, in their order."""
    return read_all(LevelDecided, await tx.conn.fetch(SPOKEN, dossier_id))
