"""The rulebook's Temporal edge."""

from temporalio import activity

from kit.db import Database
from language.messages.transition import (
    AnswersCollected,
    CollectAnswers,
    DossiersSorted,
    DossiersTold,
    FinishTransition,
    SortDossiers,
    TellDossiers,
    TransitionActivities,
)
from services.rulebook.operations import sorting


class Activities(TransitionActivities):
    """What a change of rules asks of the rulebook; each is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @activity.defn(name="rulebook.sort_dossiers")
    async def sort_dossiers(self, command: SortDossiers) -> DossiersSorted:
        """See the port."""
        async with self._database.transaction() as tx:
            return await sorting.sort_dossiers(tx, command)

    @activity.defn(name="rulebook.tell_dossiers")
    async def tell_dossiers(self, command: TellDossiers) -> DossiersTold:
        """See the port."""
        async with self._database.transaction() as tx:
            return await sorting.tell_dossiers(tx, command)

    @activity.defn(name="rulebook.collect_answers")
    async def collect_answers(self, command: CollectAnswers) -> AnswersCollected:
        """See the port."""
        async with self._database.transaction() as tx:
            return await sorting.collect_answers(tx, command)

    @activity.defn(name="rulebook.finish_transition")
    async def finish_transition(self, command: FinishTransition) -> None:
        """See the port."""
        async with self._database.transaction() as tx:
            await sorting.finish_transition(tx, command)
