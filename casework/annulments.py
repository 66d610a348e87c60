"""Decisions that no longer stand, read on by who has to do something about it: each is followed once, in the
transaction of what follows from it. There are few, so what is still to do is asked for, and no place kept."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias
from uuid import UUID

from kit.db import Database, Tx
from kit.leading import Lease, lead, still_leads
from kit.rows import read_all
from language.ids import DossierId, StageId, UnitId
from language.plan.rule_kinds import DecisionActKind
from language.views import View

_BATCH: Final = 50
_POLL_SECONDS: Final = 1.0


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
    return read_all(Annulment, await tx.conn.fetch(WAITING, *key, _BATCH))


async def follow_one(tx: Tx, annulment: Annulment, follow: Follow) -> None:
    """Do what follows, and write down that it is done."""
    if await follow(tx, annulment):
        await tx.conn.execute(FOLLOWED, annulment.id, tx.now)


class AnnulmentWatch:
    """One process of the service at a time looks once a second."""

    def __init__(self, database: Database, follow: Follow) -> None:
        self._database = database
        self._follow = follow

    async def run(self) -> None:
        """Until cancelled."""
        await lead(self._database, "annulments", self._work)

    async def _work(self, lease: Lease) -> None:
        while True:
            await self.look(lease)
            await lease.pause(_POLL_SECONDS)

    async def look(self, lease: Lease) -> None:
        """Everything that waits, once."""
        last: Annulment | None = None
        while True:
            await lease.renew()
            async with self._database.reading() as tx:
                found = await waiting(tx, last)
            for annulment in found:
                await lease.renew()
                async with self._database.transaction() as tx:
                    await still_leads(tx, lease)
                    await follow_one(tx, annulment, self._follow)
            if len(found) < _BATCH:
                return
            last = found[-1]
