"""A refusal that is examined again after the end: where no run goes on one starts, one that still waits for
an award goes on there."""

from dataclasses import replace
from uuid import uuid4

import pytest
from temporalio.common import WorkflowIDReusePolicy

from language.ids import StageId
from language.messages.journey import AnewAt, DecidedLevel, JourneyOutcome, StageOutcome
from language.messages.journey import Journey as JourneyMessage
from language.messages.payout import AwardState
from language.names import Signal, TaskQueue, initiative_workflow_id
from tests.workflows.cases import review_plan
from tests.workflows.scenarios import AWARD_DONG
from tests.workflows.world import Journey, World
from workflows.initiative import InitiativeWorkflow


def _anew(journey: Journey) -> JourneyMessage:
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


async def _resume(world: World, message: JourneyMessage) -> None:
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


async def _refused_above(world: World, award_dong: int) -> Journey:
    journey = await world.file(review_plan("UNIT", "COMMUNE", award_dong=award_dong))
    await journey.accept()
    await journey.decide("UNIT")
    await journey.decide("COMMUNE", StageOutcome.REFUSED)
    return journey


@pytest.mark.parametrize("times", [1, 2])
async def test_after_the_end_a_new_run_examines_again(world: World, times: int) -> None:
    journey = await _refused_above(world, award_dong=0)
    await journey.closed()
    message = _anew(journey)
    for _ in range(times):
        await _resume(world, message)
    handle = world.env.client.get_workflow_handle_for(
        InitiativeWorkflow.run, initiative_workflow_id(message.dossier_id)
    )
    again = Journey(world.env, handle, journey.desk)
    await again.settle()
    assert message.anew
    assert journey.desk.openings["COMMUNE"].stage_id == message.anew.stage_id
    await again.decide("COMMUNE", proposed=False)
    closed = await again.closed()
    assert closed.outcome is JourneyOutcome.RECOGNISED


async def test_a_run_that_waits_for_an_award_examines_again_beside_it(world: World) -> None:
    journey = await _refused_above(world, AWARD_DONG)
    await journey.until_assessed("UNIT")
    await journey.settle()
    assert journey.desk.closed
    message = _anew(journey)
    await _resume(world, message)
    await journey.settle()
    assert message.anew
    assert journey.desk.openings["COMMUNE"].stage_id == message.anew.stage_id
    await journey.decide("COMMUNE", proposed=False)
    await journey.settle()
    assert journey.questions().count("close") == 2
    for level in ("UNIT", "COMMUNE"):
        await journey.move_award(level, AwardState.APPROVED)
    closed = await journey.closed()
    assert closed.outcome is JourneyOutcome.RECOGNISED
