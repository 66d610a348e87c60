"""Intake's Temporal edge."""

from temporalio import activity

from kit.db import Database
from language.messages.clock import ClimbRung
from language.messages.intake import (
    CheckRungClimbed,
    CloseDossier,
    DossierClosed,
    IntakeActivities,
    LapseSupplement,
    RulesKept,
)
from language.messages.journey import FormalCheckMoved
from language.messages.transition import ChangeRules
from services.intake.operations import journey, transition


class Activities(IntakeActivities):
    """What the journey asks of intake; each is one transaction and repeat-safe."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @activity.defn(name="intake.climb_rung")
    async def climb_rung(self, command: ClimbRung) -> CheckRungClimbed:
        """See the port."""
        async with self._database.transaction() as tx:
            return await journey.climb_rung(tx, command)

    @activity.defn(name="intake.lapse_supplement")
    async def lapse_supplement(self, command: LapseSupplement) -> FormalCheckMoved:
        """See the port."""
        async with self._database.transaction() as tx:
            return await journey.lapse_supplement(tx, command)

    @activity.defn(name="intake.close_dossier")
    async def close_dossier(self, command: CloseDossier) -> DossierClosed:
        """See the port."""
        async with self._database.transaction() as tx:
            return await journey.close_dossier(tx, command)

    @activity.defn(name="intake.change_rules")
    async def change_rules(self, command: ChangeRules) -> RulesKept:
        """See the port."""
        async with self._database.transaction() as tx:
            return await transition.change_rules(tx, command)
