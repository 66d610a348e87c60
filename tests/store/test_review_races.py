"""The row lock decides every race of a stage, and a rung fires once."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from language.messages.clock import RungFinding
from language.messages.journey import StageOutcome
from language.plan.review_plan import RungAction
from services.review.app import SERVICE
from tests.conftest import MovableClock, ServiceOpener, TestService
from tests.review_cases import Case


@pytest.fixture(scope="module")
async def service(open_service: ServiceOpener) -> AsyncIterator[TestService]:
    async with open_service(SERVICE, clock=MovableClock()) as review:
        yield review


@pytest.fixture
async def case(service: TestService) -> Case:
    opened = Case(service)
    await opened.open()
    return opened


async def _rungs(case: Case) -> list[tuple[str, str]]:
    query = "select rung_id, finding from rungs_fired where about_id = $1 order by rung_id"
    return [tuple(row) for row in await case.service.database.pool.fetch(query, case.stage)]


def _codes(*responses: Any) -> list[str]:
    return sorted("" if response.status_code == 200 else response.json()["code"] for response in responses)


async def test_a_stage_opened_by_three_repeats_at_once_is_opened_once(service: TestService) -> None:
    case = Case(service)
    await asyncio.gather(*(case.open() for _ in range(3)))
    assert len(await case.tasks()) == 6
    assert len(await case.events()) == 1


async def test_of_two_decisions_at_once_one_stands(case: Case) -> None:
    await case.mark_all()
    refusal = {"outcome": "REFUSED", "ground": "NOT_NOVEL", "reasons": "Trùng"}
    assert _codes(*await asyncio.gather(case.decide(), case.decide(**refusal))) == ["", "AlreadyDecided"]
    assert len(await case.signals()) == 1


async def test_the_same_command_sent_twice_at_once_is_done_once(case: Case) -> None:
    await case.mark_all()
    one, two = await asyncio.gather(
        case.decide(key="the-same-key-twice"), case.decide(key="the-same-key-twice")
    )
    assert one.status_code == two.status_code == 200
    assert one.json() == two.json()
    assert len(await case.signals()) == 1


async def test_the_last_two_sheets_at_once_open_the_decision(case: Case) -> None:
    await case.mark_all(case.members[:3])
    await asyncio.gather(*(case.mark(person) for person in case.members[3:]))
    assert ("DECIDE", case.chair, "OPEN") in await case.tasks()


@pytest.mark.parametrize("attempt", range(4))
async def test_decision_and_withdrawal_at_once_agree_on_what_came_first(case: Case, attempt: int) -> None:
    await case.mark_all()
    calls = [case.decide(), case.withdraw()]
    results = await asyncio.gather(*(calls if attempt % 2 else calls[::-1]))
    response, withdrawn = results if attempt % 2 else results[::-1]
    if response.status_code == 200:
        assert withdrawn.outcome is StageOutcome.RECOGNISED
        assert withdrawn.decision_number == response.json()["decision_number"]
    else:
        assert response.json()["code"] == "AlreadyDecided"
        assert (withdrawn.outcome, withdrawn.decision_number) == (StageOutcome.WITHDRAWN, None)
        assert await case.signals() == []
    assert await case.withdraw() == withdrawn
    assert not {"OPEN", "WAITING"} & {state for _, _, state in await case.tasks()}


@pytest.mark.parametrize("attempt", range(4))
async def test_decision_and_hand_up_at_once_leave_one_decision_or_one_new_decider(
    case: Case, attempt: int
) -> None:
    await case.mark_all()
    calls = [case.decide(), case.climb(RungAction.HAND_UP)]
    results = await asyncio.gather(*(calls if attempt % 2 else calls[::-1]))
    response, climbed = results if attempt % 2 else results[::-1]
    if climbed.finding is RungFinding.TOO_LATE:
        assert response.status_code == 200
        assert climbed.decision.decision_number == response.json()["decision_number"]
        assert await _rungs(case) == []
    else:
        assert climbed.finding is RungFinding.FIRED
        assert response.json()["code"] == "NotYourTask"
        assert ("DECIDE", case.superiors[0].person_id, "OPEN") in await case.tasks()


async def test_a_rung_climbed_twice_at_once_fires_once(case: Case) -> None:
    climbed = await asyncio.gather(*(case.climb(RungAction.REPLACE_SILENT) for _ in range(2)))
    assert sorted(result.finding for result in climbed) == ["ALREADY_FIRED", "FIRED"]
    assert await _rungs(case) == [("replace_silent", "FIRED")]
    assert [event["kind"] for event in await case.events()] == ["StageOpened", "RungFired"]


async def test_a_repeated_rung_tells_the_decision_whose_signal_was_lost(case: Case) -> None:
    await case.climb(RungAction.REMIND)
    await case.mark_all()
    number = (await case.decide()).json()["decision_number"]
    repeated = await case.climb(RungAction.REMIND)
    assert (repeated.finding, repeated.decision.decision_number) == (RungFinding.ALREADY_FIRED, number)
    reopened = await case.open()
    assert reopened.decision == repeated.decision


async def test_the_silent_are_reminded_and_then_the_decider(case: Case) -> None:
    await case.mark_all(case.members[:3])
    await case.climb(RungAction.REMIND)
    await case.mark_all(case.members[3:])
    await case.climb("remind_again")
    details = [event["detail"] for event in (await case.events()) if event["kind"] == "RungFired"]
    assert [detail["did"][0]["person_ids"] for detail in details] == [
        [str(person) for person in case.members[3:]],
        [str(case.chair)],
    ]
    assert {event["rule"] for event in await case.events() if event["kind"] == "RungFired"} == {
        "ladder.remind"
    }


async def test_the_superior_is_told_or_there_is_none(case: Case) -> None:
    await case.climb(RungAction.TELL_SUPERIOR)
    case.superiors.clear()
    nobody = await case.climb("tell_superior_again")
    assert nobody.finding is RungFinding.NOTHING_TO_DO
    assert await _rungs(case) == [
        ("tell_superior", "FIRED"),
        ("tell_superior_again", "NOTHING_TO_DO"),
    ]


async def test_silent_members_are_replaced_while_substitutes_last_but_not_the_chair(case: Case) -> None:
    await case.mark_all(case.members[1:2])
    typing = await case.mark(case.members[2], {"novelty": 1}, vote=None, submit=False)
    await case.climb(RungAction.REPLACE_SILENT)
    late = await case.put(typing.json(), case.members[2], scores={"novelty": 2})
    assert (late.status_code, late.json()["code"]) == (409, "SeatReplaced")
    marking = {(person, state) for kind, person, state in await case.tasks() if kind == "MARK"}
    chair, deputy, *members = case.members
    assert marking == {
        (chair, "OPEN"),
        (deputy, "DONE"),
        *((person, "CANCELLED") for person in members[:2]),
        (members[2], "OPEN"),
        *((substitute.person_id, "OPEN") for substitute in case.substitutes),
    }
    [did] = (await case.events())[-1]["detail"]["did"]
    assert did["kept_ids"] == [str(members[2])]
    stage = (await case.read(chair)).json()
    assert (stage["members"], stage["sheets_owed"]) == (5, 4)
    await case.mark_all([chair, members[2], *(substitute.person_id for substitute in case.substitutes)])
    assert (await case.decide()).status_code == 200


async def test_with_nobody_silent_nobody_is_replaced(case: Case) -> None:
    await case.mark_all(case.members[1:])
    assert (await case.climb(RungAction.REPLACE_SILENT)).finding is RungFinding.NOTHING_TO_DO


async def test_a_decision_is_handed_up_step_by_step(case: Case) -> None:
    head, above = (superior.person_id for superior in case.superiors)
    await case.climb(RungAction.HAND_UP)
    await case.climb("hand_up_again")
    case.superiors.clear()
    assert (await case.climb("hand_up_thrice")).finding is RungFinding.NOTHING_TO_DO
    deciding = [task[1:] for task in await case.tasks() if task[0] == "DECIDE"]
    assert deciding == [(case.chair, "CANCELLED"), (head, "CANCELLED"), (above, "OPEN")]


async def test_without_another_superior_the_decider_no_longer_waits_for_the_silent(case: Case) -> None:
    case.superiors.clear()
    await case.mark_all(case.members[:1])
    assert (await case.climb(RungAction.HAND_UP)).finding is RungFinding.FIRED
    assert ("DECIDE", case.chair, "OPEN") in await case.tasks()
    assert (await case.decide()).status_code == 200


async def test_a_withdrawn_stage_takes_no_marks_and_its_rungs_come_too_late(case: Case) -> None:
    sheet = await case.own_sheet(case.chair)
    withdrawn = await case.withdraw()
    assert (await case.put(sheet, case.chair, scores={})).json()["code"] == "AlreadyDecided"
    climbed = await case.climb(RungAction.HAND_UP)
    assert (climbed.finding, climbed.decision) == (RungFinding.TOO_LATE, withdrawn)
    assert [event["kind"] for event in await case.events()] == ["StageOpened", "StageWithdrawn"]


async def test_numbers_of_one_unit_given_at_once_have_no_gap_and_no_double(service: TestService) -> None:
    first = Case(service)
    cases = [first, *(first.another() for _ in range(5))]
    for case in cases:
        await case.open()
        await case.mark_all()
    made = await asyncio.gather(*(case.decide() for case in cases))
    assert sorted(int(response.json()["decision_number"].split("/")[0]) for response in made) == [
        1,
        2,
        3,
        4,
        5,
        6,
    ]
