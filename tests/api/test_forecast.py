"""What is ahead: the same rule as the climb, over live rows."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest

from language.plan.review_plan import BudgetUnit, RungAction, RungRule, SeatRule, Share
from language.plan.rule_kinds import RungAnchor, SeatRole
from language.posts.kinds import PostKind
from services.review.app import SERVICE
from tests.conftest import MovableClock, ServiceOpener, TestService, held
from tests.review_cases import Case, basis, level_plan

HALF = Share(numerator=1, denominator=2, basis=basis("UNIT.ladder.lower_quorum.quorum"))


def _rule(action: RungAction, offset: int) -> RungRule:
    return RungRule(
        id=action.lower(),
        action=action,
        anchor=RungAnchor.START,
        offset=offset,
        unit=BudgetUnit.CALENDAR_DAYS,
        basis=basis(f"UNIT.ladder.{action.lower()}"),
        quorum=HALF if action is RungAction.LOWER_QUORUM else None,
    )


LADDER = tuple(_rule(action, number) for number, action in enumerate(RungAction, start=1))


@pytest.fixture(scope="module")
async def service(open_service: ServiceOpener) -> AsyncIterator[TestService]:
    async with open_service(SERVICE, clock=MovableClock()) as review:
        yield review


@pytest.fixture
async def case(service: TestService) -> Case:
    opened = Case(service, ladder=LADDER)
    await opened.open()
    return opened


async def _forecast(
    case: Case, kind: PostKind = PostKind.AUDITOR, path: tuple[UUID, ...] | None = None, **query: Any
) -> Any:
    headers = case.service.headers(uuid4(), held(kind, *(path or (case.root, case.unit))))
    return (await case.service.http.get("/v1/forecast", params={"days": 30, **query}, headers=headers)).json()


async def test_every_rung_is_listed_with_when_why_whom_and_what(case: Case) -> None:
    items = (await _forecast(case))["items"]
    assert [item["rung"]["id"] for item in items] == [rule.id for rule in LADDER]
    first = items[0]
    assert (first["finding"], sorted(first["told"])) == ("FIRED", sorted(map(str, case.members)))
    assert (first["rung"]["rule"], first["rung"]["sample"], first["rung"]["document"]) == (
        "UNIT.ladder.remind",
        True,
        "sample",
    )
    assert first["rung"]["when_vi"] == "1 ngày sau ngày mở"
    assert first["at"] <= first["fires_at"]
    assert not first["overdue"]
    by_id = {item["rung"]["id"]: item for item in items}
    assert by_id["lower_quorum"]["rung"]["quorum"] == "1/2"
    assert by_id["lower_quorum"]["did"][0]["quorum"] == {"old": "2/3", "new": "1/2"}
    assert by_id["hand_up"]["did"][0]["to_id"] == str(case.superiors[0].person_id)


@pytest.mark.parametrize("action", RungAction)
@pytest.mark.parametrize("marked", [0, 3, 5])
async def test_what_was_foreseen_is_what_the_rung_then_does(
    case: Case, action: RungAction, marked: int
) -> None:
    await case.mark_all(case.members[:marked])
    foreseen = next(item for item in (await _forecast(case))["items"] if item["rung"]["action"] == action)
    climbed = await case.climb(action)
    fired = (await case.events())[-1]["detail"]
    assert climbed.finding == foreseen["finding"]
    assert _but_the_days(fired["did"]) == _but_the_days(foreseen["did"])
    assert action not in [item["rung"]["action"] for item in (await _forecast(case))["items"]]


def _but_the_days(did: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """How long somebody is silent is told as of the rung's own instant."""
    return [{key: value for key, value in part.items() if key != "silent"} for part in did]


async def test_a_decided_stage_has_nothing_ahead(case: Case) -> None:
    await case.mark_all()
    await case.decide()
    assert await _forecast(case) == {"items": [], "next": None, "count": 0, "more": False}


async def test_pages_join_without_gap_or_double_and_days_bound_them(case: Case) -> None:
    found: list[str] = []
    after: dict[str, str] = {}
    while True:
        page = await _forecast(case, limit=2, **after)
        found += [item["rung"]["id"] for item in page["items"]]
        if page["next"] is None:
            break
        after = {"after": page["next"]}
    assert found == [rule.id for rule in LADDER]
    assert len((await _forecast(case, days=3))["items"]) in {2, 3}


async def test_other_units_and_people_without_a_post_see_nothing(case: Case) -> None:
    assert (await _forecast(case, path=(uuid4(), uuid4())))["items"] == []
    assert (await _forecast(case, PostKind.STAFF))["code"] == "Forbidden"


async def test_the_stage_shows_its_ladder(case: Case) -> None:
    stage = (await case.read(case.chair)).json()
    assert [rung["action"] for rung in stage["rules"]["ladder"]] == list(RungAction)
    assert all(rung["does_vi"] and rung["does_en"] for rung in stage["rules"]["ladder"])


async def test_a_lowered_quorum_holds_from_then_on_and_is_in_decision_and_event(case: Case) -> None:
    await case.mark_all(case.members[:3])
    assert (await case.decide()).json()["code"] == "QuorumNotReached"
    await case.climb(RungAction.LOWER_QUORUM)
    stage = (await case.read(case.chair)).json()
    assert (stage["quorum"], stage["rules"]["quorum"], stage["quorum_lowered_by"]) == (
        "1/2",
        "2/3",
        HALF.basis.rule,
    )
    assert ("DECIDE", case.chair, "OPEN") in await case.tasks()
    refused = await case.decide()
    assert refused.json()["code"] == "PassRuleNotMet"  # approvals still count all members
    decided = await case.decide(outcome="REFUSED", ground="VOTE_NOT_REACHED", reasons="Chưa đủ đồng ý")
    assert (decided.status_code, decided.json()["quorum_lowered_to"], decided.json()["decided_alone"]) == (
        200,
        "1/2",
        False,
    )
    figures = next(event["detail"] for event in await case.events() if event["kind"] == "StageDecided")
    assert figures["quorum"] == {
        "needed": 3,
        "sheets": 3,
        "members": 5,
        "seats": 5,
        "waived": False,
        "lowered_to": "1/2",
        "lowered_by": HALF.basis.rule,
    }


async def test_the_sheet_that_reaches_the_lowered_quorum_opens_the_decision(case: Case) -> None:
    await case.mark_all(case.members[:2])
    await case.climb(RungAction.LOWER_QUORUM)
    assert ("DECIDE", case.chair, "WAITING") in await case.tasks()
    await case.mark(case.members[2])
    assert ("DECIDE", case.chair, "OPEN") in await case.tasks()


async def test_a_decision_by_the_chair_alone_is_marked_everywhere(case: Case) -> None:
    await case.mark_all(case.members[:1])
    await case.climb(RungAction.DECIDE_ALONE)
    open_stage = (await case.read(case.chair)).json()
    assert (open_stage["may_decide_alone"], open_stage["decided_alone"]) == (True, False)
    decided = await case.decide()
    assert (decided.status_code, decided.json()["decided_alone"]) == (200, True)
    assert (await case.read(case.chair)).json()["decided_alone"] is True
    figures = next(event["detail"] for event in await case.events() if event["kind"] == "StageDecided")
    assert (figures["decided_alone"], figures["quorum"]["waived"], figures["handed_up"]) == (
        True,
        True,
        False,
    )


async def test_with_all_sheets_in_after_all_the_chair_has_not_decided_alone(case: Case) -> None:
    await case.climb(RungAction.DECIDE_ALONE)
    await case.mark_all()
    assert (await case.decide()).json()["decided_alone"] is False


async def test_only_a_chair_decides_alone(service: TestService) -> None:
    case = Case(service, ladder=LADDER)
    case.holders = case.holders[1:]
    await case.open()
    assert (await case.climb(RungAction.DECIDE_ALONE)).finding == "NOTHING_TO_DO"


async def test_the_digest_tells_the_secretary_who_is_silent_and_how_long(service: TestService) -> None:
    chair, _, *members = level_plan(uuid4()).seats
    secretary = SeatRule(role=SeatRole.SECRETARY, post=PostKind.COUNCIL_DEPUTY_CHAIR, count=1)
    case = Case(service, ladder=LADDER, rules={"seats": (chair, secretary, *members)})
    await case.open()
    await case.mark_all(case.members[2:])
    await case.climb(RungAction.DIGEST)
    [did] = (await case.events())[-1]["detail"]["did"]
    assert (did["to_id"], did["to_secretary"]) == (str(case.members[1]), True)
    assert [(line["person_id"], line["days"]) for line in did["silent"]] == [
        (str(person), 2) for person in case.members[:2]
    ]


async def test_the_substitute_with_the_least_to_do_takes_the_seat(service: TestService) -> None:
    busy, free = Case(service).substitutes
    for _ in range(2):
        elsewhere = Case(service)
        elsewhere.holders[4] = replace(elsewhere.holders[4], person_id=busy.person_id)
        await elsewhere.open()
    case = Case(service, ladder=LADDER)
    case.substitutes = [busy, free]
    await case.open()
    await case.mark_all(case.members[:4])
    await case.climb(RungAction.REPLACE_SILENT)
    [did] = (await case.events())[-1]["detail"]["did"]
    assert did["replaced"] == [{"from_id": str(case.members[4]), "to_id": str(free.person_id)}]


async def test_while_the_clock_stands_still_nothing_is_due_yet(case: Case) -> None:
    async with case.service.database.transaction() as tx:
        await tx.conn.execute("update clocks set is_standing = true where about_id = $1", case.stage)
    items = (await _forecast(case))["items"]
    assert {(item["finding"], *item["told"]) for item in items} == {("NOT_YET",)}
