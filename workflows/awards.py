"""The money of a journey: each award waits for its approval beside the levels, whatever becomes of them."""

import asyncio

from temporalio import workflow

from language.ids import AwardId
from language.messages.clock import ClimbRung
from language.messages.journey import OpenAward
from language.messages.payout import AssessAward, AwardMoved, PayoutActivities
from workflows.calls import PAYOUT
from workflows.facts import JourneyFacts
from workflows.ladder import Ladder


class Awards:
    """The awards of a dossier that nobody has approved or rejected yet. Who signs, and what a rung does,
    payout says; from the approval on an award belongs to its payment list."""

    def __init__(self, facts: JourneyFacts) -> None:
        self._facts = facts
        self._owed: list[str] = []
        self._waiting: dict[AwardId, tuple[str, Ladder]] = {}
        self._newest: dict[AwardId, AwardMoved] = {}
        self._runs: list[asyncio.Task[None]] = []
        self._calls = 0

    def go_on(self) -> None:
        """Do what an earlier run of the journey has left to do."""
        for award in self._facts.journey.awards:
            self._runs.append(asyncio.create_task(self._climb(award)))
        for level in self._facts.journey.owed:
            self.owe(level)

    def owe(self, level: str) -> None:
        """Have the award of this level assessed. It holds up nothing while payout is away."""
        self._owed.append(level)
        self._runs.append(asyncio.create_task(self._assess(level)))

    def note(self, moved: AwardMoved) -> None:
        """Payout's newest word stands."""
        known = self._newest.get(moved.award_id)
        if known is None or moved.revision.is_newer_than(known.revision):
            self._newest[moved.award_id] = moved

    @property
    def is_calling(self) -> bool:
        """Payout is being asked something: this is no moment for a new run."""
        return self._calls > 0 or bool(self._owed)

    @property
    def open(self) -> tuple[OpenAward, ...]:
        """What a new run has to wait for."""
        return tuple(
            OpenAward(level=level, clock=ladder.clock, climbed=ladder.climbed)
            for award_id, (level, ladder) in self._waiting.items()
            if not self._is_approved(award_id)
        )

    async def settled(self) -> bool:
        """Until everything is assessed, and approved or rejected; False when a new run is due before."""
        facts = self._facts
        await workflow.wait_condition(
            lambda: all(run.done() for run in self._runs) or facts.is_long or facts.reopened is not None
        )
        return all(run.done() for run in self._runs)

    async def _assess(self, level: str) -> None:
        command = AssessAward(dossier_id=self._facts.journey.dossier_id, level=level)
        assessed = await workflow.execute_activity_method(PayoutActivities.assess_award, command, **PAYOUT)
        self._owed.remove(level)
        if assessed.award and assessed.clock:
            self.note(assessed.award)
            await self._climb(OpenAward(level=level, clock=assessed.clock))

    def _is_approved(self, award_id: AwardId) -> bool:
        known = self._newest.get(award_id)
        return known is not None and known.state.is_approved

    async def _climb(self, award: OpenAward) -> None:
        """The ladder of the approval."""
        award_id, ladder = AwardId(award.clock.about_id), self._facts.ladder(award.clock, award.climbed)
        self._waiting[award_id] = (award.level, ladder)
        while not self._is_approved(award_id):
            rung = await ladder.next_rung(until=lambda: self._is_approved(award_id))
            if rung is None:
                continue
            command = ClimbRung(about_id=award_id, rung_id=rung.id)
            self._calls += 1
            climbed = await workflow.execute_activity_method(PayoutActivities.climb_rung, command, **PAYOUT)
            self._calls -= 1
            self.note(climbed.award)
            ladder.answered(rung, climbed.finding, climbed.clock)
