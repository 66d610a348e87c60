"""The paths a journey can take, each told once: tests assert on them, and the committed histories of
tests/replay are recorded from them."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from types import MappingProxyType

from language.messages.intake import CheckState
from language.messages.journey import StageOutcome
from language.messages.payout import AwardState
from tests.workflows.cases import LEVELS, review_plan
from tests.workflows.changes import CHANGES
from tests.workflows.moves import MOVES
from tests.workflows.world import Journey, Payout, World

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
    await journey.until(journey.desk.clocks["CHECK"].due_at + A_WHILE)
    await journey.accept()
    for level in LEVELS:
        await journey.until(journey.desk.clocks[level].due_at + A_WHILE)
        await journey.decide(level)
    return journey


async def reminders_ask_nobody(world: World) -> Journey:
    """The council is silent past every rung of one level; rungs that look at no post do not ask who is in
    them."""
    journey = await world.file(review_plan("UNIT"))
    await journey.accept()
    await journey.until(journey.desk.clocks["UNIT"].due_at + A_WHILE)
    await journey.decide("UNIT")
    return journey


async def decided_at_the_last_second(world: World) -> Journey:
    """The chair's decision is stored, and its word on the way, while the rung of the due instant is being
    climbed."""
    journey = await world.file(review_plan("UNIT"))
    await journey.accept()

    async def chair_decides() -> None:
        await journey.tell_decision(await journey.decide("UNIT", told=False))

    journey.desk.meanwhile["climb UNIT superior"] = chair_decides
    await journey.until(journey.desk.clocks["UNIT"].due_at)
    return journey


async def word_of_decision_lost(world: World) -> Journey:
    """The decision stands, but its signal never comes: the next rung finds it."""
    journey = await world.file(review_plan("UNIT"))
    await journey.accept()
    await journey.days(1)
    await journey.decide("UNIT", told=False)
    await journey.until(journey.desk.clocks["UNIT"].rungs[0].at)
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
    decision = await journey.decide("UNIT", proposed=False, told=False)
    del journey.desk.decisions[decision.stage_id]
    await journey.tell_decision(decision)
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
    await journey.until(journey.desk.clocks["CHECK"].due_at)
    await journey.accept()
    await journey.decide("UNIT")
    return journey


async def decided_while_opening(world: World) -> Journey:
    """The stage is opened twice, and was decided in between; nobody is told."""
    journey = await world.file(review_plan("UNIT"))

    async def chair_decides() -> None:
        await journey.decide("UNIT", told=False)

    journey.desk.meanwhile["open UNIT"] = chair_decides
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
    await journey.until(journey.desk.clocks["CHECK"].due_at + A_WHILE)
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
    await journey.until(journey.desk.clocks["CHECK"].due_at + A_WHILE)
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
    """Two levels bring money; both journeys of the money go on when the dossier's is over, and both end
    paid."""
    journey = await world.file(review_plan("UNIT", "COMMUNE", award_dong=AWARD_DONG))
    await journey.accept()
    await journey.decide("UNIT")
    await journey.decide("COMMUNE")
    await journey.closed()
    for level in ("UNIT", "COMMUNE"):
        payout = journey.payout(level)
        await payout.settle()
        for state in (
            AwardState.VERIFIED,
            AwardState.APPROVED,
            AwardState.LISTED,
            AwardState.SENT,
            AwardState.PAID,
        ):
            await payout.move(state)
        await payout.paid()
    return journey


async def _recognise_with_money(world: World) -> tuple[Journey, Payout]:
    journey = await world.file(review_plan("UNIT", award_dong=AWARD_DONG))
    await journey.accept()
    await journey.decide("UNIT")
    payout = journey.payout("UNIT")
    await payout.settle()
    return journey, payout


async def nobody_approves(world: World) -> Journey:
    """The accountants' clock runs out; then the award is rejected."""
    journey, payout = await _recognise_with_money(world)
    await payout.until(journey.desk.clocks["PAYOUT UNIT"].due_at + A_WHILE)
    await payout.move(AwardState.REJECTED)
    await payout.paid()
    return journey


async def word_of_approval_lost(world: World) -> Journey:
    """Approved, but nobody was told: the next rung finds it. Then a newer word comes, only then the older
    one, and it is paid."""
    journey, payout = await _recognise_with_money(world)
    approved = await payout.move(AwardState.APPROVED, told=False)
    await payout.until(journey.desk.clocks["PAYOUT UNIT"].rungs[0].at)
    sent = await payout.move(AwardState.SENT, told=False)
    for late in (sent, approved):
        await payout.tell(late)
    await payout.move(AwardState.PAID)
    await payout.paid()
    return journey


async def approval_extended(world: World) -> Journey:
    """The accountants get five working days more, twice; the second time nobody is told."""
    journey, payout = await _recognise_with_money(world)
    for told in (True, False):
        await payout.extend("PAYOUT UNIT", 5, told=told)
    await payout.until(await payout.due("PAYOUT UNIT") + A_WHILE)
    await payout.move(AwardState.REJECTED)
    await payout.paid()
    return journey


async def rules_come_late(world: World) -> Journey:
    """No rules are in force when the dossier is filed; they come after a few days."""
    journey = await world.file(review_plan("UNIT"), refusals_of_rules=13)
    await journey.days(6)
    await journey.accept()
    await journey.decide("UNIT")
    return journey


SCENARIOS: Mapping[str, Callable[[World], Awaitable[Journey]]] = MappingProxyType(
    {
        scenario.__name__: scenario
        for scenario in (
            decided_in_time,
            nobody_acts,
            reminders_ask_nobody,
            decided_at_the_last_second,
            word_of_decision_lost,
            every_word_thrice,
            decision_before_its_stage,
            older_word_after_newer,
            decided_while_opening,
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
            nobody_approves,
            word_of_approval_lost,
            approval_extended,
            rules_come_late,
        )
    }
    | MOVES
    | CHANGES
)
"""Every path by its name."""
