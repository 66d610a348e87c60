"""The money of one recognition: assessed, approved by four eyes, listed, sent, paid."""

from temporalio import workflow

from language.deadline.clock import ClockMoved
from language.deadline.jitter import delay_of
from language.messages.organisation import ClockRules, OrganisationActivities, PostsResolved, ResolvePosts
from language.messages.payout import (
    AssessAward,
    AwardMoved,
    ClimbPayoutRung,
    PayoutActivities,
    StartPayout,
)
from language.messages.rung import RungClimb
from language.names import PAYOUT_WORKFLOW
from language.time_scale import domain_now
from workflows.calls import ORGANISATION, PAYOUT
from workflows.ladder import ClockBook, Ladder


@workflow.defn(name=PAYOUT_WORKFLOW)
class PayoutWorkflow:
    """Outlives the journey that started it; ends when the award is paid, rejected or reversed."""

    @workflow.init
    def __init__(self, start: StartPayout) -> None:
        self._start = start
        self._award: AwardMoved | None = None
        self._clocks = ClockBook()

    @workflow.signal
    def award_moved(self, moved: AwardMoved) -> None:
        """Payout: where the award stands now; the newest word stands."""
        if self._award is None or moved.revision > self._award.revision:
            self._award = moved

    @workflow.signal
    def clock_moved(self, moved: ClockMoved) -> None:
        """Payout: the clock of the approval was suspended, resumed, extended or given another calendar."""
        self._clocks.note(moved)

    @workflow.run
    async def run(self, start: StartPayout) -> AwardMoved:
        """The story."""
        ladder = await self._assess()
        while not self._is_approved():
            await self._climb_next(ladder)
        await workflow.wait_condition(self._is_settled)
        if self._award is None:
            raise RuntimeError("settled without an award")
        return self._award

    async def _assess(self) -> Ladder:
        plan = self._start.plan
        clock = ClockRules(budget=plan.approval, ladder=plan.ladder)
        posts = await self._resolve(clock)
        if posts.clock is None:
            raise RuntimeError("the organisation gave no clock for the award")
        command = AssessAward(start=self._start, posts=posts)
        assessed = await workflow.execute_activity_method(PayoutActivities.assess_award, command, **PAYOUT)
        self.award_moved(assessed)
        return Ladder(
            assessed.award_id,
            posts.clock,
            self._clocks,
            self._start.time_scale,
            delay_of(self._start.dossier_id),
        )

    async def _climb_next(self, ladder: Ladder) -> None:
        rung = await ladder.next_rung(until=self._is_approved)
        if rung is None or self._award is None:
            return
        climb = RungClimb(rung=rung, posts=await self._resolve(None))
        command = ClimbPayoutRung(award_id=self._award.award_id, climb=climb)
        climbed = await workflow.execute_activity_method(PayoutActivities.climb_rung, command, **PAYOUT)
        self.award_moved(climbed.award)
        ladder.answered(rung, climbed.finding, climbed.clock)

    async def _resolve(self, clock: ClockRules | None) -> PostsResolved:
        start = self._start
        command = ResolvePosts(
            dossier_id=start.dossier_id,
            unit_id=start.unit_id,
            posts=(start.plan.verifier, start.plan.approver),
            at=domain_now(workflow.now(), start.time_scale),
            excluded=tuple(author.person_id for author in start.authors),
            clock=clock,
            level=start.level,
        )
        return await workflow.execute_activity_method(
            OrganisationActivities.resolve_posts, command, **ORGANISATION
        )

    def _is_approved(self) -> bool:
        return self._award is not None and self._award.state.is_approved

    def _is_settled(self) -> bool:
        return self._award is not None and self._award.state.is_settled
