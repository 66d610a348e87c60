"""The formal check inside a journey: its end, its supplement, and words that come in the wrong order."""

from datetime import timedelta

from language.deadline.jitter import delay_of
from language.messages.clock import RungFinding
from language.messages.journey import JourneyOutcome
from tests.workflows import scenarios
from tests.workflows.world import World

A_MINUTE = timedelta(minutes=1)


async def test_an_older_word_never_overrides_a_newer_one(world: World) -> None:
    journey = await scenarios.older_word_after_newer(world)
    assert (await journey.closed()).outcome is JourneyOutcome.RECOGNISED
    assert journey.desk.rungs("CHECK") == ["remind", "superior"]
    assert "lapse" not in journey.desk.asked


async def test_a_supplement_puts_every_rung_off_by_the_days_it_took(world: World) -> None:
    journey = await scenarios.supplement_comes(world)
    assert (await journey.closed()).outcome is JourneyOutcome.RECOGNISED
    assert journey.desk.rungs("CHECK") == ["remind", "superior"]
    started, stood = journey.desk.started["CHECK"], journey.desk.kept["CHECK"].stands(await journey.now())
    assert stood.due_at > started.due_at
    for climb, rung in zip(journey.desk.climbs, stood.rungs, strict=True):
        assert timedelta() <= climb.at - rung.at - delay_of(journey.dossier_id) < A_MINUTE
        assert climb.finding is RungFinding.FIRED


async def test_a_supplement_whose_word_is_lost_is_found_when_it_is_due(world: World) -> None:
    journey = await scenarios.word_of_supplement_lost(world)
    assert (await journey.closed()).outcome is JourneyOutcome.REFUSED
    assert journey.desk.asked.count("lapse") == 1


async def test_a_rung_that_finds_a_supplement_awaited_is_climbed_again_when_the_clock_has_run_on(
    world: World,
) -> None:
    journey = await scenarios.word_of_request_for_supplement_lost(world)
    assert (await journey.closed()).outcome is JourneyOutcome.RECOGNISED
    found, *fired = journey.desk.climbs
    assert (found.rung, found.finding) == ("remind", RungFinding.NOT_YET)
    assert [(climb.rung, climb.finding) for climb in fired] == [
        ("remind", RungFinding.FIRED),
        ("superior", RungFinding.FIRED),
    ]
    for climb, rung in zip(fired, journey.desk.kept["CHECK"].stands(await journey.now()).rungs, strict=True):
        assert timedelta() <= climb.at - rung.at - delay_of(journey.dossier_id) < A_MINUTE


async def test_a_supplement_that_never_comes_rejects_the_request(world: World) -> None:
    journey = await scenarios.supplement_lapses(world)
    closed = await journey.closed()
    assert (closed.outcome, closed.levels) == (JourneyOutcome.REQUEST_REJECTED, ())
    assert journey.questions() == ["lapse", "close"]


async def test_a_rejected_request_is_never_examined(world: World) -> None:
    journey = await scenarios.request_rejected(world)
    assert (await journey.closed()).outcome is JourneyOutcome.REQUEST_REJECTED
    assert journey.questions() == ["close"]
