"""The paths of a journey whose rules change on the way, each told once."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

from language.messages.journey import CheckState, StageOutcome
from language.messages.transition import RulesChanged
from language.plan.review_plan import ReviewPlan
from tests.workflows.cases import LEVELS, review_plan
from tests.workflows.world import Journey, World

A_WHILE = timedelta(days=10)
THREE_TIERS = ("UNIT", "DISTRICT", "PROVINCE")
DISTRICT_TO_COMMUNE, COMMUNE_TO_DISTRICT = ("DISTRICT", "COMMUNE"), ("COMMUNE", "DISTRICT")


def _two_tiers(like: ReviewPlan, *levels: str) -> ReviewPlan:
    """New rules with these levels; those that both have are held by the same units."""
    units = {level.level: level.unit_id for level in like.levels}
    plan = review_plan(*(levels or ("UNIT", "COMMUNE", "PROVINCE")))
    return replace(
        plan,
        pack="new-pack",
        levels=tuple(replace(level, unit_id=units.get(level.level, level.unit_id)) for level in plan.levels),
    )


async def _file_three_tiers(world: World) -> Journey:
    return await world.file(review_plan(*THREE_TIERS))


async def _reach_the_district(world: World) -> Journey:
    journey = await _file_three_tiers(world)
    await journey.accept()
    await journey.decide("UNIT")
    return journey


async def _drop_the_district(journey: Journey) -> RulesChanged:
    return await journey.change_rules(_two_tiers(journey.desk.plan), DISTRICT_TO_COMMUNE)


async def rules_change_under_check(world: World) -> Journey:
    """The word comes while the officer checks; the check goes on with its clock."""
    journey = await _file_three_tiers(world)
    await journey.settle()
    await _drop_the_district(journey)
    await journey.until(journey.desk.started["CHECK"].due_at + A_WHILE)
    await journey.accept()
    for level in LEVELS:
        await journey.decide(level)
    return journey


async def rules_change_during_supplement(world: World) -> Journey:
    """The word comes while a supplement is awaited."""
    journey = await _file_three_tiers(world)
    await journey.settle()
    await journey.move_check(
        CheckState.SUPPLEMENT_REQUESTED, supplement_due_at=await journey.now() + timedelta(days=10)
    )
    await journey.settle()
    await _drop_the_district(journey)
    await journey.days(11)
    return journey


async def rules_change_at_a_level_that_goes_on(world: World) -> Journey:
    """At school: the stage is kept, the way up leads to the commune. The word is told thrice."""
    journey = await _file_three_tiers(world)
    await journey.accept()
    word = await _drop_the_district(journey)
    await journey.tell_rules(word)
    await journey.settle()
    await journey.tell_rules(word)
    for level in LEVELS:
        await journey.days(2)
        await journey.decide(level)
    return journey


async def rules_change_at_a_level_that_ends(world: World) -> Journey:
    """Half marked at district: the stage is closed as moved, the commune examines anew."""
    journey = await _reach_the_district(world)
    journey.desk.marked.add(journey.desk.openings["DISTRICT"].stage_id)
    await _drop_the_district(journey)
    await journey.settle()
    await journey.until(journey.desk.started["COMMUNE"].due_at + A_WHILE)
    await journey.decide("COMMUNE")
    await journey.decide("PROVINCE", StageOutcome.REFUSED)
    return journey


async def rules_lead_where_nobody_knows_yet(world: World) -> Journey:
    """The district's stage is moved, and review, just restored, does not know yet what sent the dossier up:
    it is asked again."""
    journey = await _reach_the_district(world)
    school = journey.desk.openings["UNIT"].stage_id
    lost = journey.desk.decisions[school]

    async def forget() -> None:
        del journey.desk.decisions[school]

    journey.desk.meanwhile["open COMMUNE"] = forget
    await _drop_the_district(journey)
    await journey.settle()
    journey.desk.decisions[school] = lost
    await journey.days(0.01)
    await journey.decide("COMMUNE")
    await journey.decide("PROVINCE")
    return journey


async def decision_in_the_second_of_the_change(world: World) -> Journey:
    """The district decides while its stage is being moved: the decision stands, and the province is next."""
    journey = await _reach_the_district(world)

    async def chair_decides() -> None:
        await journey.tell_decision(await journey.decide("DISTRICT", told=False))

    journey.desk.meanwhile["move DISTRICT"] = chair_decides
    await _drop_the_district(journey)
    await journey.settle()
    await journey.decide("PROVINCE")
    return journey


async def rules_change_while_opening(world: World) -> Journey:
    """The word comes while the district's stage is being opened."""
    journey = await _file_three_tiers(world)

    async def rules_change() -> None:
        await _drop_the_district(journey)

    await journey.accept()
    journey.desk.meanwhile["opened DISTRICT"] = rules_change
    await journey.decide("UNIT")
    await journey.decide("COMMUNE")
    await journey.decide("PROVINCE")
    return journey


async def rules_change_between_levels(world: World) -> Journey:
    """Decided at district, and both words come at once, the rules first."""
    journey = await _reach_the_district(world)
    await journey.decide("DISTRICT", told=False)
    await _drop_the_district(journey)
    await journey.settle()
    await journey.decide("PROVINCE")
    return journey


async def rules_change_and_withdrawal(world: World) -> Journey:
    """The author withdraws in the second in which the rules change."""
    journey = await _reach_the_district(world)

    async def author_withdraws() -> None:
        await journey.ask_to_withdraw()

    journey.desk.meanwhile["move DISTRICT"] = author_withdraws
    await _drop_the_district(journey)
    return journey


async def rules_that_strand_are_declined(world: World) -> Journey:
    """No transitional rule for the district: the dossier stays under its old rules and says so."""
    journey = await _reach_the_district(world)
    await journey.change_rules(_two_tiers(journey.desk.plan))
    await journey.settle()
    await journey.decide("DISTRICT")
    await journey.decide("PROVINCE")
    return journey


async def rules_are_given_back(world: World) -> Journey:
    """Nothing was done at the commune, so the district gets the dossier back, as a new stage."""
    journey = await _reach_the_district(world)
    await _drop_the_district(journey)
    await journey.settle()
    await journey.change_rules(None, COMMUNE_TO_DISTRICT, revision=2)
    await journey.settle()
    await journey.decide("DISTRICT")
    await journey.decide("PROVINCE")
    return journey


async def rules_cannot_be_given_back(world: World) -> Journey:
    """The commune has marks, later a decision: what was done under the new rules stands."""
    journey = await _reach_the_district(world)
    await _drop_the_district(journey)
    await journey.settle()
    journey.desk.marked.add(journey.desk.openings["COMMUNE"].stage_id)
    await journey.change_rules(None, COMMUNE_TO_DISTRICT, revision=2)
    await journey.settle()
    await journey.decide("COMMUNE")
    await journey.change_rules(None, COMMUNE_TO_DISTRICT, revision=3)
    await journey.settle()
    await journey.decide("PROVINCE")
    return journey


CHANGES: dict[str, Callable[[World], Awaitable[Journey]]] = {
    scenario.__name__: scenario
    for scenario in (
        rules_change_under_check,
        rules_change_during_supplement,
        rules_change_at_a_level_that_goes_on,
        rules_change_at_a_level_that_ends,
        rules_lead_where_nobody_knows_yet,
        decision_in_the_second_of_the_change,
        rules_change_while_opening,
        rules_change_between_levels,
        rules_change_and_withdrawal,
        rules_that_strand_are_declined,
        rules_are_given_back,
        rules_cannot_be_given_back,
    )
}
"""Every path by its name."""
