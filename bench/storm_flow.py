"""The workflows of the storm: a level's examination as our journeys run it, and the floor: a timer and an
empty activity."""

from datetime import datetime, timedelta

from temporalio import activity, workflow

with workflow.unsafe.imports_passed_through():
    from language.messages.journey import Journey, OpenStageAt
    from language.messages.review import OpenStage, ReviewActivities
    from workflows.calls import REVIEW
    from workflows.facts import JourneyFacts
    from workflows.stage import StageReview

QUEUE = "bench-storm"
FLOOR_QUEUE = "bench-storm-floor"


@workflow.defn
class StormStage:
    """The first level of an accepted dossier with everything real: posts, opening, ladder, climb. It ends
    when somebody decides, so here never."""

    @workflow.run
    async def run(self, journey: Journey) -> None:
        """One stage."""
        facts, level = JourneyFacts(journey), journey.route.levels[0]
        command = OpenStage(
            stage_id=facts.stage_at(level.level),
            dossier_id=journey.dossier_id,
            level=level.level,
            plan_hash=journey.route.plan_hash,
            after=None,
        )
        opened = await workflow.execute_activity_method(ReviewActivities.open_stage, command, **REVIEW)
        if opened.clock is None:
            raise RuntimeError("the dossier was accepted, but review opens nothing")
        await StageReview(facts, OpenStageAt(level=level, clock=opened.clock, is_last=True)).run()


class Floor:
    """The empty activity; it only notes when it ran."""

    def __init__(self) -> None:
        self.fired: dict[str, datetime] = {}

    @activity.defn
    async def fire(self) -> None:
        """Nothing."""
        info = activity.info()
        self.fired[info.workflow_id or ""] = info.started_time


@workflow.defn
class BareTimer:
    """Wait, then run the empty activity of another queue."""

    @workflow.run
    async def run(self, until: datetime) -> None:
        """A timer and an activity."""
        span = until - workflow.now()
        if span > timedelta():
            await workflow.sleep(span)
        await workflow.execute_activity_method(
            Floor.fire, task_queue=FLOOR_QUEUE, start_to_close_timeout=timedelta(seconds=60)
        )
