"""The rulebook as a fake behind its port: a change of rules over many dossiers."""

from temporalio import activity

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
from tests.workflows.office import Office

_TOLD_AT_ONCE = 2


class FakeRulebook(TransitionActivities):
    """The pages of a plan, who was told, and who has answered."""

    def __init__(self, office: Office) -> None:
        self._office = office

    @activity.defn(name="rulebook.sort_dossiers")
    async def sort_dossiers(self, command: SortDossiers) -> DossiersSorted:
        """The page behind `after`."""
        walk = self._office.walk
        walk.sorted.append(command)
        left = [one for one in walk.dossiers if command.after is None or one > command.after]
        page = left[: walk.page]
        return DossiersSorted(last=page[-1] if len(left) > walk.page else None)

    @activity.defn(name="rulebook.tell_dossiers")
    async def tell_dossiers(self, command: TellDossiers) -> DossiersTold:
        """The next two."""
        walk = self._office.walk
        told, walk.untold = walk.untold[:_TOLD_AT_ONCE], walk.untold[_TOLD_AT_ONCE:]
        walk.unanswered += told
        return DossiersTold(told=len(told))

    @activity.defn(name="rulebook.collect_answers")
    async def collect_answers(self, command: CollectAnswers) -> AnswersCollected:
        """After some silence everybody has answered."""
        walk = self._office.walk
        walk.looks += 1
        if walk.looks > walk.silent_for:
            walk.answered += walk.unanswered
            walk.unanswered = []
        return AnswersCollected(missing=len(walk.unanswered), last=None)

    @activity.defn(name="rulebook.finish_transition")
    async def finish_transition(self, command: FinishTransition) -> None:
        """Counts."""
        self._office.walk.finished += 1
