"""What is asked of the rulebook: the rules in force, and a change of rules over open dossiers."""

from dataclasses import dataclass
from datetime import datetime

from temporalio import activity

from language.ids import DossierId, SeasonId, UnitId
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


@dataclass(frozen=True, slots=True, kw_only=True)
class FreezePlan:
    """Take the rules in force for this unit and season on the day of filing."""

    dossier_id: DossierId
    unit_id: UnitId
    season_id: SeasonId
    filed_at: datetime


class RulebookActivities:
    """What is asked of the rulebook."""

    @activity.defn(name="rulebook.freeze_plan")
    async def freeze_plan(self, command: FreezePlan) -> ReviewPlan:
        """The plan of the pack in force for the unit's authority on the filing day, at every level from the
        unit to the root.

        Refusals (non-retryable): `NoPolicyInForce`, `UnitUnknown`.
        """
        raise NotImplementedError

    @activity.defn(name="rulebook.classify_dossiers")
    async def classify_dossiers(self, command: ClassifyDossiers) -> None:
        """Sort a page of open dossiers; repeat-safe. After the last page the plan can be approved."""
        raise NotImplementedError

    @activity.defn(name="rulebook.tell_dossiers")
    async def tell_dossiers(self, command: TellDossiers) -> DossiersTold:
        """Send the new rules to the next moved dossiers, each once."""
        raise NotImplementedError

    @activity.defn(name="rulebook.list_told")
    async def list_told(self, command: ListTold) -> ToldDossiers:
        """Who has not answered yet."""
        raise NotImplementedError

    @activity.defn(name="rulebook.note_answers")
    async def note_answers(self, command: NoteAnswers) -> None:
        """Write down what became of dossiers; repeat-safe."""
        raise NotImplementedError

    @activity.defn(name="rulebook.finish_transition")
    async def finish_transition(self, command: FinishTransition) -> None:
        """The transition is done; what it gives back is reverted. Repeat-safe."""
        raise NotImplementedError
