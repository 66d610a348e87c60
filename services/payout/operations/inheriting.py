"""What a unit that has ended owes, its successor pays: also what is on a list or waits for one."""

from uuid import UUID

from kit.db import Tx
from language.time_scale import TimeScale
from services.payout.operations.awaiting import look_for_awaited
from services.payout.store import awaited, awards


class SettleOwed:
    """Starts the case of what waits for a list now, on the time scale of the service."""

    def __init__(self, scale: TimeScale | None) -> None:
        self._scale = scale

    async def __call__(self, tx: Tx, unit_id: UUID, into_id: UUID) -> None:
        """Nobody makes a list of the unit that has ended any more: what waits there waits in its
        successor."""
        for unit in sorted((unit_id, into_id)):
            await awaited.take_turn(tx, unit)
        await awards.pass_owed(tx, unit_id, into_id)
        await look_for_awaited(tx, unit_id, self._scale)
        await look_for_awaited(tx, into_id, self._scale)
