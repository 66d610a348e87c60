"""The workflows of the storm: a level's examination as our journeys run it, and the floor: a timer and an
empty activity."""

from datetime import datetime, timedelta

from temporalio import activity, workflow

with workflow.unsafe.imports_passed_through():
    from language.messages.journey import StartJourney
    from language.plan.review_plan import ReviewPlan
    from workflows.facts import JourneyFacts
    from workflows.stage import StageReview

QUEUE = "bench-storm"
FLOOR_QUEUE = "bench-storm-floor"


@workflow.defn
class StormStage:
    """The first level of a plan with everything real: posts, opening, ladder, climb. It ends when somebody
    decides, so here never."""

    @workflow.init
    def __init__(self, start: StartJourney, plan: ReviewPlan) -> None:
        facts = JourneyFacts(start)
        facts.freeze(plan)
        self._stage = StageReview(facts, plan.levels[0])

    @workflow.run
    async def run(self, start: StartJourney, plan: ReviewPlan) -> None:
        """One stage."""
        await self._stage.run(None)


class Floor:
    """The empty activity; it only notes when it ran last."""

    def __init__(self) -> None:
        self.fired: dict[str, datetime] = {}

    @activity.defn
    async def fire(self, is_last: bool) -> None:
        """Nothing."""
        if is_last:
            info = activity.info()
            self.fired[info.workflow_id or ""] = info.started_time


@workflow.defn
class BareTimer:
    """Wait, then run the empty activity of another queue, once or more."""

    @workflow.run
    async def run(self, until: datetime, activities: int) -> None:
        """A timer and activities."""
        span = until - workflow.now()
        if span > timedelta():
            await workflow.sleep(span)
        for number in range(activities):
            is_last = number == activities - 1
            await workflow.execute_activity_method(
                Floor.fire, is_last, task_queue=FLOOR_QUEUE, start_to_close_timeout=timedelta(seconds=60)
            )
