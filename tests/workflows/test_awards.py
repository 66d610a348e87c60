"""The money of a journey: beside the levels, a ladder of its own, held up by nothing."""

from temporalio.client import WorkflowExecutionStatus

from language.messages.clock import RungFinding
from language.messages.journey import JourneyOutcome
from language.messages.payout import AwardState
from tests.workflows import scenarios
from tests.workflows.cases import RUNGS, review_plan
from tests.workflows.office import Climb
from tests.workflows.world import Journey, World


def _fired(journey: Journey, ladder: str) -> list[Climb]:
    return [
        climb
        for climb in journey.desk.climbs
        if climb.ladder == ladder and climb.finding is RungFinding.FIRED
    ]


async def test_the_dossier_is_closed_before_its_money_is_settled(world: World) -> None:
    journey = await world.file(review_plan("UNIT", award_dong=scenarios.AWARD_DONG))
    await journey.accept()
    await journey.decide("UNIT")
    await journey.settle()
    assert journey.desk.closed is not None
    assert (await journey.handle.describe()).status is WorkflowExecutionStatus.RUNNING
    await journey.move_award("UNIT", AwardState.APPROVED)
    assert (await journey.closed()).outcome is JourneyOutcome.RECOGNISED


async def test_each_level_pays_its_own_award(world: World) -> None:
    journey = await scenarios.paid(world)
    await journey.closed()
    assert {level: award.state for level, award in journey.desk.awards.items()} == {
        "UNIT": AwardState.APPROVED,
        "COMMUNE": AwardState.APPROVED,
    }
    assert journey.desk.asked.count("assess UNIT") == journey.desk.asked.count("assess COMMUNE") == 1
    assert not journey.desk.climbs


async def test_two_ladders_are_climbed_side_by_side_and_no_rung_twice_over_the_runs(world: World) -> None:
    journey = await scenarios.money_on_the_way(world)
    assert [result.level for result in (await journey.closed()).levels] == ["UNIT", "COMMUNE", "PROVINCE"]
    for ladder in ("PAYOUT UNIT", "PROVINCE"):
        assert [climb.rung for climb in _fired(journey, ladder)] == list(RUNGS)
    assert len(await journey.runs()) == 3


async def test_when_nobody_approves_every_rung_is_climbed_once_in_order(world: World) -> None:
    journey = await scenarios.nobody_approves(world)
    await journey.closed()
    assert journey.desk.rungs("PAYOUT UNIT") == list(RUNGS)
    assert all(climb.finding is RungFinding.FIRED for climb in journey.desk.climbs)


async def test_an_approval_whose_word_is_lost_is_found_by_the_next_rung(world: World) -> None:
    journey = await scenarios.word_of_approval_lost(world)
    await journey.closed()
    assert [(climb.rung, climb.finding) for climb in journey.desk.climbs] == [
        ("remind", RungFinding.TOO_LATE)
    ]


async def test_a_payout_that_is_away_holds_up_no_level(world: World) -> None:
    journey = await world.file(review_plan("UNIT", "COMMUNE", "PROVINCE", award_dong=scenarios.AWARD_DONG))
    journey.desk.refusals["assess UNIT"] = 1_000_000
    await journey.accept()
    for level, above in (("UNIT", "COMMUNE"), ("COMMUNE", "PROVINCE")):
        await journey.tell_decision(await journey.decide(level, told=False))
        await journey.until_asked(f"opened {above}")
    assert "UNIT" not in journey.desk.awards
    journey.desk.refusals.clear()
    await journey.tell_decision(await journey.decide("PROVINCE", told=False))
    for level in ("UNIT", "COMMUNE", "PROVINCE"):
        await journey.until_assessed(level)
        await journey.move_award(level, AwardState.APPROVED)
    assert (await journey.closed()).outcome is JourneyOutcome.RECOGNISED


async def test_a_recognition_without_money_asks_payout_for_nothing(world: World) -> None:
    journey = await scenarios.recognised_but_not_proposed(world)
    await journey.closed()
    assert journey.questions() == ["open UNIT", "close"]
