"""Payout's Temporal edge."""

from temporalio import activity

from kit.db import Database
from language.messages.payout import (
    AssessAward,
    AwardMoved,
    ClimbPayoutRung,
    PayoutActivities,
    PayoutRungClimbed,
)
from services.payout.operations import journey


class Activities(PayoutActivities):
    """What a payout workflow asks; each is one transaction and repeat-safe."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @activity.defn(name="payout.assess_award")
    async def assess_award(self, command: AssessAward) -> AwardMoved:
        """See the port."""
        async with self._database.transaction() as tx:
            return await journey.assess_award(tx, command)

    @activity.defn(name="payout.climb_rung")
    async def climb_rung(self, command: ClimbPayoutRung) -> PayoutRungClimbed:
        """See the port."""
        async with self._database.transaction() as tx:
            return await journey.climb_rung(tx, command)
