"""A change of rules over all open dossiers: plan it page by page, wait for a second person, carry it out in
batches."""

from datetime import timedelta

from temporalio import workflow

from language.ids import DossierId
from language.messages.intake import IntakeActivities
from language.messages.review import ReviewActivities
from language.messages.rulebook import RulebookActivities
from language.messages.transition import (
    ClassifyDossiers,
    FinishTransition,
    ListOpenDossiers,
    ListTold,
    NoteAnswers,
    ReadAnswers,
    ReadStandings,
    StartTransition,
    TellDossiers,
    TransitionSettled,
)
from language.names import TRANSITION_WORKFLOW
from workflows.calls import INTAKE, REVIEW, RULEBOOK

_PAGE = 500
_TOLD_AT_ONCE = 100
_STEPS_A_RUN = 20
_FIRST_PAUSE = timedelta(seconds=1)
_LONGEST_PAUSE = timedelta(seconds=15)


@workflow.defn(name=TRANSITION_WORKFLOW)
class TransitionWorkflow:
    """What is done lies in the owners' rows, so every step may be repeated; a long walk goes on in a new
    run."""

    @workflow.init
    def __init__(self, start: StartTransition) -> None:
        self._start = start
        self._settled: TransitionSettled | None = None

    @workflow.signal
    def transition_settled(self, settled: TransitionSettled) -> None:
        """Rulebook: approved, or cancelled."""
        self._settled = self._settled or settled

    @workflow.run
    async def run(self, start: StartTransition) -> None:
        """The story."""
        if not start.planned:
            await self._plan(start)
        if not start.approved:
            await workflow.wait_condition(lambda: self._settled is not None)
            if not (self._settled and self._settled.approved):
                return
            await self._tell(start)
        await self._await_answers(start)

    async def _plan(self, start: StartTransition) -> None:
        after = start.after
        for _ in range(_STEPS_A_RUN):
            after = await self._plan_page(start, after)
            if after is None or self._settled:
                return
        workflow.continue_as_new(_from(start, after))

    async def _plan_page(self, start: StartTransition, after: DossierId | None) -> DossierId | None:
        """Sort one page; where the next begins."""
        asked = ListOpenDossiers(
            replaces=start.replaces, gives_back=start.gives_back, after=after, limit=_PAGE
        )
        page = (
            await workflow.execute_activity_method(IntakeActivities.list_open_dossiers, asked, **INTAKE)
        ).dossiers
        about = ReadStandings(dossier_ids=tuple(dossier.dossier_id for dossier in page))
        standings = await workflow.execute_activity_method(ReviewActivities.read_standings, about, **REVIEW)
        is_last = len(page) < _PAGE
        sorting = ClassifyDossiers(
            transition_id=start.transition_id, dossiers=page, stages=standings.stages, last=is_last
        )
        await workflow.execute_activity_method(RulebookActivities.classify_dossiers, sorting, **RULEBOOK)
        return None if is_last else page[-1].dossier_id

    async def _tell(self, start: StartTransition) -> None:
        command = TellDossiers(transition_id=start.transition_id, limit=_TOLD_AT_ONCE)
        while (
            await workflow.execute_activity_method(RulebookActivities.tell_dossiers, command, **RULEBOOK)
        ).told:
            pass

    async def _await_answers(self, start: StartTransition) -> None:
        """Until every dossier has answered. One that hangs (its services are away) holds up nothing but the
        end."""
        pause = _FIRST_PAUSE
        for _ in range(_STEPS_A_RUN):
            if await self._collect(start):
                finish = FinishTransition(transition_id=start.transition_id)
                await workflow.execute_activity_method(
                    RulebookActivities.finish_transition, finish, **RULEBOOK
                )
                return
            if workflow.info().is_continue_as_new_suggested():
                break
            await workflow.sleep(pause, summary="answers are missing")
            pause = min(pause * 2, _LONGEST_PAUSE)
        workflow.continue_as_new(_from(start, None, planned=True, approved=True))

    async def _collect(self, start: StartTransition) -> bool:
        """Look once at everybody who was told; True when nobody is missing."""
        after: DossierId | None = None
        missing = 0
        while True:
            asked = ListTold(transition_id=start.transition_id, after=after, limit=_PAGE)
            told = (
                await workflow.execute_activity_method(RulebookActivities.list_told, asked, **RULEBOOK)
            ).dossier_ids
            if not told:
                return missing == 0
            reading = ReadAnswers(revision=start.revision, dossier_ids=told)
            answers = (
                await workflow.execute_activity_method(IntakeActivities.read_answers, reading, **INTAKE)
            ).answers
            if answers:
                noting = NoteAnswers(transition_id=start.transition_id, answers=answers)
                await workflow.execute_activity_method(RulebookActivities.note_answers, noting, **RULEBOOK)
            missing += len(told) - len(answers)
            after = told[-1]


def _from(
    start: StartTransition, after: DossierId | None, *, planned: bool = False, approved: bool = False
) -> StartTransition:
    return StartTransition(
        transition_id=start.transition_id,
        revision=start.revision,
        replaces=start.replaces,
        gives_back=start.gives_back,
        time_scale=start.time_scale,
        after=after,
        planned=planned,
        approved=approved,
    )
