"""Payout's Temporal edge."""

from temporalio import activity

from casework.hand_over import hand_over_tasks, list_given_tasks
from kit.db import Database
from language.messages.hand_over import GivenTasks, HandOverTasks, ListGivenTasks, TasksHandedOver
from language.messages.payout import (
    AssessAward,
    AwardMoved,
    ClimbPayoutRung,
    PayoutActivities,
    PayoutRungClimbed,
)
from services.payout.operations import journey
from services.payout.operations.cases import CASES


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

    @activity.defn(name="payout.list_given_tasks")
    async def list_given_tasks(self, command: ListGivenTasks) -> GivenTasks:
        """See the port."""
        async with self._database.reading() as tx:
            return await list_given_tasks(tx, CASES, command)

    @activity.defn(name="payout.hand_over_tasks")
    async def hand_over_tasks(self, command: HandOverTasks) -> TasksHandedOver:
        """See the port."""
        async with self._database.transaction() as tx:
            return await hand_over_tasks(tx, CASES, command)
