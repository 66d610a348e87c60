"""What the rulebook, intake and review publish of a recognised dossier, written by statements: for tests of
what reads it in other services."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from casework.plans import hash_of
from language.messages.journey import AuthorShare, StageOutcome
from language.names import TaskQueue
from language.plan.review_plan import ReviewPlan
from services.intake.store.rules_in_force import keep_plan
from tests.conftest import SharedDatabase

INSERT_CALENDAR = """
insert into calendars (version, holidays, make_up_days, reason, made_at) values (1, '{}', '{}', 'x', now())
on conflict do nothing
"""
INSERT_DOSSIER = """
insert into dossiers (id, code, state, season_id, unit_id, unit_path, created_by, created_at, content,
  filed_at, plan_hash)
values ($1, $2, 'ACCEPTED', $3, $4, $5, $6, now(), '{}', now(), $7) on conflict do nothing returning true
"""
INSERT_AUTHOR = (
    "insert into dossier_authors (dossier_id, position, person_id, percent) values ($1, $2, $3, $4)"
)
INSERT_STAGE = """
insert into stages (id, dossier_id, dossier_code, level, unit_id, unit_path, plan, plan_hash, rule_version,
  last_level, opened_at, due_at, state, outcome, decision_number, reasons, ground, decided_at,
  decision_event_id)
values ($1, $2, 'x', $3, $4, $5, '{}', $6, 'x', true, now(), now(),
  case when $7 = 'WITHDRAWN' then 'WITHDRAWN' else 'DECIDED' end, $7, $8, 'x', 'x', now(), $9)
on conflict do nothing
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """A dossier with the way that its plan gives, in the unit that has judged it."""

    dossier_id: UUID
    code: str
    unit_path: Sequence[UUID]
    authors: Sequence[AuthorShare]
    plan: ReviewPlan


async def publish_calendar(shared: SharedDatabase) -> None:
    """A calendar without a holiday."""
    rulebook = await shared.database(TaskQueue.RULEBOOK)
    await rulebook.pool.execute(INSERT_CALENDAR)


async def publish_dossier(shared: SharedDatabase, filed: Recognised) -> None:
    """It was filed under its plan, by its authors, and accepted; once it was, it stays as it is."""
    intake = await shared.database(TaskQueue.INTAKE)
    async with intake.transaction() as tx:
        await keep_plan(tx, hash_of(filed.plan), filed.plan)
        made = await tx.conn.fetchval(
            INSERT_DOSSIER,
            filed.dossier_id,
            filed.code,
            filed.plan.season_id,
            filed.unit_path[-1],
            list(filed.unit_path),
            filed.authors[0].person_id,
            hash_of(filed.plan),
        )
        if made:
            rows = [
                (filed.dossier_id, number, author.person_id, author.percent)
                for number, author in enumerate(filed.authors)
            ]
            await tx.conn.executemany(INSERT_AUTHOR, rows)


async def publish_decision(
    shared: SharedDatabase,
    filed: Recognised,
    level: str,
    decision_number: str,
    outcome: StageOutcome = StageOutcome.RECOGNISED,
) -> None:
    """The level has judged it, by the rules of its plan."""
    review = await shared.database(TaskQueue.REVIEW)
    await review.pool.execute(
        INSERT_STAGE,
        uuid4(),
        filed.dossier_id,
        level,
        filed.unit_path[-1],
        list(filed.unit_path),
        hash_of(filed.plan),
        outcome,
        None if outcome is StageOutcome.WITHDRAWN else decision_number,
        uuid4(),
    )
