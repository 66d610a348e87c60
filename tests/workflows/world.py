"""A real Temporal server that skips time, the real workflow worker, and an office of fakes; journeys are
driven from outside."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from temporalio.client import WorkflowExecutionStatus, WorkflowHandle, WorkflowHistory
from temporalio.common import TypedSearchAttributes
from temporalio.converter import DataConverter
from temporalio.testing import WorkflowEnvironment

from embedded.temporal import EXACT_TIMERS, program
from kit.temporal import activity_worker
from kit.wire import data_converter
from language.deadline.arithmetic import Extension, Suspension, SuspensionKind
from language.deadline.jitter import SPREAD
from language.ids import DossierId, EventId, TransitionId
from language.messages.clock import ClockMoved
from language.messages.intake import WithdrawalRequested
from language.messages.journey import CheckState, FormalCheckMoved, JourneyClosed, LevelStop, StageOutcome
from language.messages.journey import Journey as JourneyMessage
from language.messages.payout import AwardMoved, AwardState
from language.messages.review import StageDecided
from language.messages.transition import LevelMove, PackRef, RulesChanged, TransitionChoice
from language.names import SEARCH_ATTRIBUTES, TaskQueue, initiative_workflow_id, stage_id
from language.plan.review_plan import ReviewPlan
from processes.worker import sandbox, workflow_worker
from tests.workflows.cases import review_plan, route_of, start_journey, working_days
from tests.workflows.fake_cases import FakeCases
from tests.workflows.fake_review import FakeReview
from tests.workflows.fake_rulebook import FakeRulebook
from tests.workflows.office import Desk, FakeIntake, FakePayout, Office
from workflows.initiative import InitiativeWorkflow

_PATIENCE_SECONDS = 30.0
_JUST_PAST = timedelta(seconds=1)
LONG_RUN = 300
"""Events from which on the server suggests a new run."""
_TIME_SKIPPING = {
    "limit.historyCount.suggestContinueAsNew": str(LONG_RUN),
    "frontend.WorkflowTimeSkippingEnabled": "true",
    **EXACT_TIMERS,
}


class Watched:
    """A running workflow with a clock of its own, moved by hand."""

    def __init__(self, env: WorkflowEnvironment, handle: WorkflowHandle[Any, Any]) -> None:
        self._env = env
        self.handle = handle

    async def now(self) -> datetime:
        """The workflow's time."""
        return await self._env.get_current_time(self.handle)

    async def settle(self) -> None:
        """Until the workflow has nothing left to do but wait."""
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while True:
                described = (await self.handle.describe()).raw_description
                starting = any(not child.run_id for child in described.pending_children)
                if not (
                    starting or described.pending_activities or described.HasField("pending_workflow_task")
                ):
                    return
                await asyncio.sleep(0.005)

    async def until(self, instant: datetime) -> None:
        """Move the clock past this instant and the delay that a dossier may have, and let the workflow do
        what is due."""
        await self._just_past(instant + SPREAD)

    async def _just_past(self, instant: datetime) -> None:
        await self.settle()
        # A timer is set a few milliseconds after the workflow looked at its clock, so it fires that much
        # after the instant. A new run that begins on the way stands still until it is moved on.
        while (span := instant + _JUST_PAST - await self.now()) > timedelta():
            moved = await self._env.fast_forward(self.handle, span)
            # A run that ends in a new one is said to have ended, too.
            if not moved and (await self.handle.describe()).status is not WorkflowExecutionStatus.RUNNING:
                return
            await self.settle()

    async def days(self, count: float) -> None:
        """Move the clock by so many days."""
        await self._just_past(await self.now() + timedelta(days=count))


class Journey(Watched):
    """One dossier on its way, the clocks it waits for, and the people who act on it."""

    def __init__(
        self, env: WorkflowEnvironment, handle: WorkflowHandle[InitiativeWorkflow, JourneyClosed], desk: Desk
    ) -> None:
        super().__init__(env, handle)
        self.desk = desk

    @property
    def dossier_id(self) -> DossierId:
        """The dossier's."""
        return self.desk.journey.dossier_id

    async def suspend(self, ladder: str, *, told: bool = True) -> ClockMoved:
        """The clock stands still from now on."""
        suspensions = self.desk.kept[ladder].running.suspensions
        stands = Suspension(kind=SuspensionKind.COMPLAINT, since=await self.now(), until=None, reason="x")
        return await self.move_clock(ladder, told=told, suspensions=(*suspensions, stands))

    async def resume(self, ladder: str, *, told: bool = True) -> ClockMoved:
        """The clock goes on."""
        *past, standing = self.desk.kept[ladder].running.suspensions
        return await self.move_clock(
            ladder, told=told, suspensions=(*past, replace(standing, until=await self.now()))
        )

    async def extend(self, ladder: str, days: int, *, told: bool = True) -> ClockMoved:
        """So many working days more."""
        now = await self.now()
        extensions = self.desk.kept[ladder].running.extensions
        longer = Extension(budget=working_days(days), given_at=now, reason="x", rule="test.extension")
        return await self.move_clock(ladder, told=told, extensions=(*extensions, longer))

    async def move_clock(self, ladder: str, *, told: bool = True, **changes: Any) -> ClockMoved:
        """The owner's act: stored, then told unless the message is lost."""
        kept = self.desk.kept[ladder]
        kept.move(**changes)
        moved = kept.told(await self.now())
        if told:
            await self.tell_clock(moved)
            await self.settle()
        return moved

    async def tell_clock(self, moved: ClockMoved) -> None:
        """Deliver the owner's word."""
        await self.handle.signal("clock_moved", moved)

    async def due(self, ladder: str) -> datetime:
        """When the clock is due as it stands."""
        return self.desk.kept[ladder].stands(await self.now()).due_at

    async def move_check(
        self, state: CheckState, *, told: bool = True, supplement_due_at: datetime | None = None
    ) -> FormalCheckMoved:
        """Intake's act: stored, then told unless the message is lost."""
        check = self.desk.check
        moved = replace(
            check,
            event_id=EventId(uuid4()),
            state=state,
            revision=replace(check.revision, number=check.revision.number + 1),
            supplement_due_at=supplement_due_at,
        )
        self.desk.check = moved
        if CheckState.SUPPLEMENT_REQUESTED in {check.state, state}:
            stands = state is CheckState.SUPPLEMENT_REQUESTED
            await (self.suspend("CHECK", told=told) if stands else self.resume("CHECK", told=told))
        if told:
            await self.tell_check(moved)
        return moved

    async def tell_check(self, moved: FormalCheckMoved) -> None:
        """Deliver intake's word."""
        await self.handle.signal(InitiativeWorkflow.formal_check_moved, moved)

    async def accept(self) -> None:
        """The officer accepts the request, and the first stage opens."""
        await self.settle()
        await self.move_check(CheckState.ACCEPTED)
        await self.settle()

    async def decide(
        self,
        level: str,
        outcome: StageOutcome = StageOutcome.RECOGNISED,
        *,
        proposed: bool = True,
        told: bool = True,
    ) -> StageDecided:
        """Review's act: the decision stands; told unless the message is lost."""
        opening = self.desk.openings.get(level)
        stage = opening.stage_id if opening else stage_id(self.dossier_id, level)
        decision = StageDecided(
            event_id=EventId(uuid4()),
            stage_id=stage,
            outcome=outcome,
            decision_number=f"{level}-1/QĐ",
            proposed=proposed and outcome is StageOutcome.RECOGNISED,
        )
        self.desk.decisions[stage] = decision
        if told:
            await self.tell_decision(decision)
            await self.settle()
        return decision

    async def tell_decision(self, decision: StageDecided) -> None:
        """Deliver review's word."""
        await self.handle.signal(InitiativeWorkflow.stage_decided, decision)

    async def ask_to_withdraw(self) -> None:
        """The author withdraws an accepted dossier."""
        request = WithdrawalRequested(event_id=EventId(uuid4()), dossier_id=self.dossier_id)
        await self.handle.signal(InitiativeWorkflow.withdrawal_requested, request)

    async def change_rules(
        self,
        plan: ReviewPlan | None,
        *moves: tuple[str, str],
        revision: int = 1,
        choice: TransitionChoice | None = None,
        examined_at: LevelStop | None = None,
    ) -> RulesChanged:
        """Other rules hold: the rulebook tells the journey."""
        if plan:
            self.desk.plans[route_of(plan).plan_hash] = plan
        word = RulesChanged(
            event_id=EventId(uuid4()),
            dossier_id=self.dossier_id,
            transition_id=TransitionId(uuid4()),
            revision=revision,
            pack=PackRef(name=plan.pack, version=plan.pack_version) if plan else None,
            levels=route_of(plan).levels if plan else (),
            level_moves=tuple(LevelMove(from_level=before, to_level=now) for before, now in moves),
            choice=choice,
            examined_at=examined_at,
        )
        await self.tell_rules(word)
        return word

    async def tell_rules(self, word: RulesChanged) -> None:
        """Deliver the rulebook's word."""
        await self.handle.signal(InitiativeWorkflow.rules_changed, word)

    def questions(self) -> list[str]:
        """What the owners were asked but rungs, in order."""
        return [asked for asked in self.desk.asked if not asked.startswith(("climb", "opened"))]

    async def histories(self) -> list[WorkflowHistory]:
        """Of each run of the dossier, the first run first."""
        found: list[WorkflowHistory] = []
        run_id = self.handle.first_execution_run_id
        while run_id:
            handle = self._env.client.get_workflow_handle(self.handle.id, run_id=run_id)
            found.append(await handle.fetch_history())
            last = found[-1].events[-1]
            run_id = last.workflow_execution_continued_as_new_event_attributes.new_execution_run_id
        return found

    async def runs(self) -> list[TypedSearchAttributes]:
        """What operators see of each run of the dossier, the first run first."""
        found = []
        for history in await self.histories():
            handle = self._env.client.get_workflow_handle(
                self.handle.id,
                run_id=history.events[
                    0
                ].workflow_execution_started_event_attributes.original_execution_run_id,
            )
            found.append((await handle.describe()).typed_search_attributes)
        return found

    async def until_asked(self, question: str) -> None:
        """Until the owners were asked this, answered or not."""
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while question not in self.desk.asked:  # noqa: ASYNC110 - asks the fakes
                await asyncio.sleep(0.005)

    async def until_assessed(self, level: str) -> None:
        """Until payout has made the award of this level."""
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while level not in self.desk.awards:  # noqa: ASYNC110 - asks the fakes
                await asyncio.sleep(0.005)

    async def closed(self) -> JourneyClosed:
        """How it ended."""
        return await asyncio.wait_for(self.handle.result(), _PATIENCE_SECONDS)

    async def move_award(self, level: str, state: AwardState, *, told: bool = True) -> AwardMoved:
        """Payout's act: stored, then told unless the message is lost."""
        award = self.desk.awards[level]
        moved = replace(
            award,
            event_id=EventId(uuid4()),
            state=state,
            revision=replace(award.revision, number=award.revision.number + 1),
        )
        self.desk.awards[level] = moved
        if told:
            await self.tell_award(moved)
        return moved

    async def tell_award(self, moved: AwardMoved) -> None:
        """Deliver payout's word."""
        await self.handle.signal(InitiativeWorkflow.award_moved, moved)


@dataclass
class World:
    """The server, the office, and the owner of cases that lie in no dossier."""

    env: WorkflowEnvironment
    office: Office
    cases: FakeCases

    async def file(self, plan: ReviewPlan | None = None, *, queue: str = TaskQueue.WORKFLOWS) -> Journey:
        """A dossier is filed, and its check opened; its clock stands until it is moved."""
        rules = plan or review_plan()
        desk = self.office.open_desk(start_journey(rules), rules, datetime.now(UTC))
        return Journey(self.env, await self.start(desk.journey, queue), desk)

    async def start(
        self, journey: JourneyMessage, queue: str = TaskQueue.WORKFLOWS
    ) -> WorkflowHandle[InitiativeWorkflow, JourneyClosed]:
        """Intake's word that a dossier was filed."""
        with self.env.with_time_skipping_disabled():
            return await self.env.client.start_workflow(
                InitiativeWorkflow.run,
                journey,
                id=initiative_workflow_id(journey.dossier_id),
                task_queue=queue,
            )


@asynccontextmanager
async def open_world(converter: DataConverter | None = None) -> AsyncIterator[World]:
    """A server with every worker."""
    office, cases = Office(), FakeCases()
    async with AsyncExitStack() as stack:
        env = await stack.enter_async_context(
            await WorkflowEnvironment.start_time_skipping_v2(
                dev_server_existing_path=program(),
                dev_server_extra_args=[
                    word
                    for name, value in _TIME_SKIPPING.items()
                    for word in ("--dynamic-config-value", f"{name}={value}")
                ],
                dev_server_log_level="error",
                data_converter=converter or data_converter(),
                search_attributes=list(SEARCH_ATTRIBUTES),
                identity="tests",
            )
        )
        for queue, ports in (
            (TaskQueue.RULEBOOK, (FakeRulebook(office),)),
            (TaskQueue.INTAKE, (FakeIntake(office),)),
            (TaskQueue.REVIEW, (FakeReview(office),)),
            (TaskQueue.PAYOUT, (FakePayout(office), cases)),
        ):
            methods = [getattr(port, name) for port in ports for name in dir(port)]
            activities = [method for method in methods if hasattr(method, "__temporal_activity_definition")]
            await stack.enter_async_context(activity_worker(env.client, queue, activities, slots=10))
        await stack.enter_async_context(workflow_worker(env.client, runner=sandbox()))
        yield World(env, office, cases)
