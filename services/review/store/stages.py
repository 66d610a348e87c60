"""Stages: opened once, locked by every act, decided once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from casework.plans import read_level
from kit.db import Row, Tx
from kit.inserts import Insert
from kit.rows import read
from language.ids import EventId, PersonId, StageId, UnitId
from language.plan.review_plan import LevelPlan, Share
from language.plan.versions import PLAN_VERSION
from language.posts.holders import PostHolder
from language.refusals import NotFound
from services.review.domain.stage import (
    AnyStage,
    DecidedStage,
    Decider,
    Decision,
    Eased,
    MovedStage,
    OpenStage,
    Ruling,
    Seat,
    Stage,
    StageState,
    WithdrawnStage,
)

LINE = """
  id, dossier_id, dossier_code, season_id, level, unit_id, unit_path, plan_hash,
  rule_version, previous_decision_number, last_level, opened_at, due_at,
  state, handed_up, decider_id, decider_post_id, decider_on_behalf_of, outcome, decision_number, reasons,
  ground, average_score,
  score_deviation, grade, proposed, decision_event_id, decided_at, version, lowered_quorum, may_decide_alone,
  decided_alone, annulled_by,
  array(select person_id from stage_authors where stage_id = stages.id order by person_id) as author_ids,
  array(select person_id from recusals where stage_id = stages.id order by person_id) as recused_ids
"""
"""A stage without its rules."""
COLUMNS = f"{LINE}, plan, plan_version"
_GRADE = "(select g ->> '{}' from jsonb_array_elements(plan -> 'grades') g where g ->> 'id' = grade)"
DECISION = f"""
  id as stage_id, dossier_id, dossier_code, level, unit_id, outcome, decision_number, ground,
  coalesce((
    select a.reasons from decision_acts a where a.stage_id = stages.id and a.reasons is not null
    order by a.ordinal desc limit 1), reasons) as reasons,
  (select jsonb_build_object('number', a.paper_number, 'issued_on', a.issued_on, 'signer', a.signer)
    from decision_acts a
    where a.stage_id = stages.id and a.kind in ('PAPER', 'CORRECTION') and a.paper_number is not null
    order by a.ordinal desc limit 1) as paper,
  annulled_at, annulled_by, average_score, score_deviation,
  grade, {_GRADE.format("title_vi")} as grade_vi, {_GRADE.format("title_en")} as grade_en,
  proposed, handed_up, decided_alone, lowered_quorum, decider_id, decided_at, rule_version,
  case outcome when 'RECOGNISED' then (plan ->> 'award_dong')::bigint else 0 end as award_dong
"""


_KINDS: Final[dict[StageState, type[AnyStage]]] = {
    StageState.OPEN: OpenStage,
    StageState.DECIDED: DecidedStage,
    StageState.WITHDRAWN: WithdrawnStage,
    StageState.MOVED: MovedStage,
}


def stage_of(row: Row, plan: LevelPlan | None = None) -> AnyStage:
    """The stage in its state, which says what else there is to it; `plan` where the row has no rules."""
    values = dict(row)
    state = StageState(values["state"])
    more: dict[str, object] = {
        "decider": None,
        "eased": read(Eased, values),
        "event_id": values["decision_event_id"],
    }
    more["plan"] = plan or read_level(row["plan"], row["plan_version"])
    if values["decider_id"]:
        person, post = values["decider_id"], values["decider_post_id"]
        behalf = values["decider_on_behalf_of"]
        more["decider"] = read(Decider, values, person_id=person, post_id=post, on_behalf_of=behalf)
    if state is StageState.DECIDED:
        more["ruling"] = read(Ruling, values)
    return read(_KINDS[state], values, **more)


PLANS = """
select distinct on (plan_hash, level, unit_id) plan_hash, level, unit_id, plan, plan_version from stages
where id = any($1) order by plan_hash, level, unit_id
"""


async def stages_of(tx: Tx, lines: Sequence[Row]) -> list[AnyStage]:
    """The stages in these rows of `LINE`. What is examined alike has the same rules: they are long, and are
    unpacked and read once for all of them."""
    rows = await tx.conn.fetch(PLANS, [line["id"] for line in lines]) if lines else []
    plans = {_rules(row): read_level(row["plan"], row["plan_version"]) for row in rows}
    return [stage_of(line, plans[_rules(line)]) for line in lines]


def _rules(row: Row) -> tuple[str, str, UUID]:
    # A stage that was opened anew where its unit went has the rules of the same plan, but the other unit.
    return row["plan_hash"], row["level"], row["unit_id"]


async def _one(tx: Tx, query: str, identifier: UUID) -> AnyStage:
    row = await tx.conn.fetchrow(query, identifier)
    if row is None:
        raise NotFound
    return stage_of(row)


INSERT = Insert(
    "stages",
    "id, dossier_id, dossier_code, level, unit_id, unit_path, plan, rule_version, previous_decision_number, "
    "last_level, opened_at, due_at, season_id, plan_hash, plan_version",
    "on conflict (id) do nothing returning true",
)
INSERT_AUTHORS = (
    "insert into stage_authors (stage_id, person_id) select $1, unnest($2::uuid[]) on conflict do nothing"
)


async def insert_stage(tx: Tx, stage: OpenStage) -> bool:
    """False when the stage is there already; its authors are written with it."""
    inserted = await tx.conn.fetchval(INSERT.statement, *INSERT.row(stage, plan_version=PLAN_VERSION))
    if inserted:
        await tx.conn.execute(INSERT_AUTHORS, stage.id, list(stage.author_ids))
    return bool(inserted)


GET = f"select {COLUMNS} from stages where id = $1"


async def find_stage(tx: Tx, stage_id: UUID) -> AnyStage | None:
    """The stage, if it was opened."""
    row = await tx.conn.fetchrow(GET, stage_id)
    return stage_of(row) if row else None


async def get_stage(tx: Tx, stage_id: UUID) -> AnyStage:
    """The stage; `NotFound` without one."""
    return await _one(tx, GET, stage_id)


LOCK = f"select {COLUMNS} from stages where id = $1 for update"


async def lock_stage(tx: Tx, stage_id: UUID) -> AnyStage:
    """The stage, locked until the transaction ends."""
    return await _one(tx, LOCK, stage_id)


OF_SHEET = f"select {COLUMNS} from stages where id = (select stage_id from score_sheets where id = $1)"
LOCK_OF_SHEET = f"{OF_SHEET} for update"


async def lock_stage_of_sheet(tx: Tx, sheet_id: UUID) -> AnyStage:
    """The stage that a score sheet belongs to, locked."""
    return await _one(tx, LOCK_OF_SHEET, sheet_id)


async def get_stage_of_sheet(tx: Tx, sheet_id: UUID) -> AnyStage:
    """The stage that a score sheet belongs to."""
    return await _one(tx, OF_SHEET, sheet_id)


SOME = f"select {LINE} from stages where id = any($1)"


async def some_stages(tx: Tx, stage_ids: Sequence[UUID]) -> list[AnyStage]:
    """These stages, in any order."""
    return await stages_of(tx, await tx.conn.fetch(SOME, list(stage_ids)))


OF_DOSSIER = f"select {COLUMNS} from stages where dossier_id = $1 order by opened_at, id"


async def list_stages(tx: Tx, dossier_id: UUID) -> list[AnyStage]:
    """The stages of a dossier in the order they were opened."""
    return [stage_of(row) for row in await tx.conn.fetch(OF_DOSSIER, dossier_id)]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedStages:
    """The stages of a level under these units, opened since then."""

    level: str
    since: datetime
    unit_ids: Sequence[UUID]


OPENED_BETWEEN = f"""
select {LINE} from stages
where level = $1 and opened_at >= $2 and (opened_at, id) < ($3, $4) and unit_path && $5
  order by opened_at desc, id desc limit $6
"""


async def opened_in(
    tx: Tx, wanted: OpenedStages, before: tuple[datetime, UUID], limit: int
) -> list[AnyStage]:
    """Those stages, newest first, from behind the given key."""
    rows = await tx.conn.fetch(
        OPENED_BETWEEN, wanted.level, wanted.since, *before, list(wanted.unit_ids), limit
    )
    return await stages_of(tx, rows)


SET_DECIDER = """
update stages set decider_id = $2, decider_post_id = $3, decider_on_behalf_of = $4,
  version = version + 1 where id = $1
"""


async def set_decider(tx: Tx, stage_id: StageId, decider: Seat | PostHolder) -> None:
    """Who decides from now on."""
    await tx.conn.execute(SET_DECIDER, stage_id, decider.person_id, decider.post_id, decider.on_behalf_of)


DECIDER_ACTS = (
    "update stages set decider_id = $2, decider_on_behalf_of = $3, version = version + 1 where id = $1"
)


async def pass_decision(
    tx: Tx, stage_id: StageId, person_id: PersonId, on_behalf_of: PersonId | None
) -> None:
    """Somebody else acts in the post that has the decision."""
    await tx.conn.execute(DECIDER_ACTS, stage_id, person_id, on_behalf_of)


WITHOUT_DECIDER = """
update stages set decider_id = null, decider_post_id = null, decider_on_behalf_of = null,
  version = version + 1 where id = $1
"""


async def leave_without_decider(tx: Tx, stage_id: StageId) -> None:
    """Whoever had the decision has it no more, and nobody else yet."""
    await tx.conn.execute(WITHOUT_DECIDER, stage_id)


HAND_UP = "update stages set handed_up = true, version = version + 1 where id = $1"


async def hand_up(tx: Tx, stage_id: StageId) -> None:
    """From now on the decision waits for no quorum."""
    await tx.conn.execute(HAND_UP, stage_id)


LOWER_QUORUM = "update stages set lowered_quorum = $2, version = version + 1 where id = $1"


async def lower_quorum(tx: Tx, stage_id: StageId, quorum: Share) -> None:
    """From now on this share of the members is enough."""
    await tx.conn.execute(LOWER_QUORUM, stage_id, quorum)


LET_CHAIR_ALONE = "update stages set may_decide_alone = true, version = version + 1 where id = $1"


async def let_chair_alone(tx: Tx, stage_id: StageId) -> None:
    """From now on the chair may decide without the missing sheets."""
    await tx.conn.execute(LET_CHAIR_ALONE, stage_id)


MOVE_DUE = "update stages set due_at = $2 where id = $1"


async def move_due(tx: Tx, stage_id: UUID, due_at: datetime) -> None:
    """The stage's clock moved."""
    await tx.conn.execute(MOVE_DUE, stage_id, due_at)


DECIDE = """
update stages
set state = 'DECIDED', outcome = $2, decision_number = $3, reasons = $4, ground = $5, average_score = $6,
  proposed = $7,
  decision_event_id = $8, decided_at = $9, score_deviation = $10, grade = $11, decided_alone = $12,
  version = version + 1
where id = $1
"""


async def decide(tx: Tx, stage_id: StageId, ruling: Ruling, event_id: EventId) -> None:
    """The stage has its decision."""
    await tx.conn.execute(
        DECIDE,
        stage_id,
        ruling.outcome,
        ruling.decision_number,
        ruling.reasons,
        ruling.ground,
        ruling.average_score,
        ruling.proposed,
        event_id,
        ruling.decided_at,
        ruling.score_deviation,
        ruling.grade,
        ruling.decided_alone,
    )


WITHDRAW = """
update stages set state = 'WITHDRAWN', outcome = 'WITHDRAWN', decision_event_id = $2, decided_at = $3,
  version = version + 1 where id = $1
"""


async def withdraw(tx: Tx, stage_id: StageId, event_id: EventId) -> None:
    """Close the stage without a decision."""
    await tx.conn.execute(WITHDRAW, stage_id, event_id, tx.now)


CLOSE_AS_MOVED = """
update stages set state = 'MOVED', moved_to_level = $2, moved_by = $3, decided_at = $4,
  version = version + 1 where id = $1
"""


async def close_as_moved(tx: Tx, stage_id: StageId, to_level: str | None, moved_by: UUID) -> None:
    """The stage is over without a decision, for its level goes on elsewhere, by this change of rules or act
    about units."""
    await tx.conn.execute(CLOSE_AS_MOVED, stage_id, to_level, moved_by, tx.now)


TAKE_PLACE = "update stages set opened_anew_as = $2 where id = $1"


async def take_place(tx: Tx, stage_id: StageId, new_stage_id: StageId) -> None:
    """Another stage goes on in place of this one."""
    await tx.conn.execute(TAKE_PLACE, stage_id, new_stage_id)


OPENED_ANEW_AS = "select opened_anew_as from stages where id = $1"


async def lock_standing(tx: Tx, stage_id: UUID) -> AnyStage:
    """The stage, or the one that was opened anew in its place, locked."""
    found = await lock_stage(tx, stage_id)
    while later := await tx.conn.fetchval(OPENED_ANEW_AS, found.id):
        found = await lock_stage(tx, later)
    return found


NEXT_NUMBER = """
insert into decision_numbers (unit_id, year, last_number) values ($1, $2, 1)
on conflict (unit_id, year) do update set last_number = decision_numbers.last_number + 1 returning last_number
"""


async def next_decision_number(tx: Tx, unit_id: UnitId, year: int) -> int:
    """One more than the last of the unit and year; the row stays locked until the decision is committed, so
    no number is lost."""
    return int(await tx.conn.fetchval(NEXT_NUMBER, unit_id, year))


TAKE_PROPOSAL = """
insert into proposal_counts (unit_id, level, season_id, proposed) values ($1, $2, $3, 1)
on conflict (unit_id, level, season_id) do update set proposed = proposal_counts.proposed + 1
  returning proposed
"""


async def take_proposal(tx: Tx, stage: Stage) -> int:
    """One more proposal of the unit in the season; how many that makes. The row stays locked until the
    decision is committed."""
    return int(await tx.conn.fetchval(TAKE_PROPOSAL, stage.unit_id, stage.level, stage.season_id))


GET_DECISION = f"select {DECISION} from stages where id = $1 and state = 'DECIDED'"


async def get_decision(tx: Tx, stage_id: StageId) -> Decision:
    """The decision of a stage; `NotFound` while there is none."""
    row = await tx.conn.fetchrow(GET_DECISION, stage_id)
    if row is None:
        raise NotFound
    return read(Decision, row)


LEFT_OUT_OF = """
select stage_id, person_id from stage_authors where stage_id = any($1)
union
select stage_id, person_id from recusals where stage_id = any($1)
"""


async def left_out_of(tx: Tx, stage_ids: Sequence[UUID]) -> dict[UUID, list[UUID]]:
    """Who may neither mark nor decide in each of these stages: authors, and who has recused themselves."""
    found: dict[UUID, list[UUID]] = {}
    for row in await tx.conn.fetch(LEFT_OUT_OF, list(stage_ids)):
        found.setdefault(row["stage_id"], []).append(row["person_id"])
    return found
