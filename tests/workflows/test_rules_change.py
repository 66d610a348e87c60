"""Rules that change under a running dossier, at every point of its journey and in the second of every other
act."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from language.ids import DossierId, EventId, TransitionId
from language.messages.journey import JourneyOutcome
from language.messages.transition import PackRef, RulesChanged, StartTransition, TransitionSettled
from language.names import Signal, TaskQueue, initiative_workflow_id, transition_workflow_id
from tests.workflows import changes
from tests.workflows.cases import RUNGS, review_plan, route_of, start_journey
from tests.workflows.walk import Walk
from tests.workflows.world import Journey, Watched, World
from workflows.initiative import InitiativeWorkflow
from workflows.transition import TransitionWorkflow

RECOGNISED = JourneyOutcome.RECOGNISED


async def _levels(journey: Journey) -> list[str]:
    return [result.level for result in (await journey.closed()).levels]


def _answers(journey: Journey) -> list[tuple[str, str]]:
    return [(change.passage.kind.value, change.passage.reason.value) for change in journey.desk.changes]


async def test_a_word_that_is_there_before_the_journey_begins_is_taken_first(world: World) -> None:
    plan, newer = review_plan("UNIT", "DISTRICT"), replace(review_plan("UNIT"), pack="newer")
    desk = world.office.open_desk(start_journey(plan), plan, datetime.now(UTC))
    desk.plans[route_of(newer).plan_hash] = newer
    word = RulesChanged(
        event_id=EventId(uuid4()),
        dossier_id=desk.journey.dossier_id,
        transition_id=TransitionId(uuid4()),
        revision=1,
        pack=PackRef(name="newer", version=1),
        levels=route_of(newer).levels,
        level_moves=(),
    )
    with world.env.with_time_skipping_disabled():
        handle = await world.env.client.start_workflow(
            InitiativeWorkflow.run,
            desk.journey,
            id=initiative_workflow_id(desk.journey.dossier_id),
            task_queue=TaskQueue.WORKFLOWS,
            start_signal=Signal.RULES_CHANGED,
            start_signal_args=[word],
        )
    journey = Journey(world.env, handle, desk)
    await journey.accept()
    await journey.decide("UNIT")
    assert await _levels(journey) == ["UNIT"]
    assert journey.questions() == ["change MOVED", "open UNIT", "close"]


async def test_an_older_word_that_arrives_after_a_newer_one_changes_nothing(world: World) -> None:
    journey = await world.file(review_plan("UNIT", "DISTRICT"))
    await journey.accept()
    units = {level.level: level for level in journey.desk.plan.levels}
    newer = replace(review_plan("UNIT", "PROVINCE"), pack="newer")
    newer = replace(newer, levels=(units["UNIT"], newer.levels[1]))
    await journey.change_rules(newer, revision=5)
    await journey.settle()
    await journey.change_rules(review_plan("UNIT", "COMMUNE"), revision=4)
    await journey.settle()
    await journey.decide("UNIT")
    await journey.decide("PROVINCE")
    assert await _levels(journey) == ["UNIT", "PROVINCE"]
    assert [change.revision for change in journey.desk.changes] == [5]


async def test_under_check_the_clock_goes_on_and_the_way_is_new(world: World) -> None:
    journey = await changes.rules_change_under_check(world)
    assert await _levels(journey) == ["UNIT", "COMMUNE", "PROVINCE"]
    assert journey.desk.rungs("CHECK") == ["remind", "superior"]
    assert _answers(journey) == [("MOVED", "UNDER_CHECK")]


async def test_during_a_supplement_its_time_goes_on(world: World) -> None:
    journey = await changes.rules_change_during_supplement(world)
    assert (await journey.closed()).outcome is JourneyOutcome.REQUEST_REJECTED
    assert _answers(journey) == [("MOVED", "UNDER_CHECK")]


async def test_a_stage_whose_level_goes_on_is_kept_and_a_repeated_word_changes_nothing(world: World) -> None:
    journey = await changes.rules_change_at_a_level_that_goes_on(world)
    assert await _levels(journey) == ["UNIT", "COMMUNE", "PROVINCE"]
    assert _answers(journey) == [("MOVED", "LEVEL_GOES_ON")]
    assert journey.desk.openings["UNIT"].plan_hash.startswith("test-pack@1 ")
    assert journey.desk.openings["COMMUNE"].plan_hash.startswith("new-pack@1 ")
    assert not journey.desk.moved


async def test_a_stage_that_has_gone_over_to_the_unit_of_the_new_way_is_kept(world: World) -> None:
    journey = await world.file(review_plan("UNIT", "DISTRICT"))
    await journey.accept()
    newer = replace(review_plan("UNIT", "PROVINCE"), pack="newer")
    there = route_of(newer).levels[0]
    assert there.unit_id != journey.desk.journey.route.levels[0].unit_id
    await journey.change_rules(newer, examined_at=there)
    await journey.settle()
    assert _answers(journey) == [("MOVED", "LEVEL_GOES_ON")]
    assert "move UNIT" not in journey.questions()
    await journey.decide("UNIT")
    await journey.decide("PROVINCE")
    assert await _levels(journey) == ["UNIT", "PROVINCE"]


async def test_a_stage_whose_level_ends_is_moved_and_its_successor_has_a_ladder_of_its_own(
    world: World,
) -> None:
    journey = await changes.rules_change_at_a_level_that_ends(world)
    assert await _levels(journey) == ["UNIT", "COMMUNE", "PROVINCE"]
    [moved] = journey.desk.moved
    assert (moved.stage_id, moved.to_level) == (journey.desk.openings["DISTRICT"].stage_id, "COMMUNE")
    assert journey.desk.rungs("DISTRICT") == []
    assert journey.desk.rungs("COMMUNE") == list(RUNGS)
    assert journey.desk.openings["COMMUNE"].after == journey.desk.openings["UNIT"].stage_id


async def test_where_the_rules_lead_is_asked_again_when_nobody_knows_yet(world: World) -> None:
    journey = await changes.rules_lead_where_nobody_knows_yet(world)
    assert await _levels(journey) == ["UNIT", "COMMUNE", "PROVINCE"]
    assert journey.questions().count("open COMMUNE") == 2


async def test_a_decision_in_the_same_second_stands_and_the_dossier_goes_on_by_the_new_rules(
    world: World,
) -> None:
    journey = await changes.decision_in_the_second_of_the_change(world)
    assert await _levels(journey) == ["UNIT", "DISTRICT", "PROVINCE"]
    assert _answers(journey) == [("MOVED", "GOES_UP")]
    assert journey.desk.openings["PROVINCE"].plan_hash.startswith("new-pack@1 ")
    assert not journey.desk.moved


async def test_a_word_that_comes_while_a_stage_opens_is_taken_at_once(world: World) -> None:
    journey = await changes.rules_change_while_opening(world)
    assert await _levels(journey) == ["UNIT", "COMMUNE", "PROVINCE"]
    assert len(journey.desk.moved) == 1


async def test_between_levels_the_next_is_that_of_the_new_rules(world: World) -> None:
    journey = await changes.rules_change_between_levels(world)
    assert await _levels(journey) == ["UNIT", "DISTRICT", "PROVINCE"]
    assert _answers(journey) == [("MOVED", "GOES_UP")]


async def test_a_withdrawal_in_the_same_second_closes_the_new_stage(world: World) -> None:
    journey = await changes.rules_change_and_withdrawal(world)
    closed = await journey.closed()
    assert [(result.level, result.outcome.value) for result in closed.levels] == [
        ("UNIT", "RECOGNISED"),
        ("COMMUNE", "WITHDRAWN"),
    ]
    assert closed.outcome is RECOGNISED


async def test_rules_that_would_strand_the_dossier_are_declined(world: World) -> None:
    journey = await changes.rules_that_strand_are_declined(world)
    assert await _levels(journey) == ["UNIT", "DISTRICT", "PROVINCE"]
    assert _answers(journey) == [("BLOCKED", "LEVEL_ENDED")]
    assert journey.desk.openings["PROVINCE"].plan_hash.startswith("test-pack@1 ")


async def test_the_old_rules_come_back_to_a_dossier_on_which_nothing_was_done(world: World) -> None:
    journey = await changes.rules_are_given_back(world)
    assert await _levels(journey) == ["UNIT", "DISTRICT", "PROVINCE"]
    assert [moved.to_level for moved in journey.desk.moved] == ["COMMUNE", "DISTRICT"]
    assert journey.desk.openings["DISTRICT"].stage_id != journey.desk.moved[0].stage_id
    assert journey.desk.openings["PROVINCE"].plan_hash.startswith("test-pack@1 ")


async def test_what_was_done_under_the_new_rules_stands(world: World) -> None:
    journey = await changes.rules_cannot_be_given_back(world)
    assert await _levels(journey) == ["UNIT", "COMMUNE", "PROVINCE"]
    assert _answers(journey) == [
        ("MOVED", "LEVEL_MOVES"),
        ("NEEDS_CHOICE", "MARKS_GIVEN"),
        ("BLOCKED", "ACTED_SINCE"),
    ]


@pytest.fixture
def walk(world: World) -> Iterator[TransitionId]:
    """A transition over three pages of dossiers, the last of one; five of them move."""
    dossiers = [DossierId(UUID(int=number)) for number in range(1, 6)]
    world.office.walk = Walk(dossiers=dossiers, untold=list(dossiers))
    yield TransitionId(uuid4())
    world.office.walk = Walk()


async def _start(world: World, transition_id: TransitionId) -> None:
    with world.env.with_time_skipping_disabled():
        await world.env.client.start_workflow(
            TransitionWorkflow.run,
            StartTransition(transition_id=transition_id),
            id=transition_workflow_id(transition_id),
            task_queue=TaskQueue.WORKFLOWS,
        )


async def test_a_transition_sorts_every_page_waits_and_moves_nobody_before_it_is_approved(
    world: World, walk: TransitionId
) -> None:
    await _start(world, walk)
    handle = world.env.client.get_workflow_handle_for(TransitionWorkflow.run, transition_workflow_id(walk))
    watched = Watched(world.env, handle)
    await watched.settle()
    found = world.office.walk
    assert [page.after.int if page.after else 0 for page in found.sorted] == [0, 2, 4]
    assert len(found.untold) == 5
    found.silent_for = 3
    await handle.signal(
        TransitionWorkflow.transition_settled, TransitionSettled(event_id=EventId(uuid4()), approved=True)
    )
    await watched.days(1)
    await handle.result()
    assert (found.untold, found.unanswered, found.finished) == ([], [], 1)


async def test_a_cancelled_transition_moves_nobody(world: World, walk: TransitionId) -> None:
    await _start(world, walk)
    handle = world.env.client.get_workflow_handle_for(TransitionWorkflow.run, transition_workflow_id(walk))
    await handle.signal(
        TransitionWorkflow.transition_settled, TransitionSettled(event_id=EventId(uuid4()), approved=False)
    )
    await handle.result()
    assert (len(world.office.walk.untold), world.office.walk.finished) == (5, 0)
