"""Lists of stages and of decisions, narrowed by what people look for, in the order they ask for."""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Final
from uuid import UUID

from casework.about import ALL, Found, narrowed
from casework.naming import EVER, Days
from kit.counting import MOST, counting
from kit.db import Tx
from kit.rows import read_all
from kit.sorting import Key, ListPlace, Order, Sort, Sorts
from language.messages.journey import StageOutcome
from services.review.domain.stage import AnyStage, Decision, StageState
from services.review.store.stages import DECISION, LINE, stages_of


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionFilter:
    """Which decisions to list: under all of the caller's units, and further under this unit, at this level,
    with this outcome or grade, of a season or a dossier, decided in a span, by this person, about these
    dossiers."""

    caller_units: Sequence[UUID]
    unit_id: UUID | None = None
    level: str | None = None
    outcome: StageOutcome | None = None
    season_id: UUID | None = None
    dossier_id: UUID | None = None
    grade: str | None = None
    decided: Days = EVER
    actor_id: UUID | None = None
    about: Found = ALL


@dataclass(frozen=True, slots=True, kw_only=True)
class StageFilter:
    """Which stages to list: under these units, of a dossier, at a level, in a state, of a season, opened or
    due in a span, and whether they are overdue; which this person decides, about these dossiers. `not_of` is
    an author who may not see their own while they are open."""

    unit_ids: Sequence[UUID] | None = None
    not_of: UUID | None = None
    dossier_id: UUID | None = None
    level: str | None = None
    state: StageState | None = None
    season_id: UUID | None = None
    opened: Days = EVER
    due: Days = EVER
    overdue: bool | None = None
    actor_id: UUID | None = None
    about: Found = ALL


DECISION_SORTS: Final = Sorts(
    "-decided",
    Sort(name="decided", column="decided_at", shown=attrgetter("decided_at")),
    Sort(name="code", column="dossier_code", shown=attrgetter("dossier_code"), key=Key.TEXT),
    shown_id="stage_id",
)
STAGE_SORTS: Final = Sorts(
    "-opened",
    Sort(name="opened", column="opened_at", shown=attrgetter("opened_at")),
    Sort(name="due", column="due_at", shown=attrgetter("due_at")),
)


def _decisions(order: Order) -> str:
    return f"""
select {DECISION} from stages
where state = 'DECIDED' and unit_path && $1 and ($2::uuid is null or unit_path @> array[$2])
  and ($3::text is null or level = $3)
  and ($4::text is null or outcome = $4) and ($8::uuid is null or season_id = $8)
  and ($9::uuid is null or dossier_id = $9) and ($10::text is null or grade = $10)
  and ($11::timestamptz is null or decided_at >= $11) and ($12::timestamptz is null or decided_at < $12)
  and ($13::uuid is null or decider_id = $13) {narrowed("dossier_id", 14)}
  and {order.behind(5)}
{order.by()} limit $7
"""


DECISIONS = DECISION_SORTS.statements(_decisions)


async def list_decisions(tx: Tx, wanted: DecisionFilter, place: ListPlace, limit: int) -> list[Decision]:
    """Decisions in the order of the place, from there on."""
    asked = decision_arguments(wanted, place, limit)
    return read_all(Decision, await tx.conn.fetch(DECISIONS[place.order], *asked))


async def count_decisions(tx: Tx, wanted: DecisionFilter) -> int:
    """How many `list_decisions` would list."""
    place = DECISION_SORTS.beginning
    asked = decision_arguments(wanted, place, MOST + 1)
    return int(await tx.conn.fetchval(counting(DECISIONS[place.order]), *asked))


def decision_arguments(wanted: DecisionFilter, place: ListPlace, limit: int) -> tuple[object, ...]:
    """Those of `DECISIONS`."""
    return (
        list(wanted.caller_units),
        wanted.unit_id,
        wanted.level,
        wanted.outcome,
        *place.arguments,
        limit,
        wanted.season_id,
        wanted.dossier_id,
        wanted.grade,
        wanted.decided.begins,
        wanted.decided.ends,
        wanted.actor_id,
        *wanted.about.arguments,
    )


def _stages(order: Order) -> str:
    return f"""
select {LINE} from stages
where ($1::uuid[] is null or unit_path && $1) and ($18::uuid is null or dossier_id = $18)
  and ($2::text is null or level = $2) and ($3::text is null or state = $3)
  and ($4::uuid is null or season_id = $4)
  and ($5::timestamptz is null or opened_at >= $5) and ($6::timestamptz is null or opened_at < $6)
  and ($7::timestamptz is null or due_at >= $7) and ($8::timestamptz is null or due_at < $8)
  and ($9::boolean is null or $9 = (state = 'OPEN' and due_at < $10))
  and ($11::uuid is null or state <> 'OPEN' or not exists (
    select from stage_authors a where a.stage_id = stages.id and a.person_id = $11))
  and ($15::uuid is null or decider_id = $15) {narrowed("dossier_id", 16)}
  and {order.behind(12)}
{order.by()} limit $14
"""


STAGES = STAGE_SORTS.statements(_stages)


async def find_stages(tx: Tx, wanted: StageFilter, place: ListPlace, limit: int) -> list[AnyStage]:
    """Stages in the order of the place, from there on."""
    asked = stage_arguments(tx, wanted, place, limit)
    return await stages_of(tx, await tx.conn.fetch(STAGES[place.order], *asked))


async def count_stages(tx: Tx, wanted: StageFilter) -> int:
    """How many `find_stages` would find."""
    place = STAGE_SORTS.beginning
    asked = stage_arguments(tx, wanted, place, MOST + 1)
    return int(await tx.conn.fetchval(counting(STAGES[place.order]), *asked))


def stage_arguments(tx: Tx, wanted: StageFilter, place: ListPlace, limit: int) -> tuple[object, ...]:
    """Those of `STAGES`."""
    return (
        list(wanted.unit_ids) if wanted.unit_ids is not None else None,
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
        *place.arguments,
        limit,
        wanted.actor_id,
        *wanted.about.arguments,
        wanted.dossier_id,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class StageCount:
    """How many stages of a level have come to this, and how many of those that are open are overdue."""

    level: str
    state: StageState
    outcome: StageOutcome | None
    count: int
    overdue: int


STAGE_COUNTS = """
select level, state, outcome, count(*)::int as count,
  (count(*) filter (where state = 'OPEN' and due_at < $4))::int as overdue
from stages
where ($1::uuid[] is null or unit_path && $1) and ($2::uuid is null or season_id = $2)
  and (state <> 'OPEN' or id <> all(array(
    select stage_id from stage_authors a join stages o on o.id = a.stage_id
    where a.person_id = $3 and o.state = 'OPEN')))
group by level, state, outcome order by level, state, outcome
"""


async def count_by_level(
    tx: Tx, unit_ids: Sequence[UUID] | None, season_id: UUID | None, not_of: UUID
) -> list[StageCount]:
    """How many stages these units and those below them have had, of None all; without the open ones of this
    author, who may not see them."""
    units = None if unit_ids is None else list(unit_ids)
    return read_all(StageCount, await tx.conn.fetch(STAGE_COUNTS, units, season_id, not_of, tx.now))
