"""What changes of rules made of dossiers."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kit.db import Tx
from kit.inserts import Insert
from kit.rows import read, read_all
from language.ids import TransitionId
from language.messages.journey import Route
from language.messages.transition import ChangeRules, Passage

HAS_ANSWERED = "select exists (select 1 from rules_changes where dossier_id = $1 and revision = $2)"


async def has_answered(tx: Tx, dossier_id: UUID, revision: int) -> bool:
    """The answer is there already."""
    return bool(await tx.conn.fetchval(HAS_ANSWERED, dossier_id, revision))


INSERT = Insert(
    "rules_changes",
    "dossier_id, revision, transition_id, class, passage, rule_version_before, rule_version, route_before, "
    "changed_at",
)


async def insert_change(tx: Tx, change: ChangeRules, rule_version: str) -> None:
    """The journey's answer. `rule_version` names the rules that were offered."""
    more = {"class": change.passage.kind, "rule_version_before": change.route_before.rule_version}
    row = INSERT.row(change, rule_version=rule_version, changed_at=tx.now, **more)
    await tx.conn.execute(INSERT.statement, *row)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A change of rules that moved a dossier."""

    revision: int
    transition_id: TransitionId
    passage: Passage
    route_before: Route
    changed_at: datetime


MOVED = """
select revision, transition_id, passage, route_before, changed_at from rules_changes
where dossier_id = $1 and class = 'MOVED' order by revision
"""


async def moved_so_far(tx: Tx, dossier_id: UUID) -> list[Moved]:
    """Every change of rules that moved the dossier, in order."""
    return read_all(Moved, await tx.conn.fetch(MOVED, dossier_id))


LAST_MOVED = """
select revision, transition_id, passage, route_before, changed_at from rules_changes
where dossier_id = $1 and class = 'MOVED' order by revision desc limit 1
"""


async def last_moved(tx: Tx, dossier_id: UUID) -> Moved | None:
    """None for a dossier that goes by the rules it was filed under."""
    row = await tx.conn.fetchrow(LAST_MOVED, dossier_id)
    return read(Moved, row) if row else None
