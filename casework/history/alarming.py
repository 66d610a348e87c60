"""What a relay finds wrong with its service's history by itself, looked at again and again: on the alarm list
for as long as it is so, and no longer."""

from typing import Final

import structlog

from casework.history.chain import queue_refused_again
from casework.history.faults import Fault
from casework.history.verify import verify_checkpoints
from kit.db import Tx
from kit.ids import new_id

log = structlog.get_logger()


async def look_again(tx: Tx) -> None:
    """Once more at every event that was not chained, and at every checkpoint."""
    await queue_refused_again(tx)
    await _keep_alarms(tx, await verify_checkpoints(tx))


COUNT_ALARMS: Final = """
select (select count(*) from history_alarms) + (select count(*) from checkpoint_alarms)
"""
"""Also run as it stands by `sangkien doctor`, with the service's schema as search path."""
HOLD_AGAIN: Final = "delete from checkpoint_alarms where number <> all($1::int[])"
INSERT: Final = """
insert into checkpoint_alarms (number, id, kind, since) values ($1, $2, $3, $4)
on conflict (number) do update set kind = excluded.kind
"""


async def _keep_alarms(tx: Tx, faults: list[Fault]) -> None:
    found = {fault.checkpoint: fault.kind for fault in faults if fault.checkpoint is not None}
    await tx.conn.execute(HOLD_AGAIN, list(found))
    for number, kind in found.items():
        await tx.conn.execute(INSERT, number, new_id(), kind, tx.now)
        log.error("history.checkpoint_does_not_hold", number=number, kind=kind.value)
