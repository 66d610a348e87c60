"""What the journey asks of review, each answered in one transaction."""

from temporalio import activity

from kit.db import Database
from language.messages.review import (
    ClimbStageRung,
    OpenStage,
    ReviewActivities,
    StageDecided,
    StageMoved,
    StageOpened,
    StageRungClimbed,
    WithdrawStage,
)
from language.messages.transition import MoveStage, ReadStandings, Standings
from services.review.operations import climbing, deciding, opening, transition


class Activities(ReviewActivities):
    """The port on review's database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @activity.defn(name="review.open_stage")
    async def open_stage(self, command: OpenStage) -> StageOpened:
        async with self._database.transaction() as tx:
            return await opening.open_stage(tx, command)

    @activity.defn(name="review.climb_rung")
    async def climb_rung(self, command: ClimbStageRung) -> StageRungClimbed:
        async with self._database.transaction() as tx:
            return await climbing.climb_rung(tx, command)

    @activity.defn(name="review.withdraw_stage")
    async def withdraw_stage(self, command: WithdrawStage) -> StageDecided:
        async with self._database.transaction() as tx:
            return await deciding.withdraw_stage(tx, command.stage_id)

    @activity.defn(name="review.move_stage")
    async def move_stage(self, command: MoveStage) -> StageMoved:
        async with self._database.transaction() as tx:
            return await transition.move_stage(tx, command)

    @activity.defn(name="review.read_standings")
    async def read_standings(self, command: ReadStandings) -> Standings:
        async with self._database.reading() as tx:
            return await transition.read_standings(tx, command)
