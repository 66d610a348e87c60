"""Open work stays with people who are there: looked through whenever something about posts changes (and a
minute later), and at midnight."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from temporalio import workflow

from language.journey.hand_over import moves, next_midnight
from language.messages.hand_over import (
    GivenTasks,
    HandOverTasks,
    ListGivenTasks,
    PostsChanged,
    ResolveTasks,
    StartHandOver,
)
from language.messages.intake import IntakeActivities
from language.messages.organisation import OrganisationActivities
from language.messages.payout import PayoutActivities
from language.messages.review import ReviewActivities
from language.names import HAND_OVER_WORKFLOW
from language.time_scale import domain_now, real_span_until
from workflows.calls import INTAKE, ORGANISATION, PAYOUT, REVIEW

_AT_ONCE = 100
_LEAST_PAUSE = timedelta(seconds=1)
"""In rehearsals a day may be shorter than a look: then not every midnight is kept."""
_SECOND_LOOK = timedelta(minutes=1)
"""After a change, and after a look that moved something: work that was being given out meanwhile may have
gone by the older word."""
_OWNERS = (
    (IntakeActivities.list_given_tasks, IntakeActivities.hand_over_tasks, INTAKE),
    (ReviewActivities.list_given_tasks, ReviewActivities.hand_over_tasks, REVIEW),
    (PayoutActivities.list_given_tasks, PayoutActivities.hand_over_tasks, PAYOUT),
)


@workflow.defn(name=HAND_OVER_WORKFLOW)
class HandOverWorkflow:
    """One run a province, for as long as the province works. Whether a task moves, its owner says under the
    lock."""

    @workflow.init
    def __init__(self, start: StartHandOver) -> None:
        self._start = start
        self._is_due = start.look_at_once
        self._looks_again = False

    @workflow.signal
    def posts_changed(self, change: PostsChanged) -> None:
        """Organisation: look through the open work. Changes that come while it is looked through are looked
        at together afterwards."""
        self._is_due = True

    @workflow.run
    async def run(self, start: StartHandOver) -> None:
        """Wait, look through everything, begin a new run before the history grows long."""
        while not workflow.info().is_continue_as_new_suggested():
            await self._wait()
            self._looks_again, self._is_due = self._is_due, False
            for owner in range(len(_OWNERS)):
                await self._look_through(owner)
        workflow.continue_as_new(replace(start, look_at_once=self._is_due or self._looks_again))

    async def _wait(self) -> None:
        scale = self._start.time_scale
        midnight = next_midnight(domain_now(workflow.now(), scale))
        span = max(real_span_until(midnight, workflow.now(), scale), _LEAST_PAUSE)
        if self._looks_again:
            span = min(span, _SECOND_LOOK)
        with suppress(TimeoutError):
            await workflow.wait_condition(lambda: self._is_due, timeout=span, timeout_summary="next look")

    async def _look_through(self, owner: int) -> None:
        """Page by page: who acts now for each open task, and what changes by that."""
        list_given, hand_over, config = _OWNERS[owner]
        after = None
        while True:
            page: GivenTasks = await workflow.execute_activity_method(
                list_given, ListGivenTasks(after=after, limit=_AT_ONCE), **config
            )
            if page.tasks:
                question = ResolveTasks(
                    tasks=page.tasks, at=domain_now(workflow.now(), self._start.time_scale)
                )
                resolved = await workflow.execute_activity_method(
                    OrganisationActivities.resolve_tasks, question, **ORGANISATION
                )
                changes = moves(page.tasks, resolved.tasks)
                if changes:
                    await workflow.execute_activity_method(hand_over, HandOverTasks(tasks=changes), **config)
                    # What stood in the way of one task (the other signature of an award) may have moved with
                    # another.
                    self._looks_again = True
            if page.next is None:
                return
            after = page.next
