"""Intake's Temporal edge."""

from temporalio import activity

from kit.db import Database
from language.messages.intake import (
    CheckRungClimbed,
    ClimbCheckRung,
    CloseDossier,
    FormalCheckMoved,
    IntakeActivities,
    LapseSupplement,
    OpenFormalCheck,
)
from language.messages.transition import (
    ChangeRules,
    ListOpenDossiers,
    OpenDossiers,
    ReadAnswers,
    RulesAnswers,
)
from services.intake.operations import journey, transition


class Activities(IntakeActivities):
    """What the journey asks of intake; each is one transaction and repeat-safe."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @activity.defn(name="intake.open_formal_check")
    async def open_formal_check(self, command: OpenFormalCheck) -> FormalCheckMoved:
        """See the port."""
        async with self._database.transaction() as tx:
            return await journey.open_formal_check(tx, command)

    @activity.defn(name="intake.climb_rung")
    async def climb_rung(self, command: ClimbCheckRung) -> CheckRungClimbed:
        """See the port."""
        async with self._database.transaction() as tx:
            return await journey.climb_rung(tx, command)

    @activity.defn(name="intake.lapse_supplement")
    async def lapse_supplement(self, command: LapseSupplement) -> FormalCheckMoved:
        """See the port."""
        async with self._database.transaction() as tx:
            return await journey.lapse_supplement(tx, command)

    @activity.defn(name="intake.close_dossier")
    async def close_dossier(self, command: CloseDossier) -> None:
        """See the port."""
        async with self._database.transaction() as tx:
            await journey.close_dossier(tx, command)

    @activity.defn(name="intake.change_rules")
    async def change_rules(self, command: ChangeRules) -> None:
        """See the port."""
        async with self._database.transaction() as tx:
            await transition.change_rules(tx, command)

    @activity.defn(name="intake.list_open_dossiers")
    async def list_open_dossiers(self, command: ListOpenDossiers) -> OpenDossiers:
        """See the port."""
        async with self._database.reading() as tx:
            return await transition.list_open_dossiers(tx, command)

    @activity.defn(name="intake.read_answers")
    async def read_answers(self, command: ReadAnswers) -> RulesAnswers:
        """See the port."""
        async with self._database.reading() as tx:
            return await transition.read_answers(tx, command)
