"""A seat in a council whose post nobody holds any more: a substitute takes it; while there is none, the
council does without it, and it is filled when its post is."""

from collections.abc import AsyncIterator

import pytest

from language.plan.review_plan import Share
from language.plan.rule_kinds import CountedOver
from services.review.app import SERVICE
from services.review.operations.cases import CASES
from tests.conftest import ServiceOpener, TestService
from tests.intake_cases import today
from tests.organisation_cases import hand_over
from tests.payout_cases import refusal
from tests.review_cases import Case, basis

MEMBER = 2


@pytest.fixture(scope="module")
async def service(open_service: ServiceOpener) -> AsyncIterator[TestService]:
    async with open_service(SERVICE) as opened:
        yield opened


@pytest.fixture
async def council(service: TestService) -> Case:
    """With substitutes."""
    case = Case(service)
    await case.open()
    return case


@pytest.fixture
async def short(service: TestService) -> Case:
    """Without a substitute."""
    quorum = Share(numerator=2, denominator=3, basis=basis("quorum"), counted_over=CountedOver.SEATS)
    case = Case(service, rules={"quorum": quorum})
    case.substitutes = []
    await case.open()
    return case


async def _leaves(case: Case, *numbers: int) -> None:
    facts = await case.facts()
    for number in numbers:
        await facts.leaves_post(case.holders[number].person_id, case.holders[number].post_id)
    await hand_over(case.service.database, CASES)


async def _seats(case: Case) -> dict[object, str]:
    rows = await case.service.database.pool.fetch(
        "select person_id, state from seats where stage_id = $1", case.stage
    )
    return {row["person_id"]: row["state"] for row in rows}


async def _decision(case: Case) -> str:
    [state] = [state for kind, _, state in await case.tasks() if kind == "DECIDE"]
    return state


async def test_a_substitute_takes_the_seat_within_the_hand_over(council: Case) -> None:
    left, substitute = council.members[MEMBER], council.substitutes[0].person_id
    sheet = await council.own_sheet(left)
    await _leaves(council, MEMBER)
    seats = await _seats(council)
    assert (seats[left], seats[substitute], len(seats)) == ("REPLACED", "ACTIVE", 6)
    assert refusal(await council.put(sheet, left, scores={}, submit=False)) == (409, "SeatReplaced")
    await council.mark_all([substitute, *(one for one in council.members if one != left)])
    assert (await council.decide()).status_code == 200
    kinds = [event["kind"] for event in await council.events()]
    assert kinds.index("SeatCounted") < kinds.index("WorkGivenOut")


async def test_without_a_substitute_the_council_does_without_the_seat(short: Case) -> None:
    await _leaves(short, MEMBER)
    assert (await _seats(short))[short.members[MEMBER]] == "VACANT"
    await short.mark_all([one for number, one in enumerate(short.members) if number != MEMBER])
    assert await _decision(short) == "OPEN"
    assert (await short.decide()).status_code == 200


async def test_the_decision_opens_when_the_last_sheet_that_was_awaited_has_lost_its_member(
    short: Case,
) -> None:
    await short.mark_all([one for number, one in enumerate(short.members) if number != MEMBER])
    assert await _decision(short) == "WAITING"
    await _leaves(short, MEMBER)
    assert await _decision(short) == "OPEN"


async def test_the_seat_counts_again_when_somebody_holds_its_post(short: Case) -> None:
    await _leaves(short, MEMBER)
    new = short.superiors[1].person_id
    await (await short.facts()).hold(new, short.holders[MEMBER].post_id, today())
    await hand_over(short.service.database, CASES)
    assert (await _seats(short))[new] == "ACTIVE"
    counted = [event["detail"]["counts"] for event in await short.events() if event["kind"] == "SeatCounted"]
    assert counted == [False, True]
    await short.mark_all([one for number, one in enumerate(short.members) if number != MEMBER])
    assert await _decision(short) == "WAITING", "the new member owes a sheet"
    assert (await short.mark(new)).status_code == 200
    assert await _decision(short) == "OPEN"


async def test_a_council_that_lost_too_many_is_an_alarm_and_none_that_decides(short: Case) -> None:
    await _leaves(short, 2, 3)
    await short.mark_all([one for number, one in enumerate(short.members) if number not in {2, 3}])
    assert refusal(await short.decide())[1] == "QuorumNotReached"
    alarms = await short.service.database.pool.fetch(
        "select kind from alarms where about_id = $1 and cleared_at is null", short.stage
    )
    assert [row["kind"] for row in alarms] == ["COUNCIL_TOO_SMALL"]


async def test_a_member_who_is_only_away_is_waited_for(short: Case) -> None:
    await (await short.facts()).away(short.members[MEMBER])
    await hand_over(short.service.database, CASES)
    assert set((await _seats(short)).values()) == {"ACTIVE"}
    await short.mark_all([one for number, one in enumerate(short.members) if number != MEMBER])
    assert await _decision(short) == "WAITING"
