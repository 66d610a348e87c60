"""A case that lies in no dossier: given out, then its ladder for as long as nobody has acted."""

from temporalio import workflow

from language.deadline.clock import ClockMoved
from language.deadline.jitter import delay_of
from language.ids import DossierId
from language.messages.case import CaseActivities, CaseClimbed, CaseEnded, ClimbCase, GiveOutCase, StartCase
from language.messages.organisation import OrganisationActivities, PostsResolved, ResolvePosts
from language.messages.rung import RungClimb
from language.names import CASE_WORKFLOW
from language.time_scale import domain_now
from workflows.calls import ORGANISATION, calls_of
from workflows.ladder import ClockBook, Ladder


@workflow.defn(name=CASE_WORKFLOW)
class CaseWorkflow:
    """One run a case. The owner says whether; this says when."""

    @workflow.init
    def __init__(self, start: StartCase) -> None:
        self._start = start
        self._is_over = False
        self._clocks = ClockBook()

    @workflow.signal
    def case_ended(self, ended: CaseEnded) -> None:
        """The owner: nothing is left to act on."""
        self._is_over = True

    @workflow.signal
    def clock_moved(self, moved: ClockMoved) -> None:
        """The owner: the clock was suspended, resumed or extended, or got another calendar or a rung more."""
        self._clocks.note(moved)

    @workflow.run
    async def run(self, start: StartCase) -> None:
        """Give it out, then climb until it is over."""
        delay = delay_of(DossierId(start.about_id))
        ladder = Ladder(start.about_id, start.clock, self._clocks, start.time_scale, delay)
        command = GiveOutCase(case=start.case, about_id=start.about_id, posts=await self._resolve())
        self._note(
            await workflow.execute_activity_method(CaseActivities.give_out, command, **calls_of(start.owner))
        )
        while not self._is_over:
            await self._climb_next(ladder)

    async def _climb_next(self, ladder: Ladder) -> None:
        rung = await ladder.next_rung(until=lambda: self._is_over)
        if rung is None:
            return
        start = self._start
        climb = RungClimb(rung=rung, posts=await self._resolve())
        climbed = await workflow.execute_activity_method(
            CaseActivities.climb,
            ClimbCase(case=start.case, about_id=start.about_id, climb=climb),
            **calls_of(start.owner),
        )
        ladder.answered(rung, climbed.finding, climbed.clock)
        self._note(climbed)

    def _note(self, answer: CaseClimbed) -> None:
        """The answer says how things stand, so a lost signal costs a delay at most."""
        self._is_over = self._is_over or answer.is_over

    async def _resolve(self) -> PostsResolved:
        start = self._start
        command = ResolvePosts(
            dossier_id=DossierId(start.about_id),
            unit_id=start.unit_id,
            posts=start.posts,
            at=domain_now(workflow.now(), start.time_scale),
            excluded=start.excluded,
        )
        return await workflow.execute_activity_method(
            OrganisationActivities.resolve_posts, command, **ORGANISATION
        )
