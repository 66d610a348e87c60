"""The formal check inside a journey: the officer's ladder, and the supplement during which its clock stands
still. Intake opened it with the filing."""

from datetime import timedelta

from temporalio import workflow

from language.messages.clock import ClimbRung
from language.messages.intake import IntakeActivities, LapseSupplement
from language.messages.journey import CheckState, FormalCheckMoved, OpenCheckAt
from language.messages.transition import DossierPosition, DossierStep
from language.time_scale import real_span_until
from workflows.calls import ASKED_AGAIN_AFTER, INTAKE
from workflows.changing import take_rules
from workflows.facts import JourneyFacts

_A_MOMENT = timedelta(seconds=1)
STILL_OPEN = frozenset({CheckState.OPEN, CheckState.SUPPLEMENT_REQUESTED})


class FormalCheck:
    """Ends when the request is accepted, rejected or withdrawn. When the rules change it goes on as it was
    opened."""

    def __init__(self, facts: JourneyFacts, opened: OpenCheckAt) -> None:
        self._facts = facts
        self._ladder = facts.ladder(opened.clock, opened.climbed)

    @property
    def stands(self) -> OpenCheckAt:
        """The check as it stands, for a new run."""
        return OpenCheckAt(clock=self._ladder.clock, climbed=self._ladder.climbed, moved=self._facts.check)

    async def run(self) -> CheckState:
        """Climb the ladder or wait for the supplement until it is settled, or until a new run is due."""
        facts = self._facts
        while facts.check_state in STILL_OPEN and not facts.is_long:
            if facts.has_new_rules:
                await take_rules(facts, DossierPosition(step=DossierStep.FORMAL_CHECK))
            elif facts.check and facts.check.state is CheckState.SUPPLEMENT_REQUESTED:
                await self._await_supplement(facts.check)
            else:
                await self._climb_next()
        return facts.check_state

    async def _climb_next(self) -> None:
        facts, known = self._facts, self._facts.check
        rung = await self._ladder.next_rung(until=lambda: facts.check is not known or facts.has_new_rules)
        if rung is None:
            return
        command = ClimbRung(about_id=self._ladder.about_id, rung_id=rung.id)
        climbed = await workflow.execute_activity_method(IntakeActivities.climb_rung, command, **INTAKE)
        facts.note_check(climbed.check)
        self._ladder.answered(rung, climbed.finding, climbed.clock)

    async def _await_supplement(self, asked: FormalCheckMoved) -> None:
        facts, journey = self._facts, self._facts.journey
        # A word without an instant is asked about: intake's answer has one, or says that nothing is awaited.
        due_at = asked.supplement_due_at or workflow.now() + ASKED_AGAIN_AFTER
        span = real_span_until(due_at, workflow.now(), journey.time_scale)
        try:
            await workflow.wait_condition(
                lambda: facts.check is not asked or facts.has_new_rules,
                timeout=max(span, _A_MOMENT),
                timeout_summary="supplement due",
            )
        except TimeoutError:
            command = LapseSupplement(dossier_id=journey.dossier_id)
            facts.note_check(
                await workflow.execute_activity_method(IntakeActivities.lapse_supplement, command, **INTAKE)
            )
