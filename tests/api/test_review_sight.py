"""The decision is not blind and marking stays independent: who sees marks, averages and votes, and when, also
through refusals; and a refusal may not contradict the marks."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import pytest

from language.plan.review_plan import RungAction, SeatRule, Voting
from language.plan.rule_kinds import SeatRole, VotingMethod
from language.posts.kinds import PostKind
from services.review.app import SERVICE
from tests.conftest import MovableClock, ServiceOpener, TestService, held
from tests.review_cases import GOOD, POOR, Case, basis, holder

SECRET = Voting(method=VotingMethod.SECRET_BALLOT, basis=basis("voting"))
COUNCIL = (
    SeatRule(role=SeatRole.CHAIR, post=PostKind.COUNCIL_CHAIR, count=1),
    SeatRule(role=SeatRole.SECRETARY, post=PostKind.COUNCIL_SECRETARY, count=1),
    SeatRule(role=SeatRole.MEMBER, post=PostKind.COUNCIL_MEMBER, count=3),
)
FIGURES = ("average_score", "criterion_averages", "score_deviation", "votes")


@pytest.fixture(scope="module")
async def service(open_service: ServiceOpener) -> AsyncIterator[TestService]:
    async with open_service(SERVICE, clock=MovableClock()) as review:
        yield review


async def opened(service: TestService, **rules: Any) -> Case:
    case = Case(service, rules={"seats": COUNCIL, **rules})
    case.holders[1] = holder(PostKind.COUNCIL_SECRETARY, case.holders[1].person_id)
    await case.open()
    return case


async def seen(case: Case, person: UUID, *posts: Any) -> tuple[int, set[str]]:
    """How many sheets this person sees of the stage, and which figures."""
    stage = (await case.read(person, *posts)).json()
    return len(stage["sheets"]), {name for name in FIGURES if stage[name] is not None}


async def test_with_all_sheets_in_those_of_the_council_decide_with_open_eyes(service: TestService) -> None:
    case = await opened(service)
    await case.mark_all(case.members[:4])
    for person in case.members:
        assert await seen(case, person) == (1, set())
    await case.mark_all(case.members[4:])
    for person in case.members:
        assert await seen(case, person) == (5, set(FIGURES))
    stage = (await case.read(case.chair)).json()
    assert (stage["average_score"], stage["score_deviation"]) == ("85.50", "0.0")
    assert stage["votes"] == {"APPROVE": 5, "REJECT": 0, "OTHER": 0}
    assert stage["decision_number"] is None
    for kind in (PostKind.AUDITOR, PostKind.ADMIN, PostKind.UNIT_HEAD):
        assert await seen(case, uuid4(), held(kind, case.root, case.unit)) == (0, set())


async def test_whom_the_decision_was_handed_to_sees_the_sheets_once_none_is_owed(
    service: TestService,
) -> None:
    case = await opened(service)
    superior = case.superiors[0].person_id
    await case.mark_all(case.members[:3])
    await case.climb(RungAction.HAND_UP)
    assert await seen(case, superior) == (0, set())
    await case.mark_all(case.members[3:])
    assert await seen(case, superior) == (5, set(FIGURES))


async def test_of_a_secret_ballot_only_the_counts_are_seen(service: TestService) -> None:
    case = await opened(service, voting=SECRET)
    await case.mark_all()
    stage = (await case.read(case.chair)).json()
    assert stage["votes"] == {"APPROVE": 5, "REJECT": 0, "OTHER": 0}
    assert {sheet["vote"] for sheet in stage["sheets"]} == {None}


async def test_the_rules_may_open_the_marks_early_to_the_secretary_who_has_marked(
    service: TestService,
) -> None:
    case = await opened(service, early_sight=basis("early_sight"))
    chair, secretary = case.members[:2]
    await case.mark_all([chair])
    assert await seen(case, secretary) == (1, set())
    await case.mark_all([secretary])
    assert (await seen(case, secretary))[1] == set(FIGURES)
    assert await seen(case, chair) == (1, set())
    rules = (await case.read(secretary)).json()["rules"]
    assert rules["early_sight_rule"] == "early_sight"
    secret = await opened(service, early_sight=basis("early_sight"), voting=SECRET)
    await secret.mark_all(secret.members[:2])
    assert (await seen(secret, secret.members[1]))[1] == {*FIGURES} - {"votes"}


async def test_while_sheets_are_owed_no_refusal_tells_a_figure(service: TestService) -> None:
    case = await opened(service)
    await case.mark_all(case.members[:4], POOR)
    for verdict in (
        {},
        {"propose": True},
        {"outcome": "REFUSED", "ground": "VOTE_NOT_REACHED", "reasons": "Chưa đủ đồng ý"},
    ):
        refused = (await case.decide(**verdict)).json()
        told = {name: refused["facts"].get(name, "–") for name in ("average", "approvals", "below_floor")}
        assert set(told.values()) == {"–"}, refused
    await case.mark_all(case.members[4:], POOR)
    refused = (await case.decide()).json()
    assert (refused["code"], refused["facts"]["average"]) == ("PassRuleNotMet", "49.00")


async def test_who_owes_a_sheet_learns_nothing_by_deciding(service: TestService) -> None:
    case = await opened(service)
    await case.mark_all(case.members[1:])
    for verdict in ({}, {"outcome": "REFUSED", "ground": "BELOW_THRESHOLD", "reasons": "Chưa đạt điểm"}):
        refused = await case.decide(**verdict)
        assert (refused.status_code, refused.json()["code"]) == (409, "OwnSheetOwed")
    await case.mark_all([case.chair])
    assert (await case.decide()).status_code == 200


async def test_a_dry_run_decides_nothing_and_while_sheets_are_owed_says_nothing(service: TestService) -> None:
    case = await opened(service)
    await case.mark_all(case.members[:4])

    async def trial(**body: Any) -> Any:
        return await service.http.post(
            f"/v1/stages/{case.stage}/decision?dry_run=true",
            json={"outcome": "RECOGNISED", **body},
            headers=service.headers(case.chair),
        )

    refused = await trial()
    assert (refused.status_code, refused.json()["code"]) == (409, "SheetsOwed")
    await case.mark_all(case.members[4:])
    tried = await trial(propose=True)
    assert (tried.status_code, tried.json()["average_score"]) == (200, "85.50")
    assert (await case.read(case.chair)).json()["state"] == "OPEN"


@pytest.mark.parametrize(
    ("scores", "votes", "holding", "other"),
    [
        (GOOD, "APPROVE", set(), {"BELOW_THRESHOLD", "VOTE_NOT_REACHED"}),
        (POOR, "APPROVE", {"BELOW_THRESHOLD"}, {"VOTE_NOT_REACHED"}),
        (GOOD, "REJECT", {"VOTE_NOT_REACHED"}, {"BELOW_THRESHOLD"}),
    ],
)
async def test_a_refusal_by_the_marks_is_one_that_the_marks_bear_out(
    service: TestService, scores: dict[str, str], votes: str, holding: set[str], other: set[str]
) -> None:
    case = await opened(service)
    for person in case.members:
        assert (await case.mark(person, scores, vote=votes, remark="Xem lại")).status_code == 200
    for ground in other:
        refused = await case.decide(outcome="REFUSED", ground=ground, reasons="Theo phiếu chấm")
        assert (refused.status_code, refused.json()["code"]) == (422, "GroundNotInMarks")
    ground = next(iter(holding), "NOT_NOVEL")
    decided = await case.decide(outcome="REFUSED", ground=ground, reasons="Theo phiếu chấm")
    assert (decided.status_code, decided.json()["ground"]) == (200, ground)
