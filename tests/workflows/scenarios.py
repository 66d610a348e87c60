"""The paths a journey can take, each told once: tests assert on them, and the committed histories of
tests/replay are recorded from them."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType

from language.messages.journey import AnewAt, CheckState, DecidedLevel, StageOutcome
from language.messages.payout import AwardState
from tests.workflows.anew import ANEW
from tests.workflows.cases import LEVELS, review_plan
from tests.workflows.changes import CHANGES
from tests.workflows.moves import MOVES
from tests.workflows.reopenings import REOPENINGS
from tests.workflows.world import Journey, World

AWARD_DONG = 1_490_000
A_WHILE = timedelta(days=10)


async def decided_in_time(world: World) -> Journey:
    """Three levels, each decided after two days."""
    journey = await world.file()
    await journey.accept()
    for level in LEVELS:
        await journey.days(2)
        await journey.decide(level)
    return journey


async def nobody_acts(world: World) -> Journey:
    """Every clock runs out, that of the check and of each level; only long after the last rung somebody
    acts."""
    journey = await world.file()
    await journey.settle()
    await journey.until(journey.desk.started["CHECK"].due_at + A_WHILE)
    await journey.accept()
    for level in LEVELS:
        await journey.until(journey.desk.started[level].due_at + A_WHILE)
        await journey.decide(level)
    return journey


async def decided_at_the_last_second(world: World) -> Journey:
    """The chair's decision is stored, and its word on the way, while the rung of the due instant is being
    climbed."""
    journey = await world.file(review_plan("UNIT"))
    await journey.accept()

    async def chair_decides() -> None:
        await journey.tell_decision(await journey.decide("UNIT", told=False))

    journey.desk.meanwhile["climb UNIT superior"] = chair_decides
    await journey.until(journey.desk.started["UNIT"].due_at)
    return journey


async def word_of_decision_lost(world: World) -> Journey:
    """The decision stands, but its signal never comes: the next rung finds it."""
    journey = await world.file(review_plan("UNIT"))
    await journey.accept()
    await journey.days(1)
    await journey.decide("UNIT", told=False)
    await journey.until(journey.desk.started["UNIT"].rungs[0].at)
    return journey


async def every_word_thrice(world: World) -> Journey:
    """The relay delivers every word three times."""
    journey = await world.file(review_plan("UNIT", "COMMUNE"))
    await journey.settle()
    accepted = await journey.move_check(CheckState.ACCEPTED)
    await journey.tell_check(accepted)
    await journey.tell_check(accepted)
    await journey.settle()
    unit = await journey.decide("UNIT")
    await journey.tell_decision(unit)
    await journey.tell_decision(unit)
    await journey.settle()
    await journey.decide("COMMUNE", StageOutcome.REFUSED)
    return journey


async def decision_before_its_stage(world: World) -> Journey:
    """The word of a decision overtakes everything: it comes while the check is still open."""
    journey = await world.file(review_plan("UNIT"))
    await journey.settle()
    await journey.tell_decision(await journey.decide("UNIT", proposed=False, told=False))
    await journey.accept()
    return journey


async def older_word_after_newer(world: World) -> Journey:
    """The request for a supplement arrives after the word that the supplement is there: the clock does not
    stand still again."""
    journey = await world.file(review_plan("UNIT"))
    await journey.settle()
    due = await journey.now() + timedelta(days=1)
    asked = await journey.move_check(CheckState.SUPPLEMENT_REQUESTED, told=False, supplement_due_at=due)
    await journey.move_check(CheckState.OPEN)
    await journey.tell_check(asked)
    await journey.until(journey.desk.started["CHECK"].due_at)
    await journey.accept()
    await journey.decide("UNIT")
    return journey


async def decided_while_opening(world: World) -> Journey:
    """The stage is opened twice, and was decided in between; nobody is told."""
    journey = await world.file(review_plan("UNIT"))

    async def chair_decides() -> None:
        await journey.decide("UNIT", told=False)

    journey.desk.meanwhile["opened UNIT"] = chair_decides
    await journey.accept()
    return journey


async def supplement_comes(world: World) -> Journey:
    """The author takes four days to supplement; the officer's clock stands still meanwhile, then runs out."""
    journey = await world.file(review_plan("UNIT"))
    await journey.settle()
    await journey.move_check(
        CheckState.SUPPLEMENT_REQUESTED, supplement_due_at=await journey.now() + timedelta(days=10)
    )
    await journey.days(4)
    await journey.move_check(CheckState.OPEN)
    await journey.until(journey.desk.started["CHECK"].due_at + A_WHILE)
    await journey.accept()
    await journey.decide("UNIT")
    return journey


async def word_of_supplement_lost(world: World) -> Journey:
    """The supplement came after four days and nobody was told: its due instant finds it."""
    journey = await world.file(review_plan("UNIT"))
    await journey.settle()
    await journey.move_check(
        CheckState.SUPPLEMENT_REQUESTED, supplement_due_at=await journey.now() + timedelta(days=10)
    )
    await journey.days(4)
    await journey.move_check(CheckState.OPEN, told=False)
    await journey.days(7)
    await journey.accept()
    await journey.decide("UNIT", StageOutcome.REFUSED)
    return journey


async def word_of_request_for_supplement_lost(world: World) -> Journey:
    """Nobody is told that a supplement was asked for: the next rung finds it, and is still to come when the
    supplement is there."""
    journey = await world.file(review_plan("UNIT"))
    await journey.settle()
    due = await journey.now() + timedelta(days=20)
    await journey.move_check(CheckState.SUPPLEMENT_REQUESTED, told=False, supplement_due_at=due)
    await journey.days(7)
    await journey.move_check(CheckState.OPEN)
    await journey.until(journey.desk.started["CHECK"].due_at + A_WHILE)
    await journey.accept()
    await journey.decide("UNIT")
    return journey


async def supplement_lapses(world: World) -> Journey:
    """The author never supplements."""
    journey = await world.file()
    await journey.settle()
    await journey.move_check(
        CheckState.SUPPLEMENT_REQUESTED, supplement_due_at=await journey.now() + timedelta(days=10)
    )
    await journey.days(11)
    return journey


async def request_rejected(world: World) -> Journey:
    """The officer rejects the request."""
    journey = await world.file()
    await journey.settle()
    await journey.move_check(CheckState.REJECTED)
    return journey


async def withdrawn_during_check(world: World) -> Journey:
    """The author withdraws before the request is accepted."""
    journey = await world.file()
    await journey.settle()
    await journey.move_check(CheckState.WITHDRAWN)
    return journey


async def withdrawn_before_decision(world: World) -> Journey:
    """The author withdraws while the council examines."""
    journey = await world.file()
    await journey.accept()
    await journey.days(1)
    await journey.ask_to_withdraw()
    return journey


async def withdrawal_too_late(world: World) -> Journey:
    """The author withdraws, but the decision had come before."""
    journey = await world.file(review_plan("UNIT"))
    await journey.accept()
    await journey.decide("UNIT", told=False)
    await journey.ask_to_withdraw()
    return journey


async def withdrawn_between_levels(world: World) -> Journey:
    """The first level had decided when the author withdrew: what it recognised stays, the level above is
    spared."""
    journey = await world.file()
    await journey.accept()
    await journey.decide("UNIT", told=False)
    await journey.ask_to_withdraw()
    return journey


async def refused(world: World) -> Journey:
    """The first level refuses."""
    journey = await world.file()
    await journey.accept()
    await journey.decide("UNIT", StageOutcome.REFUSED)
    return journey


async def recognised_but_not_proposed(world: World) -> Journey:
    """The first level recognises and keeps it."""
    journey = await world.file()
    await journey.accept()
    await journey.decide("UNIT", proposed=False)
    return journey


async def paid(world: World) -> Journey:
    """Two levels bring money; the accountants sign when the dossier is over."""
    journey = await world.file(review_plan("UNIT", "COMMUNE", award_dong=AWARD_DONG))
    await journey.accept()
    await journey.decide("UNIT")
    await journey.decide("COMMUNE")
    await journey.settle()
    for level in ("UNIT", "COMMUNE"):
        await journey.move_award(level, AwardState.APPROVED)
    return journey


async def _recognise_with_money(world: World) -> Journey:
    journey = await world.file(review_plan("UNIT", award_dong=AWARD_DONG))
    await journey.accept()
    await journey.decide("UNIT")
    await journey.settle()
    return journey


async def money_on_the_way(world: World) -> Journey:
    """Nobody signs the first level's award while the council above is silent too: two ladders are climbed
    side by side, and the award's goes on in the next run."""
    journey = await world.file(review_plan("UNIT", "COMMUNE", "PROVINCE", award_dong=AWARD_DONG))
    await journey.accept()
    await journey.decide("UNIT")
    await journey.settle()
    await journey.until(journey.desk.started["PAYOUT UNIT"].rungs[0].at)
    await journey.decide("COMMUNE")
    await journey.until(journey.desk.started["PROVINCE"].due_at + A_WHILE)
    await journey.decide("PROVINCE", StageOutcome.REFUSED)
    for level in ("UNIT", "COMMUNE"):
        await journey.move_award(level, AwardState.APPROVED)
    return journey


async def nobody_approves(world: World) -> Journey:
    """The accountants' clock runs out; then the award is rejected."""
    journey = await _recognise_with_money(world)
    await journey.until(journey.desk.started["PAYOUT UNIT"].due_at + A_WHILE)
    await journey.move_award("UNIT", AwardState.REJECTED)
    return journey


async def word_of_approval_lost(world: World) -> Journey:
    """Approved, but nobody was told: the next rung finds it."""
    journey = await _recognise_with_money(world)
    await journey.move_award("UNIT", AwardState.APPROVED, told=False)
    await journey.until(journey.desk.started["PAYOUT UNIT"].rungs[0].at)
    return journey


async def approval_extended(world: World) -> Journey:
    """The accountants get five working days more, twice; the second time nobody is told."""
    journey = await _recognise_with_money(world)
    for told in (True, False):
        await journey.extend("PAYOUT UNIT", 5, told=told)
    await journey.until(await journey.due("PAYOUT UNIT") + A_WHILE)
    await journey.move_award("UNIT", AwardState.REJECTED)
    return journey


async def decision_forged(world: World) -> Journey:
    """Somebody who can write into Temporal says that the first level recognised and proposed it. Nothing
    opens, nothing is paid; the council decides later."""
    journey = await world.file(review_plan("UNIT", "COMMUNE", award_dong=AWARD_DONG))
    await journey.accept()
    forged = await journey.decide("UNIT", told=False)
    del journey.desk.decisions[forged.stage_id]
    await journey.tell_decision(forged)
    await journey.settle()
    await journey.days(1)
    await journey.decide("UNIT", StageOutcome.REFUSED)
    return journey


async def end_forged(world: World) -> Journey:
    """Somebody says that the only level has refused it; review has not."""
    journey = await world.file(review_plan("UNIT"))
    await journey.accept()
    forged = await journey.decide("UNIT", StageOutcome.REFUSED, told=False)
    del journey.desk.decisions[forged.stage_id]
    await journey.tell_decision(forged)
    await journey.settle()
    await journey.decide("UNIT")
    return journey


async def acceptance_forged(world: World) -> Journey:
    """Somebody says that the request was accepted; the officer accepts it later."""
    journey = await world.file(review_plan("UNIT"))
    await journey.settle()
    forged = replace(
        journey.desk.check, state=CheckState.ACCEPTED, revision=replace(journey.desk.check.revision, number=9)
    )
    await journey.tell_check(forged)
    await journey.settle()
    await journey.accept()
    await journey.decide("UNIT")
    return journey


async def started_anew(world: World) -> Journey:
    """Terminated by hand while the second level examines, and started from what the services know: that stage
    goes on, and the first level's award is found made."""
    lost = await world.file(review_plan(*LEVELS, award_dong=AWARD_DONG))
    await lost.accept()
    await lost.decide(LEVELS[0])
    await lost.until_assessed(LEVELS[0])
    await lost.handle.terminate("by hand")
    first, second = lost.desk.journey.route.levels[:2]
    stage, decision = lost.desk.openings[second.level], next(iter(lost.desk.decisions.values()))
    known = DecidedLevel(
        level=first.level,
        stage_id=decision.stage_id,
        outcome=decision.outcome,
        proposed=decision.proposed,
        decision_number=decision.decision_number,
        pays=first.pays,
    )
    anew = replace(
        lost.desk.journey,
        check=None,
        decided=(known,),
        owed=(first.level,),
        anew=AnewAt(level=second, stage_id=stage.stage_id),
    )
    journey = Journey(world.env, await world.start(anew), lost.desk)
    await journey.settle()
    for level in LEVELS[1:]:
        await journey.decide(level)
    await journey.settle()
    for level in LEVELS:
        await journey.move_award(level, AwardState.APPROVED)
    return journey


SCENARIOS: Mapping[str, Callable[[World], Awaitable[Journey]]] = MappingProxyType(
    {
        scenario.__name__: scenario
        for scenario in (
            decided_in_time,
            nobody_acts,
            decided_at_the_last_second,
            word_of_decision_lost,
            every_word_thrice,
            decision_before_its_stage,
            older_word_after_newer,
            decided_while_opening,
            started_anew,
            supplement_comes,
            word_of_supplement_lost,
            word_of_request_for_supplement_lost,
            supplement_lapses,
            request_rejected,
            withdrawn_during_check,
            withdrawn_before_decision,
            withdrawal_too_late,
            withdrawn_between_levels,
            refused,
            recognised_but_not_proposed,
            paid,
            money_on_the_way,
            nobody_approves,
            word_of_approval_lost,
            approval_extended,
            decision_forged,
            end_forged,
            acceptance_forged,
        )
    }
    | MOVES
    | REOPENINGS
    | ANEW
    | CHANGES
)
"""Every path by its name."""
