"""The money of a recognition: a life of its own, a ladder of its own."""

from language.messages.rung import RungFinding
from temporalio.client import WorkflowExecutionStatus

from language.messages.journey import JourneyOutcome
from language.messages.payout import AwardState
from tests.workflows import scenarios
from tests.workflows.cases import RUNGS, review_plan
from tests.workflows.world import World


async def test_the_money_goes_on_when_the_journey_is_over(world: World) -> None:
    journey = await world.file(review_plan("UNIT", award_dong=scenarios.AWARD_DONG))
    await journey.accept()
    await journey.decide("UNIT")
    assert (await journey.closed()).outcome is JourneyOutcome.RECOGNISED
    payout = journey.payout("UNIT")
    await payout.settle()
    assert (await payout.handle.describe()).status is WorkflowExecutionStatus.RUNNING
    await payout.move(AwardState.APPROVED)
    await payout.move(AwardState.PAID)
    assert (await payout.paid()).state is AwardState.PAID


async def test_each_level_pays_its_own_award(world: World) -> None:
    journey = await scenarios.paid(world)
    assert {level: award.state for level, award in journey.desk.awards.items()} == {
        "UNIT": AwardState.PAID,
        "COMMUNE": AwardState.PAID,
    }
    assert journey.desk.asked.count("assess UNIT") == journey.desk.asked.count("assess COMMUNE") == 1
    assert not journey.desk.climbs


async def test_when_nobody_approves_every_rung_is_climbed_once_in_order(world: World) -> None:
    journey = await scenarios.nobody_approves(world)
    assert journey.desk.rungs("PAYOUT UNIT") == list(RUNGS)
    assert all(climb.finding is RungFinding.FIRED for climb in journey.desk.climbs)
    assert (await journey.payout("UNIT").paid()).state is AwardState.REJECTED


async def test_an_approval_whose_word_is_lost_is_found_and_late_words_change_nothing(world: World) -> None:
    journey = await scenarios.word_of_approval_lost(world)
    assert [(climb.rung, climb.finding) for climb in journey.desk.climbs] == [
        ("remind", RungFinding.TOO_LATE)
    ]
    assert (await journey.payout("UNIT").paid()).state is AwardState.PAID


async def test_a_recognition_without_money_starts_no_payout(world: World) -> None:
    journey = await scenarios.recognised_but_not_proposed(world)
    await journey.closed()
    history = await journey.handle.fetch_history()
    assert not any(
        event.HasField("start_child_workflow_execution_initiated_event_attributes")
        for event in history.events
    )
