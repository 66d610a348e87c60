"""The rulebook's Temporal edge."""

from temporalio import activity

from kit.db import Database
from language.messages.rulebook import FreezePlan, RulebookActivities
from language.messages.transition import (
    ClassifyDossiers,
    DossiersTold,
    FinishTransition,
    ListTold,
    NoteAnswers,
    TellDossiers,
    ToldDossiers,
)
from language.plan.review_plan import ReviewPlan
from services.rulebook.operations import freezing, sorting


class Activities(RulebookActivities):
    """What journeys and changes of rules ask of the rulebook."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @activity.defn(name="rulebook.freeze_plan")
    async def freeze_plan(self, command: FreezePlan) -> ReviewPlan:
        """See the port."""
        async with self._database.reading() as tx:
            return await freezing.freeze_plan(tx, command)

    @activity.defn(name="rulebook.classify_dossiers")
    async def classify_dossiers(self, command: ClassifyDossiers) -> None:
        """See the port."""
        async with self._database.transaction() as tx:
            await sorting.classify_dossiers(tx, command)

    @activity.defn(name="rulebook.tell_dossiers")
    async def tell_dossiers(self, command: TellDossiers) -> DossiersTold:
        """See the port."""
        async with self._database.transaction() as tx:
            return await sorting.tell_dossiers(tx, command)

    @activity.defn(name="rulebook.list_told")
    async def list_told(self, command: ListTold) -> ToldDossiers:
        """See the port."""
        async with self._database.reading() as tx:
            return await sorting.list_told(tx, command)

    @activity.defn(name="rulebook.note_answers")
    async def note_answers(self, command: NoteAnswers) -> None:
        """See the port."""
        async with self._database.transaction() as tx:
            await sorting.note_answers(tx, command)

    @activity.defn(name="rulebook.finish_transition")
    async def finish_transition(self, command: FinishTransition) -> None:
        """See the port."""
        async with self._database.transaction() as tx:
            await sorting.finish_transition(tx, command)
