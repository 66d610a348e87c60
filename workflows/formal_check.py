"""The formal check inside a journey: the officer's ladder, and the supplement during which its clock stands
still."""

from datetime import timedelta

from temporalio import workflow

from language.deadline.jitter import delay_of
from language.messages.intake import (
    CheckState,
    ClimbCheckRung,
    FormalCheckMoved,
    IntakeActivities,
    LapseSupplement,
    OpenFormalCheck,
)
from language.messages.organisation import ClockRules
from language.messages.rung import RungClimb
from language.messages.transition import DossierStep, Standing
from language.time_scale import real_span_until
from workflows.calls import INTAKE
from workflows.changing import take_rules
from workflows.facts import JourneyFacts, Place
from workflows.ladder import Ladder

_A_MOMENT = timedelta(seconds=1)


class FormalCheck:
    """Ends when the request is accepted, rejected or withdrawn. When the rules change it goes on as it was
    opened."""

    def __init__(self, facts: JourneyFacts) -> None:
        self._facts = facts
        self._rules = facts.plan.formal_check
        self._place = Place(unit_id=self._rules.unit_id, posts=(self._rules.officers,))

    async def run(self) -> CheckState:
        """Open, then climb the ladder or wait for the supplement until it is settled."""
        ladder = await self._open()
        while self._facts.check_state in {CheckState.OPEN, CheckState.SUPPLEMENT_REQUESTED}:
            check = self._facts.check
            if self._facts.has_new_rules:
                await take_rules(self._facts, Standing(step=DossierStep.FORMAL_CHECK))
            elif check and check.state is CheckState.SUPPLEMENT_REQUESTED:
                await self._await_supplement(check)
            else:
                await self._climb_next(ladder)
        return self._facts.check_state

    async def _open(self) -> Ladder:
        facts, rules = self._facts, self._rules
        clock = ClockRules(budget=rules.check, ladder=rules.ladder)
        posts = await facts.resolve(self._place, clock, facts.start.filed_at)
        if posts.clock is None:
            raise RuntimeError("the organisation gave no clock for the formal check")
        opening = OpenFormalCheck(
            dossier_id=facts.start.dossier_id,
            plan=rules,
            posts=posts,
            rule_version=facts.plan.rule_version,
        )
        facts.note_check(
            await workflow.execute_activity_method(IntakeActivities.open_formal_check, opening, **INTAKE)
        )
        return Ladder(
            facts.start.dossier_id,
            posts.clock,
            facts.clocks,
            facts.start.time_scale,
            delay_of(facts.start.dossier_id),
        )

    async def _climb_next(self, ladder: Ladder) -> None:
        facts, known = self._facts, self._facts.check
        rung = await ladder.next_rung(until=lambda: facts.check is not known or facts.has_new_rules)
        if rung is None:
            return
        posts = await facts.resolve(self._place, None, facts.now())
        command = ClimbCheckRung(dossier_id=facts.start.dossier_id, climb=RungClimb(rung=rung, posts=posts))
        climbed = await workflow.execute_activity_method(IntakeActivities.climb_rung, command, **INTAKE)
        facts.note_check(climbed.check)
        ladder.answered(rung, climbed.finding, climbed.clock)

    async def _await_supplement(self, asked: FormalCheckMoved) -> None:
        facts = self._facts
        if asked.supplement_due_at is None:
            raise RuntimeError("a supplement is awaited without a due instant")
        span = real_span_until(asked.supplement_due_at, workflow.now(), facts.start.time_scale)
        try:
            await workflow.wait_condition(
                lambda: facts.check is not asked or facts.has_new_rules,
                timeout=max(span, _A_MOMENT),
                timeout_summary="supplement due",
            )
        except TimeoutError:
            command = LapseSupplement(dossier_id=facts.start.dossier_id)
            facts.note_check(
                await workflow.execute_activity_method(IntakeActivities.lapse_supplement, command, **INTAKE)
            )
