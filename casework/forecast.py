"""What is ahead: the rungs of running clocks that have not fired, in the order of their instants."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias
from uuid import UUID

from kit.db import Tx
from kit.rows import read_all
from language.cases import CaseType
from language.deadline.jitter import delay_of
from language.events.rungs import RungEffect
from language.messages.clock import RungFinding
from language.plan.review_plan import RungRule

RungKey: TypeAlias = tuple[datetime, UUID, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class RungAhead:
    """A rung that has not fired, of the clock of `about_id`; `at` is its instant, and is put off as long as
    the clock stands still."""

    about_id: UUID
    subject_id: UUID
    subject_code: str
    kind: CaseType
    level: str | None
    unit_id: UUID
    rule_version: str
    due_at: datetime
    is_suspended: bool
    spread_minutes: int
    at: datetime
    rule: RungRule

    @property
    def fires_at(self) -> datetime:
        """The instant and the dossier's own delay."""
        return self.at + delay_of(self.subject_id, timedelta(minutes=self.spread_minutes))

    @property
    def key(self) -> RungKey:
        """Where it stands in the list."""
        return self.at, self.about_id, self.rule.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """What a rung would find and do as things stand. `as_of`: when the owner last heard who is in the
    posts."""

    finding: RungFinding
    effect: RungEffect
    as_of: datetime | None


AHEAD = """
select clocks.about_id, subject_id, subject_code, kind, level, unit_id, rule_version, due_at,
  is_standing as is_suspended, spread_minutes, ahead.at,
  (select step from jsonb_array_elements(ladder) step where step ->> 'id' = ahead.rung_id) as rule
from rungs_ahead ahead join clocks using (about_id)
where ahead.unit_path && $1 and ahead.at <= $2 and (ahead.at, ahead.about_id, ahead.rung_id) > ($3, $4, $5)
order by ahead.at, ahead.about_id, ahead.rung_id limit $6
"""


async def rungs_ahead(
    tx: Tx, unit_ids: Sequence[UUID], until: datetime, after: RungKey, limit: int
) -> list[RungAhead]:
    """Those under these units that come until then, from behind the given key; overdue ones, which fire at
    once, come first."""
    rows = await tx.conn.fetch(AHEAD, list(unit_ids), until, *after, limit)
    return read_all(RungAhead, rows)
