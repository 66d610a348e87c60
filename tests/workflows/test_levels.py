"""Level after level: decided in time, by nobody, at the last second, or by a word that got lost."""

from datetime import timedelta

import pytest

from language.deadline.jitter import delay_of
from language.messages.journey import JourneyOutcome, StageOutcome
from language.messages.rung import RungFinding
from language.names import DOSSIER_STATE, REVIEW_LEVEL, STAGE_DUE_AT
from tests.workflows import scenarios
from tests.workflows.cases import LEVELS, RUNGS, review_plan
from tests.workflows.world import Journey, World

A_MINUTE = timedelta(minutes=1)


@pytest.fixture(scope="module")
async def unattended(world: World) -> Journey:
    """A journey on which nobody acts in time."""
    return await scenarios.nobody_acts(world)


async def test_three_levels_decided_in_time_climb_no_rung(world: World) -> None:
    journey = await scenarios.decided_in_time(world)
    closed = await journey.closed()
    assert closed.outcome is JourneyOutcome.RECOGNISED
    assert [(result.level, result.outcome) for result in closed.levels] == [
        (level, StageOutcome.RECOGNISED) for level in LEVELS
    ]
    assert journey.desk.asked == [
        "freeze",
        "open CHECK",
        "open UNIT",
        "open COMMUNE",
        "open PROVINCE",
        "close",
    ]
    assert journey.desk.closed is not None
    assert journey.desk.closed.levels == closed.levels


async def test_each_level_learns_the_number_of_the_decision_below_and_whether_it_is_the_last(
    world: World,
) -> None:
    journey = await scenarios.decided_in_time(world)
    await journey.closed()
    openings = [journey.desk.openings[level] for level in LEVELS]
    assert [opening.previous_decision_number for opening in openings] == [None, "UNIT-1/QĐ", "COMMUNE-1/QĐ"]
    assert [opening.last_level for opening in openings] == [False, False, True]
    assert len({opening.stage_id for opening in openings}) == 3
    assert all(
        opening.author_ids == tuple(author.person_id for author in journey.desk.start.authors)
        for opening in openings
    )


@pytest.mark.parametrize("level", LEVELS)
async def test_when_nobody_acts_every_rung_is_climbed_once_in_order_at_its_instant_and_the_dossiers_delay(
    unattended: Journey, level: str
) -> None:
    climbs = [climb for climb in unattended.desk.climbs if climb.ladder == level]
    assert [climb.rung for climb in climbs] == list(RUNGS)
    assert all(climb.finding is RungFinding.FIRED for climb in climbs)
    for climb, rung in zip(climbs, unattended.desk.clocks[level].rungs, strict=True):
        assert timedelta() <= climb.at - rung.at - delay_of(unattended.desk.start.dossier_id) < A_MINUTE


async def test_only_rungs_that_look_at_posts_ask_the_organisation(world: World) -> None:
    journey = await scenarios.reminders_ask_nobody(world)
    await journey.closed()
    assert journey.desk.rungs("UNIT") == list(RUNGS)
    assert [level for level in journey.desk.looks if level == "UNIT"] == ["UNIT"] * (1 + len(RUNGS) - 1), (
        "at the opening, and at all but the reminder"
    )


async def test_when_nobody_checks_the_officers_rungs_are_climbed_once_in_order(unattended: Journey) -> None:
    assert unattended.desk.rungs("CHECK") == ["remind", "superior"]
    assert (await unattended.closed()).outcome is JourneyOutcome.RECOGNISED


async def test_a_decision_at_the_very_second_of_the_deadline_wins_and_the_rung_is_too_late(
    world: World,
) -> None:
    journey = await scenarios.decided_at_the_last_second(world)
    closed = await journey.closed()
    assert closed.outcome is JourneyOutcome.RECOGNISED
    assert [(climb.rung, climb.finding) for climb in journey.desk.climbs] == [
        ("remind", RungFinding.FIRED),
        ("replace", RungFinding.FIRED),
        ("superior", RungFinding.TOO_LATE),
    ]


async def test_a_decision_whose_word_is_lost_is_found_by_the_next_rung(world: World) -> None:
    journey = await scenarios.word_of_decision_lost(world)
    assert (await journey.closed()).outcome is JourneyOutcome.RECOGNISED
    assert [(climb.rung, climb.finding) for climb in journey.desk.climbs] == [
        ("remind", RungFinding.TOO_LATE)
    ]


async def test_the_same_word_thrice_changes_nothing(world: World) -> None:
    journey = await scenarios.every_word_thrice(world)
    closed = await journey.closed()
    assert [result.outcome for result in closed.levels] == [StageOutcome.RECOGNISED, StageOutcome.REFUSED]
    assert journey.desk.asked == ["freeze", "open CHECK", "open UNIT", "open COMMUNE", "close"]


async def test_a_decision_that_comes_before_its_stage_opens_is_kept(world: World) -> None:
    journey = await scenarios.decision_before_its_stage(world)
    assert (await journey.closed()).outcome is JourneyOutcome.RECOGNISED
    assert journey.desk.asked == ["freeze", "open CHECK", "open UNIT", "close"]


async def test_a_stage_decided_while_it_was_opened_waits_for_nothing(world: World) -> None:
    journey = await scenarios.decided_while_opening(world)
    assert (await journey.closed()).outcome is JourneyOutcome.RECOGNISED
    assert not journey.desk.climbs


async def test_the_first_word_of_a_stage_stands(world: World) -> None:
    journey = await world.file(review_plan("UNIT"))
    await journey.settle()
    for outcome in (StageOutcome.REFUSED, StageOutcome.RECOGNISED):
        await journey.tell_decision(await journey.decide("UNIT", outcome, told=False))
    journey.desk.decisions.clear()
    await journey.accept()
    assert (await journey.closed()).outcome is JourneyOutcome.REFUSED


async def test_a_refusal_ends_the_journey(world: World) -> None:
    journey = await scenarios.refused(world)
    closed = await journey.closed()
    assert closed.outcome is JourneyOutcome.REFUSED
    assert [result.level for result in closed.levels] == ["UNIT"]


async def test_a_later_refusal_takes_no_recognition_back(world: World) -> None:
    journey = await scenarios.every_word_thrice(world)
    assert (await journey.closed()).outcome is JourneyOutcome.RECOGNISED


async def test_what_is_not_proposed_stays_at_its_level(world: World) -> None:
    journey = await scenarios.recognised_but_not_proposed(world)
    closed = await journey.closed()
    assert closed.outcome is JourneyOutcome.RECOGNISED
    assert [result.level for result in closed.levels] == ["UNIT"]


async def test_operators_see_level_and_due_instant_while_it_runs_and_the_outcome_when_it_is_over(
    world: World,
) -> None:
    journey = await world.file()
    await journey.accept()
    seen = (await journey.handle.describe()).typed_search_attributes
    assert (seen[DOSSIER_STATE], seen[REVIEW_LEVEL]) == ("IN_EXAMINATION", "UNIT")
    assert seen[STAGE_DUE_AT] == journey.desk.clocks["UNIT"].due_at
    await journey.decide("UNIT", StageOutcome.REFUSED)
    await journey.closed()
    seen = (await journey.handle.describe()).typed_search_attributes
    assert seen[DOSSIER_STATE] == "REFUSED"
    assert STAGE_DUE_AT not in seen
