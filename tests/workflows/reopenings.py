"""The paths of a journey that is examined again after its end, each told once."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from uuid import uuid4

from temporalio.common import WorkflowIDReusePolicy

from language.ids import EventId, StageId
from language.messages.journey import AnewAt, CheckState, DecidedLevel, OpenCheckAt, StageOutcome
from language.messages.journey import Journey as JourneyMessage
from language.messages.payout import AwardState
from language.names import Signal, TaskQueue, initiative_workflow_id
from tests.workflows.cases import review_plan
from tests.workflows.world import Journey, World
from workflows.initiative import InitiativeWorkflow

AWARD_DONG = 1_490_000


def examined_again(journey: Journey) -> JourneyMessage:
    """As intake says it: the second level examines again, in a new stage; the first one's word stands."""
    desk = journey.desk
    first, second = desk.journey.route.levels[:2]
    decision = desk.decisions[desk.openings[first.level].stage_id]
    known = DecidedLevel(
        level=first.level,
        stage_id=decision.stage_id,
        outcome=decision.outcome,
        proposed=decision.proposed,
        decision_number=decision.decision_number,
        pays=first.pays,
    )
    anew = AnewAt(level=second, stage_id=StageId(uuid4()))
    owed = (first.level,) if first.pays else ()
    return replace(desk.journey, check=None, decided=(known,), owed=owed, anew=anew)


async def resume(world: World, message: JourneyMessage) -> None:
    """As the relay delivers it."""
    with world.env.with_time_skipping_disabled():
        await world.env.client.start_workflow(
            InitiativeWorkflow.run,
            message,
            id=initiative_workflow_id(message.dossier_id),
            task_queue=TaskQueue.WORKFLOWS,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
            start_signal=Signal.REOPENED,
            start_signal_args=[message],
        )


async def refused_above(world: World, award_dong: int) -> Journey:
    journey = await world.file(review_plan("UNIT", "COMMUNE", award_dong=award_dong))
    await journey.accept()
    await journey.decide("UNIT")
    await journey.decide("COMMUNE", StageOutcome.REFUSED)
    return journey


async def reopened_after_the_end(world: World) -> Journey:
    """Nothing is left to do when the refusal is reopened: a new run examines again, told twice."""
    journey = await refused_above(world, award_dong=0)
    await journey.closed()
    message = examined_again(journey)
    for _ in range(2):
        await resume(world, message)
    handle = world.env.client.get_workflow_handle_for(
        InitiativeWorkflow.run, initiative_workflow_id(message.dossier_id)
    )
    again = Journey(world.env, handle, journey.desk)
    await again.settle()
    await again.decide("COMMUNE", proposed=False)
    return again


async def reopened_beside_an_award(world: World) -> Journey:
    """The run still waits for the award of the level below, and examines again beside it."""
    journey = await refused_above(world, AWARD_DONG)
    await journey.until_assessed("UNIT")
    await journey.settle()
    await resume(world, examined_again(journey))
    await journey.settle()
    await journey.decide("COMMUNE", proposed=False)
    await journey.until_assessed("COMMUNE")
    await journey.settle()
    for level in ("UNIT", "COMMUNE"):
        await journey.move_award(level, AwardState.APPROVED)
    return journey


async def checked_again(world: World, journey: Journey) -> JourneyMessage:
    """As intake says it: the request that was rejected is checked again, by a check of its own."""
    desk, check_id = journey.desk, uuid4()
    world.office.also_at(check_id, desk)
    rules = (desk.plan.formal_check.check, desk.plan.formal_check.ladder)
    clock = desk.start_clock("CHECK", check_id, await journey.now(), rules)
    revision = replace(desk.check.revision, number=desk.check.revision.number + 1)
    moved = replace(desk.check, event_id=EventId(uuid4()), state=CheckState.OPEN, revision=revision)
    return replace(desk.journey, check=OpenCheckAt(clock=clock, moved=moved))


async def rejected(world: World) -> Journey:
    """A journey that is about to be over."""
    journey = await world.file(review_plan("UNIT", award_dong=0))
    await journey.settle()
    return journey


async def checked_again_after_the_end(world: World) -> Journey:
    """The journey has ended with the rejection: a new run begins with the new check, told twice."""
    journey = await rejected(world)
    await journey.move_check(CheckState.REJECTED)
    await journey.closed()
    return await _goes_on(world, journey, await checked_again(world, journey), told=2)


async def checked_again_while_it_ends(world: World) -> Journey:
    """The word comes while the journey is only being closed: it goes on there."""
    journey = await rejected(world)
    message = await checked_again(world, journey)
    journey.desk.meanwhile["close"] = lambda: resume(world, message)
    await journey.move_check(CheckState.REJECTED)
    await journey.settle()
    return await _goes_on(world, journey, message, told=0)


async def _goes_on(world: World, journey: Journey, message: JourneyMessage, *, told: int) -> Journey:
    if message.check is None or message.check.moved is None:
        raise AssertionError("what is checked again has its check")
    journey.desk.check, journey.desk.closed = message.check.moved, None
    for _ in range(told):
        await resume(world, message)
    handle = world.env.client.get_workflow_handle_for(
        InitiativeWorkflow.run, initiative_workflow_id(message.dossier_id)
    )
    again = Journey(world.env, handle, journey.desk)
    await again.settle()
    await again.until(journey.desk.kept["CHECK"].stands(await again.now()).rungs[0].at)
    await again.accept()
    await again.decide("UNIT", proposed=False)
    return again


REOPENINGS: dict[str, Callable[[World], Awaitable[Journey]]] = {
    reopened_beside_an_award.__name__: reopened_beside_an_award
}
"""The paths of which a run under way may be part, by name; a new run after the end is one started anew."""
