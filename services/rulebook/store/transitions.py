"""Transitions and their dossiers."""

from collections.abc import Collection, Sequence
from operator import attrgetter
from typing import Final
from uuid import UUID

from kit.db import Row, Tx
from kit.inserts import Insert
from kit.rows import read, read_all
from kit.sorting import ListPlace, Order, Sort, Sorts
from language.messages.transition import (
    Passage,
    TransitionChoice,
    TransitionClass,
)
from language.names import TRANSITION_PREFIX
from language.refusals import NotFound
from services.rulebook.domain.transition import (
    NewTransition,
    RulesAnswer,
    SortedDossier,
    Transition,
    TransitionCount,
    TransitionState,
)

_COLUMNS = """id, revision, from_pack, to_pack, to_version, level_moves, reverses, state, made_by, made_at,
  planned_at, settled_by, settled_at,
  done_at, version"""
_DOSSIER = """dossier_id, code, unit_id, season_id, class as kind, reason, stage, step, marks,
  from_level, to_level, choices, choice, told_at, answer_class, answer_reason, answered_at"""
BEFORE_ALL: Final = UUID(int=0)


INSERT = Insert(
    "transitions",
    "id, from_pack, to_pack, to_version, level_moves, reverses, made_by, made_at",
    f"on conflict ((true)) where state in ('DRAFT', 'APPROVED', 'RUNNING') do nothing returning {_COLUMNS}",
)


async def insert_transition(tx: Tx, new: NewTransition, made_by: UUID) -> Transition | None:
    """None while another is not over."""
    values = INSERT.row(new, made_by=made_by, made_at=tx.now)
    row = await tx.conn.fetchrow(INSERT.statement, *values)
    return read(Transition, row) if row else None


GET = f"select {_COLUMNS} from transitions where id = $1"
LOCK = f"{GET} for update"


async def get_transition(tx: Tx, transition_id: UUID, *, lock: bool = False) -> Transition:
    """The transition, locked if asked; `NotFound` without one."""
    row = await tx.conn.fetchrow(LOCK if lock else GET, transition_id)
    if row is None:
        raise NotFound
    return read(Transition, row)


SORTS: Final = Sorts("-made", Sort(name="made", column="made_at", shown=attrgetter("made_at")))


def _list(order: Order) -> str:
    return f"select {_COLUMNS} from transitions where {order.behind(1)} {order.by()} limit $3"


LIST = SORTS.statements(_list)


async def list_transitions(tx: Tx, place: ListPlace, limit: int) -> list[Transition]:
    """Transitions in the order of the place, from there on."""
    return read_all(Transition, await tx.conn.fetch(LIST[place.order], *place.arguments, limit))


PLANNED = "update transitions set planned_at = $2, version = version + 1 where id = $1 and planned_at is null"


async def set_planned(tx: Tx, transition_id: UUID) -> None:
    """Every open dossier is sorted."""
    await tx.conn.execute(PLANNED, transition_id, tx.now)


SETTLE = (
    "update transitions set state = $2, settled_by = $3, settled_at = $4, version = version + 1 where id = $1"
)


async def settle(tx: Tx, transition_id: UUID, state: TransitionState, by: UUID) -> None:
    """Approved or cancelled."""
    await tx.conn.execute(SETTLE, transition_id, state, by, tx.now)


RUNNING = (
    "update transitions set state = 'RUNNING', version = version + 1 where id = $1 and state = 'APPROVED'"
)


async def set_running(tx: Tx, transition_id: UUID) -> None:
    """The first dossiers are told."""
    await tx.conn.execute(RUNNING, transition_id)


DONE = (
    "update transitions set state = 'DONE', done_at = $2, version = version + 1 where id = $1 and state "
    "in ('APPROVED', 'RUNNING') returning true"
)
REVERTED = "update transitions set state = 'REVERTED', version = version + 1 where id = $1 and state = 'DONE'"


async def set_done(tx: Tx, transition: Transition) -> bool:
    """Everybody has answered; what it reverses is reverted. False on a repeat."""
    done = bool(await tx.conn.fetchval(DONE, transition.id, tx.now))
    if done and transition.reverses:
        await tx.conn.execute(REVERTED, transition.reverses)
    return done


INSERT_DOSSIER = Insert(
    "transition_dossiers",
    "transition_id, dossier_id, code, unit_id, season_id, class, reason, stage, step, marks, from_level, "
    "to_level, choices",
    "on conflict do nothing",
)


async def insert_dossiers(tx: Tx, transition_id: UUID, found: Sequence[SortedDossier]) -> None:
    """A page of the plan; rows that are there stay."""
    rows = [_row(transition_id, one) for one in found]
    await tx.conn.executemany(INSERT_DOSSIER.statement, rows)


def _row(transition_id: UUID, one: SortedDossier) -> tuple[object, ...]:
    passage, position = one.passage, one.position
    from_level = position.level or (position.decided[-1] if position.decided else None)
    more = {
        "class": passage.kind,
        "reason": passage.reason,
        "stage": passage.stage,
        "step": position.step,
        "marks": position.marks,
        "from_level": from_level,
        "to_level": passage.to_level,
        "choices": list(passage.choices),
    }
    return INSERT_DOSSIER.row(one, transition_id=transition_id, **more)


COUNTS = """
select class as kind, reason, step, marks, stage, from_level, to_level, count(*)::int as count,
  count(choice)::int as chosen,
  count(told_at)::int as told,
  (count(*) filter (where answer_class = 'MOVED'))::int as moved,
  (count(*) filter (where answer_class is not null and answer_class <> 'MOVED'))::int as declined,
  (count(*) filter (where answered_at is not null and answer_class is null))::int as closed
from transition_dossiers where transition_id = $1 group by 1, 2, 3, 4, 5, 6, 7 order by 1, 2, 3, 4, 5, 6, 7
"""


async def count_dossiers(tx: Tx, transition_id: UUID) -> list[TransitionCount]:
    """By class, reason and way."""
    return read_all(TransitionCount, await tx.conn.fetch(COUNTS, transition_id))


def _dossier(row: Row) -> SortedDossier:
    position = {"step": row["step"], "level": row["from_level"], "marks": row["marks"]}
    return read(SortedDossier, row, passage=read(Passage, row), position=position)


LIST_DOSSIERS = f"""
select {_DOSSIER} from transition_dossiers where transition_id = $1 and ($2::text is null or class = $2)
  and dossier_id > $3
order by dossier_id limit $4
"""


async def list_dossiers(
    tx: Tx, transition_id: UUID, kind: TransitionClass | None, after: UUID, limit: int
) -> list[SortedDossier]:
    """The plan's rows by dossier id."""
    return [_dossier(row) for row in await tx.conn.fetch(LIST_DOSSIERS, transition_id, kind, after, limit)]


SOME_DOSSIERS = f"""
select {_DOSSIER} from transition_dossiers where transition_id = $1 and dossier_id = any($2)
  order by dossier_id
"""


async def some_dossiers(tx: Tx, transition_id: UUID, dossier_ids: Sequence[UUID]) -> list[SortedDossier]:
    """The rows of these; of those that the plan does not have, none."""
    return [_dossier(row) for row in await tx.conn.fetch(SOME_DOSSIERS, transition_id, list(dossier_ids))]


CHOOSE = """
with choosing as (
  select dossier_id, choice from transition_dossiers
  where transition_id = $1 and dossier_id = any($2) and class = 'NEEDS_CHOICE' and $3 = any(choices)
  order by dossier_id for update
)
update transition_dossiers t set choice = $3, chosen_by = $4 from choosing
where t.transition_id = $1 and t.dossier_id = choosing.dossier_id
returning t.dossier_id, choosing.choice as before
"""


async def choose(
    tx: Tx, transition_id: UUID, dossier_ids: Sequence[UUID], choice: TransitionChoice, by: UUID
) -> dict[UUID, TransitionChoice | None]:
    """Choose for those of them that this may be chosen for; each with what was chosen before."""
    rows = await tx.conn.fetch(CHOOSE, transition_id, list(dossier_ids), choice, by)
    return {row["dossier_id"]: TransitionChoice(row["before"]) if row["before"] else None for row in rows}


CHOOSERS = (
    "select distinct chosen_by from transition_dossiers where transition_id = $1 and chosen_by is not null"
)


async def choosers(tx: Tx, transition_id: UUID) -> set[UUID]:
    """Who has chosen something."""
    return {row["chosen_by"] for row in await tx.conn.fetch(CHOOSERS, transition_id)}


CHANGED = "update transitions set version = version + 1 where id = $1 returning version"


async def next_version(tx: Tx, transition_id: UUID) -> int:
    """Something about the plan changed."""
    return int(await tx.conn.fetchval(CHANGED, transition_id))


NEXT_UNTOLD = f"""
select {_DOSSIER} from transition_dossiers
where transition_id = $1 and told_at is null and (class = 'MOVED' or choice is not null)
  order by dossier_id limit $2 for update
"""
TELL = "update transition_dossiers set told_at = $3 where transition_id = $1 and dossier_id = any($2)"


async def take_untold(tx: Tx, transition_id: UUID, limit: int) -> list[SortedDossier]:
    """The next to be told, which are told with this transaction."""
    found = [_dossier(row) for row in await tx.conn.fetch(NEXT_UNTOLD, transition_id, limit)]
    await tx.conn.execute(TELL, transition_id, [one.dossier_id for one in found], tx.now)
    return found


UNANSWERED = """
select dossier_id from transition_dossiers
where transition_id = $1 and told_at is not null and answered_at is null and dossier_id > $2
  order by dossier_id limit $3
"""


async def list_unanswered(tx: Tx, transition_id: UUID, after: UUID, limit: int) -> list[UUID]:
    """Who was told and has not answered."""
    return [row["dossier_id"] for row in await tx.conn.fetch(UNANSWERED, transition_id, after, limit)]


ANSWER = """
update transition_dossiers t set answer_class = r.class, answer_reason = r.reason, answer_level = r.level,
  answered_at = r.at
from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::timestamptz[]) as r (dossier_id, class,
  reason, level, at)
where t.transition_id = $1 and t.dossier_id = r.dossier_id and t.answered_at is null
"""


async def note_answers(tx: Tx, transition_id: UUID, answers: Sequence[RulesAnswer]) -> None:
    """What became of them."""
    passages = [answer.passage for answer in answers]
    await tx.conn.execute(
        ANSWER,
        transition_id,
        [answer.dossier_id for answer in answers],
        [found.kind if found else None for found in passages],
        [found.reason if found else None for found in passages],
        [found.to_level if found else None for found in passages],
        [answer.at for answer in answers],
    )


OPEN_RUNS = f"""
select '{TRANSITION_PREFIX}' || id as workflow_id from transitions where state in ('DRAFT', 'APPROVED',
'RUNNING')
"""
IN_STATES = "select id from transitions where id = any($1) and state = any($2)"


async def in_states(tx: Tx, transition_ids: Sequence[UUID], states: Collection[TransitionState]) -> set[UUID]:
    """Those of these that are in one of the states."""
    return {row["id"] for row in await tx.conn.fetch(IN_STATES, list(transition_ids), list(states))}
