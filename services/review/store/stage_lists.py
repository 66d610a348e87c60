"""Lists of stages and of decisions, narrowed by what people look for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from casework.naming import EVER, Days
from kit.counting import MOST, counting
from kit.db import Tx
from kit.rows import read_all
from language.messages.journey import StageOutcome
from services.review.domain.stage import AnyStage, Decision, StageState
from services.review.store.stages import COLUMNS, DECISION, stage_of


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionFilter:
    """Which decisions to list: under all of the caller's units, and further under this unit, at this level,
    with this outcome or grade, of a season or a dossier, decided in a span."""

    caller_units: Sequence[UUID]
    unit_id: UUID | None = None
    level: str | None = None
    outcome: StageOutcome | None = None
    season_id: UUID | None = None
    dossier_id: UUID | None = None
    grade: str | None = None
    decided: Days = EVER


@dataclass(frozen=True, slots=True, kw_only=True)
class StageFilter:
    """Which stages to list: under these units, at a level, in a state, of a season, opened or due in a span,
    and whether they are overdue. `not_of` is an author who may not see their own while they are open."""

    unit_ids: Sequence[UUID]
    not_of: UUID
    level: str | None = None
    state: StageState | None = None
    season_id: UUID | None = None
    opened: Days = EVER
    due: Days = EVER
    overdue: bool | None = None


DECISIONS = f"""
select {DECISION} from stages
where state = 'DECIDED' and unit_path && $1 and ($2::uuid is null or unit_path @> array[$2])
  and ($3::text is null or level = $3)
  and ($4::text is null or outcome = $4) and ($8::uuid is null or season_id = $8)
  and ($9::uuid is null or dossier_id = $9) and ($10::text is null or grade = $10)
  and ($11::timestamptz is null or decided_at >= $11) and ($12::timestamptz is null or decided_at < $12)
  and (decided_at, id) < ($5, $6)
order by decided_at desc, id desc limit $7
"""
_END = (datetime(9999, 12, 30, tzinfo=UTC), UUID(int=(1 << 128) - 1))


async def list_decisions(
    tx: Tx, wanted: DecisionFilter, before: tuple[datetime, UUID], limit: int
) -> list[Decision]:
    """Decisions, newest first, from behind the given key."""
    return read_all(Decision, await tx.conn.fetch(DECISIONS, *decision_arguments(wanted, before, limit)))


async def count_decisions(tx: Tx, wanted: DecisionFilter) -> int:
    """How many `list_decisions` would list."""
    asked = decision_arguments(wanted, _END, MOST + 1)
    return int(await tx.conn.fetchval(counting(DECISIONS), *asked))


def decision_arguments(
    wanted: DecisionFilter, before: tuple[datetime, UUID], limit: int
) -> tuple[object, ...]:
    """Those of `DECISIONS`."""
    return (
        list(wanted.caller_units),
        wanted.unit_id,
        wanted.level,
        wanted.outcome,
        *before,
        limit,
        wanted.season_id,
        wanted.dossier_id,
        wanted.grade,
        wanted.decided.begins,
        wanted.decided.ends,
    )


STAGES = f"""
select {COLUMNS} from stages
where unit_path && $1 and ($2::text is null or level = $2) and ($3::text is null or state = $3)
  and ($4::uuid is null or season_id = $4)
  and ($5::timestamptz is null or opened_at >= $5) and ($6::timestamptz is null or opened_at < $6)
  and ($7::timestamptz is null or due_at >= $7) and ($8::timestamptz is null or due_at < $8)
  and ($9::boolean is null or $9 = (state = 'OPEN' and due_at < $10))
  and (state <> 'OPEN' or not exists (select from stage_authors a where a.stage_id = stages.id
    and a.person_id = $11))
  and (opened_at, id) < ($12, $13)
order by opened_at desc, id desc limit $14
"""


async def find_stages(
    tx: Tx, wanted: StageFilter, before: tuple[datetime, UUID], limit: int
) -> list[AnyStage]:
    """Stages, newest first, from behind the given key."""
    return [stage_of(row) for row in await tx.conn.fetch(STAGES, *stage_arguments(tx, wanted, before, limit))]


async def count_stages(tx: Tx, wanted: StageFilter) -> int:
    """How many `find_stages` would find."""
    asked = stage_arguments(tx, wanted, _END, MOST + 1)
    return int(await tx.conn.fetchval(counting(STAGES), *asked))


def stage_arguments(
    tx: Tx, wanted: StageFilter, before: tuple[datetime, UUID], limit: int
) -> tuple[object, ...]:
    """Those of `STAGES`."""
    return (
        list(wanted.unit_ids),
        wanted.level,
        wanted.state,
        wanted.season_id,
        wanted.opened.begins,
        wanted.opened.ends,
        wanted.due.begins,
        wanted.due.ends,
        wanted.overdue,
        tx.now,
        wanted.not_of,
        *before,
        limit,
    )
