"""The rulebook as a fake behind its port."""

from temporalio import activity

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
from language.refusals import Refusal
from tests.workflows.office import Office


class NoPolicyInForce(Refusal):
    """The rulebook's refusal, under the code that it has there."""

    status = 409
    vi = "Chưa có quy định nào có hiệu lực."
    en = "No rules are in force."


class FakeRulebook(RulebookActivities):
    """Rules, and changes of them."""

    def __init__(self, office: Office) -> None:
        self._office = office

    @activity.defn(name="rulebook.freeze_plan")
    async def freeze_plan(self, command: FreezePlan) -> ReviewPlan:
        """The desk's plan, once its rules are there."""
        desk = self._office.at(command.dossier_id)
        await desk.hear("freeze")
        if desk.refusals_of_rules:
            desk.refusals_of_rules -= 1
            raise NoPolicyInForce
        return desk.plan

    @activity.defn(name="rulebook.classify_dossiers")
    async def classify_dossiers(self, command: ClassifyDossiers) -> None:
        """Keeps the page."""
        self._office.walk.sorted.append(command)

    @activity.defn(name="rulebook.tell_dossiers")
    async def tell_dossiers(self, command: TellDossiers) -> DossiersTold:
        """The next two."""
        walk = self._office.walk
        told, walk.untold = walk.untold[:2], walk.untold[2:]
        walk.unanswered += told
        return DossiersTold(told=len(told))

    @activity.defn(name="rulebook.list_told")
    async def list_told(self, command: ListTold) -> ToldDossiers:
        """One page."""
        return ToldDossiers(dossier_ids=() if command.after else tuple(self._office.walk.unanswered))

    @activity.defn(name="rulebook.note_answers")
    async def note_answers(self, command: NoteAnswers) -> None:
        """Who answered is not missing any more."""
        walk = self._office.walk
        walk.answers.append(command)
        walk.unanswered = [
            one for one in walk.unanswered if one not in {answer.dossier_id for answer in command.answers}
        ]

    @activity.defn(name="rulebook.finish_transition")
    async def finish_transition(self, command: FinishTransition) -> None:
        """Counts."""
        self._office.walk.finished += 1
