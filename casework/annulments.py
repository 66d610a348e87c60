"""Decisions that no longer stand, read on by who has to do something about it: each is followed once, in the
transaction of what follows from it."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from casework.watching import BATCH, FactWatch, Watched
from kit.db import Database, Tx
from kit.rows import read_all
from language.ids import DossierId, StageId, UnitId
from language.plan.rule_kinds import DecisionActKind
from language.views import View


@dataclass(frozen=True, slots=True, kw_only=True)
class Annulment:
    """Which decision no longer stands, by which second decision and why. `new_stage_id`: where a refusal is
    examined again."""

    id: UUID
    stage_id: StageId
    dossier_id: DossierId
    level: str
    unit_id: UnitId
    kind: DecisionActKind
    decision_number: str
    reason: str
    new_stage_id: StageId | None
    acted_at: datetime


Follow: TypeAlias = Callable[[Tx, Annulment], Awaitable[bool]]
"""Does what follows; False when it is not time yet, so that it is looked at again."""

WAITING = f"""
select id, stage_id, dossier_id, level, unit_id, kind, decision_number, reason, new_stage_id, acted_at
from {View.ANNULMENTS} a
where not exists (select 1 from annulments_followed f where f.annulment_id = a.id)
  and ($1::timestamptz is null or (acted_at, id) > ($1, $2))
order by acted_at, id limit $3
"""
FOLLOWED = "insert into annulments_followed (annulment_id, followed_at) values ($1, $2)"


async def waiting(tx: Tx, after: Annulment | None) -> Sequence[Annulment]:
    """The next that were not followed yet, by their instants."""
    key = (after.acted_at, after.id) if after else (None, None)
    return read_all(Annulment, await tx.conn.fetch(WAITING, *key, BATCH))


async def follow_one(tx: Tx, annulment: Annulment, follow: Follow) -> None:
    """Do what follows, and write down that it is done."""
    if await follow(tx, annulment):
        await tx.conn.execute(FOLLOWED, annulment.id, tx.now)


class AnnulmentWatch(FactWatch[Annulment]):
    """Follows each, and writes down that it did."""

    def __init__(self, database: Database, follow: Follow) -> None:
        watched = Watched(
            name="annulments",
            waiting=waiting,
            follow=lambda tx, annulment: follow_one(tx, annulment, follow),
        )
        super().__init__(database, watched)
