"""A real Temporal server that skips time, the real workflow worker, and an office of fakes; journeys are
driven from outside."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from temporalio.client import WorkflowHandle
from temporalio.converter import DataConverter
from temporalio.testing import WorkflowEnvironment

from embedded.temporal import EXACT_TIMERS, program
from kit.temporal import activity_worker
from kit.wire import data_converter
from language.deadline.arithmetic import Extension, Suspension, SuspensionKind
from language.deadline.clock import ClockMoved
from language.deadline.jitter import SPREAD
from language.ids import EventId, TransitionId
from language.messages.intake import CheckState, FormalCheckMoved, WithdrawalRequested
from language.messages.journey import JourneyClosed, StageOutcome
from language.messages.payout import AwardMoved, AwardState
from language.messages.review import StageDecided
from language.messages.transition import LevelMove, RulesChanged, TransitionChoice
from language.names import (
    SEARCH_ATTRIBUTES,
    TaskQueue,
    initiative_workflow_id,
    payout_workflow_id,
    stage_id,
)
from language.plan.review_plan import ReviewPlan
from processes.worker import workflow_worker
from tests.workflows.cases import review_plan, start_journey, working_days
from tests.workflows.fake_cases import FakeCases
from tests.workflows.fake_clocks import FakeClocks
from tests.workflows.fake_organisation import FakeOrganisation
from tests.workflows.fake_postroom import FakePostroom
from tests.workflows.fake_review import FakeReview
from tests.workflows.fake_rulebook import FakeRulebook
from tests.workflows.office import Desk, FakeIntake, FakePayout, Office
from workflows.initiative import InitiativeWorkflow
from workflows.payout import PayoutWorkflow

_PATIENCE_SECONDS = 30.0
_JUST_PAST = timedelta(seconds=1)
_TIME_SKIPPING = {
    "frontend.WorkflowTimeSkippingEnabled": "true",
    "limit.historyCount.suggestContinueAsNew": "150",  # for the one run that never ends; journeys do not ask
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
        # after the instant.
        span = instant + _JUST_PAST - await self.now()
        if span > timedelta():
            await self._env.fast_forward(self.handle, span)
        await self.settle()

    async def days(self, count: float) -> None:
        """Move the clock by so many days."""
        await self._just_past(await self.now() + timedelta(days=count))


class Timed(Watched):
    """A workflow that waits for clocks, which their owner moves."""

    desk: Desk

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
        kept.running = replace(kept.running, **changes)
        kept.revision += 1
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
        return self.desk.kept[ladder].told(await self.now()).clock.due_at


class Journey(Timed):
    """One dossier on its way, and the people who act on it."""

    def __init__(
        self, env: WorkflowEnvironment, handle: WorkflowHandle[InitiativeWorkflow, JourneyClosed], desk: Desk
    ) -> None:
        super().__init__(env, handle)
        self.desk = desk

    async def move_check(
        self, state: CheckState, *, told: bool = True, supplement_due_at: datetime | None = None
    ) -> FormalCheckMoved:
        """Intake's act: stored, then told unless the message is lost."""
        check = self.desk.check
        moved = replace(
            check,
            event_id=EventId(uuid4()),
            state=state,
            revision=check.revision + 1,
            moved_at=await self.now(),
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
        stage = opening.stage_id if opening else stage_id(self.desk.start.dossier_id, level)
        decision = StageDecided(
            event_id=EventId(uuid4()),
            dossier_id=self.desk.start.dossier_id,
            stage_id=stage,
            outcome=outcome,
            decision_number=f"{level}-1/QĐ",
            proposed=proposed and outcome is StageOutcome.RECOGNISED,
            decided_at=await self.now(),
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
        request = WithdrawalRequested(
            event_id=EventId(uuid4()), dossier_id=self.desk.start.dossier_id, requested_at=await self.now()
        )
        await self.handle.signal(InitiativeWorkflow.withdrawal_requested, request)

    async def change_rules(
        self,
        plan: ReviewPlan | None,
        *moves: tuple[str, str],
        revision: int = 1,
        choice: TransitionChoice | None = None,
    ) -> RulesChanged:
        """Other rules hold: the rulebook tells the journey."""
        word = RulesChanged(
            event_id=EventId(uuid4()),
            dossier_id=self.desk.start.dossier_id,
            transition_id=TransitionId(uuid4()),
            revision=revision,
            plan=plan,
            level_moves=tuple(LevelMove(from_level=before, to_level=now) for before, now in moves),
            choice=choice,
        )
        await self.tell_rules(word)
        return word

    async def tell_rules(self, word: RulesChanged) -> None:
        """Deliver the rulebook's word."""
        await self.handle.signal(InitiativeWorkflow.rules_changed, word)

    async def closed(self) -> JourneyClosed:
        """How it ended."""
        return await asyncio.wait_for(self.handle.result(), _PATIENCE_SECONDS)

    def payout(self, level: str) -> "Payout":
        """The money of a level that was recognised."""
        workflow_id = payout_workflow_id(self.desk.start.dossier_id, level)
        handle = self._env.client.get_workflow_handle_for(PayoutWorkflow.run, workflow_id)
        return Payout(self._env, handle, self.desk, level)


class Payout(Timed):
    """The money of one level, and the accountants who act on it."""

    def __init__(
        self,
        env: WorkflowEnvironment,
        handle: WorkflowHandle[PayoutWorkflow, AwardMoved],
        desk: Desk,
        level: str,
    ) -> None:
        super().__init__(env, handle)
        self.desk = desk
        self.level = level

    async def move(self, state: AwardState, *, told: bool = True) -> AwardMoved:
        """Payout's act: stored, then told unless the message is lost."""
        award = self.desk.awards[self.level]
        moved = replace(
            award,
            event_id=EventId(uuid4()),
            state=state,
            revision=award.revision + 1,
            moved_at=await self.now(),
        )
        self.desk.awards[self.level] = moved
        if told:
            await self.tell(moved)
        return moved

    async def tell(self, moved: AwardMoved) -> None:
        """Deliver payout's word."""
        await self.handle.signal(PayoutWorkflow.award_moved, moved)

    async def paid(self) -> AwardMoved:
        """How it ended."""
        result: AwardMoved = await asyncio.wait_for(self.handle.result(), _PATIENCE_SECONDS)
        return result


@dataclass
class World:
    """The server and the office."""

    env: WorkflowEnvironment
    office: Office

    async def file(
        self, plan: ReviewPlan | None = None, *, queue: str = TaskQueue.WORKFLOWS, refusals_of_rules: int = 0
    ) -> Journey:
        """A dossier is filed; its clock stands until it is moved."""
        start = start_journey(datetime.now(UTC))
        desk = self.office.open_desk(start, plan or review_plan())
        desk.refusals_of_rules = refusals_of_rules
        with self.env.with_time_skipping_disabled():
            handle = await self.env.client.start_workflow(
                InitiativeWorkflow.run, start, id=initiative_workflow_id(start.dossier_id), task_queue=queue
            )
        return Journey(self.env, handle, desk)


@asynccontextmanager
async def open_world(converter: DataConverter | None = None) -> AsyncIterator[World]:
    """A server with every worker."""
    office = Office()
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
        for queue, port in (
            (TaskQueue.ORGANISATION, FakeOrganisation(office)),
            (TaskQueue.RULEBOOK, FakeRulebook(office)),
            (TaskQueue.POSTROOM, FakePostroom(office)),
            (TaskQueue.INTAKE, FakeIntake(office)),
            (TaskQueue.REVIEW, FakeReview(office)),
            (TaskQueue.PAYOUT, FakePayout(office)),
        ):
            activities = [getattr(port, name) for name in dir(port) if not name.startswith("_")]
            activities += [FakeClocks(office, queue).reproject_clocks]
            if queue is TaskQueue.PAYOUT:
                cases = FakeCases(office)
                activities += [cases.give_out, cases.climb]
            await stack.enter_async_context(activity_worker(env.client, queue, activities, slots=10))
        await stack.enter_async_context(workflow_worker(env.client))
        yield World(env, office)
