"""Level after level: decided in time, by nobody, at the last second, or by a word that got lost."""

from datetime import timedelta

import pytest

from language.deadline.jitter import delay_of
from language.messages.clock import RungFinding
from language.messages.journey import JourneyOutcome, StageOutcome
from language.names import REVIEW_LEVEL, STAGE_DUE_AT
from tests.workflows import scenarios
from tests.workflows.cases import LEVELS, RUNGS
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
    assert journey.questions() == ["open UNIT", "open COMMUNE", "open PROVINCE", "close"]


async def test_each_level_is_opened_after_the_stage_that_sent_it_up(world: World) -> None:
    journey = await scenarios.decided_in_time(world)
    await journey.closed()
    openings = [journey.desk.openings[level] for level in LEVELS]
    assert [opening.after for opening in openings] == [None, openings[0].stage_id, openings[1].stage_id]
    assert {opening.plan_hash for opening in openings} == {journey.desk.journey.route.plan_hash}
    assert len({opening.stage_id for opening in openings}) == 3


async def test_every_level_but_the_first_is_a_run_of_its_own(world: World) -> None:
    journey = await scenarios.decided_in_time(world)
    await journey.closed()
    runs = await journey.runs()
    assert len(runs) == len(LEVELS)
    assert [run[REVIEW_LEVEL] for run in runs[1:]] == list(LEVELS[1:])
    assert [run[STAGE_DUE_AT] for run in runs[1:]] == [
        journey.desk.started[level].due_at for level in LEVELS[1:]
    ]


@pytest.mark.parametrize("level", LEVELS)
async def test_when_nobody_acts_every_rung_is_climbed_once_in_order_at_its_instant_and_the_dossiers_delay(
    unattended: Journey, level: str
) -> None:
    climbs = [climb for climb in unattended.desk.climbs if climb.ladder == level]
    assert [climb.rung for climb in climbs] == list(RUNGS)
    assert all(climb.finding is RungFinding.FIRED for climb in climbs)
    for climb, rung in zip(climbs, unattended.desk.started[level].rungs, strict=True):
        assert timedelta() <= climb.at - rung.at - delay_of(unattended.dossier_id) < A_MINUTE


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
    assert journey.questions() == ["open UNIT", "open COMMUNE", "close"]


async def test_a_decision_that_comes_before_its_stage_opens_is_kept(world: World) -> None:
    journey = await scenarios.decision_before_its_stage(world)
    assert (await journey.closed()).outcome is JourneyOutcome.RECOGNISED
    assert journey.questions() == ["open UNIT", "close"]


async def test_a_stage_decided_while_it_was_opened_waits_for_nothing(world: World) -> None:
    journey = await scenarios.decided_while_opening(world)
    assert (await journey.closed()).outcome is JourneyOutcome.RECOGNISED
    assert not journey.desk.climbs


async def test_a_forged_decision_opens_nothing_and_pays_nothing(world: World) -> None:
    journey = await scenarios.decision_forged(world)
    closed = await journey.closed()
    assert (closed.outcome, [result.level for result in closed.levels]) == (JourneyOutcome.REFUSED, ["UNIT"])
    assert journey.questions() == ["open UNIT", "open COMMUNE", "close"]
    assert "COMMUNE" not in journey.desk.openings
    assert not journey.desk.awards


async def test_a_forged_end_ends_nothing(world: World) -> None:
    journey = await scenarios.end_forged(world)
    assert (await journey.closed()).outcome is JourneyOutcome.RECOGNISED
    assert journey.questions() == ["open UNIT", "close", "close"]


async def test_a_forged_acceptance_opens_nothing(world: World) -> None:
    journey = await scenarios.acceptance_forged(world)
    assert (await journey.closed()).outcome is JourneyOutcome.RECOGNISED
    assert journey.questions() == ["open UNIT", "open UNIT", "close"]


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


async def test_a_run_that_is_started_anew_goes_on_where_the_dossier_stands(world: World) -> None:
    journey = await scenarios.started_anew(world)
    assert [level.level for level in (await journey.closed()).levels] == list(LEVELS)
    opened = [asked for asked in journey.questions() if asked.startswith("open ")]
    assert opened == ["open UNIT", "open COMMUNE", "open COMMUNE", "open PROVINCE"]
    assert len({opening.stage_id for opening in journey.desk.openings.values()}) == len(LEVELS)
